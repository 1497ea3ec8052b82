package cli

// usualWidth is the width of a terminal that does not tell its own, and of other outputs.
const usualWidth = 80

// width is how many columns a line of the standard output may have.
func (p *program) width() int { return p.columns(p.OutTTY) }

// tableWidth is how many columns a table of the standard output may have: 0, without a bound, where programs read its lines.
func (p *program) tableWidth() int {
	if !p.OutTTY {
		return 0
	}
	return p.width()
}

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
