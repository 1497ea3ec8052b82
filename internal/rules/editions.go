package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/nearest"
)

// An Edition names a set of rules and providers. A later one has all that an earlier one has; upgrading the
// program never changes what an edition means.
type Edition string

// The editions.
const (
	Nixpacks Edition = "1.39"    // Nixpacks itself: no rules
	Newest   Edition = "2026.12" // the default
)

// Editions lists all editions, oldest first.
func Editions() []Edition { return []Edition{Nixpacks, Newest} }

// Parse returns the edition of that name. The empty name is that of [Newest].
func Parse(name string) (Edition, error) {
	if name == "" {
		return Newest, nil
	}
	if e := Edition(name); slices.Contains(Editions(), e) {
		return e, nil
	}
	var names []string
	for _, e := range Editions() {
		names = append(names, string(e))
	}
	hint := ""
	if near := nearest.Name(name, names); near != "" {
		hint = "; did you mean " + near + "?"
	}
	return "", fmt.Errorf("unknown edition %.40q: there are %s%s", name, strings.Join(names, " and "), hint)
}

// Has reports whether e has what there is since an edition; "" is [Nixpacks]. An edition that is not known
// has nothing, and nothing is since one.
func (e Edition) Has(since string) bool {
	if since == "" {
		since = string(Nixpacks)
	}
	first, own := slices.Index(Editions(), Edition(since)), slices.Index(Editions(), e)
	return first >= 0 && own >= first
}
