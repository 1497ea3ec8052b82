package report

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Everything that a report shows may be chosen by the author of a pull request and appears under the name of the
// account that comments. So it is shown in code spans and fences only, where neither mentions, links and images nor
// HTML and GitLab's quick actions mean anything; or word by word, where a word is nothing but a word.

// code returns s as an inline code span.
func code(s string) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if s == "" {
		return ""
	}
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// row is one of a table. A cell is Markdown of one line.
func row(cells ...string) string {
	var b strings.Builder
	for _, c := range cells {
		// A backslash before the pipe would be read as the escaped one, and the pipe would end the cell.
		c = strings.ReplaceAll(c, `\|`, `\ |`)
		b.WriteString("| " + strings.ReplaceAll(c, "|", `\|`) + " ")
	}
	return b.String() + "|\n"
}

// table is one with a head. A column whose name starts with a blank is aligned to the right.
func table(columns []string, rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	var rule strings.Builder
	for _, c := range columns {
		if strings.HasPrefix(c, " ") {
			rule.WriteString("| ---: ")
			continue
		}
		rule.WriteString("| --- ")
	}
	return row(columns...) + rule.String() + "|\n" + strings.Join(rows, "")
}

// fence returns s as a fenced block.
func fence(language, s string) string {
	s = clean(s)
	ticks := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return ticks + language + "\n" + strings.TrimSuffix(s, "\n") + "\n" + ticks + "\n"
}

// details folds body away. The summary is ours and never holds foreign text.
func details(summary, body string) string {
	return "\n<details><summary>" + summary + "</summary>\n\n" + strings.TrimSpace(body) + "\n\n</details>\n"
}

// Words that are nothing else, whatever stands before and after them, with the marks that may surround them. A forge makes links of
// what looks like a number of an issue, as in GH-1 and ABC-1, of addresses, and of the names of commits.
var (
	plainWord = regexp.MustCompile(`^["'(]*[A-Za-z0-9]+(?:[.,'-][A-Za-z0-9]+)*["')]*[.,;:]?$`)
	linkWord  = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:www\.|[a-z][a-z0-9]*-\d|[0-9a-f]{7,})`)
)

// quoted is text in quotes, which is code as a whole if one of its words is.
var quoted = regexp.MustCompile(`"[^"]*"`)

// prose returns a sentence of ours with foreign words in it, of which those that could be more than words are code.
func prose(s string) string {
	s = clean(s)
	var out, coded []string
	flush := func() {
		if len(coded) > 0 {
			out = append(out, code(strings.Join(coded, " ")))
			coded = nil
		}
	}
	words := func(text string) {
		for _, word := range strings.Fields(text) {
			if !plain(word) {
				coded = append(coded, word)
				continue
			}
			flush()
			out = append(out, word)
		}
	}
	for s != "" {
		at := quoted.FindStringIndex(s)
		if at == nil {
			at = []int{len(s), len(s)}
		}
		words(s[:at[0]])
		inner := strings.Trim(s[at[0]:at[1]], `"`)
		end := at[1]
		switch {
		case allPlain(inner):
			for end < len(s) && strings.ContainsRune(",.;:)", rune(s[end])) {
				end++
			}
			words(s[at[0]:end])
		default:
			coded = append(coded, inner)
		}
		s = s[end:]
	}
	flush()
	return strings.Join(out, " ")
}

func plain(word string) bool { return plainWord.MatchString(word) && !linkWord.MatchString(word) }

func allPlain(text string) bool {
	for _, word := range strings.Fields(text) {
		if !plain(word) {
			return false
		}
	}
	return true
}

// link names a file of the app, and its line if that is not 0, and leads there if its address is known.
func (r *view) link(file string, line int) string {
	text := file
	anchor := ""
	if line > 0 {
		text += ":" + strconv.Itoa(line)
		anchor = "#L" + strconv.Itoa(line)
	}
	text = code(truncate(text, 120))
	if r.Files == "" || text == "" {
		return text
	}
	path := file
	if r.App != "" && r.App != "." {
		path = r.App + "/" + file
	}
	var escaped []string
	for part := range strings.SplitSeq(path, "/") {
		escaped = append(escaped, url.PathEscape(part))
	}
	return "[" + text + "](" + r.Files + "/" + strings.Join(escaped, "/") + anchor + ")"
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
