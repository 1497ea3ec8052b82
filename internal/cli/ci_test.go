package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planJobIn runs a GitHub job that only plans, in a checkout, and returns its status, its output and its summary.
func planJobIn(t *testing.T, checkout string, extra ...string) (status int, out, summary string) {
	t.Helper()
	dir := t.TempDir()
	event := filepath.Join(dir, "event.json")
	if err := os.WriteFile(event, []byte(`{"number":7,"pull_request":{"head":{"sha":"abc","repo":{"full_name":"a/b"}},"base":{"sha":""}},`+
		`"repository":{"full_name":"a/b","default_branch":"main"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	environ := append([]string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=" + event, "GITHUB_REPOSITORY=a/b",
		"GITHUB_WORKSPACE=" + checkout, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"),
		"INPUT_MODE=plan"}, extra...)
	status = Main(t.Context(), Process{Environ: environ, Dir: checkout, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	text, _ := os.ReadFile(filepath.Join(dir, "summary"))
	return status, stdout.String() + stderr.String(), string(text)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAJobStaysInItsCheckout(t *testing.T) {
	secret := t.TempDir()
	write(t, secret, "package.json", `{"scripts":{"start":"the-secret"}}`)
	write(t, secret, "victim", "untouched")
	checkout := t.TempDir()
	write(t, checkout, "package.json", `{"scripts":{"start":"node ."}}`)
	for link, target := range map[string]string{"app": secret, "npx-plan.json": filepath.Join(secret, "victim")} {
		if err := os.Symlink(target, filepath.Join(checkout, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, inputs := range [][]string{{"INPUT_CONTEXT=app"}, {"INPUT_CONTEXT=.."}, {"INPUT_CONFIG=../x.toml"}, {"INPUT_CONTEXT=/etc"}, {"INPUT_CONTEXT=missing"}} {
		status, out, summary := planJobIn(t, checkout, inputs...)
		if status != statusUsage || strings.Contains(out+summary, "the-secret") {
			t.Errorf("%v: status %d\n%s\n%s", inputs, status, out, summary)
		}
	}
	status, out, summary := planJobIn(t, checkout)
	if status != statusOK || !strings.Contains(summary, "`node`") {
		t.Fatalf("status %d\n%s\n%s", status, out, summary)
	}
	if text, _ := os.ReadFile(filepath.Join(secret, "victim")); string(text) != "untouched" {
		t.Errorf("a link was written through: %s", text)
	}
	if info, err := os.Lstat(filepath.Join(checkout, "npx-plan.json")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the plan: %v, %v", info, err)
	}
}

func TestAJobWithBadInputsIsWrongUsage(t *testing.T) {
	checkout := t.TempDir()
	write(t, checkout, "package.json", `{}`)
	for _, input := range []string{"INPUT_PUSH=perhaps", "INPUT_EDITION=0.1", "INPUT_PLATFORMS=plan9/mips"} {
		if status, out, _ := planJobIn(t, checkout, input); status != statusUsage {
			t.Errorf("%s: status %d\n%s", input, status, out)
		}
	}
}

func TestAJobOpensItsForgeOnce(t *testing.T) {
	checkout := t.TempDir()
	write(t, checkout, "package.json", `{}`)
	status, out, _ := planJobIn(t, checkout, "INPUT_TOKEN=secret-token", "GITHUB_API_URL=http://[")
	if status != statusOK || strings.Count(out, "missing ']' in host") != 1 {
		t.Errorf("status %d\n%s", status, out)
	}
}
