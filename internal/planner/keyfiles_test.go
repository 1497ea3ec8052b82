package planner_test

import (
	"crypto/sha256"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

func TestKeyFilesAreLockfilesAndWhatTheInstallSees(t *testing.T) {
	app := apptest.Result(t, map[string]string{
		"go.sum": "sum", "go.mod": "mod", "libs/a/x": "x", "libs/a/b/y": "y", "libs/ab": "z", "main.go": "m", "setup.toml": "s", "late": "l",
	})
	app.Locks = []string{"go.sum"}
	app.Plan.Phases = map[string]plan.Phase{
		"install":     {OnlyIncludeFiles: []string{"go.mod", "libs/a", "missing"}},
		"ruby:setup":  {OnlyIncludeFiles: []string{"setup.toml"}},
		"build":       {OnlyIncludeFiles: []string{"late"}},
		"installment": {OnlyIncludeFiles: []string{"late"}},
	}
	got, err := planner.KeyFiles(app)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][sha256.Size]byte{}
	for name, text := range map[string]string{"go.sum": "sum", "go.mod": "mod", "libs/a/x": "x", "libs/a/b/y": "y", "setup.toml": "s"} {
		want[name] = sha256.Sum256([]byte(text))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
}
