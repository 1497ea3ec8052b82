package cli

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
)

// summary is a plan at a glance, for a terminal: of each phase that does something its packages and commands, in the order
// in which they run, and the start command. The command plan has the rest.
func summary(p plan.Plan, widest int) string {
	p = report.NewVeil(p).Plan(p)
	var b strings.Builder
	names, err := plan.Order(p.Phases)
	if err != nil {
		return "" // the graph says so
	}
	width := len("start")
	for _, name := range names {
		width = max(width, len(name))
	}
	row := func(name, text string) {
		if text != "" {
			lines := columns.Wrap(fault.Harmless(strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", " ")), widest-width-4)
			b.WriteString("  " + fault.Harmless(name) + strings.Repeat(" ", width-len(name)+2) + strings.Join(lines, "\n"+strings.Repeat(" ", width+4)) + "\n")
		}
	}
	for _, name := range names {
		phase := p.Phases[name]
		row(name, strings.Join(slices.Concat(phase.NixPkgs, phase.ReleaseNames(), phase.AptPkgs), ", "))
		row(name, strings.Join(phase.Cmds, " && "))
	}
	if p.Start != nil && p.Start.Cmd != nil {
		row("start", *p.Start.Cmd)
	}
	return b.String()
}
