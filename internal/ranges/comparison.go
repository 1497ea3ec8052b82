package ranges

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var comparison = lazyregexp.New(`^(>=|<=|!=|==?|>|<)([0-9][0-9A-Za-z.+_-]*)$`)

// Comparison reads comparisons for tools whose ecosystem has no grammar: >=17 <22 || 25. They compare as [Compare] does; = and a bare number
// allow what begins so.
func Comparison(text string) (Range, error) {
	return read("a range, such as 17 or >=17 <22", text, func(text string) (Range, bool) {
		var any [][]func(string) bool
		for _, alternative := range strings.Split(text, "||") {
			parts := strings.FieldsFunc(spaces.ReplaceAllString(alternative, "$1"), func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
			var all []func(string) bool
			for _, part := range parts {
				if plain, err := Plain(part); err == nil && plain.word == "" {
					all = append(all, plain.Allows)
					continue
				}
				m := comparison.FindStringSubmatch(part)
				if m == nil {
					return Range{}, false
				}
				all = append(all, comparisonOf(m[1], m[2]))
			}
			if len(all) == 0 {
				return Range{}, false
			}
			any = append(any, all)
		}
		return Range{allows: func(version string) bool {
			return slices.ContainsFunc(any, func(all []func(string) bool) bool {
				return !slices.ContainsFunc(all, func(match func(string) bool) bool { return !match(version) })
			})
		}}, true
	})
}

var spaces = lazyregexp.New(`([<>=!])[ \t]+`)

func comparisonOf(op, number string) func(string) bool {
	switch op {
	case ">=":
		return func(v string) bool { return Compare(v, number) >= 0 }
	case ">":
		return func(v string) bool { return Compare(v, number) > 0 && !Begins(v, number) }
	case "<=":
		return func(v string) bool { return Compare(v, number) <= 0 || Begins(v, number) }
	case "<":
		return func(v string) bool { return Compare(v, number) < 0 && !Begins(v, number) }
	case "!=":
		return func(v string) bool { return !Begins(v, number) }
	}
	return func(v string) bool { return Begins(v, number) }
}
