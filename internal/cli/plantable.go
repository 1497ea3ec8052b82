package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
)

// shownCommand bounds a command in the table, in runes.
const shownCommand = 100

// tableOfPlan is a plan for people: who made it, what each phase installs and runs in the order in which they run, and the
// names of the variables. The formats json and text have the rest.
func tableOfPlan(r planner.Result) string {
	r.Plan = report.NewVeil(r.Plan).Plan(r.Plan)
	var b strings.Builder
	about := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, d := range r.Detected {
		fmt.Fprintf(about, "provider\t%s, because of %s\n", fault.Shown(d.Provider), fault.Shown(d.Reason))
	}
	if r.Subdirectory != "" {
		fmt.Fprintf(about, "app\tin %s\n", fault.Shown(r.Subdirectory))
	}
	fmt.Fprintf(about, "edition\t%s\n", r.Edition)
	if image := kindOfImage(r.Plan); image != "" {
		fmt.Fprintf(about, "image\t%s\n", image)
	}
	about.Flush()

	phases := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(phases, "\nPHASE\tINSTALLS\tRUNS")
	order, err := plan.Order(r.Plan.Phases)
	if err != nil { // a circle, which the graph names
		order = slices.Sorted(maps.Keys(r.Plan.Phases))
	}
	for _, name := range order {
		ph := r.Plan.Phases[name]
		phaseRows(phases, name, slices.Concat(ph.NixPkgs, ph.NixLibs, ph.ReleaseNames(), ph.AptPkgs), ph.Cmds)
	}
	if start := r.Plan.Start; start != nil && start.Cmd != nil {
		phaseRows(phases, "start", nil, []string{*start.Cmd})
	}
	phases.Flush()
	var names []string
	for name := range plan.Sorted(r.Plan.Variables) {
		names = append(names, fault.Shown(name))
	}
	if len(names) > 0 {
		fmt.Fprintf(&b, "\nvariables: %s\n", strings.Join(names, ", "))
	}
	var text strings.Builder
	for line := range strings.Lines(b.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n") // a cell without text is filled with blanks
	}
	return text.String()
}

// phaseRows writes a line for each package and command of a phase.
func phaseRows(w *tabwriter.Writer, name string, installs, runs []string) {
	name = fault.Shown(name)
	for i := range max(len(installs), len(runs), 1) {
		var pkg, cmd string
		if i < len(installs) {
			pkg = fault.Shown(shorten(installs[i]))
		}
		if i < len(runs) {
			cmd = fault.Shown(truncated(runs[i], shownCommand))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, pkg, cmd)
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
