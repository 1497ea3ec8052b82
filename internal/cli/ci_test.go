package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
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

func TestAJobStaysInItsCheckout(t *testing.T) {
	secret := t.TempDir()
	apptest.Write(t, secret, "package.json", `{"scripts":{"start":"the-secret"}}`)
	apptest.Write(t, secret, "victim", "untouched")
	checkout := t.TempDir()
	apptest.Write(t, checkout, "package.json", `{"scripts":{"start":"node ."}}`)
	for link, target := range map[string]string{"app": secret, "npx-plan.json": filepath.Join(secret, "victim")} {
		if err := os.Symlink(target, filepath.Join(checkout, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, inputs := range [][]string{{"INPUT_CONTEXT=app"}, {"INPUT_CONTEXT=.."}, {"INPUT_CONFIG=../x.toml"}, {"INPUT_CONTEXT=/etc"}, {"INPUT_CONTEXT=missing"}} {
		status, out, summary := planJobIn(t, checkout, inputs...)
		if status != fault.Misuse || strings.Contains(out+summary, "the-secret") {
			t.Errorf("%v: status %d\n%s\n%s", inputs, status, out, summary)
		}
	}
	status, out, summary := planJobIn(t, checkout)
	if status != fault.OK || !strings.Contains(summary, "`node`") {
		t.Fatalf("status %d\n%s\n%s", status, out, summary)
	}
	if text, _ := os.ReadFile(filepath.Join(secret, "victim")); string(text) != "untouched" {
		t.Errorf("a link was written through: %s", text)
	}
	if info, err := os.Lstat(filepath.Join(checkout, "npx-plan.json")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the plan: %v, %v", info, err)
	}
}

func TestNoAppIsInGitsOwnDirectory(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "package.json", `{"scripts":{"start":"node ."}}`)
	apptest.Write(t, checkout, ".git/config", "[http]\n\textraheader = web: the-secret\n")
	apptest.Write(t, checkout, ".git/package.json", "{}")
	apptest.Write(t, checkout, "lib/.git/package.json", "{}")
	for link, target := range map[string]string{"link": ".git", "Procfile": ".git/config", ".nvmrc": ".git/config", "nixpacks.toml": ".git/config"} {
		if err := os.Symlink(target, filepath.Join(checkout, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, inputs := range [][]string{{"INPUT_CONTEXT=.git"}, {"INPUT_CONTEXT=link"}, {"INPUT_CONTEXT=lib/.git"}, {"INPUT_CONFIG=.git/config"}} {
		if status, out, _ := planJobIn(t, checkout, inputs...); status != fault.Misuse {
			t.Errorf("%v: status %d\n%s", inputs, status, out)
		}
	}
	status, out, summary := planJobIn(t, checkout)
	if status != fault.OK || strings.Contains(out+summary, "the-secret") {
		t.Errorf("status %d\n%s\n%s", status, out, summary)
	}
	if err := os.Remove(filepath.Join(checkout, "nixpacks.toml")); err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, checkout, "web/package.json", "{}")
	apptest.Write(t, checkout, "nixpacks.toml", "[apps.web]\ncontext = '.git'\nbuildCmd = 'base64 config'\n")
	status, out, _ = planJobIn(t, checkout, "INPUT_MODE=discover")
	if status != fault.Misuse || !strings.Contains(out, `the context ".git" of web is none of the repository`) {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestABadInputIsAnErrorThatNamesItWhateverTheMode(t *testing.T) {
	for _, tt := range []struct{ input, value, want string }{
		{"push", "perhaps", `"perhaps" is none of auto, true, false`},
		{"load", "yes", `"yes" is neither true nor false`},
		{"no-cache", "1", `"1" is neither true nor false`},
		{"edition", "0.1", ""},
		{"platforms", "plan9/mips", ""},
		{"sbom", "perhaps", ""},
		{"provenance", "perhaps", ""},
		{"ca-certificates", "missing.pem", "no such file"},
		{"registry-mirror", "docker.io", ""},
		{"mirror", "nodejs.org", ""},
		{"package-cache-limit", "large", ""},
		{"buildkit-host", "plan9=tcp://x", ""},
		{"nix-mirror", "ftp://x", ""},
		{"add-hosts", "db", ""},
		{"cache-from", "UPPER CASE", ""},
	} {
		onEachForge(t, func(t *testing.T, _ openRequest, job forgeJob, token string) {
			prefix, _, _ := strings.Cut(token, "_")
			variable := prefix + "_" + strings.ToUpper(tt.input)
			if prefix != "INPUT" {
				variable = strings.ReplaceAll(variable, "-", "_")
			}
			status, out := job.run(t, prefix+"_MODE=plan", variable+"="+tt.value)
			if status != fault.Misuse || !strings.Contains(out, tt.want) || strings.Contains(out, "parse error") {
				t.Errorf("%s: status %d\n%s", variable, status, out)
			}
			line := regexp.MustCompile(`(?m)^(::error[^:]*::|error: ).*` + tt.input)
			if !line.MatchString(out) {
				t.Errorf("%s: no error names it:\n%s", variable, out)
			}
		})
	}
}

func TestInputsAreReadAsGitHubsToolkitReadsThem(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "api/package.json", `{"scripts":{"start":"node ."}}`)
	apptest.Write(t, checkout, "api/own.toml", "[start]\ncmd = 'node own.js'\n")
	apptest.Write(t, checkout, "shared.toml", "[start]\ncmd = 'node shared.js'\n")
	for _, tt := range []struct {
		name   string
		inputs []string
		want   string
	}{
		{"white space", []string{"INPUT_MODE=plan\n", "INPUT_CONTEXT= api\n", "INPUT_PUSH=True\n", "INPUT_LOAD=FALSE ", "INPUT_START-CMD=node x.js\n"}, "node x.js"},
		{"an absolute context", []string{"INPUT_CONTEXT=" + checkout + "/api"}, "node ."},
		{"an absolute context with a slash", []string{"INPUT_CONTEXT=" + checkout + "/api/"}, "node ."},
		{"an absolute configuration of the app", []string{"INPUT_CONTEXT=api", "INPUT_CONFIG=" + checkout + "/api/own.toml"}, "node own.js"},
		{"an absolute configuration beside the app", []string{"INPUT_CONTEXT=api", "INPUT_CONFIG=" + checkout + "/shared.toml"}, "node shared.js"},
		{"a configuration beside the app", []string{"INPUT_CONTEXT=api", "INPUT_CONFIG=../shared.toml"}, "node shared.js"},
	} {
		if status, out, summary := planJobIn(t, checkout, tt.inputs...); status != fault.OK || !strings.Contains(summary, tt.want) {
			t.Errorf("%s: status %d\n%s\n%s", tt.name, status, out, summary)
		}
	}
	outside := t.TempDir()
	apptest.Write(t, outside, "x.toml", "[start]\ncmd = 'the-secret'\n")
	if err := os.Symlink(filepath.Join(outside, "x.toml"), filepath.Join(checkout, "link.toml")); err != nil {
		t.Fatal(err)
	}
	for _, config := range []string{"../link.toml", checkout + "/link.toml", outside + "/x.toml", "../../x.toml"} {
		status, out, summary := planJobIn(t, checkout, "INPUT_CONTEXT=api", "INPUT_CONFIG="+config)
		if status != fault.Misuse || strings.Contains(out+summary, "the-secret") {
			t.Errorf("%s: status %d\n%s\n%s", config, status, out, summary)
		}
	}
}

func TestAJobOpensItsForgeOnce(t *testing.T) {
	checkout := t.TempDir()
	apptest.Write(t, checkout, "package.json", `{}`)
	status, out, _ := planJobIn(t, checkout, "INPUT_TOKEN=secret-token", "GITHUB_API_URL=http://[")
	if status != fault.OK || strings.Count(out, "missing ']' in host") != 1 {
		t.Errorf("status %d\n%s", status, out)
	}
}
