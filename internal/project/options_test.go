package project

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/org/npx-action/internal/option"
	"github.com/org/npx-action/internal/source"
)

func TestConfigFileFollowsNoLinkOfTheRepository(t *testing.T) {
	base := t.TempDir()
	for _, dir := range []string{"repo/app", "outside"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	secret := filepath.Join(base, "outside", "secret.toml")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"repo/app/in.toml", "repo/over.toml", "outside/link.toml"} {
		if err := os.Symlink(secret, filepath.Join(base, link)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := source.Open(filepath.Join(base, "repo/app"), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for name, want := range map[string]bool{
		"in.toml":                    false,
		"../over.toml":               false,
		"../../outside/secret.toml":  true,
		secret:                       true,
		base + "/outside/link.toml":  true,
		base + "/outside/other.toml": false,
		"missing.toml":               false,
	} {
		p := Options{Dir: base, Plan: option.Plan{Config: name}}
		file, err := p.configFile("repo/app", tree)
		if got := err == nil && string(file.Data) == "secret"; got != want {
			t.Errorf("%s: read %t, want %t (%v)", name, got, want, err)
		}
	}
}
