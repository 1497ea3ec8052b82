package planner

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// withoutTwins takes from the phases the providers' releases of the runtimes that the user asks for as Nix packages: node@26.7.0 beside
// nodejs_22 would be found first.
func withoutTwins(p, base plan.Plan) plan.Plan {
	out := p.Clone()
	for name, phase := range out.Phases {
		var wanted []string
		for _, pkg := range phase.NixPkgs {
			if runtime, _, ok := providers.Recognise(pkg); ok {
				wanted = append(wanted, runtime)
			}
		}
		phase.Releases = slices.DeleteFunc(phase.Releases, func(text string) bool {
			runtime, _, ok := providers.Recognise(text)
			return ok && slices.Contains(wanted, runtime) && slices.Contains(base.Phases[name].Releases, text)
		})
		out.Phases[name] = phase
	}
	return out
}
