package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/internal/lazyregexp"
)

// phase says how long a part took, or that it did not have to run.
func (b *Build) phase(name string) string {
	for _, l := range groups(b.Steps) {
		switch {
		case l.Name != name:
		case l.Steps > 0 && l.Steps == l.Cached:
			return "cached"
		default:
			return took(l.Duration)
		}
	}
	return ""
}

// parts are what surrounds the phases of a build, by the names of package graph; light are the parts that are made in no time.
var partNames = map[string]string{
	"": "builder", "base": "base image", "nix": "Nix packages", "tools": "releases", "apt": "apt packages", "assets": "static files", "variables": "variables",
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
	columns := []string{"part", "steps", " starts after", " takes", " transfers"}
	var rows [][]string
	for _, l := range groups(b.Steps) {
		if weighty(l.Name) || l.Duration >= shortest {
			rows = append(rows, []string{partName(l.Name), l.cached(), took(l.Start), took(l.Duration), l.moved()})
		}
	}
	for _, at := range []int{4, 1} { // of what there is nothing to tell
		if !slices.ContainsFunc(rows, func(cells []string) bool { return cells[at] != "" }) {
			columns = slices.Delete(columns, at, at+1)
			for i := range rows {
				rows[i] = slices.Delete(rows[i], at, at+1)
			}
		}
	}
	if len(rows) == 0 {
		return ""
	}
	var lines []string
	for _, cells := range rows {
		lines = append(lines, row(cells...))
	}
	return b.gantt() + "\n" + table(columns, lines)
}

// What a chart shows of a build.
const (
	charted  = 40 // steps
	shortest = 100 * time.Millisecond
	labelled = 48 // bytes of a step's name
)

// chartColours make the names beside the bars readable on a light page and on a dark one: a grey between both, and rows without a colour.
const chartColours = "%%{init: {\"themeVariables\": {\"taskTextOutsideColor\": \"#808080\", \"sectionBkgColor\": \"#80808000\", " +
	"\"sectionBkgColor2\": \"#80808000\", \"altSectionBkgColor\": \"#80808000\"}}}%%\n"

// notLabel is what may not stand in the name of a task: Mermaid takes marks of its own for directives, and nothing of a step's
// name may be one.
var notLabel = lazyregexp.New(`[^A-Za-z0-9 ._/=+-]+`)

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
	out.WriteString("```mermaid\n" + chartColours + "gantt\n  dateFormat x\n  axisFormat %M:%S\n")
	for _, l := range groups(b.Steps) {
		begun := false
		for i, s := range steps {
			if s.Part != l.Name || s.Duration < limit {
				continue
			}
			if !begun {
				begun = true
				out.WriteString("  section " + cmp.Or(label(strings.Trim(partName(l.Name), "`")), "part") + "\n")
			}
			name := label(s.Name)
			if s.Cached {
				name += " cached"
			}
			// Without a state: the names of active and done tasks are dark, also on a dark page.
			from := s.Start.Milliseconds()
			fmt.Fprintf(&out, "  step %d %s :%d, %d\n", i+1, name, from, from+max(s.Duration.Milliseconds(), 1))
		}
	}
	return out.String() + "```\n"
}
