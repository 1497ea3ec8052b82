package cli

import (
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/report"
)

// groups are those of steps by the tag that begins their names, in the order of their first steps. What BuildKit does of its own
// accord has none.
func groups(steps []builder.Step) []report.Group {
	var out []report.Group
	at := map[string]int{}
	for _, s := range steps {
		tag, _, ok := strings.Cut(strings.TrimPrefix(s.Name, "["), "]")
		if !ok || !strings.HasPrefix(s.Name, "[") {
			continue
		}
		i, known := at[tag]
		if !known {
			i = len(out)
			at[tag], out = i, append(out, report.Group{Name: tag, Start: s.Start})
		}
		g := &out[i]
		g.End = max(g.End, s.Start+s.Duration)
		g.Duration += s.Duration
		g.Bytes += s.Bytes
		if s.InGraph {
			g.Steps++
			if s.Cached {
				g.Cached++
			}
		}
	}
	return out
}
