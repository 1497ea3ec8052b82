package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectScheme(t *testing.T) {
	testDetect(t, schemeProvider, []detection{{repo{"haunt.scm": ""}, "haunt.scm"}, {repo{"init.scm": ""}, ""}})
}

func TestSchemePlan(t *testing.T) {
	want := plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {NixPkgs: []string{"haunt", "guile"}, NixOverlays: []string{}},
			"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{"haunt build"}},
		},
		Start: &plan.Start{Cmd: new("guile init.scm --auto-compile")},
	}
	out := mustPlan(t, schemeProvider, appOf(t, repo{"haunt.scm": "", "init.scm": ""}, nil))
	diffOf(t, "output", Output{Plan: want, Reasons: []Reason{
		{Fact: plan.Fact{Phase: "setup", Field: "nix"}, File: "haunt.scm", Why: "Haunt makes the site"},
		{Fact: plan.Fact{Phase: "build", Field: "cmd"}, File: "haunt.scm", Why: "Haunt makes the site"},
		{Fact: plan.Fact{Phase: "start", Field: "cmd"}, Why: "the start command of every app with haunt.scm"},
	}}, out)
	out = mustPlan(t, schemeProvider, appOf(t, repo{"haunt.scm": ""}, nil))
	diffOf(t, "plan without init.scm", want, out.Plan)
	diffOf(t, "warnings", []string{"there is no init.scm, which the start command runs; set a start command"}, out.Warnings)
}
