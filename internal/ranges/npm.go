package ranges

import (
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	npmExact  = lazyregexp.New(`^[=v \t]*([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?)(?:\+[0-9A-Za-z.-]+)?$`)
	npmHyphen = lazyregexp.New(`^(\S+)\s+-\s+(\S+)$`)
	// npmPart is one comparator: numbers have no leading zeros, and none follows a wildcard.
	npmPart = lazyregexp.New(`^(?:<|>|<=|>=|=|\^|~|~>)?v?(?:` + npmNumber + `\.` + npmNumber + `\.` + npmNumber + `(?:-[0-9A-Za-z.-]+)?|` +
		npmNumber + `(?:\.` + npmNumber + `)?(?:\.[xX*]){0,2}|[xX*](?:\.[xX*]){0,2})?(?:\+[0-9A-Za-z.-]+)?$`)
	npmGap = lazyregexp.New(`(<=|>=|[<>=^]|~>?)\s+`)
)

const npmNumber = `(?:0|[1-9][0-9]*)`

// NPM reads a range of npm: engines of package.json, and devEngines and volta. Its rules are those of the package semver: a prerelease is
// allowed where a comparator of the same numbers has one.
func NPM(text string) (Range, error) {
	return read("a range of npm, such as ^22.12.0 or >=20", text, func(text string) (Range, bool) {
		var sets []*semver.Constraint
		for _, set := range strings.Split(text, "||") {
			c, ok := npmSet(strings.TrimSpace(set))
			if !ok {
				return Range{}, false
			}
			sets = append(sets, c)
		}
		r := Range{allows: func(version string) bool {
			return slices.ContainsFunc(sets, func(c *semver.Constraint) bool { return c.Match(version) })
		}}
		if m := npmExact.FindStringSubmatch(text); m != nil {
			r.exact = m[1]
		}
		return r, true
	})
}

// npmSet reads comparators that hold together.
func npmSet(text string) (*semver.Constraint, bool) {
	if m := npmHyphen.FindStringSubmatch(text); m != nil {
		// The library refuses ranges of which the end is shorter than the start.
		text = ">=" + m[1] + " <=" + m[2]
	}
	text = npmGap.ReplaceAllString(text, "$1")
	for _, part := range strings.Fields(text) {
		if !npmPart.MatchString(part) {
			return nil, false
		}
	}
	c, err := semver.NPM.ParseConstraint(text)
	return c, err == nil
}
