package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestSummaryIsThePlanAtAGlance(t *testing.T) {
	for name, tt := range map[string]struct {
		plan plan.Plan
		want string
	}{
		"nothing":                         {plan.Plan{}, ""},
		"a circle, which the graph names": {plan.Plan{Phases: map[string]plan.Phase{"a": {DependsOn: []string{"a"}, Cmds: []string{"x"}}}}, ""},
		"what runs, in order": {plan.Plan{
			Phases: map[string]plan.Phase{
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"npm run build", "npm prune"}},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"npm ci"}},
				"setup":   {NixPkgs: []string{"nodejs_20", "npm-9_x"}, AptPkgs: []string{"curl"}},
				"empty":   {DependsOn: []string{"build"}},
			},
			Start: &plan.Start{Cmd: new("npm start")},
		}, "  setup    nodejs_20, npm-9_x, curl\n  install  npm ci\n  build    npm run build && npm prune\n  start    npm start\n"},
		"nothing that steers a terminal": {plan.Plan{
			Phases: map[string]plan.Phase{"a\x1b[31m": {Cmds: []string{"one\n::error::two\x1b[0m"}}},
			Start:  &plan.Start{},
		}, "  a\ufffd[31m  one ::error::two\ufffd[0m\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, summary(tt.plan, 80)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
