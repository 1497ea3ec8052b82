package config

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

func tree(t *testing.T, files map[string]string) *source.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestFileTakesTheFirstThatIsGiven(t *testing.T) {
	start := func(cmd string) string { return "[start]\ncmd = '" + cmd + "'\n" }
	files := map[string]string{
		"nixpacks.toml":   start("toml"),
		"nixpacks.json":   `{"start": {"cmd": "json"}}`,
		"other.toml":      "\ufeff" + strings.ReplaceAll(start("other"), "\n", "\r\n"),
		"other.json":      "\ufeff" + `{"start": {"cmd": "other json"}}`,
		"etc/deeper.toml": start("deeper"),
	}
	tests := []struct {
		name     string
		files    []string
		explicit *Explicit
		vars     plan.Vars
		want     Layer
	}{
		{"nothing", nil, nil, nil, Layer{}},
		{"json", []string{"nixpacks.json"}, nil, nil, Layer{Name: "nixpacks.json", Plan: startPlan("json")}},
		{"toml before json", []string{"nixpacks.json", "nixpacks.toml"}, nil, nil, Layer{Name: "nixpacks.toml", Plan: startPlan("toml")}},
		{
			"the variable before them", []string{"nixpacks.toml", "etc/deeper.toml"}, nil, plan.Vars{"NIXPACKS_CONFIG_FILE": "etc/deeper.toml"},
			Layer{Name: "etc/deeper.toml", Plan: startPlan("deeper")},
		},
		{
			"the option before all", []string{"nixpacks.toml", "other.toml"}, &Explicit{Name: "/elsewhere/x.json", Data: []byte(`{"start":{"cmd":"outside"}}`)},
			plan.Vars{"NIXPACKS_CONFIG_FILE": "other.toml"},
			Layer{Name: "/elsewhere/x.json", Plan: startPlan("outside")},
		},
		{
			"the option's file as it is in the tree", []string{"other.toml"}, &Explicit{Name: "./other.toml", Data: []byte(`that of another directory`)}, nil,
			Layer{Name: "other.toml", Plan: startPlan("other")},
		},
		{"byte order mark", []string{"other.json"}, &Explicit{Name: "other.json"}, nil, Layer{Name: "other.json", Plan: startPlan("other json")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			present := map[string]string{}
			for _, name := range tt.files {
				present[name] = files[name]
			}
			got, err := File(tree(t, present), tt.explicit, tt.vars)
			if err != nil {
				t.Fatal(err)
			}
			if got.Name != "" && got.Lines[plan.Fact{Phase: "start", Field: "cmd", Value: *got.Plan.Start.Cmd}] == 0 {
				t.Errorf("the line of the command is not known: %v", got.Lines)
			}
			if d := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Layer{}, "Lines")); d != "" {
				t.Error(d)
			}
		})
	}
}

func startPlan(cmd string) plan.Plan { return plan.Plan{Start: &plan.Start{Cmd: &cmd}} }

func TestMistakesNameTheirPlace(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		vars  plan.Vars
		json  string
		want  string // the beginning
		line  int
	}{
		{"type", map[string]string{"nixpacks.toml": "[phases.install]\n\ncmds = 'npm ci'\n"}, nil, "", "nixpacks.toml:3: phases.install.cmds: ", 3},
		{"syntax", map[string]string{"nixpacks.toml": "[start]\ncmd = x\n"}, nil, "", "nixpacks.toml:2: ", 2},
		{"json type", map[string]string{"nixpacks.json": "{\n\"variables\": {\"A\": 1}}"}, nil, "", "nixpacks.json:2: variables.A: ", 2},
		{"option", nil, nil, `{"phases": []}`, "--json-plan:1: phases: ", 1},
		{"missing file", nil, plan.Vars{"NIXPACKS_CONFIG_FILE": "x.toml"}, "", "NIXPACKS_CONFIG_FILE: config file x.toml does not exist", 0},
		{"outside", nil, plan.Vars{"NIXPACKS_CONFIG_FILE": "../x.toml"}, "", "NIXPACKS_CONFIG_FILE: config file ../x.toml does not exist", 0},
		{"absolute", nil, plan.Vars{"NIXPACKS_CONFIG_FILE": "/etc/passwd"}, "", "NIXPACKS_CONFIG_FILE: config file /etc/passwd does not exist", 0},
		{"extension", map[string]string{"x.yaml": ""}, plan.Vars{"NIXPACKS_CONFIG_FILE": "x.yaml"}, "", "x.yaml: unknown file type", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := File(tree(t, tt.files), nil, tt.vars)
			if tt.json != "" {
				_, err = JSON(tt.json)
			}
			var mistake *Error
			if !errors.As(err, &mistake) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if !strings.HasPrefix(err.Error(), tt.want) || mistake.Line != tt.line {
				t.Errorf("got %q in line %d, want %q... in line %d", err, mistake.Line, tt.want, tt.line)
			}
			if mistake.Unwrap() == nil {
				t.Error("there is no cause")
			}
		})
	}
}

