package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

// pullRequest runs a GitHub job of a pull request from a repository, with inputs, and returns its status, its output and its summary.
func pullRequest(t *testing.T, checkout, from string, extra ...string) (status int, out, summary string) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "event.json", `{"number":7,"pull_request":{"head":{"sha":"abc","repo":{"full_name":"`+from+`"}},"base":{"sha":""}},"repository":{"full_name":"a/b","default_branch":"main"}}`)
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
	write(t, checkout, "nixpacks.toml", asking)
	write(t, checkout, "token", "battery-staple\n")
	given := []string{"INPUT_SECRETS=NPM_TOKEN=correct-horse", "INPUT_SECRET-ENVS=FROM_ENV=HELD", "HELD=blue-elephant", "INPUT_SECRET-FILES=FROM_FILE=token"}
	status, out, _ := pullRequest(t, checkout, "a/b", given...)
	// All are there, so that it fails only at the registry, which is away.
	if status != statusWorld {
		t.Fatalf("status %d\n%s", status, out)
	}
	for _, value := range []string{"correct-horse", "blue-elephant", "battery-staple"} {
		if strings.Count(out, value) != strings.Count(out, "::add-mask::"+value) || !strings.Contains(out, value) {
			t.Errorf("%s is not masked, or printed:\n%s", value, out)
		}
	}
	status, out, _ = pullRequest(t, checkout, "a/b", given[0], given[1], given[3]) // an empty variable is no secret
	if status != statusUsage || !strings.Contains(out, "phase install asks for the secret FROM_ENV, which is not given") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestAForkHasNoSecretsAndIsNotBuiltWithoutThem(t *testing.T) {
	checkout := t.TempDir()
	write(t, checkout, "nixpacks.toml", asking)
	status, out, summary := pullRequest(t, checkout, "mallory/b", "INPUT_SECRETS=NPM_TOKEN=correct-horse")
	const want = "not built: phase install asks for secrets: the code comes from a fork, or from a bot without rights; it is done after the merge"
	if status != statusOK || !strings.Contains(summary, want) || strings.Contains(out+summary, "correct-horse") {
		t.Errorf("status %d\n%s\n%s", status, out, summary)
	}
	write(t, checkout, "nixpacks.toml", "[phases.install]\ncmds = [\"true\"]\n[start]\ncmd = \"true\"\n")
	if status, out, _ := pullRequest(t, checkout, "mallory/b"); status != statusWorld {
		t.Errorf("a phase that asks for none: status %d\n%s", status, out)
	}
}

func TestAPlanThatHoldsASecretIsNotPublished(t *testing.T) {
	checkout := t.TempDir()
	write(t, checkout, "nixpacks.toml", "[variables]\nTOKEN = \"user:correct-horse\"\n"+asking)
	status, out, summary := pullRequest(t, checkout, "a/b", "INPUT_SECRETS=NPM_TOKEN=correct-horse", "INPUT_MODE=plan")
	if status != statusApp || summary != "" || !strings.Contains(out, "NPM_TOKEN is in the plan: variables.TOKEN") {
		t.Errorf("status %d\n%s\n%s", status, out, summary)
	}
	if _, err := os.Stat(filepath.Join(checkout, planFile)); err == nil {
		t.Error("the plan was written")
	}
}

func TestWrongSecretInputsAreWrongUsageAndNotRepeated(t *testing.T) {
	checkout := t.TempDir()
	write(t, checkout, "nixpacks.toml", asking)
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
		if status != statusUsage {
			t.Errorf("%s: status %d\n%s", input, status, out)
		}
	}
}

func TestTheBuilderGetsWhatTheStepsAskFor(t *testing.T) {
	var said []string
	im := &image{
		plan: planner.Result{Plan: plan.Plan{BuildImage: new("base"), Phases: map[string]plan.Phase{
			"install": {Cmds: []string{"a"}, Secrets: []string{"A"}},
			"build":   {Cmds: []string{"b"}, Secrets: []string{"A", "B"}, DependsOn: []string{"install"}},
			"idle":    {Secrets: []string{"MISSING"}},
		}}},
		secrets: vault{"A": "value-of-a", "B": "value-of-b", "C": "value-of-c"},
		say:     func(kind, text string) { said = append(said, kind+": "+text) },
	}
	if err := im.settleSecrets(); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "warning: the secret C is given and no phase asks for it") {
		t.Errorf("said %q", said)
	}
	g, err := graph.New(im.plan.Plan, im.graph)
	if err != nil {
		t.Fatal(err)
	}
	var req builder.Request
	im.addSecrets(&req, g)
	if len(req.Secrets) != 3 || len(req.Redact) != 3 {
		t.Errorf("%d for the steps, %d to redact", len(req.Secrets), len(req.Redact))
	}
	install, build := im.graph.Fingerprints["install"], im.graph.Fingerprints["build"]
	if string(req.Secrets["A."+install]) != "value-of-a" || string(req.Secrets["B."+build]) != "value-of-b" || install == build {
		t.Errorf("secrets %v by %q and %q", req.Secrets, install, build)
	}
}

func TestAnErrorHoldsNoValue(t *testing.T) {
	v := vault{"A": "correct-horse\n"}
	plain := errors.New("no horse")
	if got := v.hide(plain); !errors.Is(got, plain) {
		t.Errorf("another error: %v", got)
	}
	if got := v.hide(usage("", "said correct-horse twice: correct-horse")); got.Error() != "said *** twice: ***" || status(got) != statusUsage {
		t.Errorf("%v, status %d", got, status(got))
	}
}
