package report

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// A Change is one difference between both plans, or between what their commands run by name, as people see it.
type Change struct {
	plan.Change

	Origin *Origin // where what is new came from, or what is gone if Head is ""; nil if that is not known
}

// Brief are the values of a change without what only machines read, such as hashes. Two values that differ there alone are left whole.
func (c Change) Brief() (base, head string) {
	if base, head = brief(c.Change); base == head {
		return c.Base, c.Head
	}
	return base, head
}

// Changes are all differences from the base, in the order of [plan.Diff]; none without a base.
func (r Report) Changes() []Change {
	v := r.view()
	var list []Change
	for _, c := range v.all() {
		list = append(list, Change{c, v.originOf(c)})
	}
	return list
}

// originOf is where what is new in a change came from, or what is gone.
func (r *view) originOf(c plan.Change) *Origin {
	if s := r.script(c); s != nil {
		return &Origin{File: s.File, Line: s.Line, Why: "run by " + s.Command}
	}
	if o := find(r.Origins, c, c.Head); o != nil {
		return o
	}
	if r.Base != nil && c.Head == "" {
		return find(r.Base.Origins, c, c.Base)
	}
	return nil
}

// find returns the origin of a value of a change, nil if the list has none.
func find(list []Origin, c plan.Change, text string) *Origin {
	i := slices.IndexFunc(list, func(o Origin) bool {
		return text != "" && o.Phase == c.Phase && o.Field == c.Field && o.Text() == text
	})
	if i < 0 {
		return nil
	}
	return &list[i]
}
