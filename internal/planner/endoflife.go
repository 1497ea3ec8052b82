package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// endOfLife warns about the runtimes of a finished plan that get no security fixes any more, but for the packages whose end is told already.
func endOfLife(p plan.Plan, told []string) []string {
	var warnings []string
	for _, phase := range plan.Sorted(p.Phases) {
		for _, name := range installedNames(phase) {
			if slices.Contains(told, name) {
				continue
			}
			runtime, r, known := providers.ReleaseOf(name)
			if !known || r.Ended > providers.EndOfLifeAsOf {
				continue
			}
			w := fmt.Sprintf("%s %s has had no security fixes since %s; ask for a newer version", runtime.Name, r.Version, r.Ended)
			if !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	return warnings
}

// endedReleases is the same of upstreams' releases, by the dates of the catalogue. A release of a tool that it does not know has no end.
func endedReleases(p plan.Plan, app providers.App, told []string) []string {
	var warnings []string
	for _, phase := range plan.Sorted(p.Phases) {
		for _, id := range phase.ReleaseNames() {
			w := app.Ended(id)
			if w != "" && !slices.Contains(told, id) && !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	return warnings
}

var (
	// A package may be a Nix expression, such as (php83.withExtensions ...).
	nixName      = lazyregexp.New(`[A-Za-z][A-Za-z0-9_-]*`)
	rbenvInstall = lazyregexp.New(`\brbenv install (\d+\.\d+)`)
)

// installedNames lists the names, as in [providers.Release], of what a phase installs.
func installedNames(phase plan.Phase) []string {
	var names []string
	for _, pkg := range phase.NixPkgs {
		for _, name := range nixName.FindAllString(pkg, -1) {
			names = append(names, name)
			if phase.NixpkgsArchive != nil {
				commit, _, _ := strings.Cut(*phase.NixpkgsArchive, "#")
				names = append(names, name+"@"+commit)
			}
		}
	}
	for _, cmd := range phase.Cmds {
		if m := rbenvInstall.FindStringSubmatch(cmd); m != nil {
			names = append(names, "rbenv@"+m[1])
		}
	}
	return names
}
