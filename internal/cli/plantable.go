package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/org/npx-action/internal/columns"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
)

// tableOfPlan is a plan for people: who made it, what each phase installs and runs in the order in which they run, and the
// names of the variables. The formats json and text have the rest. Its lines have at most width columns, where words allow.
func tableOfPlan(r planner.Result, width int) string {
	r.Plan = report.NewVeil(r.Plan).Plan(r.Plan)
	var b strings.Builder
	about := func(name, text string) { b.WriteString(columns.Beside(name, text, aboutColumn, width)) }
	for _, d := range r.Detected {
		about("provider", fault.Shown(d.Provider)+", because of "+fault.Shown(d.Reason))
	}
	if r.Subdirectory != "" {
		about("app", "in "+fault.Shown(r.Subdirectory))
	}
	about("edition", string(r.Edition))
	if image := kindOfImage(r.Plan); image != "" {
		about("image", image)
	}
	if phases := tableOfPhases(r.Plan, width); phases != "" {
		b.WriteString("\n" + phases)
	}
	var names []string
	for name := range plan.Sorted(r.Plan.Variables) {
		names = append(names, fault.Shown(name))
	}
	if len(names) > 0 {
		b.WriteString("\n" + columns.Hanging("variables: "+strings.Join(names, ", "), width) + "\n")
	}
	return b.String()
}

// aboutColumn is where the text begins beside the names of the first lines.
const aboutColumn = 10

// tableOfPhases lists what each phase installs and runs. A column of packages takes a third of the width at most.
func tableOfPhases(p plan.Plan, width int) string {
	rows := []phaseRow{{"PHASE", []string{"INSTALLS"}, []string{"RUNS"}}}
	order, err := plan.Order(p.Phases)
	if err != nil { // a circle, which the graph names
		order = slices.Sorted(maps.Keys(p.Phases))
	}
	for _, name := range order {
		ph := p.Phases[name]
		rows = append(rows, phaseRow{name, slices.Concat(ph.NixPkgs, ph.NixLibs, ph.ReleaseNames(), ph.AptPkgs), ph.Cmds})
	}
	if start := p.Start; start != nil && start.Cmd != nil {
		rows = append(rows, phaseRow{"start", nil, []string{*start.Cmd}})
	}
	if len(rows) == 1 {
		return ""
	}
	names, packages := 0, 0
	for i, row := range rows {
		rows[i] = row.shown(width)
		names = max(names, utf8.RuneCountInString(rows[i].name)+2)
		for _, pkg := range rows[i].installs {
			packages = max(packages, utf8.RuneCountInString(pkg)+2)
		}
	}
	var b strings.Builder
	for _, row := range rows {
		row.write(&b, names, packages, width)
	}
	return b.String()
}

// A phaseRow is a phase of the table.
type phaseRow struct {
	name           string
	installs, runs []string
}

// shown is the row as people see it.
func (r phaseRow) shown(width int) phaseRow {
	out := phaseRow{name: truncated(fault.Shown(r.name), width/4)}
	for i, pkg := range r.installs {
		if !slices.Contains(r.installs[:i], pkg) { // some are packages and libraries
			out.installs = append(out.installs, truncated(fault.Shown(pkg), width/3))
		}
	}
	for _, cmd := range r.runs {
		out.runs = append(out.runs, fault.Shown(cmd))
	}
	return out
}

// shownLines bounds the lines of a command in the table.
const shownLines = 4

// write writes a line for each package and each line of a command. The columns begin after the names and the packages.
func (r phaseRow) write(b *strings.Builder, names, packages, width int) {
	var runs []string
	for _, cmd := range r.runs {
		lines := strings.Split(columns.Hanging(cmd, width-names-packages), "\n")
		if len(lines) > shownLines {
			lines = append(lines[:shownLines:shownLines], "    …")
		}
		runs = append(runs, lines...)
	}
	name := r.name
	for i := range max(len(r.installs), len(runs), 1) {
		var pkg, cmd string
		if i < len(r.installs) {
			pkg = r.installs[i]
		}
		if i < len(runs) {
			cmd = runs[i]
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("%-*s%-*s%s", names, name, packages, pkg, cmd), " ") + "\n")
		name = ""
	}
}

// kindOfImage says what the image of a plan holds and stands on.
func kindOfImage(p plan.Plan) string {
	base := ""
	if p.BuildImage != nil {
		base = *p.BuildImage
	}
	if p.Start != nil && p.Start.RunImage != nil {
		base = cmp.Or(*p.Start.RunImage, base)
	}
	kind := plan.Full
	if p.Slim() {
		kind = plan.Slim
	}
	if base == "" {
		return kind
	}
	if start := p.Start; start != nil && start.Base != nil {
		base = "the " + *start.Base + " base, built on " + base
	}
	return kind + ", on " + fault.Shown(base)
}
