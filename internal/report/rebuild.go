package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// rebuilt says which parts of the image are made anew: those whose steps were not cached, or before a build, those that the changes
// touch and what stands on them.
func (r *view) rebuilt() string {
	if b := r.Build; b != nil && b.Promoted != "" {
		if !b.Pushed {
			return "nothing rebuilt, the registry has an image of this content"
		}
		return "nothing rebuilt, the image is promoted"
	}
	if r.Build != nil && len(r.Build.Steps) > 0 {
		return r.Build.rebuilt()
	}
	if r.Base == nil {
		return ""
	}
	names, all := r.touched()
	switch {
	case len(names) == 0:
		return "rebuilds no layer"
	case all:
		return "rebuilds all layers"
	}
	for i, name := range names {
		names[i] = phaseName(name)
	}
	return "rebuilds " + some(names)
}

func (b *Build) rebuilt() string {
	var names []string
	all := true
	for _, s := range b.Steps {
		switch {
		case !s.Counts:
		case s.Cached:
			all = all && !weighty(s.Part)
		case weighty(s.Part):
			if name := partName(s.Part); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	switch {
	case len(names) == 0:
		return "all layers from cache"
	case all:
		return "all layers rebuilt"
	}
	return "rebuilt " + some(names)
}

// some are the first few of names that are Markdown.
func some(names []string) string {
	const shown = 4
	if more := len(names) - shown; more > 0 {
		names = append(slices.Clone(names[:shown]), fmt.Sprintf("%d more", more))
	}
	return enumerate(names)
}

// unbuilt are the fields that steps do not depend on.
var unbuilt = []string{"runtime", "without", "user", "provider", "edition"}

// touched are the phases that changes rebuild, in the order in which they run, and whether these are all: packages are installed before
// the first phase, and variables are those of every command.
func (r *view) touched() (names []string, all bool) {
	order, err := plan.Order(r.Plan.Phases)
	if err != nil {
		return nil, false
	}
	touched := map[string]bool{}
	for _, c := range r.changed {
		kind, _, _ := strings.Cut(c.Field, " ")
		switch {
		case slices.Contains(unbuilt, c.Field), c.Phase == "start":
		case c.Phase == "", slices.Contains([]string{"nix", "nix-lib", "nix-overlay", "nixpkgs", "apt"}, kind):
			all = true
		default:
			touched[c.Phase] = true
		}
	}
	for _, name := range order {
		if all || touched[name] || slices.ContainsFunc(r.Plan.Phases[name].DependsOn, func(d string) bool { return touched[d] }) {
			touched[name] = true
			names = append(names, name)
		}
	}
	return names, all || len(names) == len(order) && len(names) > 0
}
