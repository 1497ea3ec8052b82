package rules

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestPruneDev(t *testing.T) {
	slim := func() plan.Plan {
		p := installing()
		p.Start = &plan.Start{Runtime: new(plan.Slim)}
		return p
	}
	says := func(cmd, blocker string) func() (string, string, error) {
		return func() (string, string, error) { return cmd, blocker, nil }
	}
	for _, tt := range []struct {
		name    string
		subject Subject
		cmds    int
		why     string
	}{
		{"removed", Subject{Plan: slim(), Prune: says("npm prune", "")}, 1, "the image is without the development dependencies"},
		{"kept", Subject{Plan: slim(), Prune: says("", "src/a.ts imports x, one of them")}, 0,
			"the image has the development dependencies: src/a.ts imports x, one of them"},
		{"none", Subject{Plan: slim(), Prune: says("", "")}, 0, ""},
		{"a full image", Subject{Plan: installing(), Prune: says("npm prune", "")}, 0, ""},
		{"the user's own install", Subject{Plan: slim(), Prune: says("npm prune", ""), UserInstall: true}, 0, ""},
		{"no such thing", Subject{Plan: slim()}, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, why, err := applyPruneDev(tt.subject)
			if err != nil || why != tt.why || len(got.Phases["install"].PruneCmds) != tt.cmds {
				t.Errorf("%q, %v, error %v", why, got.Phases["install"].PruneCmds, err)
			}
			if tt.subject.Plan.Phases["install"].PruneCmds != nil {
				t.Error("the subject is written to")
			}
		})
	}
}
