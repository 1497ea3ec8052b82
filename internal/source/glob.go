package source

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of a glob, which may come from an app's manifest: its length, and what {a,b} multiplies to.
const (
	globBytes        = 1024
	globAlternatives = 64
)

// A glob is a list of patterns, one for each alternative of its braces.
type glob []pattern

func (g glob) match(name string) bool {
	for i := range g {
		if g[i].match(name) {
			return true
		}
	}
	return false
}

func parseGlob(text string) (glob, error) {
	if len(text) > globBytes {
		return nil, fmt.Errorf("it is longer than %d bytes", globBytes)
	}
	list, err := expand(trimRoot(text))
	if err != nil {
		return nil, err
	}
	g := make(glob, len(list))
	for i, s := range list {
		d := dialect{slash: true}
		tokens, err := d.tokens(s)
		if err != nil {
			return nil, err
		}
		if g[i], err = d.compile(mergeStars(tokens), true); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// trimRoot removes what stands for the root in front of a pattern.
func trimRoot(s string) string {
	for {
		switch {
		case strings.HasPrefix(s, "/"):
			s = s[1:]
		case strings.HasPrefix(s, "./"):
			s = s[2:]
		default:
			return s
		}
	}
}

// mergeStars drops what a star next to it matches as well.
func mergeStars(list []token) []token {
	out := list[:0]
	for i, t := range list {
		if t.kind == anyDirs && i+1 < len(list) && (list[i+1].kind == star || list[i+1].kind == anyRest) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// expand returns the alternatives of the braces in s, which may nest, in the order in which they are written.
func expand(s string) ([]string, error) {
	todo, done := []string{s}, []string(nil)
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		open, parts, rest, err := braces(s)
		if err != nil {
			return nil, err
		}
		if open < 0 {
			done = append(done, s)
			continue
		}
		if len(todo)+len(done)+len(parts) > globAlternatives {
			return nil, fmt.Errorf("its braces have more than %d alternatives", globAlternatives)
		}
		next := make([]string, 0, len(parts)+len(todo))
		for _, p := range parts {
			next = append(next, s[:open]+p+rest)
		}
		todo = append(next, todo...)
	}
	return done, nil
}

// braces finds the first pair of braces in s: where it opens, its alternatives, what follows it.
// It returns -1 if there is none.
func braces(s string) (open int, parts []string, rest string, err error) {
	open, depth, from := -1, 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			_, n, err := dialect{slash: true}.class(s[i:])
			if err != nil {
				return 0, nil, "", err
			}
			i += n - 1
		case '{':
			if depth++; depth == 1 {
				open, from = i, i+1
			}
		case ',':
			if depth == 1 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		case '}':
			if depth == 0 {
				return 0, nil, "", errors.New("a } has no {")
			}
			if depth--; depth == 0 {
				return open, append(parts, s[from:i]), s[i+1:], nil
			}
		}
	}
	if depth > 0 {
		return 0, nil, "", errors.New("a { has no }")
	}
	return -1, nil, "", nil
}
