package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectShell(t *testing.T) {
	testDetect(t, shellProvider, []detection{
		{repo{"start.sh": ""}, "start.sh"},
		{repo{"bin/start.sh": ""}, ""},
	})
}

func TestShellRunsTheScriptByItsFirstLine(t *testing.T) {
	out := mustPlan(t, shellProvider, appOf(t, repo{"start.sh": "#!/bin/sh\n"}, nil))
	diffOf(t, "plan", plan.Plan{
		Phases: map[string]plan.Phase{"build": {DependsOn: []string{"install"}}},
		Start:  &plan.Start{Cmd: new("sh start.sh")},
	}, out.Plan)
}
