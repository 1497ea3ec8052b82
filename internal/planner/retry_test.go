package planner

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
)

func TestSubdirectory(t *testing.T) {
	tests := []struct {
		name   string
		files  map[string]string
		exact  string // the sub-directory that 1.39 plans, "-" if it finds nothing
		newest string
	}{
		{"only directory", map[string]string{"app/ant": "", "README.md": ""}, "app", "app"},
		{"deeper", map[string]string{"a/b/ant": ""}, "a/b", "a/b"},
		{"next to .git", map[string]string{"app/ant": "", ".git/HEAD": "", ".github/x": ""}, "-", "app"},
		{"in a hidden one", map[string]string{".app/ant": ""}, ".app", "-"},
		{"two", map[string]string{"a/ant": "", "b/x": ""}, "-", "-"},
		{"planned at the root", map[string]string{"a/ant": "", "nixpacks.toml": "[phases.x]\n"}, "", ""},
		{"nothing further down either", map[string]string{"a/b/x": ""}, "-", "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, edition := range []rules.Edition{rules.Nixpacks, rules.Newest} {
				got := given{files: tt.files, edition: string(edition)}.make(t)
				sub := got.Subdirectory
				if len(got.Plan.Phases) == 0 {
					sub = "-"
				}
				want := tt.newest
				if edition == rules.Nixpacks {
					want = tt.exact
				}
				if sub != want {
					t.Errorf("%s: got %q, want %q", edition, sub, want)
				}
			}
		})
	}
}

func TestSubdirectoryIsTheTree(t *testing.T) {
	got := given{files: map[string]string{"app/ant": "", "app/ant.lock": ""}}.make(t)
	if got.Tree.Name() != "app" || !got.Tree.HasFile("ant") || !cmp.Equal(got.Locks, []string{"ant.lock"}) {
		t.Errorf("got tree %s with locks %q", got.Tree.Name(), got.Locks)
	}
}

func TestNothingFurtherDownKeepsTheRoot(t *testing.T) {
	got := given{files: map[string]string{"app/x": ""}}.make(t)
	if got.Tree.Name() != "app" || got.Subdirectory != "" || !got.Tree.HasDir("app") {
		t.Errorf("got tree %s, sub-directory %q", got.Tree.Name(), got.Subdirectory)
	}
}

func TestConfigurationAboveHoldsBelow(t *testing.T) {
	files := map[string]string{
		"app/ant":           "",
		"app/nixpacks.toml": "[variables]\nB = 'below'\nC = 'below'\n",
		"nixpacks.toml":     "[variables]\nA = 'above'\nB = 'above'\n",
		"Procfile":          "web: above\n",
	}
	got := given{files: files}.make(t)
	for name, want := range map[string]string{"A": "above", "B": "below", "C": "below"} {
		if got.Plan.Variables[name] != want {
			t.Errorf("%s is %q, want %q", name, got.Plan.Variables[name], want)
		}
	}
	if want := "Procfile is ignored, as the app is in app"; !cmp.Equal(got.Warnings, []string{"ant warns", want}) {
		t.Errorf("warnings are %q", got.Warnings)
	}
	exact := given{files: files, edition: "1.39"}.make(t)
	if _, ok := exact.Plan.Variables["A"]; ok {
		t.Error("edition 1.39 reads the configuration above")
	}
	delete(files, "app/nixpacks.toml")
	if got := (given{files: files}).make(t); got.Plan.Variables["B"] != "above" {
		t.Error("without configuration below, that above is forgotten")
	}
}

func TestEditionAboveHoldsBelow(t *testing.T) {
	got := given{files: map[string]string{"app/ant": "", "nixpacks.toml": "edition = '1.39'"}}.make(t)
	if got.Edition != rules.Nixpacks {
		t.Errorf("got %s", got.Edition)
	}
}

func TestNamedConfigurationHoldsForTheSubdirectory(t *testing.T) {
	g := given{files: map[string]string{"app/ant": "", "x.toml": "variables = {A = 'x'}"}}
	in := g.input(t)
	in.Config = &config.Explicit{Name: "../y.toml", Data: []byte("variables = {A = 'y'}")}
	result, err := Make(in)
	if err != nil || result.Plan.Variables["A"] != "y" {
		t.Errorf("got %q, %v", result.Plan.Variables["A"], err)
	}
	g.env = plan.Vars{"NIXPACKS_CONFIG_FILE": "x.toml"}
	if got := g.make(t); got.Plan.Variables["A"] != "x" {
		t.Errorf("got %q", got.Plan.Variables["A"])
	}
}

func TestMistakeInASubdirectoryNamesIt(t *testing.T) {
	_, err := Make(given{files: map[string]string{"app/nixpacks.toml": "x"}}.input(t))
	if err == nil || !strings.Contains(err.Error(), "sub-directory app: nixpacks.toml:1") {
		t.Errorf("got %v", err)
	}
}

func TestEndlessDirectoriesEnd(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(".", filepath.Join(dir, "self")); err != nil {
		t.Fatal(err)
	}
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, edition := range rules.Editions() {
		result, err := Make(Input{Tree: tree, Edition: string(edition), Providers: fakes})
		if err != nil || len(result.Plan.Phases) > 0 {
			t.Errorf("%s: got %v, %v", edition, result.Plan.Phases, err)
		}
	}
}

func TestNothing(t *testing.T) {
	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprintf("f%02d", i)] = ""
	}
	tests := []struct {
		name  string
		files map[string]string
		want  []string // parts
	}{
		{"empty", nil, []string{"looked for ant: ", "looked for dog: ", "found in app: nothing"}},
		{"files", map[string]string{"b/x": "", "a": "", "odd\x1b[31m": ""}, []string{`found in app: a, b/, "odd\x1b[31m"`}},
		{"many", many, []string{"f39, and 10 more"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Nothing(tree(t, tt.files), fakes)
			for _, part := range tt.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is missing in\n%s", part, got)
				}
			}
		})
	}
	if got := Nothing(tree(t, map[string]string{"package.yaml": "{}", "pnpm-lock.yaml": ""}), nil); !strings.HasSuffix(got, "reads package.yaml; write it as package.json or package.json5") {
		t.Errorf("got\n%s", got)
	}
	if got := Nothing(tree(t, nil), nil); !strings.Contains(got, "looked for node: package.json\n") {
		t.Errorf("got\n%s", got)
	}
}
