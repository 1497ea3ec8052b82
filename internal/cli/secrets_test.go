package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/fault"
)

// pullRequest runs a GitHub job of a pull request from a repository, with inputs, and returns its status, its output and its summary.
func pullRequest(t *testing.T, checkout, from string, extra ...string) (status int, out, summary string) {
	t.Helper()
	dir := t.TempDir()
	apptest.Write(t, dir, "event.json", `{"number":7,"pull_request":{"head":{"sha":"abc","repo":{"full_name":"`+from+`"}},"base":{"sha":""}},"repository":{"full_name":"a/b","default_branch":"main"}}`)
	var stdout, stderr bytes.Buffer
	environ := append([]string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_REPOSITORY=a/b",
		"GITHUB_WORKSPACE=" + checkout, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"),
		"INPUT_REGISTRY-MIRROR=ghcr.io=127.0.0.1:1"}, extra...)
	status = Main(t.Context(), Process{Environ: environ, Dir: checkout, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	text, _ := os.ReadFile(filepath.Join(dir, "summary"))
	return status, stdout.String() + stderr.String(), string(text)
}

const asking = "[phases.install]\ncmds = [\"npm ci\"]\nsecrets = [\"NPM_TOKEN\", \"FROM_ENV\", \"FROM_FILE\"]\n[start]\ncmd = \"true\"\n"

func TestAJobHandsItsSecretsOnAndMasksThem(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "nixpacks.toml", asking)
	apptest.Write(t, checkout, "token", "battery-staple\n")
	given := []string{"INPUT_SECRETS=NPM_TOKEN=correct-horse", "INPUT_SECRET-ENVS=FROM_ENV=HELD", "HELD=blue-elephant", "INPUT_SECRET-FILES=FROM_FILE=token"}
	status, out, _ := pullRequest(t, checkout, "a/b", given...)
	// All are there, so that it fails only at the registry, which is away.
	if status != fault.World {
		t.Fatalf("status %d\n%s", status, out)
	}
	for _, value := range []string{"correct-horse", "blue-elephant", "battery-staple"} {
		if strings.Count(out, value) != strings.Count(out, "::add-mask::"+value) || !strings.Contains(out, value) {
			t.Errorf("%s is not masked, or printed:\n%s", value, out)
		}
	}
	status, out, _ = pullRequest(t, checkout, "a/b", given[0], given[1], given[3]) // an empty variable is no secret
	if status != fault.Misuse || !strings.Contains(out, "phase install asks for the secret FROM_ENV, which is not given") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestAForkHasNoSecretsAndIsNotBuiltWithoutThem(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "nixpacks.toml", asking)
	status, out, summary := pullRequest(t, checkout, "mallory/b", "INPUT_SECRETS=NPM_TOKEN=correct-horse")
	const want = "Not built: phase install asks for secrets: the code comes from a fork, or a bot without rights; it is done after the merge"
	if status != fault.OK || !strings.Contains(summary, want) || strings.Contains(withoutMasks(out)+summary, "correct-horse") {
		t.Errorf("status %d\n%s\n%s", status, out, summary)
	}
	apptest.Write(t, checkout, "nixpacks.toml", "[phases.install]\ncmds = [\"true\"]\n[start]\ncmd = \"true\"\n")
	if status, out, _ := pullRequest(t, checkout, "mallory/b"); status != fault.World {
		t.Errorf("a phase that asks for none: status %d\n%s", status, out)
	}
}

func TestAPlanThatHoldsASecretIsNotPublished(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "nixpacks.toml", "[variables]\nTOKEN = \"user:correct-horse\"\n"+asking)
	status, out, summary := pullRequest(t, checkout, "a/b", "INPUT_SECRETS=NPM_TOKEN=correct-horse", "INPUT_MODE=plan")
	if status != fault.App || summary != "" || !strings.Contains(out, "NPM_TOKEN is in the plan: variables.TOKEN") {
		t.Errorf("status %d\n%s\n%s", status, out, summary)
	}
	if _, err := os.Stat(filepath.Join(checkout, "npx-plan.json")); err == nil {
		t.Error("the plan was written")
	}
}

func TestWrongSecretInputsAreWrongUsageAndNotRepeated(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "nixpacks.toml", asking)
	for _, input := range []string{
		"INPUT_SECRETS=hunter22", "INPUT_SECRETS=hunter-22=correct-horse", "INPUT_SECRETS=A=hunter2", "INPUT_SECRETS=A=hunter22\nA=hunter22",
		"INPUT_SECRET-ENVS=hunter22", "INPUT_SECRET-ENVS=A=hunter-22", "INPUT_SECRET-ENVS=hunter-22=A", "INPUT_SECRET-FILES=hunter-22=x", "INPUT_SECRET-FILES=A=missing",
	} {
		status, out, _ := pullRequest(t, checkout, "a/b", input)
		for line := range strings.Lines(out) {
			if !strings.HasPrefix(line, "::add-mask::") && strings.Contains(line, "hunter") {
				t.Errorf("%s is repeated: %s", input, line)
			}
		}
		if status != fault.Misuse {
			t.Errorf("%s: status %d\n%s", input, status, out)
		}
	}
}

func TestAnErrorHoldsNoValue(t *testing.T) {
	guard := egress.New(build.Secrets{"A": "correct-horse\n"}.Values())
	plain := errors.New("no horse")
	if got := guard.HideError(plain); !errors.Is(got, plain) || got.Error() != plain.Error() {
		t.Errorf("another error: %v", got)
	}
	if got := guard.HideError(fault.Usage("", "said correct-horse twice: correct-horse")); got.Error() != "said *** twice: ***" || fault.Status(got) != fault.Misuse {
		t.Errorf("%v, status %d", got, fault.Status(got))
	}
}
