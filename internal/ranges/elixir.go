package ranges

import (
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	elixirOr   = lazyregexp.New(`\s+or\s+`)
	elixirAnd  = lazyregexp.New(`\s+and\s+`)
	elixirPart = lazyregexp.New(`^(==|!=|>=|>|<=|<|~>)?\s*((?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*))(\.(?:0|[1-9][0-9]*))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$`)
)

// Elixir reads a requirement of Elixir's Version module: elixir of mix.exs. Versions have three numbers, but after ~>.
func Elixir(text string) (Range, error) {
	return read("a requirement of Elixir, such as ~> 1.18 or >= 1.17.0 and < 2.0.0", text, func(text string) (Range, bool) {
		var r Range
		var any [][]func(string) bool
		for _, alternative := range elixirOr.Split(text, -1) {
			var all []func(string) bool
			for _, part := range elixirAnd.Split(alternative, -1) {
				match, exact, ok := elixirComparison(part)
				if !ok {
					return Range{}, false
				}
				r.exact = exact
				all = append(all, match)
			}
			any = append(any, all)
		}
		if len(any) > 1 || len(any[0]) > 1 {
			r.exact = ""
		}
		r.allows = func(version string) bool {
			v := "v" + version
			return semver.IsValid(v) && slices.ContainsFunc(any, func(all []func(string) bool) bool {
				return !slices.ContainsFunc(all, func(match func(string) bool) bool { return !match(v) })
			})
		}
		return r, true
	})
}

func elixirComparison(text string) (match func(string) bool, exact string, ok bool) {
	m := elixirPart.FindStringSubmatch(text)
	if m == nil || m[3] == "" && m[1] != "~>" {
		return nil, "", false
	}
	want := "v" + m[2] + m[3] + m[4]
	if m[3] == "" {
		want = "v" + m[2] + ".0" + m[4]
	}
	if !semver.IsValid(want) {
		return nil, "", false
	}
	compare := func(ok func(int) bool) func(string) bool {
		return func(v string) bool { return ok(semver.Compare(v, want)) }
	}
	switch m[1] {
	case "", "==":
		return compare(func(c int) bool { return c == 0 }), want[1:], true
	case "!=":
		return compare(func(c int) bool { return c != 0 }), "", true
	case ">":
		return compare(func(c int) bool { return c > 0 }), "", true
	case ">=":
		return compare(func(c int) bool { return c >= 0 }), "", true
	case "<":
		return compare(func(c int) bool { return c < 0 }), "", true
	case "<=":
		return compare(func(c int) bool { return c <= 0 }), "", true
	}
	fixed := semver.Major(want) + "."
	if m[3] != "" {
		fixed = semver.MajorMinor(want) + "."
	}
	return func(v string) bool { return strings.HasPrefix(v, fixed) && semver.Compare(v, want) >= 0 }, "", true
}
