package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// metric makes a column's name one that the testing package takes as a unit.
var metric = strings.NewReplacer(",", "", " ", "-", "/", "per")

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

// A column is a ratio of ours to another builder's.
type column struct {
	name, against string
	ratio         func(result) float64
}

// measured reports whether the other builder was measured too.
func (c column) measured(results []result) bool { return results[0].has(c.against) }

// has reports whether a builder was measured.
func (r result) has(builder string) bool { return r.Sizes[builder].Compressed > 0 }

// columns are those of the table of aims.
var columns = []column{
	{"cold / Nixpacks", nixpacks, seconds(cold, nixpacks)},
	{"same / Nixpacks", nixpacks, seconds(clone, nixpacks)},
	{"line / Nixpacks", nixpacks, seconds(line, nixpacks)},
	{"dependency / Nixpacks", nixpacks, seconds(dependency, nixpacks)},
	{"image / Nixpacks", nixpacks, compressed(nixpacks)},
	{"cold / expert", expert, seconds(cold, expert)},
	{"line / expert", expert, seconds(line, expert)},
	{"dependency / expert", expert, seconds(dependency, expert)},
	{"image / expert", expert, compressed(expert)},
}

func seconds(scenario, builder string) func(result) float64 {
	return func(r result) float64 { return r.Builds[scenario][ours].Seconds / r.Builds[scenario][builder].Seconds }
}

func compressed(builder string) func(result) float64 {
	return func(r result) float64 { return over(r.Sizes[ours].Compressed, r.Sizes[builder].Compressed) }
}

// reportAll prints the tables of all figures of a directory.
func reportAll(tb testing.TB, w io.Writer, dir string) {
	tb.Helper()
	all, err := readFigures(dir)
	if err != nil {
		tb.Fatalf("reading the figures of %s: %v; make bench writes them", dir, err)
	}
	for _, f := range all {
		i := slices.IndexFunc(samples, func(s sample) bool { return s.name == f.App })
		if i < 0 {
			tb.Fatalf("%s has figures of %q, which is no app of the bench", dir, f.App)
		}
		report(w, samples[i], f)
	}
}

// report prints the tables of one app.
func report(w io.Writer, s sample, f figures) {
	fmt.Fprintf(w, "\n### %s, %s, builders' state in %s, medians of %d\n", f.App, f.Standing, f.Place, len(f.Results))
	reportAims(w, s, f.Results)
	reportBuilds(w, f.Results)
	reportSizes(w, f)
	reportStarts(w, f.Results)
	for _, scenario := range []string{cold, line, dependency} {
		reportSteps(w, scenario, f.Results[len(f.Results)-1])
	}
}

// reportAims prints the ratios beside their aims.
func reportAims(w io.Writer, s sample, results []result) {
	fmt.Fprint(w, "\n| ours / | measured | aim | |\n| --- | --: | --: | --- |\n")
	for i, c := range columns {
		if !c.measured(results) {
			continue
		}
		ratio, verdict := medianOf(results, c.ratio), "met"
		if ratio > s.aims[i] {
			verdict = "missed"
		}
		fmt.Fprintf(w, "| %s | %.3f | ≤ %g | %s |\n", c.name, ratio, s.aims[i], verdict)
	}
}

// reportBuilds prints what each build took.
func reportBuilds(w io.Writer, results []result) {
	fmt.Fprint(w, "\n| scenario | who | s | at 200 Mbit/s, s | pulled, MB | pushed, MB | unpacked and written, MB | cache |\n"+
		"| --- | --- | --: | --: | --: | --: | --: | --- |\n")
	for _, scenario := range scenarios {
		for _, who := range builders {
			if !results[0].has(who) {
				continue
			}
			of := func(figure func(measured) float64) float64 {
				return medianOf(results, func(r result) float64 { return figure(r.Builds[scenario][who]) })
			}
			fmt.Fprintf(w, "| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %s |\n", scenario, who,
				of(func(m measured) float64 { return m.Seconds }),
				of(measured.transferred),
				of(func(m measured) float64 { return megabytes(m.Pulled) }),
				of(func(m measured) float64 { return megabytes(m.Pushed) }),
				of(func(m measured) float64 { return megabytes(m.Unpacked) }),
				results[0].Builds[scenario][who].Cache)
		}
	}
}

