package registry_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/registry"
)

func TestHostsAreWithoutCredentials(t *testing.T) {
	dir := t.TempDir()
	config := `{"auths": {"https://index.docker.io/v1/": {"auth": "bWU6aHVudGVyMg=="}, "ghcr.io": {}}, "credHelpers": {"quay.example": "none"}}`
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	k := &registry.Keychain{Dir: dir, Entries: []registry.Credential{{Prefix: "ghcr.io/me", Username: "me", Password: "hunter2"}}}
	if diff := cmp.Diff([]string{"docker.io", "ghcr.io", "quay.example"}, k.Hosts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if hosts := (&registry.Keychain{Dir: t.TempDir()}).Hosts(); len(hosts) != 0 {
		t.Errorf("without any: %q", hosts)
	}
}
