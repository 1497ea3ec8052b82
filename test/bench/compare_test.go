package bench

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// bandwidth of the modelled link, 200 Mbit/s, in bytes per second. What the registry sends and gets is divided by it, and added to the time
// that was measured, in which the registry is on loopback.
const bandwidth = 25e6

// BenchmarkComparison builds apps of real size as CI does, each time on a new builder with the registry cache that the builds before have
// left. Beside it, it builds what Nixpacks would make of the same commits, and the Dockerfile that an expert writes for them.
//
// BENCH_APPS=node,go takes these apps alone, BENCH_RUNS=1 is the number of runs, of which medians are taken (3), BENCH_DISK=1 puts
// the builders' state on a disk instead of in memory. BENCH_TOKEN=no builds without the token and the login that jobs have.
// BENCH_AGAINST=Nixpacks or expert leaves the other one out. BENCH_RAW names the directory of the raw figures. With BENCH_RUNS=0 nothing is built: the tables of all figures there are printed.
func BenchmarkComparison(b *testing.B) {
	runs := repetitions(b)
	if runs == 0 {
		for b.Loop() {
			reportAll(b, os.Stdout, rawDir())
		}
		return
	}
	s := newStage(b)
	s.onDisk = os.Getenv("BENCH_DISK") == "1"
	if err := world.Install(b.Context(), world.Options{}, "mvn"); err != nil { // whose package brings the certificates for Java
		b.Fatal(err)
	}
	for b.Loop() {
		for _, sample := range chosen(b) {
			f := figures{App: sample.name, Standing: s.standing(), Bases: s.bases(b, sample.name)}
			for i := range runs {
				f.Results = append(f.Results, s.compare(b, sample, i))
			}
			f.Place = s.place
			if err := f.write(rawDir()); err != nil {
				b.Fatal(err)
			}
			report(os.Stdout, sample, f)
			for _, c := range columns {
				if c.measured(f.Results) {
					b.ReportMetric(medianOf(f.Results, c.ratio), sample.name+"/"+metric.Replace(c.name))
				}
			}
		}
	}
}

// repetitions is how often everything is measured.
func repetitions(b *testing.B) int {
	b.Helper()
	text := os.Getenv("BENCH_RUNS")
	if text == "" {
		return 3
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		b.Fatalf("BENCH_RUNS is %q: give a number", text)
	}
	return n
}

// The builders that are compared.
const (
	ours     = "ours"
	nixpacks = "Nixpacks"
	expert   = "expert"
)

var builders = []string{nixpacks, expert, ours}

// compared are ours and the builders that BENCH_AGAINST names, with commas between; without it all.
func compared(b *testing.B) []string {
	b.Helper()
	list := os.Getenv("BENCH_AGAINST")
	if list == "" {
		return builders
	}
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name == ours || !slices.Contains(builders, name) {
			b.Fatalf("BENCH_AGAINST: there is no builder %q to compare with", name)
		}
		out = append(out, name)
	}
	return append(out, ours)
}

// compare builds each scenario, by one builder after the other, and lets each image answer.
func (s *stage) compare(b *testing.B, sample sample, run int) result {
	b.Helper()
	repository := fmt.Sprintf("%s/bench/%s-%d", s.registry(), sample.name, run)
	build := map[string]func(dir, image, builderDir string) measured{
		nixpacks: func(dir, image, builderDir string) measured { return s.peer(b, dir, image, builderDir) },
		expert:   func(dir, image, builderDir string) measured { return s.expert(b, sample.name, dir, image, builderDir) },
		ours: func(dir, image, builderDir string) measured {
			return s.job(b, dir, image, builderDir, map[string]string{"cache-ref": repository + "/ours/cache"})
		},
	}
	image := func(builder string) string { return repository + "/" + strings.ToLower(builder) + ":main" }
	r := result{Builds: map[string]map[string]measured{}, Sizes: map[string]size{}}
	h := newHistory(b, sample)
	for _, scenario := range scenarios {
		r.Builds[scenario] = map[string]measured{}
		for _, builder := range compared(b) {
			dir, remove := s.newBuilder(b)
			m := build[builder](h.checkout(b, scenario), image(builder), dir)
			remove()
			m.Answered, m.Resident = s.answer(b, image(builder), sample.want[scenario])
			r.Builds[scenario][builder] = m
			fmt.Fprintf(os.Stderr, "%s, run %d, %s, %s: %.1f s\n", sample.name, run+1, scenario, builder, m.Seconds)
		}
	}
	for _, builder := range compared(b) {
		r.Sizes[builder] = s.size(b, image(builder))
	}
	r.Sizes[full] = s.full(b, h, repository)
	if err := s.world.ForgetRepository(b.Context(), s.past(repository)+":main"); err != nil {
		b.Fatal(err)
	}
	return r
}

// full is the size of our image with --runtime full.
func (s *stage) full(b *testing.B, h *history, repository string) size {
	b.Helper()
	image := repository + "/full:main"
	dir, remove := s.newBuilder(b)
	defer remove()
	s.job(b, h.checkout(b, clone), image, dir, map[string]string{"runtime": "full", "cache-ref": repository + "/ours/cache"})
	s.answer(b, image, h.sample.want[dependency])
	return s.size(b, image)
}
