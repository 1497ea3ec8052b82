package cli

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/test/forges"
)

// encrypted serves a forge by TLS, with a certificate that no system trusts, and returns its address and that certificate in a file.
func encrypted(t *testing.T, forge http.Handler) (address, file string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(forge)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	apptest.Write(t, dir, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})))
	return srv.URL, filepath.Join(dir, "ca.pem")
}

func TestTheForgesOwnAuthorityIsTrusted(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.pem")
	apptest.Write(t, filepath.Dir(other), "other.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("nobody's")})))
	for name, tt := range map[string]struct {
		environ func(authority string) []string
		trusted bool
	}{
		"neither":                {func(string) []string { return nil }, false},
		"the input":              {func(a string) []string { return []string{"NPX_CA_CERTIFICATES=" + a, "INPUT_CA-CERTIFICATES=" + a} }, true},
		"the runner's file":      {func(a string) []string { return []string{"CI_SERVER_TLS_CA_FILE=" + a} }, true},
		"the file and the input": {func(a string) []string { return []string{"CI_SERVER_TLS_CA_FILE=" + a, "NPX_CA_CERTIFICATES=" + other} }, true},
	} {
		lab, hub := forges.NewGitLab(t, "99"), forges.NewGitHub(t, "acme/shop")
		for system, start := range map[string]func(string) forgeJob{
			"GitLab": func(address string) forgeJob { return gitlabJob(t, address+"/api/v4") },
			"GitHub": func(address string) forgeJob { return githubJob(t, address+"/api/v3") },
		} {
			var request openRequest = lab
			address, authority := encrypted(t, lab)
			token := "NPX_TOKEN=may-write"
			if system == "GitHub" {
				if strings.Contains(name, "file") {
					continue // GitHub's runners have none
				}
				request, token = hub, "INPUT_TOKEN=may-write"
				address, authority = encrypted(t, hub)
			}
			request.Grant("may-write", forges.Token{Account: "npx[bot]", Comment: true})
			request.Open(7, headCommit)
			status, out := start(address).run(t, append(tt.environ(authority), token)...)
			if comments := len(request.Comments(7)); status != 0 || (comments == 1) != tt.trusted {
				t.Errorf("%s, %s: status %d, %d comments\n%s", system, name, status, comments, out)
			}
		}
	}
}
