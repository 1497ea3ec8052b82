package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectCobol(t *testing.T) {
	testDetect(t, cobolProvider, []detection{{repo{"z.cbl": "", "src/a.cbl": ""}, "src/a.cbl"}, {repo{"a.cob": ""}, ""}})
}

func TestCobolPlan(t *testing.T) {
	out := mustPlan(t, cobolProvider, appOf(t, repo{"a.cbl": "", "src/index.cbl": ""}, nil))
	why := "it is the first file whose name ends in index.cbl"
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{"gnu-cobol", "gcc"}, NixOverlays: []string{}},
				"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{"cobc -x -o index src/index.cbl"}},
			},
			Start: &plan.Start{Cmd: new("./index")},
		},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "setup", Field: "nix"}, Why: "the compiler, which makes C"},
			{Fact: plan.Fact{Phase: "build", Field: "cmd"}, File: "src/index.cbl", Why: why},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: "src/index.cbl", Why: why},
		},
	}, out)
}

func TestCobolProgram(t *testing.T) {
	missing := func(name, file string) []string {
		return []string{"NIXPACKS_COBOL_APP_NAME is \"" + name + "\", but no file is named so; " + file + " is compiled"}
	}
	for _, tt := range []struct {
		name     string
		files    repo
		vars     plan.Vars
		build    string
		start    string
		warnings []string
	}{
		{"the first file", repo{"b.v1.cbl": "", "a/z.cbl": ""}, nil, "cobc -x -o z a/z.cbl", "./z", nil},
		{"a stem with a dot", repo{"b.v1.cbl": ""}, nil, "cobc -x -o b.v1 b.v1.cbl", "./b.v1", nil},
		{"the end of a name", repo{"a.cbl": "", "myindex.cbl": ""}, nil, "cobc -x -o myindex myindex.cbl", "./myindex", nil},
		{"by name", repo{"index.cbl": "", "src/my-app.cbl": ""}, plan.Vars{"NIXPACKS_COBOL_APP_NAME": "my-app"}, "cobc -x -o my-app src/my-app.cbl", "./my-app", nil},
		{"by a name that no file has", repo{"index.cbl": ""}, plan.Vars{"NIXPACKS_COBOL_APP_NAME": "till"}, "cobc -x -o index index.cbl", "./index", missing("till", "index.cbl")},
		{"by a name that makes no glob", repo{"a.cbl": ""}, plan.Vars{"NIXPACKS_COBOL_APP_NAME": "{a"}, "cobc -x -o a a.cbl", "./a", missing("{a", "a.cbl")},
		{"arguments", repo{"a.cbl": ""}, plan.Vars{"NIXPACKS_COBOL_COMPILE_ARGS": "-x -free -o"}, "cobc -x -free -o a a.cbl", "./a", nil},
		{"two words", repo{"a b.cbl": ""}, nil, "cobc -x -o 'a b' 'a b.cbl'", "'./a b'", nil},
		{"like an option", repo{"-x.cbl": ""}, nil, "cobc -x -o ./-x ./-x.cbl", "./-x", nil},
	} {
		out := mustPlan(t, cobolProvider, appOf(t, tt.files, tt.vars))
		diffOf(t, tt.name, []string{tt.build}, out.Plan.Phases["build"].Cmds)
		diffOf(t, tt.name, tt.start, *out.Plan.Start.Cmd)
		diffOf(t, tt.name, tt.warnings, out.Warnings)
	}
}

func TestCobolReasonsOfVariables(t *testing.T) {
	out := mustPlan(t, cobolProvider, appOf(t, repo{"a.cbl": ""}, plan.Vars{"NIXPACKS_COBOL_APP_NAME": "a", "NIXPACKS_COBOL_COMPILE_ARGS": "-x"}))
	diffOf(t, "build", `the variable NIXPACKS_COBOL_COMPILE_ARGS is "-x"`, out.Reasons[1].Why)
	diffOf(t, "start", `the variable NIXPACKS_COBOL_APP_NAME is "a"`, out.Reasons[2].Why)
}

func TestCobolErrors(t *testing.T) {
	if _, err := cobolProvider.Plan(appOf(t, repo{"a": ""}, nil)); err == nil || !strings.Contains(err.Error(), "there is no *.cbl") {
		t.Errorf("without a program: %v", err)
	}
	if _, err := cobolProvider.Plan(brokenWalk(t, repo{"a.cbl": "", "b": ""})); err == nil {
		t.Error("no error for a broken walk")
	}
}
