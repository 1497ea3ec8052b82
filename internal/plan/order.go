package plan

import (
	"slices"
	"strings"
)

// A CycleError is a cycle of phases.
type CycleError struct {
	Path []string // each depends on the next; the first, the least in byte order, is also the last
}

// Error names the phases of the cycle.
func (e *CycleError) Error() string {
	path := make([]string, len(e.Path))
	for i, name := range e.Path {
		path[i] = oneLine(name)
	}
	return "circular dependency detected: " + strings.Join(path, " -> ")
}

// Order returns the names of the phases in the order in which they run (nixpacks-1.39.md 1.11): first all that depend
// on nothing, then all that depend only on those, and so on, each of these levels in byte order. A dependency on
// itself or in a circle is a [*CycleError]. A dependency on a phase that does not exist is ignored, and one that is
// given twice counts once.
func Order(phases map[string]Phase) ([]string, error) {
	waiting := make(map[string]int, len(phases)) // number of dependencies that have not run
	wanted := map[string][]string{}              // who waits for a phase
	var level []string
	for name, phase := range Sorted(phases) {
		for _, d := range knownPhases(phases, phase.DependsOn) {
			waiting[name]++
			wanted[d] = append(wanted[d], name)
		}
		if waiting[name] == 0 {
			level = append(level, name)
		}
	}
	order := make([]string, 0, len(phases))
	for len(level) > 0 {
		order = append(order, level...)
		var next []string
		for _, done := range level {
			for _, name := range wanted[done] {
				if waiting[name]--; waiting[name] == 0 {
					delete(waiting, name)
					next = append(next, name)
				}
			}
		}
		slices.Sort(next)
		level = next
	}
	if len(order) < len(phases) {
		return nil, &CycleError{Path: cycle(phases, waiting)}
	}
	return order, nil
}

// knownPhases returns the names that are phases, sorted, each once.
func knownPhases(phases map[string]Phase, names []string) []string {
	names = slices.Sorted(slices.Values(names))
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		_, ok := phases[name]
		return !ok
	})
}

// cycle walks from the least phase that could not run to the least that it waits for, and so on, until it comes
// back. Each phase that could not run waits for another such phase, so it does come back.
func cycle(phases map[string]Phase, waiting map[string]int) []string {
	var at string
	for name, n := range Sorted(waiting) {
		if n > 0 {
			at = name
			break
		}
	}
	var path []string
	seen := map[string]int{}
	for {
		if i, ok := seen[at]; ok {
			path = path[i:]
			break
		}
		seen[at] = len(path)
		path = append(path, at)
		deps := knownPhases(phases, phases[at].DependsOn)
		at = deps[slices.IndexFunc(deps, func(d string) bool { return waiting[d] > 0 })]
	}
	least := slices.Index(path, slices.Min(path))
	path = slices.Concat(path[least:], path[:least])
	return append(path, path[0])
}
