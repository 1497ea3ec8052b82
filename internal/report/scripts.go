package report

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// scriptField begins the field of a change of a script.
const scriptField = "script "

// runs are the differences of what commands run by names. A script that goes along with the last command that ran it is told by that
// command's change.
func runs(base []Script, r Report) []plan.Change {
	var changes []plan.Change
	added := map[plan.Change]bool{}
	add := func(s Script, was, is string) {
		c := plan.Change{Phase: s.Phase, Field: scriptField + s.Name, Base: was, Head: is}
		if was != is && !added[c] {
			added[c] = true
			changes = append(changes, c)
		}
	}
	before, after := texts(base), texts(r.Scripts)
	for _, s := range r.Scripts {
		add(s, before[s.id()], s.Text)
	}
	called := map[string]map[string]bool{} // by phase
	for _, s := range base {
		if called[s.Phase] == nil {
			called[s.Phase] = commands(r.Plan, s.Phase)
		}
		if _, stays := after[s.id()]; !stays && called[s.Phase][s.Command] {
			add(s, s.Text, "")
		}
	}
	return changes
}

// A scriptID tells scripts apart.
type scriptID struct{ phase, file, name string }

func (s Script) id() scriptID { return scriptID{s.Phase, s.File, s.Name} }

// texts are the texts of scripts; of several with one name, the first counts.
func texts(list []Script) map[scriptID]string {
	all := map[scriptID]string{}
	for _, s := range list {
		if _, ok := all[s.id()]; !ok {
			all[s.id()] = s.Text
		}
	}
	return all
}

// commands are the commands of a phase, or of the start.
func commands(p plan.Plan, phase string) map[string]bool {
	all := map[string]bool{}
	for _, cmd := range p.Phases[phase].Cmds {
		all[cmd] = true
	}
	if phase == "start" && p.Start != nil && p.Start.Cmd != nil {
		all[*p.Start.Cmd] = true
	}
	return all
}

// script is the one that a change is about, as it is now; nil if there is none.
func (r *view) script(c plan.Change) *Script {
	i := slices.IndexFunc(r.Scripts, func(s Script) bool { return s.Phase == c.Phase && scriptField+s.Name == c.Field && s.Text == c.Head })
	if i < 0 {
		return nil
	}
	return &r.Scripts[i]
}
