// Package nearest finds the name that somebody may have meant who mistyped it.
package nearest

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Name is the name that somebody who wrote a word may have meant, "" if none is like it.
func Name(word string, names []string) string {
	if len(word) > 40 {
		return "" // longer than any name that could be meant
	}
	word = strings.ToLower(word)
	nearest, least := "", max(1, min(3, len(word)/3))+1
	for _, name := range names {
		lower := strings.ToLower(name)
		d := levenshtein.ComputeDistance(word, lower)
		if swapped(word, lower) {
			d = 1
		}
		if d < least {
			nearest, least = name, d
		}
	}
	return nearest
}

// Variable is the variable that somebody may have meant who set one. Of variables that begin with a prefix all are known by the rest of their
// names. It is "" for other variables, for a known one, and where none is like it.
func Variable(variable, prefix string, known []string) string {
	name, ours := strings.CutPrefix(variable, prefix)
	if !ours || slices.Contains(known, name) {
		return ""
	}
	if near := Name(name, known); near != "" {
		return prefix + near
	}
	return ""
}

// swapped reports whether two words differ by two neighbours that have changed places.
func swapped(a, b string) bool {
	for i := 0; i+1 < len(a) && len(a) == len(b); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// Hint is the question whether the nearest of the names is meant, or another hint if none is like the word.
func Hint(word string, names []string, other string) string {
	if near := Name(word, names); near != "" {
		return "did you mean " + near + "?"
	}
	return other
}
