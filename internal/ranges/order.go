package ranges

import (
	"cmp"
	"strings"
)

// Compare orders two versions of one tool as its releases follow each other: numbers by value, 1.9 before 1.10 and 1.2 equal to 1.2.0; a
// prerelease before its release; any other addition, such as a build number, after it. It is for the versions that tools give themselves,
// among them 1.27rc3, 3.15.0b4, 8u504-b01, 17.0.20.1+1 and 4.0.0-preview3; ranges compare by the rules of their ecosystem.
func Compare(a, b string) int {
	if numbers(a) && numbers(b) {
		return compareNumbers(a, b)
	}
	x, y := scan(a), scan(b)
	for {
		p, q := x.next(), y.next()
		if c := p.compare(q); c != 0 {
			return c
		}
		if p.kind == end && q.kind == end {
			return 0
		}
	}
}

// numbers reports whether a version is numbers with a dot between each two, as most are. They need no scanner.
func numbers(version string) bool {
	dot := true
	for i := range len(version) {
		switch c := version[i]; {
		case digit(rune(c)):
			dot = false
		case c != '.' || dot:
			return false
		default:
			dot = true
		}
	}
	return !dot
}

func compareNumbers(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
}

// kinds of parts, in the order in which they follow an equal beginning.
type kind int

const (
	before kind = iota // the word of a prerelease
	end
	build // a number after a plus
	after // any other word
	number
)

// A part is a number, as text without leading zeros, or a word.
type part struct {
	kind kind
	text string
}

func (p part) compare(q part) int {
	switch {
	case p.kind == end && q.kind == number && q.text == "":
		return 0 // 1.2 and 1.2.0
	case q.kind == end && p.kind == number && p.text == "":
		return 0
	case p.kind != q.kind:
		return cmp.Compare(p.kind, q.kind)
	case p.kind != before && p.kind != after && len(p.text) != len(q.text):
		return cmp.Compare(len(p.text), len(q.text))
	}
	return strings.Compare(p.text, q.text)
}

// A scanner cuts a version into parts. Characters other than letters and digits separate; 8u504 is 8.504.
type scanner struct {
	text  string
	java  bool // an update of Java 8, whose b is a build
	build bool // a plus has been read
}

func scan(text string) *scanner {
	return &scanner{text: text, java: javaUpdate(text)}
}

// javaUpdate reports whether a version begins as 8u504 does.
func javaUpdate(version string) bool {
	major := strings.IndexFunc(version, func(r rune) bool { return !digit(r) })
	return major > 0 && version[major] == 'u' && len(version) > major+1 && digit(rune(version[major+1]))
}

// prereleases are the words of a version that comes before its release.
var prereleases = map[string]bool{"a": true, "alpha": true, "b": true, "beta": true, "c": true, "canary": true, "dev": true, "ea": true,
	"m": true, "milestone": true, "next": true, "nightly": true, "pre": true, "preview": true, "rc": true, "snapshot": true}

func (s *scanner) next() part {
	start := strings.IndexFunc(s.text, func(r rune) bool { return digit(r) || letter(r) })
	if start < 0 {
		start = len(s.text)
	}
	s.build = s.build || strings.Contains(s.text[:start], "+")
	s.text = s.text[start:]
	if s.text == "" {
		return part{kind: end}
	}
	is, k := letter, after
	if digit(rune(s.text[0])) {
		is, k = digit, number
	}
	n := strings.IndexFunc(s.text, func(r rune) bool { return !is(r) })
	if n < 0 {
		n = len(s.text)
	}
	text := strings.ToLower(s.text[:n])
	s.text = s.text[n:]
	switch {
	case k == number && s.build:
		return part{build, strings.TrimLeft(text, "0")}
	case k == number:
		return part{number, strings.TrimLeft(text, "0")}
	case text == "ga", s.java && (text == "u" || text == "b"):
		return s.next()
	case prereleases[text]:
		return part{before, text}
	}
	return part{after, text}
}

func digit(r rune) bool  { return '0' <= r && r <= '9' }
func letter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }

// Prerelease reports whether a version comes before its release.
func Prerelease(version string) bool {
	if numbers(version) {
		return false
	}
	s := scan(version)
	for p := s.next(); p.kind != end; p = s.next() {
		if p.kind == before {
			return true
		}
	}
	return false
}

// Begins reports whether a version is a prefix's or begins with it: 1.22.3 begins with 1.22 and not with 1.2, and 8u504 with 8.
func Begins(version, prefix string) bool {
	rest, ok := strings.CutPrefix(version, prefix)
	if !ok || rest == "" {
		return ok
	}
	last := prefix == "" || !digit(rune(prefix[len(prefix)-1]))
	return last || !digit(rune(rest[0]))
}

// Leading returns the first numbers of a version, at most n: 1.22 of 1.22.3 and 2.
func Leading(version string, n int) string {
	size := 0
	for i, r := range version {
		if r == '.' {
			if n--; n == 0 {
				break
			}
		} else if !digit(r) {
			break
		}
		size = i + 1
	}
	return strings.TrimSuffix(version[:size], ".")
}
