package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// Changed reports whether the plan differs from the base's. Without a base it does.
func (r Report) Changed() bool {
	return r.Base == nil || len(r.view().changed) > 0
}

// A view is a report with the parts of it that are needed many times.
type view struct {
	Report                                 // as people see it, see [Veil]
	hidden          bool                   // something is not shown
	changed         []plan.Change          // of the plan
	runs            []plan.Change          // of what its commands run by names; the field is "script" and the name
	known           map[string]bool        // where the base's plan downloads from
	risk            map[plan.Change]string // what is risky in changes, as far as it was asked for
	fresh, old      []string               // the warnings that the base has not, and the ones that it has
	brings, brought providedFields         // of the plan, and of the base's
}

func (r Report) view() *view {
	veil := NewVeil(r.plans()...)
	v := &view{Report: veil.report(r)}
	v.hidden = *veil.hides
	if v.fresh = v.Warnings; r.Base == nil {
		return v
	}
	v.brings, v.brought = providedBy(r.Origins), providedBy(r.Base.Origins)
	v.known = sources(r.Base.Plan)
	for _, s := range r.Base.Scripts {
		maps.Copy(v.known, hostsIn(s.Text))
	}
	// What is risky is seen in what is built.
	var real map[plan.Change]plan.Change
	v.changed, real = veil.changes(r.Base.Plan, r.Plan)
	v.risk = map[plan.Change]string{}
	for shown, c := range real {
		if isHook(c) && v.broughtByProvider(c) {
			v.risk[shown] = "" // a provider's own value
			continue
		}
		v.risk[shown] = strings.TrimPrefix(risk(c, v.known)+concealedNote(c, shown), ", ")
	}
	for _, c := range runs(r.Base.Scripts, r) {
		shown := c
		shown.Base, shown.Head = veil.Command(c.Base), veil.Command(c.Head)
		v.runs, v.risk[shown] = append(v.runs, shown), strings.TrimPrefix(risk(c, v.known)+concealedNote(c, shown), ", ")
	}
	v.fresh = nil
	warned := map[string]bool{}
	for _, w := range v.Base.Warnings {
		warned[w] = true
	}
	for _, w := range v.Warnings {
		if warned[w] {
			v.old = append(v.old, w)
		} else {
			v.fresh = append(v.fresh, w)
		}
	}
	return v
}

// plans are the plans that the report is about.
func (r Report) plans() []plan.Plan {
	if r.Base == nil {
		return []plan.Plan{r.Plan}
	}
	return []plan.Plan{r.Base.Plan, r.Plan}
}

// all are the changes of the plan and of what its commands run.
func (v *view) all() []plan.Change { return slices.Concat(v.changed, v.runs) }

// A State is what a reader wants to know first.
type State int

// The states, by how much they need a reader.
const (
	Failed    State = iota // there is no plan, or the build failed
	Differs                // something is another than in the base
	New                    // there is nothing to compare it with
	Unchanged              // nothing to look at
)

// State is the report's.
func (r Report) State() State { return r.view().State() }

// State is the report's.
func (v *view) State() State {
	switch {
	case v.Problem != nil, v.Build != nil && v.Build.Failure != "":
		return Failed
	case v.Base == nil:
		return New
	case len(v.changed) > 0, len(v.runs) > 0, len(v.fresh) > 0, len(v.Dependencies) > 0, len(v.Places) > 0, len(v.Replaced) > 0, len(v.inputs()) > 0:
		return Differs
	}
	return Unchanged
}

// called is the app's name, and its directory where that says something else, as Markdown; "" for the unnamed top of a repository.
func (v *view) called() string {
	dir := ""
	if v.App != "." && v.App != "" {
		dir = code(shorten(v.App, 200))
	}
	name := code(shorten(v.Name, 100))
	switch {
	case name == "" || name == dir:
		return dir
	case dir == "":
		return name
	}
	return name + " in " + dir
}
