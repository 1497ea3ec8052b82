package project

import (
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
)

func TestBuildableNeedsPhasesAndAStart(t *testing.T) {
	phases := map[string]plan.Phase{"build": {Cmds: []string{"make"}}}
	for name, tt := range map[string]struct {
		plan         plan.Plan
		withoutStart bool
		want         int
	}{
		"nothing":                        {plan.Plan{}, false, fault.Nothing},
		"nothing, start not wanted":      {plan.Plan{}, true, fault.Nothing},
		"no start":                       {plan.Plan{Phases: phases}, false, fault.App},
		"no command":                     {plan.Plan{Phases: phases, Start: &plan.Start{}}, false, fault.App},
		"empty command":                  {plan.Plan{Phases: phases, Start: &plan.Start{Cmd: new("")}}, false, fault.App},
		"no start, which is not wanted":  {plan.Plan{Phases: phases}, true, fault.OK},
		"complete":                       {plan.Plan{Phases: phases, Start: &plan.Start{Cmd: new("./app")}}, false, fault.OK},
		"complete, start not wanted too": {plan.Plan{Phases: phases, Start: &plan.Start{Cmd: new("./app")}}, true, fault.OK},
	} {
		r := apptest.Result(t, nil)
		r.Plan = tt.plan
		if got := buildable(r, tt.withoutStart); fault.Status(got) != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
