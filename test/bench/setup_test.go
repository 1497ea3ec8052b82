package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/rules"
)

// BenchmarkSetup compares what the setup phase takes in edition 1.39 and in the newest one, on a new builder: for each language an app
// without dependencies. The nixpkgs of the world is a miniature, so that the real one costs edition 1.39 some 40 MB and its evaluation more.
func BenchmarkSetup(b *testing.B) {
	s := newStage(b)
	archive, err := txtar.ParseFile("setup.txtar")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		fmt.Print("\n| app | edition | build, s | setup, s | from registries, MB | from upstreams, MB | image, MB |\n| --- | --- | --: | --: | --: | --: | --: |\n")
		for _, language := range languages() {
			dir := filepath.Join(b.TempDir(), language)
			for _, f := range archive.Files {
				if name, ok := strings.CutPrefix(f.Name, language+"/"); ok {
					writeFile(b, filepath.Join(dir, name), f.Data)
				}
			}
			for _, edition := range rules.Editions() {
				s.setup(b, dir, language, string(edition))
			}
		}
	}
}

// languages are the languages of the samples that BENCH_APPS names; without it all.
func languages() []string {
	all := []string{"node", "go", "python"}
	list := os.Getenv("BENCH_APPS")
	if list == "" {
		return all
	}
	names := strings.Split(strings.ReplaceAll(list, "django", "python"), ",")
	return slices.DeleteFunc(all, func(l string) bool { return !slices.Contains(names, l) })
}

// setup prints a line with the medians of the builds by one edition.
func (s *stage) setup(b *testing.B, dir, language, edition string) {
	b.Helper()
	var seconds, steps, pulled, fetched []float64
	image := fmt.Sprintf("%s/bench/setup-%s:v%s", s.counter.hosts[0], language, strings.ReplaceAll(edition, ".", "-"))
	for range repetitions(b) {
		builder, remove := s.newBuilder(b)
		before := s.world.Served()
		m := s.ours(b, dir, image, "--edition", edition, "--builder-dir", builder, "--promote", "never")
		from := s.world.Served() - before
		remove()
		s.answer(b, image, language)
		total := 0.0
		for _, step := range m.Steps {
			if kind, _, _ := strings.Cut(step.Name, "]"); slices.Contains([]string{"[nix", "[tools", "[apt"}, kind) {
				total += step.Seconds
			}
		}
		seconds, steps = append(seconds, m.Seconds), append(steps, total)
		pulled, fetched = append(pulled, megabytes(m.Pulled)), append(fetched, megabytes(from))
	}
	fmt.Printf("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", language, edition, median(seconds), median(steps), median(pulled), median(fetched),
		megabytes(s.size(b, image).Compressed))
	b.ReportMetric(median(steps), language+"/"+edition+"/setup-s")
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}
