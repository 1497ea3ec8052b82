package builder_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/cmd/buildkitd/config"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/org/npx-action/internal/builder"
)

func TestTheDaemonReadsItsConfiguration(t *testing.T) {
	c, err := config.Load(strings.NewReader(string(builder.Configuration("/state", "/run/sock", true, []string{"r.example:5000"}, nil))))
	if err != nil {
		t.Fatal(err)
	}
	oci := c.Workers.OCI
	if c.Root != "/state" || !cmp.Equal(c.GRPC.Address, []string{"unix:///run/sock"}) || oci.Mode != "host" || !*oci.GC ||
		oci.GCMaxUsedSpace.Percentage != 50 || *c.Workers.Containerd.Enabled {
		t.Errorf("configuration is %+v", c)
	}
	if r := c.Registries["r.example:5000"]; r.PlainHTTP == nil || !*r.PlainHTTP || !*r.Insecure {
		t.Errorf("registry is %+v", r)
	}
	c, err = config.Load(strings.NewReader(string(builder.Configuration("/state", "/run/sock", false, nil, nil))))
	if err != nil || *c.Workers.OCI.GC {
		t.Errorf("a temporary state is swept: %v", err)
	}
}

func TestTheDaemonDoesNotGetTheJobsTokens(t *testing.T) {
	env := builder.Environment([]string{"PATH=/x", "GITHUB_TOKEN=t", "https_proxy=p", "SSL_CERT_DIR=/certs", "BUILDKITD_LOG_LEVEL=trace"})
	want := []string{"https_proxy=p", "SSL_CERT_DIR=/certs", "PATH=/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	if diff := cmp.Diff(want, env); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := builder.Trust(env, "/ca"); got[len(got)-1] != "SSL_CERT_DIR=/ca:/certs" {
		t.Errorf("environment is %q", got)
	}
	if got := builder.Trust(nil, "/ca"); !cmp.Equal(got, []string{"SSL_CERT_DIR=/ca:/etc/ssl/certs:/etc/pki/tls/certs"}) {
		t.Errorf("environment is %q", got)
	}
}

func TestErrorsHoldNoCredentials(t *testing.T) {
	err := status.Error(codes.Unknown, `failed to solve: Head "https://u:hunter2@r.example/v2/a?token=t0k#f": 404, see http://r.example/x.`)
	want := `Head "https://r.example/v2/a": 404, see http://r.example/x.`
	if got := builder.Brief(err).Error(); got != want {
		t.Errorf("text is %q", got)
	}
}
