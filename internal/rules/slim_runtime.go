package rules

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// slimRuntime makes the image of what the app needs to run, where that of Nixpacks is all that built it (nixpacks-1.39.md 6.1).
// A provider that names a run image of its own has settled this.
var slimRuntime = Rule{Name: "slim-runtime", Since: "2026.12", Apply: applySlimRuntime}

func applySlimRuntime(s Subject) (plan.Plan, string, error) {
	start := s.Plan.Start
	if start == nil {
		start = &plan.Start{}
	}
	if start.RunImage != nil {
		return s.Plan, "", nil
	}
	slim := *start
	slim.Runtime = new(plan.Slim)
	for _, phase := range plan.Sorted(s.Plan.Phases) {
		for _, pkg := range slices.Concat(phase.NixPkgs, phase.ReleaseNames(), phase.AptPkgs) {
			if s.buildsOnly(pkg) && !slices.Contains(slim.WithoutPkgs, pkg) {
				slim.WithoutPkgs = append(slim.WithoutPkgs, pkg)
			}
		}
	}
	p := s.Plan
	p.Start = &slim
	why := "the image holds what runs and not what builds"
	if len(slim.WithoutPkgs) > 0 {
		why += ", so it is without " + strings.Join(slim.WithoutPkgs, ", ")
	}
	return p, why, nil
}

// buildsOnly reports whether a package, of Nix or of the distribution, or a release is one of BuildOnly, whose names may begin or end in an asterisk.
func (s Subject) buildsOnly(pkg string) bool {
	return slices.ContainsFunc(s.BuildOnly, func(name string) bool {
		if end, ok := strings.CutPrefix(name, "*"); ok {
			return strings.HasSuffix(pkg, end)
		}
		if begin, ok := strings.CutSuffix(name, "*"); ok {
			return strings.HasPrefix(pkg, begin)
		}
		return pkg == name
	})
}
