package report

import (
	"strings"
	"unicode"
)

// Everything that a report shows may be chosen by the author of a pull request and appears under the name of the
// account that comments. So it is shown in code spans and fences only, where neither mentions, links and images nor
// HTML and GitLab's quick actions mean anything.

// code returns s as an inline code span that is safe in a table cell.
func code(s string) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if s == "" {
		return ""
	}
	// A backslash before the pipe would be read as the escaped one, and the pipe would end the cell.
	s = strings.ReplaceAll(s, `\|`, `\ |`)
	s = strings.ReplaceAll(s, "|", `\|`)
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fence returns s as a fenced block.
func fence(language, s string) string {
	s = clean(s)
	ticks := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return ticks + language + "\n" + strings.TrimSuffix(s, "\n") + "\n" + ticks + "\n"
}

// details folds body away. The summary is ours and never holds foreign text.
func details(summary, body string) string {
	return "<details><summary>" + summary + "</summary>\n\n" + body + "\n</details>\n"
}

// clean drops what could change how the rest is read: control characters but newline and tab, and marks of text
// direction.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar, r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, s)
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// truncate shortens s to about limit bytes, at a rune, and says so.
func truncate(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	cut := 0
	for i := range s {
		if i > limit {
			break
		}
		cut = i
	}
	return s[:cut] + "…"
}
