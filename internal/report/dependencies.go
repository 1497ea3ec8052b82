package report

import (
	"fmt"
	"slices"
	"strings"
)

// A Dependency is a package of which the lockfiles hold another version than the base's lockfiles.
type Dependency struct {
	Name       string
	Base, Head string // versions, "" for none
	Major      bool   // by its number, the head's may break what the base's did not
	Direct     bool   // the app asks for it, and not only what the app asks for
}

// verb is what became of a dependency.
func (d Dependency) verb() string {
	switch {
	case d.Base == "":
		return "added"
	case d.Head == "":
		return "removed"
	}
	return "changed"
}

// dependencyVerbs are in the order in which they are told.
var dependencyVerbs = []string{"changed", "added", "removed"}

// dependencyCounts says how many dependencies are others, in words: "14 dependencies changed, 2 added".
func (r *view) dependencyCounts() string {
	counts := map[string]int{}
	for _, d := range r.Dependencies {
		counts[d.verb()]++
	}
	var parts []string
	for _, verb := range dependencyVerbs {
		switch n := counts[verb]; {
		case n > 0 && len(parts) == 0:
			parts = append(parts, count(n, "dependency", "dependencies")+" "+verb)
		case n > 0:
			parts = append(parts, fmt.Sprintf("%d %s", n, verb))
		}
	}
	return strings.Join(parts, ", ")
}

// dependencyHeadline is that, with the number of major versions among them.
func (r *view) dependencyHeadline() string {
	text := r.dependencyCounts()
	n := 0
	for _, d := range r.Dependencies {
		if d.Major {
			n++
		}
	}
	if text != "" && n > 0 {
		text += " (" + count(n, "major version", "major versions") + ")"
	}
	return text
}

// How many dependencies a row names: all, and of dependencies that others need. These may be many of one kind.
const (
	shownDependencies = 12
	shownIndirect     = 4
)

// dependencyRows are the rows of the table of changes: how many, which of them may break the app, and what the app asks for anew.
func (r *view) dependencyRows() []string {
	var rows []string
	add := func(what string, list []Dependency) {
		if len(list) == 0 {
			return
		}
		// What the app asks for itself comes first.
		slices.SortStableFunc(list, func(a, b Dependency) int { return direct(b) - direct(a) })
		shown := len(list)
		if i := slices.IndexFunc(list, func(d Dependency) bool { return !d.Direct }); i >= 0 {
			shown = min(shown, i+shownIndirect)
		}
		shown = min(shown, shownDependencies)
		var lines []string
		for _, d := range list[:shown] {
			lines = append(lines, d.line())
		}
		if more := len(list) - shown; more > 0 {
			lines = append(lines, fmt.Sprintf("and %d more", more))
		}
		rows = append(rows, row(what, strings.Join(lines, "<br>")))
	}
	pick := func(want func(Dependency) bool) (list []Dependency) {
		for _, d := range r.Dependencies {
			if want(d) {
				list = append(list, d)
			}
		}
		return list
	}
	add("⚠️ major version", pick(func(d Dependency) bool { return d.Major }))
	add("new dependency", pick(func(d Dependency) bool { return d.Base == "" && d.Direct }))
	add("dependency gone", pick(func(d Dependency) bool { return d.Head == "" && d.Direct }))
	add("dependency", pick(func(d Dependency) bool { return d.Base != "" && d.Head != "" && d.Direct && !d.Major }))
	if indirect := len(pick(func(d Dependency) bool { return !d.Direct && !d.Major })); indirect > 0 && len(rows) > 0 {
		rows = append(rows, row("what these need", count(indirect, "other version", "other versions")+", listed below"))
	}
	return rows
}

func direct(d Dependency) int {
	if d.Direct {
		return 1
	}
	return 0
}

func (d Dependency) line() string {
	name, was, is := code(shorten(d.Name, 100)), code(shorten(d.Base, 60)), code(shorten(d.Head, 60))
	switch {
	case was == "":
		return name + " " + is
	case is == "":
		return name + ", was " + was
	}
	return name + " " + was + " → " + is
}

// dependencyList folds away all of them.
func (r *view) dependencyList(rows int) string {
	list := r.Dependencies
	if len(list) == 0 || rows == 0 {
		return ""
	}
	var lines []string
	for _, d := range list[:min(len(list), 4*rows)] {
		name := code(shorten(d.Name, 100))
		if d.Direct {
			name = "**" + name + "**"
		}
		versions := code(shorten(d.Base, 60)) + " → " + code(shorten(d.Head, 60))
		switch d.verb() {
		case "added":
			versions = "added " + code(shorten(d.Head, 60))
		case "removed":
			versions = "removed " + code(shorten(d.Base, 60))
		}
		lines = append(lines, row(name, versions))
	}
	body := table([]string{"dependency", "version"}, lines)
	if more := len(list) - 4*rows; more > 0 {
		body += fmt.Sprintf("\n*and %d more*\n", more)
	}
	return details(count(len(list), "dependency", "dependencies")+" in the lockfiles with other versions", body)
}
