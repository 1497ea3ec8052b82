package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/ranges"
)

// A NoVersionError tells of an ask that no version answers.
type NoVersionError struct {
	Tool     string
	Asked    string // "" if nothing was
	Platform string
	Why      string   // "" if the catalogue just lacks it
	Near     []string // what can be had: the next newer and older, then the newest of the lines that get fixes; at most six
	Others   []string // for which platforms there is something, if there is nothing for this one
	On       Day      // the catalogue's date
}

// Error is one line, which ends in what can be had.
func (e *NoVersionError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "choosing %s: ", e.Tool)
	if e.Asked == "" {
		fmt.Fprintf(&b, "nothing can be had for %s", e.Platform)
	} else {
		fmt.Fprintf(&b, "%.80s cannot be had for %s", e.Asked, e.Platform)
	}
	if e.Why != "" {
		b.WriteString(": " + e.Why)
	}
	switch {
	case len(e.Near) > 0:
		fmt.Fprintf(&b, "; the catalogue of %s has %s", e.On, strings.Join(e.Near, ", "))
	case len(e.Others) > 0:
		fmt.Fprintf(&b, "; the catalogue of %s has it for %s", e.On, strings.Join(e.Others, " and "))
	}
	return b.String()
}

// none is the error of an ask.
func (p *picker) none(why string) error {
	e := &NoVersionError{Tool: p.tool.Name, Asked: p.ask.Range.String(), Platform: p.ask.Platform, Why: why, On: p.on}
	add := func(v string) {
		if len(e.Near) < 6 && !slices.Contains(e.Near, v) {
			e.Near = append(e.Near, v)
		}
	}
	if want := p.ask.Range.Exact(); want != "" {
		older := slices.IndexFunc(p.all, func(v string) bool { return ranges.Compare(v, want) < 0 })
		if older < 0 {
			older = len(p.all)
		}
		for _, v := range p.all[max(0, older-1):min(len(p.all), older+1)] {
			add(v)
		}
	}
	last := ""
	for _, v := range p.all {
		if l := p.tool.Line(v); l.Name != last && !l.Dead(p.on) && !ranges.Prerelease(v) {
			last = l.Name
			add(v)
		}
	}
	if len(p.all) == 0 {
		for _, r := range p.tool.releases {
			if !slices.Contains(e.Others, r.Platform) {
				e.Others = append(e.Others, r.Platform)
			}
		}
		slices.Sort(e.Others)
	}
	return e
}
