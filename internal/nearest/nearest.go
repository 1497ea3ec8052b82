// Package nearest finds the name that somebody may have meant who mistyped it.
package nearest

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Name is the name that somebody who wrote a word may have meant, "" if none is like it.
func Name(word string, names []string) string {
	if len(word) > 40 {
		return "" // longer than any name that could be meant
	}
	nearest, least := "", max(1, min(3, len(word)/3))+1
	for _, name := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(name)); d < least {
			nearest, least = name, d
		}
	}
	return nearest
}

// Hint is a hint with the question before it whether the nearest of the names is meant.
func Hint(word string, names []string, hint string) string {
	near := Name(word, names)
	switch {
	case near == "":
		return hint
	case hint == "":
		return "did you mean " + near + "?"
	}
	return "did you mean " + near + "? " + hint
}
