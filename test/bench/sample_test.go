package bench

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A sample is an app of real size. Its directory in apps is the first commit of its history, and the patches in changes
// are the next two.
type sample struct {
	name string
	want map[string]string // by scenario: what the answer to GET /health holds
	aims []float64         // in the order of columns
}

// The scenarios, in the order in which they are built. Each is built on a new, empty builder, with the registry cache that those before
// have left.
const (
	cold       = "cold"
	clone      = "same tree, new clone"
	line       = "one source line"
	dependency = "one dependency"
)

var scenarios = []string{cold, clone, line, dependency}

var samples = []sample{
	{"node", answers(`"app":"parcels"`, `"app":"parcels and letters"`, `"year":2026`), []float64{1, 0.01, 0.4, 0.75, 0.45, 1.1, 0.8, 1, 0.9}},
	{"go", answers(`"app":"parcels"`, `"app":"parcels and letters"`, `"length":20`), []float64{0.95, 0.01, 0.12, 0.3, 0.2, 1.1, 0.25, 0.35, 1.1}},
	{"django", answers(`"app": "parcels"`, `"app": "parcels and letters"`, `"capacity": "1.2 million"`), []float64{1, 0.01, 0.04, 0.7, 0.5, 1.1, 0.8, 1, 1.1}},
	{"java", answers(`"app":"parcels"`, `"app":"parcels and letters"`, `"title":"Parcels and letters"`), []float64{1, 0.01, 0.15, 0.4, 0.25, 1.1, 0.3, 0.6, 1}},
}

func answers(before, afterLine, afterDependency string) map[string]string {
	return map[string]string{cold: before, clone: before, line: afterLine, dependency: afterDependency}
}

// chosen are the samples that BENCH_APPS names, such as "node,go"; without it all.
func chosen(b *testing.B) []sample {
	b.Helper()
	list := os.Getenv("BENCH_APPS")
	if list == "" {
		return samples
	}
	var out []sample
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(samples, func(s sample) bool { return s.name == name })
		if i < 0 {
			b.Fatalf("BENCH_APPS: there is no app %q", name)
		}
		out = append(out, samples[i])
	}
	return out
}

// A history is a Git repository with one commit for each change.
type history struct {
	sample sample
	origin string
	dir    string // of the clones
}

func newHistory(tb testing.TB, s sample) *history {
	tb.Helper()
	dir := tb.TempDir()
	h := &history{sample: s, origin: filepath.Join(dir, "origin"), dir: dir}
	if err := os.CopyFS(h.origin, os.DirFS(filepath.Join("apps", s.name))); err != nil {
		tb.Fatal(err)
	}
	git(tb, h.origin, "init", "--quiet", "--initial-branch=main")
	h.commit(tb, "first")
	return h
}

// checkout makes the change of a scenario, and gives a new clone to build from.
func (h *history) checkout(tb testing.TB, scenario string) string {
	tb.Helper()
	if patch := map[string]string{line: "line", dependency: "dependency"}[scenario]; patch != "" {
		file, err := filepath.Abs(filepath.Join("changes", h.sample.name+"-"+patch+".patch"))
		if err != nil {
			tb.Fatal(err)
		}
		if h.head(tb) != patch {
			git(tb, h.origin, "apply", file)
			h.commit(tb, patch)
		}
	}
	to, err := os.MkdirTemp(h.dir, "clone-")
	if err != nil {
		tb.Fatal(err)
	}
	git(tb, h.dir, "clone", "--quiet", h.origin, to)
	return to
}

func (h *history) head(tb testing.TB) string {
	tb.Helper()
	return strings.TrimSpace(git(tb, h.origin, "log", "-1", "--format=%s"))
}

func (h *history) commit(tb testing.TB, subject string) {
	tb.Helper()
	git(tb, h.origin, "add", "--all")
	git(tb, h.origin, "commit", "--quiet", "--message", subject)
}
