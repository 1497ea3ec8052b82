package providers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A jsToken is one of a text in JavaScript or TypeScript. Its kind is 'w' for a word, 's' for a string that is known, 't' for a template
// or a regular expression, 'o' for an operator of several characters, 'a' for an arrow, and else the character itself.
type jsToken struct {
	kind byte
	text string // of a word, a string or an operator
	line int    // from 1
}

// jsTokens lists the tokens of a text, without comments. Text that is no JavaScript gives tokens too, that mean nothing.
func jsTokens(text string) []jsToken {
	var list []jsToken
	for s := (jsScanner{text: text, line: 1}); s.next(); {
		if s.token.kind != 0 {
			list = append(list, s.token)
		}
	}
	return list
}

type jsScanner struct {
	text  string
	at    int
	line  int
	last  jsToken // before token, not a comment
	token jsToken // kind 0 for space and comments
}

func (s *jsScanner) next() bool {
	if s.at >= len(s.text) {
		return false
	}
	if s.token.kind != 0 {
		s.last = s.token
	}
	start, rest := s.at, s.text[s.at:]
	s.token = jsToken{line: s.line}
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "//"):
		s.at += until(rest, "\n")
	case strings.HasPrefix(rest, "/*"):
		s.at += 2 + until(rest[2:], "*/") + 2
	case c == '"' || c == '\'':
		s.quoted(c)
	case c == '`':
		s.template()
	case c == '/' && s.beginsValue():
		s.quoted(c)
		s.token.kind = 't'
	case isJSWord(rest):
		for s.at < len(s.text) && isJSWord(s.text[s.at:]) {
			_, size := utf8.DecodeRuneInString(s.text[s.at:])
			s.at += size
		}
		s.token.kind, s.token.text = 'w', s.text[start:s.at]
	case strings.HasPrefix(rest, "=>"):
		s.at, s.token.kind = s.at+2, 'a'
	case isJSOperator(rest):
		s.at, s.token.kind, s.token.text = s.at+2, 'o', rest[:2]
	case strings.IndexByte(" \t\r\n", c) >= 0 || c >= utf8.RuneSelf:
		s.at++
	default:
		s.at, s.token.kind = s.at+1, c
	}
	s.at = min(s.at, len(s.text))
	s.line += strings.Count(s.text[start:s.at], "\n")
	return true
}

// until is the offset of end, or the length of a text without it.
func until(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i
	}
	return len(text)
}

func isJSWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func isJSOperator(text string) bool {
	return len(text) > 1 && strings.Contains("== != <= >= ?? ?. && || ++ --", text[:2]) && text[0] != ' ' && text[1] != ' '
}

// beginsValue reports whether a slash begins a regular expression and divides nothing.
func (s *jsScanner) beginsValue() bool {
	return s.last.kind == 0 || strings.IndexByte("(,=:[!&|?{};ao", s.last.kind) >= 0 || s.last == jsToken{'w', "return", s.last.line}
}

// quoted reads up to the end of a text in quotes, which is on the same line.
func (s *jsScanner) quoted(quote byte) {
	var b strings.Builder
	s.token.kind = 's'
	for s.at++; s.at < len(s.text) && s.text[s.at] != quote && s.text[s.at] != '\n'; s.at++ {
		if s.text[s.at] == '\\' && s.at+1 < len(s.text) {
			s.at++
			if strings.IndexByte("nrtbfvux0", s.text[s.at]) >= 0 {
				s.token.kind = 't' // no such character is in what a plan takes
			}
		}
		b.WriteByte(s.text[s.at])
	}
	s.at++
	s.token.text = b.String()
}

// template reads a template, which is a known string without a substitution.
func (s *jsScanner) template() {
	s.token.kind = 's'
	start, depth := s.at+1, 0
	for s.at++; s.at < len(s.text) && (s.text[s.at] != '`' || depth > 0); s.at++ {
		switch {
		case s.text[s.at] == '\\':
			s.token.kind = 't'
			s.at++
		case strings.HasPrefix(s.text[s.at:], "${"):
			s.token.kind = 't'
			depth++
		case s.text[s.at] == '}' && depth > 0:
			depth--
		}
	}
	s.token.text = s.text[start:min(s.at, len(s.text))]
	s.at++
}
