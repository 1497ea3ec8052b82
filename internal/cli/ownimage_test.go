package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

// TestARepositoryWhoseNameNoImageCanHaveIsPlanned has one called .github. Its name matters only where an image gets it.
func TestARepositoryWhoseNameNoImageCanHaveIsPlanned(t *testing.T) {
	for system, environ := range map[string][]string{
		"GitHub": {"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/.github", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main", "INPUT_"},
		"GitLab": {"GITLAB_CI=true", "CI_REGISTRY_IMAGE=registry.example/acme/-x", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=main",
			"CI_COMMIT_REF_PROTECTED=true", "NPX_"},
	} {
		given, prefix := environ[:len(environ)-1], environ[len(environ)-1]
		run := func(inputs ...string) (int, string) {
			dir, checkout := t.TempDir(), t.TempDir()
			apptest.Write(t, checkout, "package.json", `{"scripts":{"start":"node ."}}`)
			var out strings.Builder
			all := append([]string{"GITHUB_WORKSPACE=" + checkout, "CI_PROJECT_DIR=" + checkout, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
				"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary")}, given...)
			for _, input := range inputs {
				all = append(all, prefix+input)
			}
			return Main(t.Context(), Process{Environ: all, Dir: checkout, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}), out.String()
		}
		for _, inputs := range [][]string{{"MODE=plan"}, {"MODE=discover", "PUSH=false"}} {
			if status, out := run(inputs...); status != fault.OK {
				t.Errorf("%s %q: status %d\n%s", system, inputs, status, out)
			}
		}
		for _, inputs := range [][]string{{"MODE=build", "PUSH=true"}, {"MODE=discover", "PUSH=true"}, {"MODE=build", "PUSH=false", "LOAD=true"}, {"MODE=plan", "IMAGES=UPPER CASE"}} {
			if status, out := run(inputs...); status != fault.Misuse || !strings.Contains(out, "reading image") {
				t.Errorf("%s %q: status %d\n%s", system, inputs, status, out)
			}
		}
	}
}
