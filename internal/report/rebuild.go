package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// rebuilt says which parts of the image are made anew: those whose steps were not cached. Before a build nobody knows them.
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
	return ""
}

// touches says which phases a changed plan is another one for. What that makes a builder do is not said: a change of the app's files may
// make it do more.
func (r *view) touches() string {
	if r.Base == nil || len(r.changed) == 0 {
		return ""
	}
	names, all := r.touched()
	if all {
		return "changes what every phase works with"
	}
	for i, name := range names {
		names[i] = phaseName(name)
	}
	for _, c := range r.changed {
		if c.Phase == "start" {
			names = append(names, "start")
			break
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "touches " + someNames(names)
}

// inputs are the files that install commands read and that have other content, or are gone. They may name other packages, or other places to
// download the same ones from.
func (r *view) inputs() []string {
	if r.NewKey == nil {
		return nil
	}
	var files []string
	for _, name := range *r.NewKey {
		if !slices.ContainsFunc(upgraded, func(k keyPart) bool { return k.part == name }) {
			files = append(files, code(shorten(name, 80)))
		}
	}
	return files
}

// key says what becomes of the cache's key, by which packages and dependencies are found again.
func (r *view) key() string {
	switch {
	case r.NewKey == nil:
		return ""
	case len(*r.NewKey) == 0:
		return "the cache key of packages and dependencies stays"
	}
	var names []string
	for _, name := range *r.NewKey {
		i := slices.IndexFunc(upgraded, func(k keyPart) bool { return k.part == name })
		if i < 0 {
			names = append(names, code(shorten(name, 80)))
			continue
		}
		names = append(names, upgraded[i].words)
	}
	return "new cache key (" + someNames(names) + ")"
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
	return "rebuilt " + someNames(names)
}

// someNames are the first few of names that are Markdown.
func someNames(names []string) string {
	const shown = 4
	if more := len(names) - shown; more > 0 {
		names = append(slices.Clone(names[:shown]), fmt.Sprintf("%d more", more))
	}
	return enumerate(names)
}

// unbuilt are the fields that steps do not depend on.
var unbuilt = []string{"runtime", "without", "user", "provider", "edition"}

// touched are the phases that changes are about and the phases that stand on them, in the order in which they run, and whether these are all:
// packages are installed before the first phase, and variables are those of every command.
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
		case c.Phase == "", slices.Contains([]string{"nix", "nix-lib", "nix-overlay", "nixpkgs", "release", "apt"}, kind):
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
