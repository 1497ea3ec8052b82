// Package apptest makes apps of a few files, for tests.
package apptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
)

// Tree is an app with these files, by name.
func Tree(t *testing.T, files map[string]string) *source.Tree {
	t.Helper()
	fsys := fstest.MapFS{"README.md": {}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	app, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// Result is a plan with a base image and no more.
func Result(t *testing.T, files map[string]string) planner.Result {
	t.Helper()
	app := Tree(t, files)
	return planner.Result{Tree: app, Plan: plan.Plan{BuildImage: new("base.example/base:1"), Phases: map[string]plan.Phase{}}}
}

// Write writes a file below a directory, with the directories above it.
func Write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Commit makes a repository of a directory, with one commit of all its files.
func Commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "app"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
}
