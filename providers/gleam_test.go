package providers

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

const gleamManifest = "packages = [\n  { name = \"other\", version = \"1.0.0\" },\n  { name = \"gleam_stdlib\", version = \"0.28.2\" },\n]\n"

func TestDetectGleam(t *testing.T) {
	testDetect(t, gleamProvider, []detection{
		{repo{"gleam.toml": "", "manifest.toml": ""}, "gleam.toml"},
		{repo{"gleam.toml": ""}, ""},
		{repo{"manifest.toml": ""}, ""},
		{repo{"a/gleam.toml": "", "a/manifest.toml": ""}, ""},
	})
}

func TestGleamPlan(t *testing.T) {
	out := mustPlan(t, gleamProvider, appOf(t, repo{"gleam.toml": "", "manifest.toml": gleamManifest}, nil))
	const install = "sh /assets/get-gleam.sh 0.28.2"
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			StaticAssets: map[string]string{"get-gleam.sh": getGleam},
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"wget", "erlang", "elixir", "rebar3"}, NixOverlays: []string{}},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{install, "gleam deps download"}, OnlyIncludeFiles: []string{"gleam.toml", "manifest.toml"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"gleam export erlang-shipment"}},
			},
			Start: &plan.Start{Cmd: new("./build/erlang-shipment/entrypoint.sh run"), OnlyIncludeFiles: []string{"build/erlang-shipment"}},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "what Gleam and its packages need"},
			{Fact: plan.Fact{Field: "asset get-gleam.sh"}, Why: "the archive has no Gleam of any version"},
			{Fact: plan.Fact{Phase: "install", Field: "cmd", Value: install}, File: "manifest.toml", Line: 3, Why: "gleam_stdlib is 0.28.2"},
		},
	}, out)
}

func TestGleamVersion(t *testing.T) {
	const guessed = ", whose version is taken for the compiler's, "
	for _, tt := range []struct{ manifest, want, warning string }{
		{gleamManifest, "0.28.2", ""},
		{strings.ReplaceAll(gleamManifest, "0.28.2", "0.34.0-rc1"), "0.34.0-rc1", ""},
		{strings.ReplaceAll(gleamManifest, "0.28.2", "0.35.0"), "0.35.0", "manifest.toml has gleam_stdlib 0.35.0" + guessed + "but Gleam has no such release"},
		{strings.ReplaceAll(gleamManifest, "gleam_stdlib", "x"), "main", "manifest.toml does not have gleam_stdlib" + guessed + "so the download of Gleam will fail"},
		{"", "main", "manifest.toml does not have gleam_stdlib" + guessed + "so the download of Gleam will fail"},
	} {
		out := mustPlan(t, gleamProvider, appOf(t, repo{"manifest.toml": tt.manifest}, nil))
		diffOf(t, tt.manifest, "sh /assets/get-gleam.sh "+tt.want, out.Plan.Phases["install"].Cmds[0])
		if got := strings.Join(out.Warnings, "\n"); !strings.HasPrefix(got, tt.warning) || tt.warning == "" && got != "" {
			t.Errorf("%s: warning %q, want %q", tt.manifest, got, tt.warning)
		}
	}
}

func TestGleamRefusesVersionsThatAreNone(t *testing.T) {
	for _, version := range []string{"", "1; x", "$(x)", "-1", "1\\n2"} {
		_, err := gleamProvider.Plan(appOf(t, repo{"manifest.toml": strings.ReplaceAll(gleamManifest, "0.28.2", version)}, nil))
		wantSourceError(t, err, "manifest.toml")
	}
	_, err := gleamProvider.Plan(appOf(t, repo{"manifest.toml": "packages = 1"}, nil))
	wantSourceError(t, err, "manifest.toml")
}

func TestGleamInstallFiles(t *testing.T) {
	base := repo{"gleam.toml": "", "manifest.toml": gleamManifest, "src/x.gleam": ""}
	testInstallFiles(t, gleamProvider, []installCase{
		{name: "both files", files: base, want: []string{"gleam.toml", "manifest.toml"}},
		{name: "a package of the app", files: over(base, repo{"manifest.toml": "packages = [{name = 'money', version = '1', source = 'local'}]"}), blocker: "manifest.toml takes money from a path"},
		{name: "broken", files: over(base, repo{"manifest.toml": "="}), blocker: "manifest.toml line 1 is not understood"},
	})
}

// runGetGleam runs the script with programs of its own and returns what they were called with.
func runGetGleam(t *testing.T, wget string, args ...string) (calls string, err error) {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "get-gleam.sh")
	log := filepath.Join(dir, "log")
	tools := filepath.Join(dir, "bin")
	if err := os.Mkdir(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		script:                        getGleam,
		filepath.Join(tools, "wget"):  "#!/bin/sh\necho wget \"$1\" \"$3\" >>" + log + "\n" + wget,
		filepath.Join(tools, "tar"):   "#!/bin/sh\necho tar \"$1\" \"$(cat \"$2\")\" \"$3\" \"$4\" >>" + log + "\n",
		filepath.Join(tools, "uname"): "#!/bin/sh\n[ \"$1\" = -m ] && echo aarch64\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	temporary := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", append([]string{script}, args...)...)
	cmd.Env = []string{"PATH=" + tools + ":" + os.Getenv("PATH"), "TMPDIR=" + temporary}
	err = cmd.Run()
	if left, _ := os.ReadDir(temporary); len(left) > 0 {
		t.Errorf("the script left %s", left[0].Name())
	}
	text, _ := os.ReadFile(log)
	return string(text), err
}

func TestGetGleamUnpacksTheReleaseOfTheMachine(t *testing.T) {
	calls, err := runGetGleam(t, "echo archive >\"$2\"\n", "0.28.2")
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://github.com/gleam-lang/gleam/releases/download/v0.28.2/gleam-v0.28.2-aarch64-unknown-linux-musl.tar.gz"
	diffOf(t, "calls", "wget -O "+address+"\ntar -xzf archive -C /usr/bin\n", calls)
}

func TestGetGleamStopsIfTheDownloadFails(t *testing.T) {
	calls, err := runGetGleam(t, "exit 8\n", "0.28.2")
	if err == nil || strings.Contains(calls, "\ntar ") {
		t.Errorf("error %v after %q", err, calls)
	}
}

func TestGetGleamChecksItsArgument(t *testing.T) {
	for _, args := range [][]string{nil, {""}, {"-1"}, {"1;2"}, {"a/../b"}, {"1 2"}, {"1\n2"}, {"v1$(x)"}} {
		if calls, err := runGetGleam(t, "", args...); err == nil || calls != "" {
			t.Errorf("%q: error %v after %q", args, err, calls)
		}
	}
}
