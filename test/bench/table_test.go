package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// metric makes a column's name one that the testing package takes as a unit.
var metric = strings.NewReplacer(",", "", " ", "-")

// medianOf is the median of one figure of all runs.
func medianOf(results []result, figure func(result) float64) float64 {
	var all []float64
	for _, r := range results {
		all = append(all, figure(r))
	}
	return median(all)
}

// median is the middle one of figures, and of an even number of them the mean of the two in the middle.
func median(all []float64) float64 {
	slices.Sort(all)
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}

// report prints the tables of one app.
func report(w io.Writer, s sample, results []result, place, standing string) {
	fmt.Fprintf(w, "\n### %s, %s, builders' state in %s, medians of %d\n", s.name, standing, place, len(results))
	missed := reportAims(w, s, results)
	reportBuilds(w, results)
	reportSizes(w, results)
	for _, scenario := range missed {
		reportSteps(w, scenario, results[len(results)-1])
	}
}

// reportAims prints the ratios, and returns the scenarios whose aim in time is missed.
func reportAims(w io.Writer, s sample, results []result) (missed []string) {
	fmt.Fprintf(w, "\nOurs / Nixpacks:\n\n| | %s |\n| --- |%s\n", strings.Join(columns, " | "), strings.Repeat(" --: |", len(columns)))
	var measured, aims, verdicts []string
	for i, column := range columns {
		ratio := medianOf(results, func(r result) float64 { return r.ratios()[i] })
		measured = append(measured, fmt.Sprintf("%.3f", ratio))
		aims = append(aims, fmt.Sprintf("≤ %g", s.aims[i]))
		verdict := "met"
		if ratio > s.aims[i] {
			verdict = "missed"
			if slices.Contains(scenarios, column) {
				missed = append(missed, column)
			}
		}
		verdicts = append(verdicts, verdict)
	}
	var modelled []string
	for _, scenario := range scenarios {
		ratio := medianOf(results, func(r result) float64 { return r.ours[scenario].transferred() / r.peer[scenario].transferred() })
		modelled = append(modelled, fmt.Sprintf("%.3f", ratio))
	}
	for _, row := range []struct {
		name  string
		cells []string
	}{
		{"measured", measured},
		{"aim", aims},
		{"", verdicts},
		{"at 200 Mbit/s", append(modelled, "", "")},
	} {
		fmt.Fprintf(w, "| %s | %s |\n", row.name, strings.Join(row.cells, " | "))
	}
	return missed
}

// reportBuilds prints what each build took.
func reportBuilds(w io.Writer, results []result) {
	fmt.Fprint(w, "\n| scenario | who | s | at 200 Mbit/s, s | pushed, MB | pulled, MB | cache |\n| --- | --- | --: | --: | --: | --: | --- |\n")
	for _, scenario := range scenarios {
		for _, who := range []struct {
			name string
			of   func(result) measured
		}{
			{"Nixpacks", func(r result) measured { return r.peer[scenario] }},
			{"ours", func(r result) measured { return r.ours[scenario] }},
		} {
			of := func(figure func(measured) float64) float64 {
				return medianOf(results, func(r result) float64 { return figure(who.of(r)) })
			}
			fmt.Fprintf(w, "| %s | %s | %.1f | %.1f | %.1f | %.1f | %s |\n", scenario, who.name,
				of(func(m measured) float64 { return m.seconds }),
				of(measured.transferred),
				of(func(m measured) float64 { return megabytes(m.traffic.pushed) }),
				of(func(m measured) float64 { return megabytes(m.traffic.pulled) }),
				who.of(results[0]).cache)
		}
	}
}

func over(a, b int64) float64 { return float64(a) / float64(b) }

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// reportSizes prints those of the images of the last scenario.
func reportSizes(w io.Writer, results []result) {
	fmt.Fprint(w, "\n| image | compressed, MB | / Nixpacks | unpacked, MB | / Nixpacks | compressed / full | unpacked / full |\n| --- | --: | --: | --: | --: | --: | --: |\n")
	r := results[0]
	for _, image := range []struct {
		name string
		size size
	}{{"Nixpacks", r.peerSize}, {"ours", r.oursSize}, {"ours, --runtime full", r.fullSize}} {
		fmt.Fprintf(w, "| %s | %.1f | %.2f | %.1f | %.2f | %.2f | %.2f |\n", image.name,
			megabytes(image.size.compressed), over(image.size.compressed, r.peerSize.compressed),
			megabytes(image.size.unpacked), over(image.size.unpacked, r.peerSize.unpacked),
			over(image.size.compressed, r.fullSize.compressed), over(image.size.unpacked, r.fullSize.unpacked))
	}
}

// shown is how long a step must take to be worth a line, in seconds.
const shown = 0.1

// reportSteps prints where the time of our build goes. Steps overlap, so they need not add up.
func reportSteps(w io.Writer, scenario string, r result) {
	m := r.ours[scenario]
	fmt.Fprintf(w, "\nWhere the time goes, %s, %.1f s in all:\n\n| step | s |\n| --- | --: |\n", scenario, m.seconds)
	for _, s := range m.steps {
		if !s.Cached && s.Seconds >= shown {
			fmt.Fprintf(w, "| %s | %.1f |\n", strings.ReplaceAll(s.Name, "|", `\|`), s.Seconds)
		}
	}
}
