package cli

import (
	"fmt"

	"github.com/org/npx-action/internal/fault"
)

// fail prints an error, once, as the last thing that the program says.
func (p *program) fail(err error) {
	text, hint := fault.Message(err)
	label := "error:"
	if p.color() {
		label = "\x1b[31merror:\x1b[0m"
	}
	fmt.Fprintf(p.Stderr, "%s %s\n", label, fault.Harmless(text))
	if hint != "" {
		fmt.Fprintf(p.Stderr, "hint: %s\n", fault.Harmless(hint))
	}
}

// say prints a line such as "warning: ..." for the user, apart from the output.
func (p *program) say(kind, text string) {
	fmt.Fprintf(p.Stderr, "%s: %s\n", kind, fault.Harmless(text))
}
