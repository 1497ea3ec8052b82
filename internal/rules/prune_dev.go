package rules

import (
	"maps"

	"github.com/org/npx-action/internal/plan"
)

// pruneDev keeps the app's development dependencies out of a slim image.
var pruneDev = Rule{Name: "prune-dev", Since: "2026.12", Apply: applyPruneDev}

func applyPruneDev(s Subject) (plan.Plan, string, error) {
	start := s.Plan.Start
	if s.Prune == nil || s.UserInstall || start == nil || start.Runtime == nil || len(s.Plan.Phases[installPhase].Cmds) == 0 {
		return s.Plan, "", nil
	}
	cmd, blocker, err := s.Prune()
	switch {
	case err != nil:
		return plan.Plan{}, "", err
	case blocker != "":
		return s.Plan, "the image has the development dependencies: " + blocker, nil
	case cmd == "":
		return s.Plan, "", nil
	}
	p := s.Plan
	p.Phases = maps.Clone(p.Phases)
	install := p.Phases[installPhase]
	install.PruneCmds = []string{cmd}
	p.Phases[installPhase] = install
	return p, "the image is without the development dependencies", nil
}
