package report

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A group is the steps of one phase, or of what surrounds the phases.
type group struct {
	Name          string
	Steps, Cached int           // of the image
	Start         time.Duration // since the first step of the build
	Duration      time.Duration // of its steps together, which may run side by side
	Bytes         int64         // that it transferred
}

// groups are in the order of their first steps.
func groups(steps []Step) []group {
	var all []group
	for _, s := range steps {
		i := slices.IndexFunc(all, func(g group) bool { return g.Name == s.Part })
		if i < 0 {
			i = len(all)
			all = append(all, group{Name: s.Part, Start: s.Start})
		}
		g := &all[i]
		g.Duration += s.Duration
		g.Bytes += s.Bytes
		if s.Counts {
			g.Steps++
			if s.Cached {
				g.Cached++
			}
		}
	}
	return all
}

// cached is how many of the steps came from a cache, in words; "" for none.
func (g group) cached() string {
	switch {
	case g.Steps > 0 && g.Cached == g.Steps:
		return "cached"
	case g.Cached > 0:
		return fmt.Sprintf("%d of %d cached", g.Cached, g.Steps)
	}
	return ""
}

func (g group) moved() string {
	if g.Bytes == 0 {
		return ""
	}
	return size(g.Bytes)
}

// Timeline is a table for a terminal, a line for each phase: how long it took, what of it was cached, and what it transferred. What the builder
// does of its own accord is left out.
func Timeline(steps []Step) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, g := range groups(steps) {
		if g.Name != "" {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", strings.Join(strings.Fields(clean(g.Name)), " "), took(g.Duration), g.cached(), g.moved())
		}
	}
	_ = w.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}
