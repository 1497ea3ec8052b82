package cli

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

func TestAPlanThatCannotBeMadeReplacesTheOldComment(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		request.Commit(baseCommit, map[string]string{"package.json": `{"scripts":{"start":"node ."}}`})
		if status, out := job.run(t, token+"may-write"); status != fault.OK {
			t.Fatalf("status %d\n%s", status, out)
		}
		apptest.Write(t, job.checkout, "nixpacks.toml", "[phases.build]\ncmds = [\"make\"\n")
		status, out := job.run(t, token+"may-write")
		comments := request.Comments(7)
		if status != fault.Misuse || len(comments) != 1 {
			t.Fatalf("status %d, comments %+v\n%s", status, comments, out)
		}
		for _, want := range []string{"❌ **The plan cannot be made**: see ", "`nixpacks.toml:2`", "array is incomplete"} {
			if !strings.Contains(comments[0].Body, want) {
				t.Errorf("%q is missing in\n%s", want, comments[0].Body)
			}
		}
	})
}

func TestAMistakeOfAnyFileIsInTheSummary(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, want string }{
		"configuration": {"nixpacks.toml", "[phases.build]\ncmd = 1\n", "`nixpacks.toml:"},
		"manifest":      {"package.json", "{\n\"name\": x}", "`package.json:2`"},
		"provider":      {"nixpacks.toml", "providers = ['nothing']\n", "`nixpacks.toml`"},
		"nothing":       {"x.unknown", "", "no provider matched"},
		"no start":      {"package.json", "{}", "no start command"},
	} {
		t.Run(name, func(t *testing.T) {
			checkout := t.TempDir()
			apptest.Write(t, checkout, tt.file, tt.text)
			status, out, summary := planJobIn(t, checkout, "INPUT_MODE=build", "INPUT_IMAGES=localhost:1/shop")
			if status == fault.OK || !strings.Contains(summary, "❌") || !strings.Contains(summary, tt.want) {
				t.Errorf("status %d\n%s\n%s", status, out, summary)
			}
		})
	}
}
