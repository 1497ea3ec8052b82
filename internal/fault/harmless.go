package fault

import (
	"fmt"
	"strings"
	"unicode"
)

// Harmless replaces what a repository could put into a message to steer a terminal or a CI system, which both
// GitHub and GitLab let a line do by how it begins.
func Harmless(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r):
			return unicode.ReplacementChar
		case r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1 // as in the log of a job
		}
		return r
	}, strings.TrimRight(text, "\n"))
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  | "), "##[", "## [") // which GitHub obeys anywhere in a line
}

// Shown quotes what could disturb the table or a terminal.
func Shown(s string) string {
	if quoted := fmt.Sprintf("%q", s); strings.ReplaceAll(quoted, `\"`, `"`) != `"`+s+`"` {
		return quoted
	}
	return s
}
