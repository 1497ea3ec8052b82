package planner

import (
	"maps"

	"github.com/org/npx-action/internal/plan"
)

// full is a slim plan without what makes the image slim. What the user says stays.
func full(p plan.Plan, user *userConfig) plan.Plan {
	start := *p.Start
	start.Runtime, start.WithoutPkgs, start.Writable, start.User = nil, nil, nil, nil
	start.Init, start.Base, start.Healthcheck = nil, nil, nil
	if said := user.merged.Start; said != nil {
		start.Runtime, start.Writable, start.User, start.Healthcheck = said.Runtime, said.Writable, said.User, said.Healthcheck
	}
	p.Start = &start
	if len(plan.Facts(plan.Plan{Start: &start})) == 0 && user.merged.Start == nil {
		p.Start = nil
	}
	return keeping(p, user)
}

// unprunedPlan is a plan without the commands by which rules make the image smaller, and with all of each release. It is nil if there is
// nothing to take back.
func unprunedPlan(p plan.Plan, user *userConfig) *plan.Plan {
	if !p.Slim() {
		return nil
	}
	whole := withParts(p, user)
	changed := len(whole.Start.WithoutPkgs) < len(p.Start.WithoutPkgs)
	for name, phase := range p.Phases {
		changed = changed || len(phase.PruneCmds) > 0 && user.merged.Phases[name].PruneCmds == nil
	}
	if !changed {
		return nil
	}
	return new(keeping(whole, user))
}

// keeping is a plan that prunes only what the user says.
func keeping(p plan.Plan, user *userConfig) plan.Plan {
	p.Phases = maps.Clone(p.Phases)
	for name, phase := range p.Phases {
		phase.PruneCmds = user.merged.Phases[name].PruneCmds
		p.Phases[name] = phase
	}
	return p
}
