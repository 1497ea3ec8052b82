// Package columns lays text out for terminals. A width is in characters.
package columns

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Wrap breaks a text at its blanks into lines of at most width characters. A word that is longer has a line of its own.
func Wrap(text string, width int) []string {
	words := strings.Split(text, " ")
	lines := words[:1:1]
	for _, word := range words[1:] {
		last := &lines[len(lines)-1]
		if utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, word)
			continue
		}
		*last += " " + word
	}
	return lines
}

// Indented is a wrapped text with blanks before each line.
func Indented(text string, indent, width int) string {
	blanks := strings.Repeat(" ", indent)
	return blanks + strings.Join(Wrap(text, width-indent), "\n"+blanks)
}

// Hanging is a wrapped text with blanks before each line but the first.
func Hanging(text string, width int) string {
	const blanks = "    "
	return strings.Join(Wrap(text, width-len(blanks)), "\n"+blanks)
}

// Beside is a name and a wrapped text that begins in a column beside it, or below it if the name is long.
func Beside(name, text string, column, width int) string {
	var b strings.Builder
	endRow(&b, name, text, column, width)
	return b.String()
}

// gap is the least number of blanks between two columns.
const gap = 2

// Table lays rows out in columns, whose last is wrapped. All rows have the same number of cells, and no cell has a line break. A cell
// that is too long for its column stays whole: the rest of its row begins on the next line. A width of 0 sets no bound.
func Table(rows [][]string, width int) string {
	if width == 0 {
		width = math.MaxInt
	}
	widths := columnWidths(rows, width)
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, cell := range row[:len(row)-1] {
			line = beside(&b, line, sum(widths[:i])) + cell
		}
		endRow(&b, line, row[len(row)-1], sum(widths), width)
	}
	return b.String()
}

// endRow writes a line and beside it, from a column on, a wrapped text.
func endRow(b *strings.Builder, line, text string, column, width int) {
	for i, part := range Wrap(text, width-column) {
		if i > 0 {
			line = flush(b, line)
		}
		line = beside(b, line, column) + part
	}
	flush(b, line)
}

// beside fills a line with blanks up to a column, on the next line if the line has reached it.
func beside(b *strings.Builder, line string, column int) string {
	if column > 0 && utf8.RuneCountInString(line) > column-gap {
		line = flush(b, line)
	}
	return fmt.Sprintf("%-*s", column, line)
}

func flush(b *strings.Builder, line string) string {
	b.WriteString(strings.TrimRight(line, " ") + "\n")
	return ""
}

// columnWidths returns the widths of all columns but the last. Where they leave it less than a third of the whole, or than it needs, the
// widest gives way. Then each column is as wide as the widest cell that it still holds.
func columnWidths(rows [][]string, width int) []int {
	if len(rows) == 0 {
		return nil
	}
	widths, last := make([]int, len(rows[0])-1), 0
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i])+gap)
		}
		last = max(last, utf8.RuneCountInString(row[len(widths)]))
	}
	for sum(widths) > width-min(last, width/3) {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		widths[widest]--
	}
	for i, limit := range widths {
		widths[i] = 0
		for _, row := range rows {
			if n := utf8.RuneCountInString(row[i]) + gap; n <= limit {
				widths[i] = max(widths[i], n)
			}
		}
	}
	return widths
}

func sum(widths []int) int {
	all := 0
	for _, w := range widths {
		all += w
	}
	return all
}
