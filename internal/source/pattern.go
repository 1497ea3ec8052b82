package source

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A pattern matches a whole name. Patterns come from the app, so they become regular expressions of linear
// time; as a walk may meet 250,000 names, cheap checks of literal text come first and often suffice.
type pattern struct {
	prefix, suffix string // literal text that every match begins and ends with
	inner          string // literal text that every match contains
	min            int    // bytes that every match has at least
	re             *regexp.Regexp
	exact          bool // re is nil: the text is prefix alone; otherwise prefix, anything, suffix
}

func (p *pattern) match(s string) bool {
	if len(s) < p.min || !strings.HasSuffix(s, p.suffix) || !strings.HasPrefix(s, p.prefix) {
		return false
	}
	if p.re == nil {
		return !p.exact || len(s) == p.min
	}
	return strings.Contains(s, p.inner) && p.re.MatchString(s)
}

// A token is a piece of a pattern.
type token struct {
	kind tokenKind
	text string // of literal; the regular expression of class
}

type tokenKind uint8

const (
	literal tokenKind = iota
	anyOne            // ?
	star              // *
	anyDirs           // "**/": any directories or none
	anyRest           // "**" at the end: any text
	class             // [a-z]
)

// A dialect is a syntax of patterns. In that of ignore files, * and ? do not match /; in that of globs they do.
type dialect struct {
	slash bool // * and ? and classes match /
}

// Why a text is no pattern: an error in a glob, while a line of an ignore file then matches nothing.
var (
	errClass  = errors.New("a [ has no ]")
	errEscape = errors.New("nothing follows the last backslash")

	errComplex = fmt.Errorf("the pattern has more than %d wildcards", maxTokens)
)

// maxTokens bounds the work of matching a name.
const maxTokens = 1000

// tokens splits a pattern.
func (d dialect) tokens(s string) ([]token, error) {
	var list []token
	var text strings.Builder // of the literal that ends here
	add := func(t token) {
		if text.Len() > 0 {
			list = append(list, token{literal, text.String()})
			text.Reset()
		}
		if n := len(list); t.kind != anyDirs || n == 0 || list[n-1].kind != anyDirs {
			list = append(list, t)
		}
	}
	start := true // at the start of a component
	for len(s) > 0 {
		if len(list) > maxTokens {
			return nil, errComplex
		}
		rest := s[1:]
		switch c := s[0]; c {
		case '*':
			n := len(s) - len(strings.TrimLeft(s, "*"))
			rest = s[n:]
			switch {
			case n >= 2 && start && strings.HasPrefix(rest, "/"):
				rest = strings.TrimLeft(rest, "/")
				add(token{kind: anyDirs})
				s = rest
				continue // still at the start of a component
			case n >= 2 && start && rest == "":
				add(token{kind: anyRest})
			default:
				add(token{kind: star})
			}
		case '?':
			add(token{kind: anyOne})
		case '[':
			set, n, err := d.class(s)
			if err != nil {
				return nil, err
			}
			add(token{class, set})
			rest = s[n:]
		case '\\':
			if rest == "" {
				return nil, errEscape
			}
			text.WriteByte(rest[0])
			rest = rest[1:]
		default:
			text.WriteByte(c)
		}
		start = s[0] == '/'
		s = rest
	}
	if text.Len() > 0 {
		list = append(list, token{literal, text.String()})
	}
	return list, nil
}

// compile makes a pattern of tokens. If free, a star may match all text that the pattern is given.
func (d dialect) compile(list []token, free bool) (pattern, error) {
	var p pattern
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i, t := range list {
		switch t.kind {
		case literal:
			if i == 0 {
				p.prefix = t.text
			}
			if i == len(list)-1 {
				p.suffix = t.text
			}
			if len(t.text) > len(p.inner) {
				p.inner = t.text
			}
			p.min += len(t.text)
			b.WriteString(regexp.QuoteMeta(t.text))
		case anyDirs:
			b.WriteString(`(?:.*/)?`)
		case anyRest:
			b.WriteString(`.*`)
		case star:
			b.WriteString(d.one() + `*`)
		case anyOne:
			p.min++
			b.WriteString(d.one())
		case class:
			p.min++
			b.WriteString(t.text)
		}
	}
	b.WriteString(`\z`)
	switch shape(list) {
	case "":
		p.exact = p.min == 0
		return p, nil
	case "l":
		p.exact = true
		return p, nil
	case "*", "l*", "*l", "l*l":
		if free {
			return p, nil
		}
	}
	re, err := regexp.Compile(b.String())
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern is too complex: %w", err)
	}
	p.re = re
	return p, nil
}

