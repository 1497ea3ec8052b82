package cli

import (
	"strings"
	"unicode/utf8"
)

// usualWidth is the width of a terminal that does not tell its own, and of other outputs.
const usualWidth = 80

// width is how many columns a line of the standard output may have.
func (p *program) width() int { return p.columns(p.OutTTY) }

// columns is how many columns a line may have, on the terminal or elsewhere.
func (p *program) columns(terminal bool) int {
	if terminal && p.Columns > 0 {
		return max(40, min(p.Columns, 120))
	}
	return usualWidth
}

// A style is how a terminal shows text.
type style string

// The styles.
const (
	bold  style = "1"
	faint style = "2"
	red   style = "31"
	green style = "32"
)

// paint gives a style to what goes to the standard output, if that is a terminal with colours.
func (p *program) paint(s style, text string) string {
	if !p.OutTTY || !p.colorful() || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// wrap breaks a text at its blanks into lines of at most width columns. A word that is longer has a line of its own.
func wrap(text string, width int) []string {
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

// indented is a wrapped text with blanks before each line.
func indented(text string, indent, width int) string {
	blanks := strings.Repeat(" ", indent)
	return blanks + strings.Join(wrap(text, width-indent), "\n"+blanks)
}

// hanging is a wrapped text with blanks before each line but the first.
func hanging(text string, width int) string {
	const blanks = "    "
	return strings.Join(wrap(text, width-len(blanks)), "\n"+blanks)
}
