package bench

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/org/npx-action/test/world"
)

// bandwidth of the modelled link, 200 Mbit/s, in bytes per second. What the registry sends and gets is divided by it, and added to the time
// that was measured, in which the registry is on loopback.
const bandwidth = 25e6

// BenchmarkAgainstNixpacks builds apps of real size as CI does, each time on a new builder with the registry cache that the builds
// before have left, and builds what Nixpacks would make of the same commits beside it.
//
// BENCH_APPS=node,go takes these apps alone, BENCH_RUNS=1 is the number of runs, of which medians are taken (3), BENCH_DISK=1 puts
// the builders' state on a disk instead of in memory. BENCH_TOKEN=no builds without the token and the login that jobs have.
func BenchmarkAgainstNixpacks(b *testing.B) {
	s := newStage(b)
	s.onDisk = os.Getenv("BENCH_DISK") == "1"
	list, runs := chosen(b), repetitions(b)
	if err := world.Install(b.Context(), world.Options{}, "mvn"); err != nil { // whose package brings the certificates for Java
		b.Fatal(err)
	}
	for b.Loop() {
		for _, sample := range list {
			var results []result
			for i := range runs {
				results = append(results, s.compare(b, sample, i))
			}
			report(os.Stdout, sample, results, s.place, s.standing())
			for i, column := range columns {
				b.ReportMetric(medianOf(results, func(r result) float64 { return r.ratios()[i] }), sample.name+"/"+metric.Replace(column))
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
	if err != nil || n < 1 {
		b.Fatalf("BENCH_RUNS is %q: give a number", text)
	}
	return n
}

// A result is one run of all scenarios of an app.
type result struct {
	ours, peer         map[string]measured // by scenario
	oursSize, peerSize size
	fullSize           size // of ours with --runtime full
}

// compare builds each scenario, ours and the peer's in turns, and lets each image answer.
func (s *stage) compare(b *testing.B, sample sample, run int) result {
	b.Helper()
	repository := fmt.Sprintf("%s/bench/%s-%d", s.registry(), sample.name, run)
	ours, peer := repository+"/ours:main", repository+"/peer:main"
	r := result{ours: map[string]measured{}, peer: map[string]measured{}}
	h := newHistory(b, sample)
	for _, scenario := range scenarios {
		dir, remove := s.newBuilder(b)
		r.peer[scenario] = s.peer(b, h.checkout(b, scenario), peer, dir)
		remove()
		dir, remove = s.newBuilder(b)
		r.ours[scenario] = s.job(b, h.checkout(b, scenario), ours, dir, map[string]string{"cache-ref": repository + "/ours/cache"})
		remove()
		for _, image := range []string{ours, peer} {
			s.answer(b, image, sample.want[scenario])
		}
		fmt.Fprintf(os.Stderr, "%s, run %d, %s: %.1f s, peer %.1f s\n", sample.name, run+1, scenario, r.ours[scenario].seconds, r.peer[scenario].seconds)
	}
	r.oursSize, r.peerSize = s.size(b, ours), s.size(b, peer)
	r.fullSize = s.full(b, h, repository)
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

// ratios are ours to the peer's, in the order of columns.
func (r result) ratios() []float64 {
	var out []float64
	for _, scenario := range scenarios {
		out = append(out, r.ours[scenario].seconds/r.peer[scenario].seconds)
	}
	return append(out,
		over(r.oursSize.compressed, r.peerSize.compressed),
		over(r.ours[line].traffic.pushed, r.peer[line].traffic.pushed))
}

// transferred is the time with that of the modelled link.
func (m measured) transferred() float64 {
	return m.seconds + float64(m.traffic.pushed+m.traffic.pulled)/bandwidth
}
