package planner

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// fakes are providers that are found by a file of their own name.
var fakes = []providers.Provider{fake("ant"), fake("bee"), future, mute}

func fake(name string) providers.Provider {
	return providers.Provider{
		Name: name,
		Detect: func(app providers.App) (string, error) {
			if app.Tree.HasFile(name) {
				return name, nil
			}
			return "", nil
		},
		Plan: func(app providers.App) (providers.Output, error) {
			p := plan.Plan{
				Variables: map[string]string{"BY": name, "SEEN": app.Vars["SEE"]},
				Phases: map[string]plan.Phase{
					"setup":   {NixPkgs: []string{name}, NixOverlays: []string{"overlay"}},
					"install": {DependsOn: []string{"setup"}, Cmds: []string{name + " install"}},
					"build":   {DependsOn: []string{"install", "setup"}, Cmds: []string{name + " build"}},
				},
				Start: &plan.Start{Cmd: new(name + " start")},
			}
			return providers.Output{Plan: p, Labels: []string{name + "-label"}, Warnings: []string{name + " warns"}}, nil
		},
		InstallFiles: func(providers.App) ([]string, string, error) { return []string{name + ".lock"}, "", nil },
		Locks:        []string{name + ".lock", "a.lock"},
	}
}

// future exists only in the newest edition, mute never plans.
var (
	future = func() providers.Provider {
		p := fake("cat")
		p.Since = string(rules.Newest)
		return p
	}()
	mute = providers.Provider{
		Name:   "dog",
		Detect: func(providers.App) (string, error) { return "", nil },
		Plan:   func(providers.App) (providers.Output, error) { return providers.Output{None: true}, nil },
	}
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

// given is what a test varies.
type given struct {
	files   map[string]string
	env     plan.Vars
	json    string
	flags   config.Flags
	edition string
}

func (g given) input(t *testing.T) Input {
	t.Helper()
	return Input{
		Tree: tree(t, g.files), Env: g.env, JSONPlan: g.json, Flags: g.flags, Edition: g.edition, Arch: "x86_64", Providers: fakes,
	}
}

func (g given) make(t *testing.T) Result {
	t.Helper()
	result, err := Make(g.input(t))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// describe is a plan as one line a fact, the pinned parts left out.
func describe(p plan.Plan) []string {
	var lines []string
	for name, value := range plan.Sorted(p.Variables) {
		lines = append(lines, name+"="+value)
	}
	list := func(key string, values []string) {
		if values != nil {
			lines = append(lines, key+": "+strings.Join(values, " | "))
		}
	}
	for name, phase := range plan.Sorted(p.Phases) {
		list(name+" after", phase.DependsOn)
		list(name+" nix", phase.NixPkgs)
		list(name+" overlays", phase.NixOverlays)
		list(name+" cmds", phase.Cmds)
		list(name+" files", phase.OnlyIncludeFiles)
	}
	if p.Start != nil && p.Start.Cmd != nil {
		lines = append(lines, "start: "+*p.Start.Cmd)
	}
	return lines
}

var ant = map[string]string{"ant": "", "ant.lock": "", "src/x": ""}

func with(files map[string]string, name, text string) map[string]string {
	more := map[string]string{name: text}
	for n, t := range files {
		more[n] = t
	}
	return more
}

func TestMake(t *testing.T) {
	cmd := new("flag")
	tests := []struct {
		name  string
		given given
		want  []string
	}{
		{"nothing", given{edition: "1.39"}, nil},
		{
			"a provider as it is",
			given{files: ant, edition: "1.39", env: plan.Vars{"SEE": "1", "NIXPACKS_EDITION": "x"}},
			[]string{
				"BY=ant", "NIXPACKS_METADATA=ant,ant-label", "SEE=1", "SEEN=1",
				"build after: install | setup", "build cmds: ant build",
				"install after: setup", "install cmds: ant install",
				"setup nix: ant", "setup overlays: overlay", "start: ant start",
			},
		},
		{
			"two providers, the first winning",
			given{files: with(ant, "nixpacks.toml", "providers = ['...', 'bee']"), edition: "1.39"},
			[]string{
				"BY=ant", "NIXPACKS_METADATA=ant,ant-label,bee,bee-label", "SEEN=",
				"bee:build after: bee:install | bee:setup", "bee:build cmds: bee build",
				"bee:install after: bee:setup", "bee:install cmds: bee install",
				"bee:setup nix: bee", "bee:setup overlays: overlay",
				"build after: install | setup", "build cmds: ant build",
				"install after: setup", "install cmds: ant install",
				"setup nix: ant", "setup overlays: overlay", "start: ant start",
			},
		},
		{
			"named providers that plan nothing",
			given{files: map[string]string{"ant": "", "nixpacks.toml": "providers = ['dog']"}, edition: "1.39"},
			[]string{"NIXPACKS_METADATA="},
		},
		{
			"no providers at all",
			given{files: with(ant, "nixpacks.json", `{"providers": []}`), edition: "1.39"},
			nil,
		},
		{
			"layers over each other in 1.39",
			given{
				files:   with(ant, "nixpacks.toml", "variables = {SEE = 'file'}\n[phases.setup]\nnixPkgs = ['...', 'a']\n[start]\ncmd = 'file'\n"),
				env:     plan.Vars{"SEE": "env", "NIXPACKS_PKGS": "b", "NIXPACKS_START_CMD": "env"},
				json:    `{"start": {"cmd": "json"}}`,
				flags:   config.Flags{StartCmd: cmd, BuildCmd: cmd, Apt: []string{"x"}},
				edition: "1.39",
			},
			[]string{
				"BY=ant", "NIXPACKS_METADATA=ant,ant-label", "NIXPACKS_PKGS=b", "NIXPACKS_START_CMD=env", "SEE=file", "SEEN=file",
				"build after: install", "build cmds: flag",
				"install after: setup", "install cmds: ant install",
				"setup nix: ant | b | ant | ant | a", "setup overlays: overlay", "start: flag",
			},
		},
		{
			"layers over each other",
			given{
				files: with(ant, "nixpacks.toml", "variables = {SEE = 'file'}\n[phases.setup]\nnixPkgs = ['...', 'a']\n[start]\ncmd = 'file'\n"),
				env:   plan.Vars{"SEE": "env", "NIXPACKS_PKGS": "b"},
				flags: config.Flags{StartCmd: cmd, BuildCmd: cmd, Apt: []string{"x"}},
			},
			[]string{
				"BY=ant", "NIXPACKS_METADATA=ant,ant-label", "NIXPACKS_PKGS=b", "SEE=env", "SEEN=env",
				"build after: install | setup", "build cmds: flag",
				"install after: setup", "install cmds: ant install", "install files: ant.lock",
				"setup nix: b | ant | a", "setup overlays: overlay", "start: flag",
			},
		},
		{
			"a Procfile between the providers and the user",
			given{files: with(ant, "Procfile", "web: proc\nrelease: migrate\n"), edition: "1.39"},
			[]string{
				"BY=ant", "NIXPACKS_METADATA=ant,ant-label", "SEEN=",
				"build after: install | setup", "build cmds: ant build",
				"install after: setup", "install cmds: ant install",
				"release after: setup | install | build", "release cmds: migrate",
				"setup nix: ant", "setup overlays: overlay", "start: proc",
			},
		},
		{
			"a prefix although the first has no plan",
			given{files: map[string]string{"nixpacks.toml": "providers = ['dog', 'bee']", "x": ""}, edition: "1.39"},
			[]string{
				"BY=bee", "NIXPACKS_METADATA=bee,bee-label", "SEEN=",
				"bee:build after: bee:install | bee:setup", "bee:build cmds: bee build",
				"bee:install after: bee:setup", "bee:install cmds: bee install",
				"bee:setup nix: bee", "bee:setup overlays: overlay", "start: bee start",
			},
		},
		{
			"a provider named twice in 1.39",
			given{files: map[string]string{"nixpacks.toml": "providers = ['dog', 'dog']"}, edition: "1.39"},
			[]string{"NIXPACKS_METADATA="},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.given.make(t)
			if d := cmp.Diff(tt.want, describe(got.Plan)); d != "" {
				t.Error(d)
			}
			if got.Plan.Edition != nil || got.Plan.Providers == nil || got.Plan.BuildImage == nil {
				t.Error("the plan is not finished")
			}
		})
	}
}

func TestResultSaysHowThePlanCameAbout(t *testing.T) {
	got := given{files: with(with(ant, "nixpacks.toml", "providers = ['...', 'bee', 'ant']\ntypo = 1"), "a.lock", "")}.make(t)
	want := Result{
		Edition:  rules.Newest,
		Detected: []Detection{{"ant", "ant"}, {"bee", "named in providers"}},
		Warnings: []string{"nixpacks.toml:2: unknown key typo is ignored", "ant warns", "bee warns"},
		Locks:    []string{"a.lock", "ant.lock"},
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Result{}, "Plan", "Full", "Notes", "Origins", "Tree")); d != "" {
		t.Error(d)
	}
	if len(got.Notes) == 0 || got.Notes[0].Provider != "ant" {
		t.Errorf("the rules say %v", got.Notes)
	}
}

