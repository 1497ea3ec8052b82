package planner

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
	"github.com/org/npx-action/providers"
)

// wishing plans with the providers of languages, by the catalogue's first day.
func wishing(t *testing.T, g given) (Result, error) {
	t.Helper()
	all, err := catalogue.Open(catalogue.Options{Date: catalogue.Began})
	if err != nil {
		t.Fatal(err)
	}
	in := g.input(t)
	in.Providers, in.Catalogue = providers.All(), all
	return Make(in)
}

// has lists what a plan installs of some tools: TOOL VERSION, by the catalogue, and other packages as they stand.
func has(t *testing.T, p plan.Plan, tools ...string) []string {
	t.Helper()
	all, err := catalogue.Open(catalogue.Options{Date: catalogue.Began})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, phase := range plan.Sorted(p.Phases) {
		for _, text := range phase.Releases {
			r, err := store.ParseRelease(text)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(tools, r.Name) {
				list = append(list, r.Name+" "+r.Version)
			}
		}
		for _, pkg := range phase.NixPkgs {
			name := pkg
			for _, known := range tools {
				tool, err := all.Tool(known)
				if err != nil {
					t.Fatal(err)
				}
				for _, word := range words(pkg) {
					if version, of := tool.Of(word, commit(*phase.NixpkgsArchive)); of {
						name = tool.Name + " " + version
					}
				}
			}
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

func TestAListOfPackagesMayAskForAVersion(t *testing.T) {
	node := func(setup string) map[string]string {
		return map[string]string{"package.json": "{}", ".nvmrc": "24", "nixpacks.toml": setup}
	}
	list := func(pkgs string) string { return "[phases.setup]\nnixPkgs = [" + pkgs + "]\n" }
	for _, tt := range []struct {
		name  string
		given given
		tools string
		want  []string
	}{
		{"in place of what the provider installs", given{files: node(list(`"nodejs@22.14.0", "..."`))}, "node", []string{"node 22.14.0"}},
		{"without the provider's list", given{files: node(list(`"ffmpeg", "node@22.14.0"`))}, "node", []string{"ffmpeg", "node 22.14.0"}},
		{"by the option", given{files: node(""), flags: config.Flags{Pkgs: []string{"nodejs@22.14.0"}}}, "node", []string{"node 22.14.0"}},
		{"by the variable", given{files: node(""), env: plan.Vars{"NIXPACKS_PKGS": "nodejs@22.14.0,ffmpeg"}}, "node", []string{"ffmpeg", "node 22.14.0"}},
		{"the option goes before the file", given{files: node(list(`"node@20", "..."`)), flags: config.Flags{Pkgs: []string{"nodejs@22.14.0"}}}, "node", []string{"node 22.14.0"}},
		{"a file of JSON", given{files: map[string]string{"package.json": "{}", "nixpacks.json": `{"phases": {"setup": {"nixPkgs": ["node@22.14.0", "..."]}}}`}}, "node", []string{"node 22.14.0"}},
		{"a range that other places narrow", given{files: map[string]string{"package.json": `{"engines": {"node": "<22.15"}}`, "nixpacks.toml": list(`"node@22", "..."`)}}, "node", []string{"node 22.14.0"}},
		{"the attribute of nixpkgs stays", given{files: node(list(`"ffmpeg", "..."`))}, "node", []string{"ffmpeg", "node 24.19.0"}},
		{"a tool that no provider installs", given{files: node(list(`"ruby@3.4.9", "..."`))}, "node ruby", []string{"node 24.19.0", "ruby 3.4.9"}},
		{"in another archive than the rest", given{files: node(list(`"ruby@3.2.2", "..."`))}, "node ruby", []string{"node 24.19.0", "ruby 3.2.2"}},
		{"alone", given{files: map[string]string{"start.sh": "", "nixpacks.toml": list(`"jdk@21"`)}}, "java", []string{"java 21.0.12.1+1"}},
		{"go", given{files: map[string]string{"main.go": "", "nixpacks.toml": list(`"golang@1.26.4", "..."`)}}, "go", []string{"go 1.26.4"}},
		{"the second provider's", given{files: map[string]string{"main.go": "", "package.json": "{}", "nixpacks.toml": "providers = ['...', 'node']\n" + list(`"node@22.14.0", "..."`)}}, "node go",
			[]string{"go 1.26.7", "node 22.14.0"}},
		{"in an expression of the provider's", given{files: map[string]string{"index.php": "", "nixpacks.toml": list(`"php@8.3", "..."`)}}, "node php", []string{
			"libmysqlclient", "nginx", "node 26.7.0", "php 8.3.35", "php83Packages.composer"}},
		{"what commands install", given{files: map[string]string{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "nixpacks.toml": list(`"pnpm@9.1.0", "..."`)}}, "node pnpm",
			[]string{"node 26.7.0"}},
		{"in place of commands that are the user's", given{files: map[string]string{"package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
			"nixpacks.toml": "[phases.install]\ncmds = ['pnpm i']\n" + list(`"pnpm@9.15.9", "..."`)}}, "node pnpm", []string{"node 26.7.0", "pnpm 9.15.9"}},
		{"a tool that has gone on under another name", given{files: map[string]string{"start.sh": "", "nixpacks.toml": list(`"yarn@4"`)}}, "yarn-berry", []string{"yarn-berry 4.14.1"}},
		{"in a phase of the user's", given{files: map[string]string{"package.json": "{}", "nixpacks.toml": "[phases.more]\nnixPkgs = ['node@22.14.0', 'ffmpeg']\n"}}, "node", []string{"ffmpeg", "node 22.14.0"}},
	} {
		result, err := wishing(t, tt.given)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, has(t, result.Plan, strings.Fields(tt.tools)...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for _, w := range result.Warnings {
			if strings.Contains(w, "leaves out node") {
				t.Errorf("%s: %s", tt.name, w)
			}
		}
	}
}

func TestTheWishIsTheReason(t *testing.T) {
	result, err := wishing(t, given{files: map[string]string{
		"package.json": "{}", "nixpacks.toml": "[phases.setup]\nnixPkgs = ['node@22.14.0', 'ruby@3.2.2', '...']\n",
	}})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(list(result.Origins), "\n")
	for _, want := range []string{
		`nixpacks.toml:2 (nixPkgs is "node@22.14.0", which gives 22.14.0)`,
		`setup nix ruby_3_2 < nixpacks.toml nixpacks.toml:2 (nixPkgs is "ruby@3.2.2", which gives 3.2.2)`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "@3.2.2 <") {
		t.Errorf("the text is in the plan:\n%s", text)
	}
}

func TestAWishThatCannotBe(t *testing.T) {
	toml := func(pkgs string) given {
		return given{files: map[string]string{"package.json": "{}", "nixpacks.toml": "[phases.setup]\nnixPkgs = [" + pkgs + "]\n"}}
	}
	for _, tt := range []struct {
		name  string
		given given
		want  string
	}{
		{"an unknown tool", toml(`"nodej@22"`), `nixpacks.toml:2: phases.setup.nixPkgs: "nodej@22": unknown tool "nodej": did you mean node`},
		{"an unknown version", toml(`"node@20.99.0"`), `nixpacks.toml:2: phases.setup.nixPkgs: "node@20.99.0": choosing node: 20.99.0 cannot be had for linux/amd64; the catalogue of 2026-11-28 has `},
		{"too new", toml(`"node@99"`), `choosing node: 99 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 26.7.0`},
		{"no range", toml(`"node@=>|"`), `nixpacks.toml:2: phases.setup.nixPkgs: "node@=>|": `},
		{"twice", toml(`"node@22", "nodejs@24"`), `nixpacks.toml:2: phases.setup.nixPkgs: "nodejs@24": "node@22" asks for another version of node; keep one`},
		{"an option", given{files: map[string]string{"package.json": "{}"}, flags: config.Flags{Pkgs: []string{"nod@22"}}}, `--pkgs: "nod@22": unknown tool "nod": did you mean node`},
		{"a variable", given{files: map[string]string{"package.json": "{}"}, env: plan.Vars{"NIXPACKS_PKGS": "node@20.99.0"}}, `NIXPACKS_PKGS: "node@20.99.0": choosing node: 20.99.0 cannot be had`},
		{"a megabyte", toml(`"node@` + strings.Repeat("9", 1<<20) + `"`), `nixpacks.toml:2: phases.setup.nixPkgs: "node@99`},
	} {
		_, err := wishing(t, tt.given)
		wrong, ok := errors.AsType[*config.Error](err)
		if !ok || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 500 {
			t.Errorf("%s: %.600v", tt.name, err)
			continue
		}
		if wrong.ExitStatus() != 2 || wrong.Hint == "" {
			t.Errorf("%s: status %d, hint %q", tt.name, wrong.ExitStatus(), wrong.Hint)
		}
	}
}

// That a line has ended is told once.
func TestAWishForALineThatHasEnded(t *testing.T) {
	for _, pkg := range []string{"dotnet@9", "ruby@3.2.2", "node@20"} {
		result, err := wishing(t, given{files: map[string]string{"start.sh": "", "nixpacks.toml": "[phases.setup]\nnixPkgs = ['" + pkg + "']\n"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Warnings) != 1 || !strings.Contains(result.Warnings[0], " ended on ") {
			t.Errorf("%s: %q", pkg, result.Warnings)
		}
	}
}

// Edition 1.39 takes them as Nix expressions, as Nixpacks does.
func TestTheFirstEditionHasNoWishes(t *testing.T) {
	result, err := wishing(t, given{edition: "1.39", files: map[string]string{"package.json": "{}", "nixpacks.toml": "[phases.setup]\nnixPkgs = ['node@22.14.0']\n"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Plan.Phases["setup"].NixPkgs; !slices.Equal(got, []string{"node@22.14.0"}) {
		t.Errorf("got %q", got)
	}
}

// TestAToolByVersionComesWithTheLibrariesThatItLoads has a Node that does not start without libatomic.
func TestAToolByVersionComesWithTheLibrariesThatItLoads(t *testing.T) {
	for asked, want := range map[string][]string{"node@26": {"libatomic1"}, "node@24": nil} {
		in := given{json: `{"phases": {"setup": {"nixPkgs": ["` + asked + `"]}}}`}.input(t)
		got, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		if packages := got.Plan.Phases["setup"].AptPkgs; !slices.Equal(packages, want) {
			t.Errorf("%s: %q", asked, packages)
		}
	}
}
