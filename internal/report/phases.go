package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// amount is what a plan comes to, in numbers.
func (r *view) amount() string {
	pkgs, cmds := 0, 0
	for _, f := range plan.Facts(r.Plan) {
		switch f.Field {
		case "nix", "apt", "nix-lib", "release":
			pkgs++
		case "cmd":
			cmds++
		}
	}
	return fmt.Sprintf("The plan: %s, %s, %s", count(len(r.Plan.Phases), "phase", "phases"), count(pkgs, "package", "packages"), count(cmds, "command", "commands"))
}

// installs names what a phase installs; of a release, the tool and its version.
func installs(ph plan.Phase) []string {
	return slices.Concat(ph.NixPkgs, ph.ReleaseNames(), ph.AptPkgs)
}

// phases is the table of what will run, in the order in which it runs, and with times how long that took.
func (r *view) phases(width int, times bool) string {
	order, err := plan.Order(r.Plan.Phases)
	if err != nil {
		return code(err.Error()) + "\n"
	}
	var lines []string
	line := func(name string, does ...string) {
		cells := []string{phaseName(name), strings.Join(slices.DeleteFunc(does, func(s string) bool { return s == "" }), "<br>")}
		if times {
			cells = append(cells, r.Build.phase(name))
		}
		lines = append(lines, row(cells...))
	}
	for _, name := range order {
		ph := r.Plan.Phases[name]
		line(name, before("installs ", cell(installs(ph), ", ", width)), cell(ph.Cmds, "<br>", width))
	}
	if s := r.Plan.Start; s != nil && s.Cmd != nil {
		image := ""
		if s.RunImage != nil {
			image = "on " + foldable(shorten(*s.RunImage, 200))
		}
		line("start", foldable(shorten(*s.Cmd, width)), image)
	}
	columns := []string{"phase", "what it does"}
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
		place := cmp.Or(o.Phase, "plan") + " " + o.Field
		lines = append(lines, row(foldable(shorten(place, 160)), foldable(shorten(o.Value, 200))+"<br><sub>"+r.origin(o)+"</sub>"))
	}
	if len(lines) == 0 {
		return ""
	}
	return details("Where each part comes from", table([]string{"part of the plan", "value, and from where"}, lines))
}

// cell shows items in a cell, with the separator between them.
func cell(items []string, separator string, width int) string {
	const shown = 50
	var spans []string
	for _, item := range items[:min(len(items), shown)] {
		spans = append(spans, foldable(shorten(item, width)))
	}
	if more := len(items) - shown; more > 0 {
		spans = append(spans, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(spans, separator)
}
