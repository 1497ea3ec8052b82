package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/fault"
)

// credentials are what the environment of a job holds on either system, under names that a repository can guess.
var credentials = []string{
	"INPUT_PASSWORD=held-password-1", "INPUT_SECRETS=NPM_TOKEN=held-secret-22", "ACTIONS_RUNTIME_TOKEN=held-runtime-3", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=held-identity-4",
	"NPX_PASSWORD=held-password-5", "NPX_SECRETS=NPM_TOKEN=held-secret-66", "CI_JOB_TOKEN=held-job-77777", "CI_REGISTRY_PASSWORD=held-registry-8", "HOME=held-home-99999",
}

// left is all that a job has given to others but its log: comments, outputs, the summary and the files of its checkout.
func (j forgeJob) left(t *testing.T, request openRequest) string {
	t.Helper()
	var b strings.Builder
	for _, c := range request.Comments(7) {
		b.WriteString(c.Body)
	}
	for _, entry := range j.environ {
		name, path, _ := strings.Cut(entry, "=")
		if name == "GITHUB_OUTPUT" || name == "GITHUB_STEP_SUMMARY" {
			text, _ := os.ReadFile(path)
			b.Write(text)
		}
	}
	files, err := filepath.Glob(filepath.Join(j.checkout, "npx*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

// withoutMasks is a log less the lines by which GitHub's runner is told what to hide, and which it does not show.
func withoutMasks(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "::add-mask::") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestAJobTakesNoVariableFromItsEnvironment(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		var names []string
		for _, entry := range append([]string{token + "may-write"}, credentials...) {
			name, _, _ := strings.Cut(entry, "=")
			names = append(names, name)
		}
		inputs := append([]string{token + "may-write", prefix + "_ENV=" + strings.Join(names, "=\n") + "="}, credentials...)
		status, out := job.run(t, inputs...)
		if status != fault.OK {
			t.Fatalf("status %d\n%s", status, out)
		}
		shown := job.left(t, request) + withoutMasks(out)
		for _, value := range []string{"held-", "may-write"} {
			if strings.Contains(shown, value) {
				t.Errorf("%s... is shown:\n%s", value, shown)
			}
		}
		if !strings.Contains(shown, `"CI_JOB_TOKEN": ""`) {
			t.Errorf("the variables are not empty ones of the plan:\n%s", shown)
		}
	})
}

func TestAVariableOfAJobHasANameAndAValue(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		for input, want := range map[string]string{
			"A=1\nCI_JOB_TOKEN":            "reading input env: item 2 of 2 is not NAME=VALUE, and a job takes no value from its environment",
			"A=1\n=value-of-nobody":        "reading input env: item 2 of 2 has a name",
			"A.B=value-of-nobody":          "reading input env: item 1 of 1 has a name",
			"1A=value-of-nobody":           "reading input env: item 1 of 1 has a name",
			"-----BEGIN=value-of-nobody":   "reading input env: item 1 of 1 has a name",
			"[\"CI_JOB_TOKEN\",\"x=\"]":    "reading input env: item 1 of ",
			"[\"CI_JOB_TOKEN\",\"x=\"]\nB": "reading input env: item 1 of 2",
		} {
			status, out := job.run(t, append([]string{prefix + "_ENV=" + input}, credentials...)...)
			if shown := withoutMasks(out); status != fault.Misuse || !strings.Contains(shown, want) || strings.Contains(shown, "held-") || strings.Contains(shown, "value-of-nobody") {
				t.Errorf("%q: status %d\n%s", input, status, out)
			}
			if left := job.left(t, request); strings.Contains(left, "held-") {
				t.Errorf("%q leaves\n%s", input, left)
			}
		}
	})
}

// A name of the repository's choice that makes the whole input look like a list of GitLab's must not be parsed as one.
func TestAListOfGitHubIsLines(t *testing.T) {
	job := githubJob(t, "")
	status, out := job.run(t, append([]string{`INPUT_PKGS=["jq","sox"]`}, credentials...)...)
	if status != fault.OK {
		t.Fatalf("status %d\n%s", status, out)
	}
	text, err := os.ReadFile(filepath.Join(job.checkout, "npx-plan.json"))
	if err != nil || !strings.Contains(string(text), `[\"jq\"`) {
		t.Errorf("%v, and the package is not the text that was given:\n%s", err, text)
	}
}
