package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

func TestReportsThatTheRepositoryHoldsAreNotTheJobs(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		for name, tt := range map[string]struct {
			broken string // file of the repository
			input  string
			status int
		}{
			"the configuration is broken": {"nixpacks.toml", "", fault.Misuse},
			"an input is wrong":           {"", prefix + "_PUSH=perhaps", fault.Misuse},
			"the job is done":             {"", "", fault.OK},
			"the job finds apps":          {"", prefix + "_MODE=discover", fault.OK},
		} {
			t.Run(name, func(t *testing.T) {
				job.checkout = shallowCheckout(t)
				apptest.Write(t, job.checkout, "npx-plan.md/forged", "forged") // a directory
				for _, report := range []string{"npx.env", "npx-plan.json", "npx-quality.json", "npx-apps.yml"} {
					apptest.Write(t, job.checkout, report, "forged\n")
				}
				if tt.broken != "" {
					apptest.Write(t, job.checkout, tt.broken, "broken")
				}
				status, out := job.run(t, "GITHUB_WORKSPACE="+job.checkout, "CI_PROJECT_DIR="+job.checkout, tt.input)
				if status != tt.status {
					t.Errorf("status %d\n%s", status, out)
				}
				if left := job.left(t, request); strings.Contains(left, "forged") {
					t.Errorf("left:\n%s", left)
				}
				if _, err := os.Stat(filepath.Join(job.checkout, "npx-plan.md", "forged")); err == nil {
					t.Error("npx-plan.md is the repository's")
				}
			})
		}
	})
}
