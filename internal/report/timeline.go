package report

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/docker/go-units"
)

// A Group is the steps of one phase, or of what surrounds the phases.
type Group struct {
	Name          string
	Steps, Cached int           // of the image
	Start, End    time.Duration // since the first step of the build
	Duration      time.Duration // of its steps together, which may run side by side
	Bytes         int64         // that it transferred
}

// cached is how many of the steps came from a cache, in words; "" for none.
func (g Group) cached() string {
	switch {
	case g.Steps > 0 && g.Cached == g.Steps:
		return "cached"
	case g.Cached > 0:
		return fmt.Sprintf("%d of %d cached", g.Cached, g.Steps)
	}
	return ""
}

func (g Group) moved() string {
	if g.Bytes == 0 {
		return ""
	}
	return units.HumanSize(float64(g.Bytes))
}

// Timeline is a table of groups for a terminal: how long each took, what of it was cached, and what it transferred.
func Timeline(groups []Group) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, g := range groups {
		fmt.Fprintf(w, "  %s\t%.1f s\t%s\t%s\n", strings.Join(strings.Fields(clean(g.Name)), " "), g.Duration.Seconds(), g.cached(), g.moved())
	}
	_ = w.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// barLength is that of the whole build in a timeline.
const barLength = 30

// timelineRows bounds the table.
const timelineRows = 40

// bar shows when the group ran.
func (g Group) bar(whole time.Duration) string {
	if whole <= 0 {
		return ""
	}
	from := min(int(int64(barLength)*int64(g.Start)/int64(whole)), barLength-1)
	to := min(max(int((int64(barLength)*int64(g.End)+int64(whole)-1)/int64(whole)), from+1), barLength)
	return strings.Repeat("·", from) + strings.Repeat("█", to-from) + strings.Repeat("·", barLength-to)
}

// timeline is the table of groups, folded away.
func timeline(groups []Group, rows int) string {
	if len(groups) == 0 {
		return ""
	}
	var whole time.Duration
	for _, g := range groups {
		whole = max(whole, g.End)
	}
	var b strings.Builder
	b.WriteString("| phase | when | seconds | steps | moved |\n| --- | --- | --: | --- | --: |\n")
	for _, g := range groups[:min(len(groups), rows)] {
		fmt.Fprintf(&b, "| %s | %s | %.1f | %s | %s |\n", code(truncate(g.Name, 80)), code(g.bar(whole)), g.Duration.Seconds(), g.cached(), g.moved())
	}
	if more := len(groups) - rows; more > 0 {
		fmt.Fprintf(&b, "\n*and %d more*\n", more)
	}
	return "\n" + details("Timeline", b.String())
}
