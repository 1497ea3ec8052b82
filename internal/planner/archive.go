package planner

import (
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// withArchive gives each phase that uses Nix and names no archive the one of the edition, whose hash is known. Edition 1.39 leaves that to
// [plan.Pin], and so does the older base image, which has an archive of its own.
func withArchive(p plan.Plan, in Input, user *userConfig) (plan.Plan, error) {
	if user.compat139 || user.vars.Truthy("DEBIAN") {
		return p, nil
	}
	out := p.Clone()
	for name, phase := range out.Phases {
		if phase.NixpkgsArchive != nil || len(phase.NixPkgs)+len(phase.NixLibs) == 0 {
			continue
		}
		archive, err := providers.PinnedArchive(app(in, user, user.vars))
		if err != nil {
			return plan.Plan{}, err
		}
		phase.NixpkgsArchive = &archive
		out.Phases[name] = phase
	}
	return out, nil
}
