package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
)

// TestASecretThatIsTooShortToBeSearchedIsWarnedOf has a password of seven bytes, and one of eight. The first is a part of the plan too, as any short
// text may be.
func TestASecretThatIsTooShortToBeSearchedIsWarnedOf(t *testing.T) {
	const begins, ends = "what the input ", " gives has under 8 bytes, and cannot be told from other text: nothing keeps it out of plan, comment and image"
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		separator := map[string]string{"INPUT": "-", "NPX": "_"}[prefix]
		auth := prefix + "_REGISTRY" + separator + "AUTH=- {registry: one.example, password: \"1234567\"}\n- {registry: two.example, password: \"7654321\"}"
		apptest.Write(t, job.checkout, "nixpacks.toml", "[start]\ncmd = \"run seven77\"\n")
		for _, tt := range []struct {
			name    string
			environ []string
			inputs  string // that the warning names, "" for no warning
		}{
			{"seven bytes", []string{prefix + "_PASSWORD=seven77"}, "password"},
			{"seven bytes and blanks", []string{prefix + "_PASSWORD= seven77\n"}, "password"},
			{"eight bytes", []string{prefix + "_PASSWORD=eight888"}, ""},
			{"two values of one input", []string{auth}, "registry-auth"},
			{"two inputs", []string{prefix + "_PASSWORD=seven77", token + "tiny"}, "token and the input password"},
		} {
			status, out := job.run(t, append([]string{token + "may-write"}, tt.environ...)...)
			if status != fault.OK {
				t.Errorf("%s: status %d\n%s", tt.name, status, out)
			}
			want := 1
			if tt.inputs == "" {
				want = 0
			}
			log := withoutMasks(out)
			if strings.Count(log, ends) != want || !strings.Contains(log, begins+tt.inputs+ends) && want == 1 {
				t.Errorf("%s: %d warnings instead of %d\n%s", tt.name, strings.Count(log, ends), want, log)
			}
			for line := range strings.Lines(log) {
				if strings.Contains(line, ends) && (strings.Contains(line, "seven77") || strings.Contains(line, "tiny") || strings.Contains(line, "1234567") || strings.Contains(line, "7654321")) {
					t.Errorf("%s: the warning holds the value: %s", tt.name, line)
				}
			}
		}
		if shown := job.left(t, request); !strings.Contains(shown, "seven77") {
			t.Errorf("a short value was searched, and the plan is not told:\n%s", shown)
		}
	})
}

// TestThePageOfSecretsQuotesTheProgram compares the messages on the page with those of a job.
func TestThePageOfSecretsQuotesTheProgram(t *testing.T) {
	page, err := os.ReadFile("../../.github/docs/secrets.md")
	if err != nil {
		t.Fatal(err)
	}
	job := githubJob(t, "")
	apptest.Write(t, job.checkout, "nixpacks.toml", "[variables]\nNODE_ENV = \"production\"\n[start]\ncmd = \"true\"\n")
	for _, tt := range []struct{ password, begins string }{
		{"seven77", "what the input password gives has under"},
		{"production", "checking for secrets: the input password is in"},
	} {
		_, out := job.run(t, "INPUT_PASSWORD="+tt.password)
		_, said, found := strings.Cut(out, tt.begins)
		said, _, _ = strings.Cut(said, "\n")
		said, _, _ = strings.Cut(said, "; ") // what follows is the hint
		if !found || !strings.Contains(string(page), tt.begins+said) {
			t.Errorf("the password %s: the page lacks %q\n%s", tt.password, tt.begins+said, out)
		}
	}
}
