package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A lane is the steps of one part of a build.
type lane struct {
	part          string
	steps, cached int
	start, end    time.Duration
	busy          time.Duration // of all steps, which may run side by side
	bytes         int64         // transferred
}

// lanes are in the order in which they start.
func (b *Build) lanes() []lane {
	var all []lane
	for _, s := range b.Steps {
		i := slices.IndexFunc(all, func(l lane) bool { return l.part == s.Part })
		if i < 0 {
			i = len(all)
			all = append(all, lane{part: s.Part, start: s.Start})
		}
		l := &all[i]
		l.start, l.end = min(l.start, s.Start), max(l.end, s.Start+s.Duration)
		l.busy += s.Duration
		l.bytes += s.Bytes
		if s.Counts {
			l.steps++
			if s.Cached {
				l.cached++
			}
		}
	}
	return all
}

// phase says how long a part took, or that it did not have to run.
func (b *Build) phase(name string) string {
	for _, l := range b.lanes() {
		switch {
		case l.part != name:
		case l.steps > 0 && l.steps == l.cached:
			return "cached"
		default:
			return took(l.busy)
		}
	}
	return ""
}

// parts are what surrounds the phases of a build, by the names of package graph; light are those that are made in no time.
var partNames = map[string]string{
	"": "builder", "base": "base image", "nix": "Nix packages", "apt": "apt packages", "assets": "static files", "variables": "variables",
	"profile": "PATH", "start": "image", "context": "files of the app", "package cache": "package caches",
}

var light = []string{"base", "variables", "profile", "start", "context", "package cache"}

func weighty(part string) bool { return !slices.Contains(light, part) }

// partName is a part in words.
func partName(part string) string {
	if name, ok := partNames[part]; ok {
		return name
	}
	return phaseName(part)
}

// timeline is a table of the parts, with a chart where there is something to see.
func (b *Build) timeline() string {
	var lines []string
	for _, l := range b.lanes() {
		cached, moved := "", ""
		switch {
		case !weighty(l.part) && l.busy < shortest:
			continue
		case l.steps > 0 && l.cached == l.steps:
			cached = "all"
		case l.steps > 0:
			cached = fmt.Sprintf("%d of %d", l.cached, l.steps)
		}
		if l.bytes > 0 {
			moved = size(l.bytes)
		}
		lines = append(lines, row(partName(l.part), cached, took(l.start), took(l.busy), moved))
	}
	if len(lines) == 0 {
		return ""
	}
	return b.gantt() + "\n" + table([]string{"part", " steps cached", " starts after", " takes", " transfers"}, lines)
}

// What a chart shows of a build.
const (
	charted  = 40 // steps
	shortest = 100 * time.Millisecond
	labelled = 48 // bytes of a step's name
)

// notLabel is what may not stand in the name of a task: Mermaid takes marks of its own for directives, and nothing of a step's
// name may be one.
var notLabel = regexp.MustCompile(`[^A-Za-z0-9 ._/=+-]+`)

func label(s string) string {
	s = strings.Join(strings.Fields(notLabel.ReplaceAllString(s, " ")), " ")
	return strings.TrimSpace(s[:min(len(s), labelled)])
}

// gantt is a chart of the steps that took time, as Mermaid, "" if they are too few. Each line starts with a word of ours.
func (b *Build) gantt() string {
	steps := slices.DeleteFunc(slices.Clone(b.Steps), func(s Step) bool { return s.Duration < shortest })
	if len(steps) < 2 {
		return ""
	}
	byTime := slices.Clone(steps)
	slices.SortStableFunc(byTime, func(x, y Step) int { return int(y.Duration - x.Duration) })
	limit := byTime[min(len(byTime), charted)-1].Duration
	var out strings.Builder
	out.WriteString("```mermaid\ngantt\n  dateFormat x\n  axisFormat %M:%S\n")
	for _, l := range b.lanes() {
		begun := false
		for i, s := range steps {
			if s.Part != l.part || s.Duration < limit {
				continue
			}
			if !begun {
				begun = true
				out.WriteString("  section " + cmp.Or(label(strings.Trim(partName(l.part), "`")), "part") + "\n")
			}
			state := "active, "
			if s.Cached {
				state = "done, "
			}
			from := s.Start.Milliseconds()
			fmt.Fprintf(&out, "  step %d %s :%s%d, %d\n", i+1, label(s.Name), state, from, from+max(s.Duration.Milliseconds(), 1))
		}
	}
	return out.String() + "```\n"
}
