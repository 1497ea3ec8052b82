package sbom

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// A Side is one of two trees whose lockfiles are compared.
type Side struct {
	Tree  *source.Tree
	Locks []string // lockfiles besides those in the root of Tree

	Downloads []Download // that the plan makes, of archives that only the app's files know
}

// A Download is an archive of a tool, and what names it.
type Download struct{ Name, URL, From string }

// A Difference is a package of which the lockfiles of two trees hold other versions.
type Difference struct {
	Name       string
	Base, Head string // the versions, several with a comma and a blank between them; "" for none
	Major      bool   // one of the head's begins with a number that none of the base's begins with
	Direct     bool   // a manifest of the app asks for it
}

// Compare lists the differences by name. What only one side has lockfiles of has nothing to be compared with: alone names these lockfiles.
// A lockfile that one side cannot be read of is left out, and the warnings say so.
func Compare(base, head Side) (list []Difference, alone, warnings []string) {
	was, wasNot := lockedPackages(base.Tree, base.Locks)
	is, isNot := lockedPackages(head.Tree, head.Locks)
	unread := map[string]bool{}
	for _, f := range append(wasNot, isNot...) {
		unread[f.file] = true
	}
	for file := range plan.Sorted(unread) {
		warnings = append(warnings, fmt.Sprintf("the dependencies of %s are not compared, as it cannot be read", file))
	}
	b, h := gather(base.Tree, was, unread), gather(head.Tree, is, unread)
	single := map[string]bool{}
	for key, have := range plan.Sorted(h.packages) {
		if b.ecosystems[have.ecosystem] {
			list = appendDifference(list, b.packages[key], have)
		} else {
			single[have.file] = true
		}
	}
	for key, had := range plan.Sorted(b.packages) {
		if _, there := h.packages[key]; there {
			continue
		}
		if h.ecosystems[had.ecosystem] {
			list = appendDifference(list, had, entry{})
		} else {
			single[had.file] = true
		}
	}
	for file := range plan.Sorted(single) {
		alone = append(alone, file)
	}
	slices.SortStableFunc(list, func(x, y Difference) int { return strings.Compare(x.Name, y.Name) })
	return list, alone, warnings
}

// An entry is a package with all its versions.
type entry struct {
	ecosystem, name, file string
	versions              []string // in their order
	direct                bool
}

type gatheredPackages struct {
	packages   map[string]entry // by [sameName]
	ecosystems map[string]bool
}

func gather(t *source.Tree, list []Package, unread map[string]bool) gatheredPackages {
	g := gatheredPackages{map[string]entry{}, map[string]bool{}}
	direct := map[string]map[string]bool{} // by lockfile
	for _, p := range list {
		if unread[p.from] {
			continue
		}
		wanted, ok := direct[p.from]
		if !ok {
			wanted = wants(t, p.from, p.purl.Type)
			direct[p.from] = wanted
		}
		key := sameName(p.purl)
		e := g.packages[key]
		e.ecosystem, e.name, e.file = p.purl.Type, fullName(p.purl), p.from
		e.direct = e.direct || p.direct || wanted[key]
		if !slices.Contains(e.versions, p.purl.Version) {
			e.versions = append(e.versions, p.purl.Version)
		}
		slices.SortFunc(e.versions, compareVersions)
		g.packages[key] = e
		g.ecosystems[p.purl.Type] = true
	}
	return g
}

// wants are the packages that the manifest of a lockfile asks for, by [sameName].
func wants(t *source.Tree, lock, ecosystem string) map[string]bool {
	names := map[string]bool{}
	for _, f := range lockfiles {
		if f.file != path.Base(lock) || f.asked == nil {
			continue
		}
		for _, name := range f.asked(t, lock) {
			names[sameName(pkg(ecosystem, name, "").purl)] = true
		}
	}
	return names
}

func appendDifference(list []Difference, was, is entry) []Difference {
	if slices.Equal(was.versions, is.versions) {
		return list
	}
	d := Difference{Name: cmp.Or(is.name, was.name), Base: strings.Join(was.versions, ", "), Head: strings.Join(is.versions, ", "), Direct: is.direct || was.direct}
	if len(was.versions) > 0 {
		d.Major = slices.ContainsFunc(is.versions, func(v string) bool {
			return !slices.ContainsFunc(was.versions, func(old string) bool { return major(old) == major(v) })
		})
	}
	return append(list, d)
}

// numbers are the numbers of a version.
var numbers = lazyregexp.New(`[0-9]+`)

// major is the first number of a version; where that is 0 the first two, as the second then has its part.
func major(version string) string {
	n := numbers.FindAllString(version, 2)
	if len(n) > 1 && strings.Trim(n[0], "0") == "" {
		return "0." + n[1]
	}
	return strings.Join(n[:min(len(n), 1)], "")
}

// compareVersions orders by the numbers, and where these are the same, by the text.
func compareVersions(a, b string) int {
	x, y := numbers.FindAllString(a, -1), numbers.FindAllString(b, -1)
	for i := range min(len(x), len(y)) {
		m, n := strings.TrimLeft(x[i], "0"), strings.TrimLeft(y[i], "0")
		if c := cmp.Or(cmp.Compare(len(m), len(n)), cmp.Compare(m, n)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}
