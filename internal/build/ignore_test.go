package build_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

func TestIgnorePatterns(t *testing.T) {
	app := plan.Plan{Phases: map[string]plan.Phase{"install": {OnlyIncludeFiles: []string{".npmrc", "libs/a/go.mod"}}}}
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"no file":                        {nil, []string{"**/.git", "**/gha-creds-*.json"}},
		"empty":                          {map[string]string{".dockerignore": ""}, []string{"**/.git", "**/gha-creds-*.json"}},
		"comments and blanks":            {map[string]string{".dockerignore": "# big\n\n  data  \r\n/logs/\n!data/keep\n"}, []string{"data", "logs", "!data/keep", "**/.git", "**/gha-creds-*.json"}},
		"others do not count":            {map[string]string{".gitignore": "a", "sub/.dockerignore": "b"}, []string{"**/.git", "**/gha-creds-*.json"}},
		"no way to let git in":           {map[string]string{".dockerignore": "!.git"}, []string{"!.git", "**/.git", "**/gha-creds-*.json"}},
		"what the plan copies stays out": {map[string]string{".dockerignore": ".npmrc\nlibs"}, []string{".npmrc", "libs", "**/.git", "**/gha-creds-*.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := build.IgnorePatterns(planner.Result{Tree: apptest.Tree(t, tt.files), Plan: app})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("patterns differ (-want +got):\n%s", diff)
			}
		})
	}
	for text, want := range map[string]int{"\xff": fault.App, "a\n[": fault.App, "!": fault.App} {
		_, err := build.IgnorePatterns(planner.Result{Tree: apptest.Tree(t, map[string]string{".dockerignore": text})})
		if err == nil || fault.Status(err) != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
