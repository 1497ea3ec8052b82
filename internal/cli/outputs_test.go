package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

func TestTwoStepsOfAJobLeaveTwoPlansAndACleanCheckout(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "api/package.json", `{"scripts":{"start":"node ."}}`)
	apptest.Write(t, checkout, "web/main.py", "")
	apptest.Commit(t, checkout)
	for _, app := range []string{"api", "web"} {
		if status, out, _ := planJobIn(t, checkout, "INPUT_CONTEXT="+app); status != fault.OK {
			t.Fatalf("status %d\n%s", status, out)
		}
	}
	for app, want := range map[string]string{"api": `"node"`, "web": `"python"`} {
		text, err := os.ReadFile(filepath.Join(checkout, "npx-plan-"+app+".json"))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v\n%s", app, err, text)
		}
	}
	status := exec.Command("git", "status", "--porcelain")
	status.Dir = checkout
	if out, err := status.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("git status: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(checkout, ".git", "info", "exclude"))
	if err != nil || strings.Count(string(text), "/npx-plan.json\n") != 1 {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestWrongTagsAreFoundInAJobThatOnlyPlans(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "package.json", `{}`)
	if status, out, _ := planJobIn(t, checkout, "INPUT_TAGS=type=semver"); status != fault.Misuse {
		t.Errorf("status %d\n%s", status, out)
	}
}