func over(a, b int64) float64 { return float64(a) / float64(b) }

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// reportSizes prints those of the images of the last scenario, and the stand-ins of the expert's bases.
func reportSizes(w io.Writer, f figures) {
	below := f.Bases[len(f.Bases)-1].Compressed
	fmt.Fprint(w, "\n| image | compressed, MB | without the expert's base | unpacked, MB | ours / it | ours / it, unpacked |\n| --- | --: | --: | --: | --: | --: |\n")
	sizes := f.Results[0].Sizes
	for _, who := range append(slices.Clone(builders), full) {
		size := sizes[who]
		if size.Compressed == 0 {
			continue
		}
		fmt.Fprintf(w, "| %s | %.1f | %.1f | %.1f | %.2f | %.2f |\n", who,
			megabytes(size.Compressed), megabytes(size.Compressed-below), megabytes(size.Unpacked),
			over(sizes[ours].Compressed, size.Compressed), over(sizes[ours].Unpacked, size.Unpacked))
	}
	fmt.Fprint(w, "\n| official base of the expert's Dockerfile | stand-in, compressed, MB |\n| --- | --: |\n")
	for _, b := range f.Bases {
		fmt.Fprintf(w, "| %s | %.1f |\n", b.Name, megabytes(b.Compressed))
	}
}

// reportStarts prints how the images of the first scenario start.
func reportStarts(w io.Writer, results []result) {
	fmt.Fprint(w, "\n| image | docker run to the first answer, s | memory, MB |\n| --- | --: | --: |\n")
	for _, who := range builders {
		if !results[0].has(who) {
			continue
		}
		of := func(figure func(measured) float64) float64 {
			return medianOf(results, func(r result) float64 { return figure(r.Builds[cold][who]) })
		}
		fmt.Fprintf(w, "| %s | %.2f | %.1f |\n", who, of(func(m measured) float64 { return m.Answered }),
			of(func(m measured) float64 { return megabytes(m.Resident) }))
	}
}

// sampleFigures are figures of some runs; ours takes 10 s in the first run, 20 s in the second one, and so on, Nixpacks 40 s.
func sampleFigures(app string, runs int) figures {
	f := figures{App: app, Standing: "without a token", Place: "memory", Bases: []base{{"docker.io/library/golang:1.23", 90e6}, {"gcr.io/distroless/static-debian12:nonroot", 1e6}}}
	for i := range runs {
		r := result{Builds: map[string]map[string]measured{}, Sizes: map[string]size{ours: {10e6, 30e6}, nixpacks: {40e6, 90e6}, expert: {9e6, 20e6}, full: {50e6, 100e6}}}
		for _, scenario := range scenarios {
			r.Builds[scenario] = map[string]measured{
				ours: {Seconds: 10 * float64(i+1), Inner: 9, Steps: []step{
					{Name: "install", Start: 1, Seconds: 3}, {Name: "a | b", Start: 4, Seconds: 2}, {Name: "old", Cached: true, Start: 6}, {Name: "short", Start: 7, Seconds: 0.01},
				}},
				nixpacks: {Seconds: 40, Answered: 2.5, Resident: 146e6, Pushed: 25e6, Pulled: 50e6, Unpacked: 75e6},
				expert:   {Seconds: 20},
			}
		}
		f.Results = append(f.Results, r)
	}
	return f
}

func TestTheTables(t *testing.T) {
	var out strings.Builder
	report(&out, samples[1], sampleFigures("go", 3))
	for _, want := range []string{
		"### go, without a token, builders' state in memory, medians of 3\n",
		"| cold / Nixpacks | 0.500 | ≤ 0.95 | met |\n",
		"| line / expert | 1.000 | ≤ 0.25 | missed |\n",
		"| image / expert | 1.111 | ≤ 1.1 | missed |\n",
		"| cold | Nixpacks | 40.0 | 43.0 | 50.0 | 25.0 | 75.0 |  |\n",
		"| expert | 9.0 | 8.0 | 20.0 | 1.11 | 1.50 |\n",
		"| Nixpacks | 2.50 | 146.0 |\n",
		"| gcr.io/distroless/static-debian12:nonroot | 1.0 |\n",
		"| install | 1.0 | 4.0 | 3.0 | ···███████████················ |", "| a \\| b | 4.0 | 6.0 | 2.0 |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &out)
		}
	}
	for _, no := range []string{"| old |", "| short |"} { // cached, and short
		if strings.Contains(out.String(), no) {
			t.Errorf("the step %q is shown", no)
		}
	}
}

func TestTheTablesLeaveOutWhatWasNotMeasured(t *testing.T) {
	f := sampleFigures("go", 1)
	delete(f.Results[0].Sizes, expert)
	for _, builds := range f.Results[0].Builds {
		delete(builds, expert)
	}
	var out strings.Builder
	report(&out, samples[1], f)
	if text, _, _ := strings.Cut(out.String(), "| official base"); strings.Contains(text, "expert |") || strings.Contains(text, "/ expert") || strings.Contains(text, "NaN") {
		t.Errorf("the expert's figures are shown:\n%s", text)
	}
}
