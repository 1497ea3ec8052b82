package planner

import (
	"cmp"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
)

func TestPhasesStandOnTheBaseOfTheImageWhereNothingComesFromNix(t *testing.T) {
	for name, tt := range map[string]struct {
		config string
		image  string
		tools  bool
	}{
		"releases alone":           {"", plan.SlimImage, true},
		"Debian packages":          {"[phases.setup]\naptPkgs = [\"...\", \"ffmpeg\"]\n", plan.SlimImage, true},
		"a Nix package":            {"[phases.setup]\nnixPkgs = [\"...\", \"ffmpeg\"]\n", plan.UbuntuImage, false},
		"a compiler":               {"[phases.setup]\nnixPkgs = [\"...\", \"gcc\"]\n", plan.UbuntuImage, false},
		"a Nix library":            {"[phases.setup]\nnixLibs = [\"zlib\"]\n", plan.UbuntuImage, false},
		"a command of Nix":         {"[phases.build]\ncmds = [\"cd x && nix-shell -p jq\"]\n", plan.UbuntuImage, false},
		"a command about nixpacks": {"[phases.build]\ncmds = [\"echo nixpacks phoenix\"]\n", plan.SlimImage, true},
		"an image of the user's":   {"buildImage = \"ghcr.io/railwayapp/nixpacks:ubuntu-1\"\n", "ghcr.io/railwayapp/nixpacks:ubuntu-1", false},
		"a run image":              {"[start]\nrunImage = \"debian:trixie-slim\"\n", plan.UbuntuImage, false},
		"a full image":             {"[start]\nruntime = \"full\"\n", plan.UbuntuImage, false},
		"edition 1.39":             {"edition = \"1.39\"\n", plan.UbuntuImage, false},
	} {
		files := map[string]string{"package.json": `{"scripts":{"start":"node index.js"}}`, "package-lock.json": `{"lockfileVersion":3}`, "index.js": "", "nixpacks.toml": tt.config}
		in := given{files: files}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		p := result.Plan
		if *p.BuildImage != tt.image || (p.BuildTools != nil) != tt.tools {
			t.Errorf("%s: %s with the tools %s, want %s and %t", name, *p.BuildImage, *cmp.Or(p.BuildTools, new("none")), tt.image, tt.tools)
		}
		if full := result.Full; full != nil && (*full.BuildImage == plan.SlimImage || full.BuildTools != nil) {
			t.Errorf("%s: a full image is built on %s", name, *full.BuildImage)
		}
	}
}

func TestTheCompilersOfAPlanAreThoseOfTheBuildTools(t *testing.T) {
	for name, tt := range map[string]struct {
		config, tools string
	}{
		"by the provider":             {"", plan.CompilersImage},
		"by the user":                 {"[phases.setup]\nnixPkgs = [\"...\", \"gcc\"]\n", "none"},
		"at run time":                 {"[start]\nwithoutPkgs = []\n", "none"},
		"with another package of Nix": {"[phases.setup]\nnixPkgs = [\"...\", \"jq\"]\n", "none"},
	} {
		in := given{files: map[string]string{"main.py": "print()", "requirements.txt": "flask==3.1.1\n", "nixpacks.toml": tt.config}}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		p := result.Plan
		if *cmp.Or(p.BuildTools, new("none")) != tt.tools || strings.Contains(plan.Text(p), "nix gcc") == (p.BuildTools != nil) || p.BuildTools != nil && p.Start.WithoutPkgs != nil {
			t.Errorf("%s:\n%s", name, plan.Text(p))
		}
	}
}

func TestTheBuildToolsHaveTheTagOfTheirEdition(t *testing.T) {
	if _, tag, _ := strings.Cut(plan.ToolsImage, ":"); tag != string(rules.Newest) {
		t.Errorf("plans name the build tools %s", plan.ToolsImage)
	}
}
