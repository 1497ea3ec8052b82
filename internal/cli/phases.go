package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/docker/go-units"

	"github.com/org/npx-action/internal/builder"
)

// A group is the steps of one phase, or of what surrounds the phases.
type group struct {
	name          string
	steps, cached int
	duration      time.Duration // of all steps, which may run side by side
	bytes         int64
}

// groups are those of steps by the tag that begins their names, in the order of their first steps. What BuildKit does of its own
// accord has none.
func groups(steps []builder.Step) []group {
	var out []group
	at := map[string]int{}
	for _, s := range steps {
		tag, _, ok := strings.Cut(strings.TrimPrefix(s.Name, "["), "]")
		if !ok || !strings.HasPrefix(s.Name, "[") {
			continue
		}
		i, known := at[tag]
		if !known {
			i = len(out)
			at[tag], out = i, append(out, group{name: tag})
		}
		g := &out[i]
		g.duration += s.Duration
		g.bytes += s.Bytes
		if s.InGraph {
			g.steps++
			if s.Cached {
				g.cached++
			}
		}
	}
	return out
}

// timeline is a table of the groups: how long each took, what of it was cached, and what it transferred.
func timeline(steps []builder.Step) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, g := range groups(steps) {
		cached, moved := "", ""
		switch {
		case g.steps > 0 && g.cached == g.steps:
			cached = "cached"
		case g.cached > 0:
			cached = fmt.Sprintf("%d of %d cached", g.cached, g.steps)
		}
		if g.bytes > 0 {
			moved = units.HumanSize(float64(g.bytes))
		}
		fmt.Fprintf(w, "  %s\t%.1f s\t%s\t%s\n", harmless(strings.Join(strings.Fields(g.name), " ")), g.duration.Seconds(), cached, moved)
	}
	_ = w.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}