func (d dialect) one() string {
	if d.slash {
		return `.`
	}
	return `[^/]`
}

// shape writes short patterns with l for literal and * for star or anyRest; longer ones all look alike.
func shape(list []token) string {
	if len(list) > 3 {
		return "long"
	}
	var b strings.Builder
	for _, t := range list {
		switch t.kind {
		case literal:
			b.WriteByte('l')
		case star, anyRest:
			b.WriteByte('*')
		default:
			b.WriteByte('.')
		}
	}
	return b.String()
}

// class translates the class that s begins with, and returns its length.
func (d dialect) class(s string) (re string, n int, err error) {
	var set []rune // pairs of first and last
	i := 1
	negated := strings.HasPrefix(s[i:], "!") || strings.HasPrefix(s[i:], "^")
	if negated {
		i++
	}
	for first := true; ; first = false {
		if i >= len(s) {
			return "", 0, errClass
		}
		if s[i] == ']' && !first {
			i++
			break
		}
		if name, ok := posix(s[i:]); ok && !d.slash {
			set = append(set, posixSets[name]...)
			i += len("[::]") + len(name)
			continue
		}
		lo, n := classRune(s[i:])
		i += n
		hi := lo
		if strings.HasPrefix(s[i:], "-") && len(s) > i+1 && s[i+1] != ']' {
			hi, n = classRune(s[i+1:])
			i += 1 + n
		}
		set = append(set, lo, hi)
	}
	return d.classRegexp(set, negated), i, nil
}

func classRune(s string) (rune, int) {
	skip := 0
	if s[0] == '\\' && len(s) > 1 {
		skip = 1
	}
	r, n := utf8.DecodeRuneInString(s[skip:])
	return r, skip + n
}

func (d dialect) classRegexp(set []rune, negated bool) string {
	var b strings.Builder
	b.WriteByte('[')
	if negated {
		b.WriteByte('^')
		if !d.slash {
			b.WriteByte('/')
		}
	}
	empty := true
	pair := func(lo, hi rune) {
		if lo <= hi {
			fmt.Fprintf(&b, `\x{%X}-\x{%X}`, lo, hi)
			empty = false
		}
	}
	for i := 0; i < len(set); i += 2 {
		lo, hi := set[i], set[i+1]
		if !d.slash && !negated && lo <= '/' && '/' <= hi {
			pair(lo, '/'-1)
			lo = '/' + 1
		}
		pair(lo, hi)
	}
	switch {
	case empty && !negated:
		return `[^\x{0}-\x{10FFFF}]`
	case empty:
		return d.one()
	}
	b.WriteByte(']')
	return b.String()
}

// posix returns the name of the class such as [:digit:] that s begins with.
func posix(s string) (string, bool) {
	if !strings.HasPrefix(s, "[:") {
		return "", false
	}
	name, _, ok := strings.Cut(s[2:], ":]")
	_, known := posixSets[name]
	return name, ok && known
}

var posixSets = map[string][]rune{
	"alnum":  {'0', '9', 'A', 'Z', 'a', 'z'},
	"alpha":  {'A', 'Z', 'a', 'z'},
	"blank":  {' ', ' ', '\t', '\t'},
	"cntrl":  {0, 31, 127, 127},
	"digit":  {'0', '9'},
	"graph":  {'!', '~'},
	"lower":  {'a', 'z'},
	"print":  {' ', '~'},
	"punct":  {'!', '/', ':', '@', '[', '`', '{', '~'},
	"space":  {' ', ' ', '\t', '\r'},
	"upper":  {'A', 'Z'},
	"xdigit": {'0', '9', 'A', 'F', 'a', 'f'},
}
