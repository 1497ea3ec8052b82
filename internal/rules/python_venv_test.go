package rules

import (
	"slices"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestTheVenvIsMadeInAPhaseOfItsOwn(t *testing.T) {
	subject := func(cmds ...string) Subject {
		return Subject{
			Plan: plan.Plan{Phases: map[string]plan.Phase{"install": {DependsOn: []string{"setup"}, Cmds: cmds}}},
			Fixes: []Fix{{Rule: "python-venv", Why: "why", Over: plan.Plan{Phases: map[string]plan.Phase{
				"python:venv": {Cmds: []string{"make venv"}},
				"install":     {DependsOn: []string{"setup", "python:venv"}},
			}}}},
		}
	}
	s := subject("make venv && . venv && pip install a", "more")
	got, why, err := pythonVenv.Apply(s)
	if err != nil || why != "why" || !slices.Equal(got.Phases["install"].Cmds, []string{". venv && pip install a", "more"}) || len(got.Phases["python:venv"].Cmds) != 1 {
		t.Errorf("%v, %q, %v", got.Phases, why, err)
	}
	if s.Plan.Phases["install"].Cmds[0] != "make venv && . venv && pip install a" {
		t.Error("the subject was written to")
	}
	s.UserInstall = true
	if got, why, err := pythonVenv.Apply(s); err != nil || why != "" || len(got.Phases) != 1 {
		t.Errorf("the user's own install: %v, %q, %v", got.Phases, why, err)
	}
}
