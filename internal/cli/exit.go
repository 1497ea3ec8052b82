package cli

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
)

// fail prints an error, once, as the last thing that the program says.
func (p *program) fail(err error) {
	text, hint := fault.Message(err)
	label := "error:"
	if p.color() {
		label = "\x1b[31merror:\x1b[0m"
	}
	fmt.Fprintln(p.Stderr, p.fitted(label+" "+fault.Harmless(text)))
	if hint != "" {
		p.say("hint", hint)
	}
}

// say prints a line such as "warning: ..." for the user, apart from the output.
func (p *program) say(kind, text string) {
	fmt.Fprintln(p.Stderr, p.fitted(kind+": "+fault.Harmless(text)))
}

// fitted wraps the lines of a message on a terminal.
func (p *program) fitted(text string) string {
	if !p.IsTTY {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		quoted, further := strings.CutPrefix(line, quote)
		if !further {
			lines[i] = columns.Hanging(line, p.columns(p.IsTTY))
			continue
		}
		lines[i] = quote + strings.ReplaceAll(columns.Hanging(quoted, p.columns(p.IsTTY)-len(quote)), "\n", "\n"+quote)
	}
	return strings.Join(lines, "\n")
}

// quote begins the lines of a message after its first.
const quote = "  | "
