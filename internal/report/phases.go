package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// amount is what a plan comes to, in numbers.
func (r *view) amount() string {
	pkgs, cmds := 0, 0
	for _, f := range plan.Facts(r.Plan) {
		switch f.Field {
		case "nix", "apt", "nix-lib":
			pkgs++
		case "cmd":
			cmds++
		}
	}
	return fmt.Sprintf("The plan: %s, %s, %s", count(len(r.Plan.Phases), "phase", "phases"), count(pkgs, "package", "packages"), count(cmds, "command", "commands"))
}

// phases is the table of what will run, in the order in which it runs, and with times how long that took.
func (r *view) phases(width int, times bool) string {
	order, err := plan.Order(r.Plan.Phases)
	if err != nil {
		return code(err.Error()) + "\n"
	}
	var lines []string
	line := func(name, installs, runs string) {
		cells := []string{phaseName(name), installs, runs}
		if times {
			cells = append(cells, r.Build.phase(name))
		}
		lines = append(lines, row(cells...))
	}
	for _, name := range order {
		ph := r.Plan.Phases[name]
		line(name, cell(append(append([]string{}, ph.NixPkgs...), ph.AptPkgs...), width), cell(ph.Cmds, width))
	}
	if s := r.Plan.Start; s != nil && s.Cmd != nil {
		image := ""
		if s.RunImage != nil {
			image = "on " + code(*s.RunImage)
		}
		line("start", image, code(truncate(*s.Cmd, width)))
	}
	columns := []string{"phase", "installs", "runs"}
	if times {
		columns = append(columns, " took")
	}
	text := table(columns, lines)
	for i, n := range r.Notes[:min(len(r.Notes), 20)] {
		if i == 0 {
			text += "\n"
		}
		text += "- " + prose(truncate(n, 500)) + "\n"
	}
	return text
}

// origins is the table of where each fact came from. The order of phases and what they copy is left to the plan itself.
func (r *view) origins() string {
	var lines []string
	for _, o := range r.Origins {
		if o.Field == "after" || o.Field == "file" {
			continue
		}
		lines = append(lines, row(code(truncate(cmp.Or(o.Phase, "plan"), 80)), code(truncate(o.Field, 120)), code(truncate(o.Value, 200)), r.origin(o)))
	}
	if len(lines) == 0 {
		return ""
	}
	return details("Where each part comes from", table([]string{"phase", "field", "value", "from"}, lines))
}

// cell shows items in a cell, a line each.
func cell(items []string, width int) string {
	const shown = 50
	var spans []string
	for _, item := range items[:min(len(items), shown)] {
		spans = append(spans, code(truncate(item, width)))
	}
	if more := len(items) - shown; more > 0 {
		spans = append(spans, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(spans, "<br>")
}
