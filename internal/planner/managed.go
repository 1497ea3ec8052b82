package planner

import (
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// managedSince is the first edition that installs what tool managers list.
const managedSince = "2026.12"

// withManaged adds to the providers' plan the runtimes that the app's tool managers install beside its language's. The commands of the plan find
// them. The image has a runtime only if the app calls it when it runs. A plan that neither builds nor calls gets none.
func withManaged(base plan.Plan, in Input, user *userConfig, result *Result, known origins) plan.Plan {
	if !user.edition.Has(managedSince) || len(base.Phases) == 0 {
		return base
	}
	whole := merge(base, user)
	before := plan.Facts(base)
	out := base.Clone()
	for _, m := range providers.ManagedRuntimes(app(in, user, user.vars), whole, result.Chosen) {
		if !m.Runs && !builds(whole) {
			continue
		}
		result.Warnings = append(result.Warnings, m.Warnings...)
		if m.Release == "" {
			continue
		}
		addManaged(&out, m)
		result.Chosen = append(result.Chosen, m.ID)
		origin := Origin{By: byDefault, File: m.Reason.File, Line: m.Reason.Line, Why: m.Reason.Why}
		known.note(m.Reason.Fact, origin)
		for _, library := range m.Libraries {
			known.note(plan.Fact{Phase: "setup", Field: "apt", Value: library}, origin)
		}
	}
	known.noteAdded(before, out, "no command that starts and no source calls it, so it only builds")
	return out
}

// builds reports whether a phase after the setup has commands.
func builds(p plan.Plan) bool {
	for name, phase := range p.Phases {
		if len(phase.Cmds) > 0 && name != "setup" && !strings.HasSuffix(name, ":setup") {
			return true
		}
	}
	return false
}

// addManaged adds a runtime to the phase setup, behind the provider's own.
func addManaged(p *plan.Plan, m providers.Managed) {
	if p.Phases = maps.Clone(p.Phases); p.Phases == nil {
		p.Phases = map[string]plan.Phase{}
	}
	setup := p.Phases["setup"]
	setup.Releases = append(slices.Clone(setup.Releases), m.Release)
	var added []string
	for _, library := range m.Libraries {
		if !slices.Contains(setup.AptPkgs, library) {
			added = append(added, library)
		}
	}
	setup.AptPkgs = slices.Concat(setup.AptPkgs, added)
	p.Phases["setup"] = setup
	if p.Slim() && !m.Runs {
		start := *p.Start
		start.WithoutPkgs = slices.Concat(start.WithoutPkgs, []string{m.ID}, added)
		p.Start = &start
	}
}
