package ranges

import (
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/org/npx-action/internal/lazyregexp"
)

var gemExact = lazyregexp.New(`^(?:=\s*)?([0-9][0-9A-Za-z.-]*)$`)

// Gem reads requirements of RubyGems, each of which holds: the arguments of ruby in a Gemfile. One text may hold several, separated by
// commas.
func Gem(requirements ...string) (Range, error) {
	return read("a requirement of RubyGems, such as ~> 3.3 or >= 3.2, < 4", strings.Join(requirements, ", "), func(text string) (Range, bool) {
		if text == "" {
			return Range{}, true
		}
		var all []*semver.Constraint
		for _, part := range strings.Split(text, ",") {
			if strings.TrimSpace(part) == "" {
				return Range{}, false
			}
			c, err := semver.RubyGems.ParseConstraint(strings.TrimSpace(part))
			if err != nil {
				return Range{}, false
			}
			all = append(all, c)
		}
		r := Range{allows: func(version string) bool {
			return !slices.ContainsFunc(all, func(c *semver.Constraint) bool { return !c.Match(version) })
		}}
		if m := gemExact.FindStringSubmatch(text); m != nil {
			r.exact = m[1]
		}
		return r, true
	})
}
