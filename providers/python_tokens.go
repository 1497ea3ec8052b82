package providers

import "strings"

// A pyToken is a word of Python: a name, a text without its quotes, or anything else as it stands.
type pyToken struct {
	kind pyKind
	text string
}

type pyKind byte

const (
	pyName pyKind = iota
	pyText
	pyOther // an operator, a bracket, a number
)

func (t pyToken) is(text string) bool { return t.kind != pyText && t.text == text }

// A pyStatement is a logical line, or one of the parts between semicolons.
type pyStatement struct {
	line   int // of the first token, from 1
	indent int // columns before the physical line's first token
	tokens []pyToken
}

// pyStatements splits a Python file into its statements. Comments, and line breaks in brackets, in texts and behind a backslash,
// are no tokens. Text that is no Python gives some statements too, each token of which is in the text: nothing fails.
func pyStatements(text string) []pyStatement {
	s := pyScanner{text: strings.TrimPrefix(text, "\ufeff"), line: 1, fresh: true}
	for s.at < len(s.text) {
		s.step()
	}
	s.end()
	return s.statements
}

type pyScanner struct {
	text       string
	at, line   int
	depth      int  // of brackets
	fresh      bool // no token yet in this physical line
	indent     int
	now        pyStatement
	statements []pyStatement
}

func (s *pyScanner) step() {
	switch c := s.text[s.at]; {
	case c == '\n':
		s.newline()
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		s.space(c)
	case c == '#':
		if s.at += strings.IndexByte(s.text[s.at:]+"\n", '\n'); s.at > len(s.text) {
			s.at = len(s.text)
		}
	case c == '\\' && s.at+1 < len(s.text) && s.text[s.at+1] == '\n':
		s.at, s.line = s.at+2, s.line+1
	case c == '"' || c == '\'':
		s.string(s.at)
	case isPyNameByte(c):
		s.word()
	case c == ';' && s.depth == 0:
		s.at++
		s.end()
	default:
		s.operator(c)
	}
}

func (s *pyScanner) newline() {
	s.at, s.line = s.at+1, s.line+1
	if s.depth == 0 {
		s.end()
		s.fresh, s.indent = true, 0
	}
}

// tabStop is how far a tab leads.
const tabStop = 8

func (s *pyScanner) space(c byte) {
	s.at++
	switch {
	case !s.fresh:
	case c == '\t':
		s.indent += tabStop - s.indent%tabStop
	case c == ' ':
		s.indent++
	}
}

func (s *pyScanner) end() {
	if len(s.now.tokens) > 0 {
		s.statements = append(s.statements, s.now)
	}
	s.now = pyStatement{}
}

func (s *pyScanner) add(kind pyKind, text string, line int) {
	if len(s.now.tokens) == 0 {
		s.now.line, s.now.indent = line, s.indent
	}
	s.fresh = false
	s.now.tokens = append(s.now.tokens, pyToken{kind, text})
}

func isPyNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// word reads a name, a number, or the letters before a text, such as rb.
func (s *pyScanner) word() {
	start := s.at
	for s.at < len(s.text) && isPyNameByte(s.text[s.at]) {
		s.at++
	}
	word := s.text[start:s.at]
	switch {
	case s.at < len(s.text) && (s.text[s.at] == '"' || s.text[s.at] == '\'') && len(word) <= 2 && strings.Trim(word, "rRbBuUfFtT") == "":
		s.string(s.at)
	case word[0] >= '0' && word[0] <= '9':
		s.add(pyOther, word, s.line)
	default:
		s.add(pyName, word, s.line)
	}
}

// string reads a text from its first quote. One of a single line ends with the line.
func (s *pyScanner) string(start int) {
	quote, line := s.text[start:start+1], s.line
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.text[start:], triple) {
		quote = triple
	}
	begin := start + len(quote)
	for s.at = begin; s.at < len(s.text) && !strings.HasPrefix(s.text[s.at:], quote); s.at++ {
		if s.text[s.at] == '\\' && s.at+1 < len(s.text) {
			s.at++
		} else if s.text[s.at] == '\n' && len(quote) == 1 {
			s.add(pyText, s.text[begin:s.at], line)
			return
		}
		if s.text[s.at] == '\n' {
			s.line++
		}
	}
	s.add(pyText, s.text[begin:s.at], line)
	s.at = min(s.at+len(quote), len(s.text))
}

// operator reads one, so that an equals sign alone is an assignment or a keyword's.
func (s *pyScanner) operator(c byte) {
	n := 1
	if s.at+1 < len(s.text) && s.text[s.at+1] == '=' && strings.IndexByte("=!<>:+-*/%&|^@", c) >= 0 {
		n = 2
	}
	switch c {
	case '(', '[', '{':
		s.depth++
	case ')', ']', '}':
		s.depth = max(s.depth-1, 0)
	}
	s.add(pyOther, s.text[s.at:s.at+n], s.line)
	s.at += n
}
