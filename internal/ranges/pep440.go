package ranges

import (
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/org/npx-action/internal/lazyregexp"
)

const (
	pepRelease = `v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*`
	pepSuffix  = `(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?(?:[-_.]?dev[-_.]?[0-9]*)?`
	pepLocal   = `(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?`
)

// pepPart is one specifier: wildcards and local versions are for == and != alone, and ~= needs two numbers.
var (
	pepPart = lazyregexp.New(`(?i)^(?:` +
		`(?:==|!=)\s*` + pepRelease + `(?:\.\*|` + pepSuffix + pepLocal + `)|` +
		`~=\s*v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)+` + pepSuffix + `|` +
		`(?:<=|>=|<|>)\s*` + pepRelease + pepSuffix + `|` +
		`===\s*[^\s;,)]+)$`)
	pepExact = lazyregexp.New(`^===?\s*v?([0-9][0-9A-Za-z.]*)$`)
)

// PEP440 reads version specifiers of Python: requires-python. Prereleases count as any other version: who chooses leaves them out.
func PEP440(text string) (Range, error) {
	return read("a version specifier of PEP 440, such as >=3.11,<3.13 or ~=3.12", text, func(text string) (Range, bool) {
		var all []func(string) bool
		for _, part := range strings.Split(text, ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue // as in ">=3.8," and ""
			}
			match, ok := pepSpecifier(part)
			if !ok {
				return Range{}, false
			}
			all = append(all, match)
		}
		r := Range{allows: func(version string) bool {
			return !slices.ContainsFunc(all, func(match func(string) bool) bool { return !match(version) })
		}}
		if m := pepExact.FindStringSubmatch(text); m != nil {
			r.exact = m[1]
		}
		return r, true
	})
}

func pepSpecifier(text string) (func(string) bool, bool) {
	if !pepPart.MatchString(text) {
		return nil, false
	}
	if literal, ok := strings.CutPrefix(text, "==="); ok {
		literal = strings.TrimSpace(literal)
		return func(version string) bool { return strings.EqualFold(version, literal) }, true
	}
	c, err := semver.PyPI.ParseConstraint(text)
	if err != nil {
		return nil, false
	}
	return c.Match, true
}
