package ranges

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	plainNumber = lazyregexp.New(`^[vV]?([0-9][0-9A-Za-z]*(?:[.+_-][0-9A-Za-z]+)*)$`)
	plainRest   = lazyregexp.New(`(?:\.[xX*]){1,2}$`)
	plainLTS    = lazyregexp.New(`^(?i:lts)(?:/(\*|-[1-9][0-9]?|[A-Za-z]+))?$`)
	plainThree  = lazyregexp.New(`^[0-9]+(?:\.[0-9]+){2}|[A-Za-z+]`)
)

// newest are the words for the newest release of all.
var newest = map[string]bool{"latest": true, "node": true, "current": true, "stable": true}

// Plain reads what version files and version managers take: a version or its beginning, such as 22, v22.14.0, 3.12.x and prefix:1.22; lts,
// lts/*, lts/-1 and lts/krypton; latest. Three numbers are one version.
func Plain(text string) (Range, error) {
	return read("a version, such as 22, 22.14.0, lts or latest", text, func(text string) (Range, bool) {
		if text == "" {
			return Range{}, false
		}
		if newest[strings.ToLower(text)] {
			return Range{word: "latest"}, true
		}
		if m := plainLTS.FindStringSubmatch(text); m != nil {
			if m[1] == "" || m[1] == "*" {
				return Range{word: "lts"}, true
			}
			return Range{word: "lts/" + strings.ToLower(m[1])}, true
		}
		if text == "*" || text == "x" {
			return Range{}, true
		}
		number, prefix := strings.CutPrefix(text, "prefix:")
		short := plainRest.ReplaceAllString(number, "")
		m := plainNumber.FindStringSubmatch(short)
		if m == nil {
			return Range{}, false
		}
		r := Range{allows: func(version string) bool { return Begins(version, m[1]) }}
		if short == number && !prefix && plainThree.MatchString(m[1]) {
			r.exact = m[1]
		}
		return r, true
	})
}
