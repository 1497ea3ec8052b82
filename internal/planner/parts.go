package planner

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/internal/store"
	"github.com/org/npx-action/providers"
)

// withoutParts leaves the package managers of a release out of a slim image, where no command that the image starts and no source calls one.
func withoutParts(p plan.Plan, tree *source.Tree, user *userConfig, known origins) plan.Plan {
	if !startsSlim(p, user) || saysWithout(user) {
		return p
	}
	commands := []string{*p.Start.Cmd}
	for _, cmd := range p.Start.Processes {
		commands = append(commands, cmd)
	}
	if p.Start.Healthcheck != nil {
		commands = append(commands, *p.Start.Healthcheck)
	}
	var without []string
	for _, r := range releasesWithPart(p) {
		part, _ := r.Part()
		if !slices.Contains(p.Start.WithoutPkgs, r.ID()) && !slices.ContainsFunc(commands, part.Called) &&
			providers.CallingSource(tree, part.Programs) == "" {
			without = append(without, r.PartID())
		}
	}
	if len(without) == 0 {
		return p
	}
	without = slices.Compact(without) // a release may be in two phases
	before := plan.Facts(p)
	start := *p.Start
	start.WithoutPkgs = slices.Concat(start.WithoutPkgs, without)
	p.Start = &start
	known.noteAdded(before, p, "no command that the image starts and no source calls a program of "+strings.Join(without, ", "))
	return p
}

// withParts takes back what withoutParts did.
func withParts(p plan.Plan, user *userConfig) plan.Plan {
	if saysWithout(user) {
		return p
	}
	start := *p.Start
	start.WithoutPkgs = slices.DeleteFunc(slices.Clone(start.WithoutPkgs), func(pkg string) bool {
		return slices.ContainsFunc(releasesWithPart(p), func(r store.Release) bool { return r.PartID() == pkg })
	})
	p.Start = &start
	return p
}

// saysWithout reports whether the user says what the image is without.
func saysWithout(user *userConfig) bool {
	return user.merged.Start != nil && user.merged.Start.WithoutPkgs != nil
}

// releasesWithPart lists the releases of a plan that have a part.
func releasesWithPart(p plan.Plan) []store.Release {
	var list []store.Release
	for _, phase := range plan.Sorted(p.Phases) {
		for _, text := range phase.Releases {
			if r, err := store.ParseRelease(text); err == nil { // the graph names the fault
				if _, ok := r.Part(); ok {
					list = append(list, r)
				}
			}
		}
	}
	return list
}