func TestUnreadableFileIsAnErrorOfTheApp(t *testing.T) {
	fsys := fstest.MapFS{"nixpacks.toml": {Data: []byte(strings.Repeat("#", 100))}}
	small, err := source.New(fsys, "app", source.Limits{FileBytes: 10})
	if err != nil {
		t.Fatal(err)
	}
	_, err = File(small, nil, nil)
	var limit *source.LimitError
	if !errors.As(err, &limit) {
		t.Errorf("got %v, want a *source.LimitError", err)
	}
}

func TestUnknownKeysAreWarnedAbout(t *testing.T) {
	got, err := File(tree(t, map[string]string{"nixpacks.toml": "[phases.build]\ncmd = ['x']\n[deploy]\na = 1\n"}), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"nixpacks.toml:2: unknown key phases.build.cmd is ignored, did you mean cmds?",
		"nixpacks.toml:3: unknown key deploy is ignored",
	}
	if d := cmp.Diff(want, got.Warnings); d != "" {
		t.Error(d)
	}
}

func TestJSONOfNothingIsNoLayer(t *testing.T) {
	got, err := JSON("")
	if err != nil || !cmp.Equal(got, Layer{}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFlags(t *testing.T) {
	npm := new("npm ci")
	tests := []struct {
		name      string
		flags     Flags
		compat139 bool
		want      plan.Plan
	}{
		{"none", Flags{}, true, plan.Plan{}},
		{
			"packages keep the overlays", Flags{Pkgs: []string{"jq"}}, false,
			plan.Plan{Phases: map[string]plan.Phase{"setup": {NixPkgs: []string{"jq", "..."}}}},
		},
		{
			"packages in 1.39", Flags{Apt: []string{"a", "b"}}, true,
			plan.Plan{Phases: map[string]plan.Phase{"setup": {
				NixPkgs: []string{"..."}, NixLibs: []string{"..."}, AptPkgs: []string{"a", "b", "..."},
			}}},
		},
		{
			"commands keep the order", Flags{InstallCmd: npm, BuildCmd: npm, StartCmd: npm, Libs: []string{"zlib"}}, false,
			plan.Plan{
				Phases: map[string]plan.Phase{
					"setup":   {NixLibs: []string{"zlib", "..."}},
					"install": {Cmds: []string{"npm ci"}},
					"build":   {Cmds: []string{"npm ci"}},
				},
				Start: &plan.Start{Cmd: npm},
			},
		},
		{"runtime", Flags{Runtime: "full"}, false, plan.Plan{Start: &plan.Start{Runtime: new("full")}}},
		{
			"commands replace the order in 1.39", Flags{InstallCmd: npm, BuildCmd: npm}, true,
			plan.Plan{Phases: map[string]plan.Phase{
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"npm ci"}},
			}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.flags.Layer(tt.compat139)
			if d := cmp.Diff(tt.want, got, emptyPhases); d != "" {
				t.Error(d)
			}
		})
	}
}

// emptyPhases makes no phases and no map of phases equal. Other fields differ when absent and when empty.
var emptyPhases = cmp.FilterPath(
	func(p cmp.Path) bool { return p.Last().String() == ".Phases" },
	cmpopts.EquateEmpty(),
)
