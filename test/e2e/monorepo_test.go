package e2e

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/discover"
)

// TestTheAppsOfAMonorepoAreBuiltAsDiscovered builds each app with what discover says of it, as a job of the matrix does.
func TestTheAppsOfAMonorepoAreBuiltAsDiscovered(t *testing.T) {
	dir := t.TempDir()
	archive, err := txtar.ParseFile("testdata/monorepo.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		write(t, dir, f.Name, string(f.Data))
	}
	r, err := program.Run(t.Context(), "discover", dir, "--format", "json", "--image", here.Registry+"/e2e/monorepo")
	if err != nil || r.Status != 0 {
		t.Fatalf("discover: %v, status %d\n%s", err, r.Status, r.Stderr)
	}
	var apps []discover.Entry
	if err := json.Unmarshal([]byte(r.Stdout), &apps); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{"api": "412 fathoms", "server": "rising tide", "web": "many whales, built with many whales"}
	if len(apps) != len(answers) {
		t.Fatalf("found %+v", apps)
	}
	builder := newBuilder(t)
	for _, a := range apps {
		t.Run(a.Name, func(t *testing.T) {
			image := a.Images + ":main"
			args := []string{"--tag", image, "--push", "--compression", "uncompressed"}
			for flag, value := range map[string]string{"--build-cmd": a.BuildCmd, "--start-cmd": a.StartCmd, "--config": a.Config} {
				if value != "" {
					args = append(args, flag, value)
				}
			}
			for _, variable := range strings.Split(a.Env, "\n") {
				if variable != "" {
					args = append(args, "--env", variable)
				}
			}
			for _, pkg := range strings.Fields(a.Pkgs) {
				args = append(args, "--pkgs", pkg)
			}
			buildOn(t, builder, filepath.Join(dir, a.Context), args...)
			t.Cleanup(func() {
				if err := here.Forget(context.WithoutCancel(t.Context()), image); err != nil {
					t.Error(err)
				}
			})
			if got := get(t, image, "/"); got != answers[a.Name] {
				t.Errorf("it answers %q, want %q", got, answers[a.Name])
			}
		})
	}
}
