package bench

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

// shown is how much of the time a row must have to be worth a line, in seconds.
const shown = 0.1

// A row is a part of a build: when it was, in seconds since the build began, and how much of the whole it has.
type row struct {
	name       string
	start, end float64
	share      float64
}

// Rows for the time in which no step runs.
const (
	aroundBuild = "plan, context of the job, report"
	beforeSteps = "look-ups, start of the builder"
	amongSteps  = "waits between the steps"
	afterSteps  = "names and records"
	smallRows   = "everything else"
)

// rows are the parts of a build. Each moment is divided among the parts that it has, so the shares add up to the whole. A step's activities, such
// as the pull of its layers, are parts of their own, and have the moments that the step would have.
func (m measured) rows() []row {
	var leaves []row
	for _, s := range m.Steps {
		name := s.Name
		if s.Cached {
			name += ", from the cache"
		}
		for _, free := range s.without() {
			leaves = append(leaves, row{name: name, start: free[0], end: free[1]})
		}
		for _, a := range s.Activities {
			if !a.isRun() {
				leaves = append(leaves, row{name: name + ": " + a.Kind, start: a.Start, end: a.Start + a.Seconds})
			}
		}
	}
	first, last := m.Inner, 0.0
	edges := []float64{0, m.Inner}
	leaves = slices.DeleteFunc(leaves, func(l row) bool { return l.start >= l.end })
	for _, l := range leaves {
		first, last = min(first, l.start), max(last, l.end)
		edges = append(edges, l.start, l.end)
	}
	slices.Sort(edges)
	parts := map[string]*row{aroundBuild: {name: aroundBuild, share: m.Seconds - m.Inner}}
	edges = slices.Compact(edges)
	for i := range edges[1:] {
		from, to := edges[i], edges[i+1]
		var active []row
		for _, l := range leaves {
			if l.start <= from && l.end >= to {
				active = append(active, l)
			}
		}
		if len(active) == 0 {
			name := amongSteps
			if to <= first {
				name = beforeSteps
			} else if from >= last {
				name = afterSteps
			}
			active = []row{{name: name}}
		}
		for _, l := range active {
			p := parts[l.name]
			if p == nil {
				p = &row{name: l.name, start: from}
				parts[l.name] = p
			}
			p.end, p.share = to, p.share+(to-from)/float64(len(active))
		}
	}
	var all []row
	for _, p := range parts {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), strings.Compare(a.name, b.name))
	})
	return all
}

// without are the spans of a step in which none of its other activities is.
func (s step) without() [][2]float64 {
	free := [][2]float64{{s.Start, s.Start + s.Seconds}}
	if slices.ContainsFunc(s.Activities, activity.isRun) {
		free = nil
	}
	for _, a := range s.Activities {
		if a.isRun() {
			free = append(free, [2]float64{a.Start, a.Start + a.Seconds})
		}
	}
	for _, a := range s.Activities {
		if a.isRun() {
			continue
		}
		var rest [][2]float64
		for _, f := range free {
			for _, piece := range [][2]float64{{f[0], min(f[1], a.Start)}, {max(f[0], a.Start+a.Seconds), f[1]}} {
				if piece[0] < piece[1] {
					rest = append(rest, piece)
				}
			}
		}
		free = rest
	}
	return free
}

func (a activity) isRun() bool { return a.Kind == builder.Run }

// bars is how many characters the whole time of a build has.
const bars = 30

func (r row) bar(whole float64) string {
	if r.start == r.end {
		return ""
	}
	from := min(bars-1, int(bars*r.start/whole))
	to := max(from+1, int(math.Ceil(bars*min(1, r.end/whole))))
	return strings.Repeat("·", from) + strings.Repeat("█", to-from) + strings.Repeat("·", bars-to)
}

// reportSteps prints where the time of our build goes. The shares add up to the whole.
func reportSteps(w io.Writer, scenario string, r result) {
	m := r.Builds[scenario][ours]
	fmt.Fprintf(w, "\nWhere the time goes, %s, %.1f s in all:\n\n| step | from, s | to, s | share, s | when |\n| --- | --: | --: | --: | --- |\n", scenario, m.Seconds)
	small := 0.0
	for _, part := range m.rows() {
		if part.share < shown {
			small += part.share
			continue
		}
		fmt.Fprintf(w, "| %s | %.1f | %.1f | %.1f | %s |\n", strings.ReplaceAll(part.name, "|", `\|`), part.start, part.end, part.share, part.bar(m.Inner))
	}
	fmt.Fprintf(w, "| %s | | | %.1f | |\n", smallRows, small)
}

func TestTheSharesAddUpToTheWhole(t *testing.T) {
	m := measured{Seconds: 12, Inner: 10, Steps: []step{
		{Name: "npm ci", Start: 1, Seconds: 4, Activities: []activity{{"pull layers", 1, 2}, {"unpack layers", 2, 1}}},
		{Name: "prune", Start: 4, Seconds: 2},
		{Name: "old", Cached: true, Start: 4},
		{Name: "pulled", Cached: true, Start: 1, Seconds: 6, Activities: []activity{{builder.Run, 1, 0}, {builder.Run, 6, 1}}},
		{Name: "export", Start: 8, Seconds: 1},
	}}
	want := []row{
		{aroundBuild, 0, 0, 2}, {beforeSteps, 0, 1, 1}, {"npm ci: pull layers", 1, 3, 1.5}, {"npm ci: unpack layers", 2, 3, 0.5},
		{"npm ci", 3, 5, 1.5}, {"prune", 4, 6, 1.5}, {"pulled, from the cache", 6, 7, 1}, {amongSteps, 7, 8, 1}, {"export", 8, 9, 1}, {afterSteps, 9, 10, 1},
	}
	got := m.rows()
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	sum := 0.0
	for _, r := range got {
		sum += r.share
	}
	if math.Abs(sum-m.Seconds) > 1e-9 {
		t.Errorf("the shares are %v together, want %v", sum, m.Seconds)
	}
	if got, want := (row{start: 5, end: 10}).bar(10), strings.Repeat("·", 15)+strings.Repeat("█", 15); got != want {
		t.Errorf("the bar is %s, want %s", got, want)
	}
}
