package report

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// Everything that a report shows may be chosen by the author of a pull request and appears under the name of the
// account that comments. So it is shown in code spans and fences only, where neither mentions, links and images nor
// HTML and GitLab's quick actions mean anything; or word by word, where a word is nothing but a word.

// code returns s as an inline code span.
func code(s string) string {
	s = oneLine(s)
	if s == "" {
		return ""
	}
	ticks := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// oneLine is a text on one line, in which characters that show nothing are spelled: a command may hide behind them. A line break ends
// a command, and so is seen.
func oneLine(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r == '\n':
			b.WriteString(" ⏎ ")
		case plan.Unseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(clean(b.String())), " ")
}

// foldable is code that may be broken in its long words: a cell of a table that holds one is wider than a telephone.
func foldable(s string) string {
	s = oneLine(s)
	if s == "" || longestWord(s) <= widestWord {
		return code(s)
	}
	var parts []string
	start, run := 0, 0 // of the part, and the length of its last word
	for i, c := range s {
		run++
		if c == ' ' {
			run = 0
		}
		if run >= widestWord/2 && strings.ContainsRune("/-_.,:=&?", c) || run >= widestWord {
			end := i + utf8.RuneLen(c)
			parts = append(parts, code(s[start:end]))
			start, run = end, 0
		}
	}
	return strings.Join(slices.DeleteFunc(append(parts, code(s[start:])), func(p string) bool { return p == "" }), "<wbr>")
}

// widestWord is how many characters of code fit into the second column of a table on a telephone.
const widestWord = 24

func longestWord(s string) int {
	longest := 0
	for word := range strings.FieldsSeq(s) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest
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

// quickAction begins a line that GitLab could take for a quick action. Older ones look for such lines in fences too, where something in
// front of the line looks like the end of a block.
var quickAction = lazyregexp.New(`(?m)^/`)

// fence returns s as a fenced block.
func fence(language, s string) string {
	s = quickAction.ReplaceAllString(clean(s), " /")
	ticks := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return ticks + language + "\n" + strings.TrimSuffix(s, "\n") + "\n" + ticks + "\n"
}

// details folds body away. The summary is ours and never holds foreign text.
func details(summary, body string) string {
	return "\n<details><summary>" + summary + "</summary>\n\n" + strings.TrimSpace(body) + "\n\n</details>\n"
}

// link names a file of the app, and its line if that is not 0, and leads there if its address is known.
func (r *view) link(file string, line int) string {
	text := file
	anchor := ""
	if line > 0 {
		text += ":" + strconv.Itoa(line)
		anchor = "#L" + strconv.Itoa(line)
	}
	text = code(shorten(text, 120))
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

// shorten is the beginning of a text on one line. Blanks do not push the rest out of it.
func shorten(s string, limit int) string {
	if s = oneLine(s); len(s) > limit {
		s = padding.ReplaceAllString(s, "$1$2")
	}
	return truncate(s, limit)
}

// padding is a line break and all blanks behind it, as [oneLine] and a quoted text of a plan have them. A backslash may be one of a pair.
var padding = lazyregexp.New(`((?:^|[^\\])(?:\\\\)*)(⏎|\\n)(?: |⏎|\\[nrtvf])+`)

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
