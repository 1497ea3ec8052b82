package sbom

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// A Replacement is a package of which the lockfiles of two trees hold the same version with other content.
type Replacement struct {
	Name, Version string
	File          string // the lockfile of head
}

// Replaced lists them by name. A version whose content head has no hash of, while base has one, is among them; one of which base has a hash
// of a weaker kind alone is not, as nobody knows. A lockfile that one side cannot be read of is left out, as [Compare] says.
func Replaced(base, head Side) []Replacement {
	was, wasNot := lockedPackages(base.Tree, base.Locks)
	is, isNot := lockedPackages(head.Tree, head.Locks)
	unreadable := map[string]bool{}
	for _, f := range append(wasNot, isNot...) {
		unreadable[f.file] = true
	}
	type version struct{ file, name, number string }
	of := func(p Package) version { return version{p.from, sameName(p.purl), p.purl.Version} }
	sums := map[version][]string{}
	for _, p := range was {
		sums[of(p)] = append(sums[of(p)], strings.Fields(p.sum)...)
	}
	found := map[string]Replacement{}
	for _, p := range is {
		if old := sums[of(p)]; !unreadable[p.from] && otherContent(old, strings.Fields(p.sum)) {
			r := Replacement{fullName(p.purl), p.purl.Version, p.from}
			found[r.Name+"\x00"+r.Version+"\x00"+r.File] = r
		}
	}
	var list []Replacement
	for _, r := range plan.Sorted(found) {
		list = append(list, r)
	}
	return list
}

// otherContent reports whether hashes are of another content than older ones.
func otherContent(old, now []string) bool {
	if len(old) == 0 || slices.ContainsFunc(now, func(sum string) bool { return slices.Contains(old, sum) }) {
		return false
	}
	stronger := slices.ContainsFunc(now, func(sum string) bool {
		return !slices.ContainsFunc(old, func(o string) bool { return len(o) >= len(sum) })
	})
	return !stronger
}