func TestEditionIsTheFirstThatIsGiven(t *testing.T) {
	files := with(ant, "nixpacks.toml", "edition = '1.39'")
	newest := string(rules.Newest)
	tests := []struct {
		name  string
		given given
		want  rules.Edition
	}{
		{"newest", given{files: ant}, rules.Newest},
		{"file", given{files: files}, rules.Nixpacks},
		{"json before file", given{files: files, json: `{"edition":"` + newest + `"}`}, rules.Newest},
		{"variable before json", given{files: files, json: `{"edition":"` + newest + `"}`, env: plan.Vars{"NIXPACKS_EDITION": "1.39"}}, rules.Nixpacks},
		{"option before variable", given{files: files, env: plan.Vars{"NIXPACKS_EDITION": "1.39"}, edition: newest}, rules.Newest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.given.make(t).Edition; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEditionDoesNotReachThePlanHoweverItIsGiven(t *testing.T) {
	want := given{files: ant, edition: "1.39"}.make(t).Plan
	for name, g := range map[string]given{
		"variable": {files: ant, env: plan.Vars{"NIXPACKS_EDITION": "1.39"}},
		"file":     {files: with(ant, "nixpacks.toml", "edition = '1.39'")},
		"json":     {files: ant, json: `{"edition": "1.39"}`},
	} {
		if d := cmp.Diff(want, g.make(t).Plan); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestUserInstallKeepsRulesAway(t *testing.T) {
	for name, g := range map[string]given{
		"file":     {files: with(ant, "nixpacks.toml", "[phases.install]\ncmds = ['x']")},
		"files":    {files: with(ant, "nixpacks.toml", "[phases.install]\nonlyIncludeFiles = ['...']")},
		"variable": {files: ant, env: plan.Vars{"NIXPACKS_INSTALL_CMD": "x"}},
		"json":     {files: ant, json: `{"phases":{"install":{"commands":["x"]}}}`},
		"flag":     {files: ant, flags: config.Flags{InstallCmd: new("x")}},
	} {
		if got := g.make(t).Plan.Phases["install"].OnlyIncludeFiles; len(got) > 0 {
			t.Errorf("%s: install is limited to %q", name, got)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		name  string
		given given
		want  string
	}{
		{"edition", given{edition: "1.40"}, "--edition: unknown edition"},
		{"edition in the file", given{files: map[string]string{"nixpacks.toml": "edition = 'x'"}}, "nixpacks.toml: edition: unknown edition"},
		{"provider", given{files: map[string]string{"nixpacks.toml": "providers = ['elk']"}}, `nixpacks.toml: providers: provider "elk" not found`},
		{"provider of a plan", given{json: `{"providers": ["elk"]}`}, `--json-plan: providers: provider "elk" not found`},
		{"provider of a later edition", given{json: `{"providers": ["cat"]}`, edition: "1.39"}, `--json-plan: providers: provider "cat" not found`},
		{"file", given{files: map[string]string{"nixpacks.json": "x"}}, "nixpacks.json:1: "},
		{"plan", given{json: "x"}, "--json-plan:1: "},
		{"procfile", given{files: map[string]string{"Procfile": "web: x\nworker:"}}, "Procfile:2: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Make(tt.given.input(t))
			var mistake *config.Error
			if !errors.As(err, &mistake) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want a *config.Error %q", err, tt.want)
			}
			if _, also := Detect(tt.given.input(t)); also == nil || also.Error() != err.Error() {
				t.Errorf("Detect says %v", also)
			}
		})
	}
}

func TestProviderErrorsNameTheProvider(t *testing.T) {
	cause := errors.New("cause")
	bad := fake("bad")
	bad.Plan = func(providers.App) (providers.Output, error) { return providers.Output{}, cause }
	worse := fake("worse")
	worse.Detect = func(providers.App) (string, error) { return "", cause }
	limited := fake("limited")
	limited.InstallFiles = func(providers.App) ([]string, string, error) { return nil, "", cause }
	for _, p := range []providers.Provider{bad, worse, limited} {
		in := given{files: map[string]string{p.Name: ""}}.input(t)
		in.Providers = []providers.Provider{p}
		if _, err := Make(in); !errors.Is(err, cause) || !strings.Contains(err.Error(), p.Name) {
			t.Errorf("got %v, want the cause and the name %s", err, p.Name)
		}
	}
}

func TestDetect(t *testing.T) {
	sub := map[string]string{"app/ant": ""}
	tests := []struct {
		name  string
		given given
		want  []string
	}{
		{"nothing", given{}, []string{}},
		{"found and named", given{files: with(ant, "nixpacks.toml", "providers = ['bee', '...']")}, []string{"bee", "ant"}},
		{"a later edition's", given{files: map[string]string{"cat": ""}}, []string{"cat"}},
		{"not in an earlier one", given{files: map[string]string{"cat": ""}, edition: "1.39"}, []string{}},
		{"sub-directory", given{files: sub}, []string{"ant"}},
		{"not in 1.39", given{files: sub, edition: "1.39"}, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Detect(tt.given.input(t))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProvidersDefaultToAll(t *testing.T) {
	in := Input{Tree: tree(t, map[string]string{"go.mod": "module m\n\ngo 1.22\n", "main.go": "package main\n"}), Arch: "x86_64"}
	names, err := Detect(in)
	if err != nil || !cmp.Equal(names, []string{"go"}) {
		t.Errorf("got %q, %v", names, err)
	}
	result, err := Make(in)
	if err != nil || len(result.Plan.Phases) == 0 {
		t.Errorf("got %v, %v", result.Plan.Phases, err)
	}
}

func TestPackageOptionsPrintTheOverlaysAsNixpacksDoes(t *testing.T) {
	got := given{files: map[string]string{"x": ""}, flags: config.Flags{Apt: []string{"curl"}}, edition: "1.39"}.make(t)
	if overlays := got.Plan.Phases["setup"].NixOverlays; overlays == nil || len(overlays) > 0 {
		t.Errorf("overlays are %#v, want an empty list", overlays)
	}
}
