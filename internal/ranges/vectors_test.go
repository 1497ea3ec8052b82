package ranges

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// originals are the programs that define a grammar, and what they said of 1,000 and more generated pairs of a range and a version. npm-real
// has the engines of packages in lockfiles. A vector is the range, the version, and y, n, or ! for a range that is refused.
var originals = []struct {
	name, program string
	parse         func(string) (Range, error)
}{
	{"npm", "semver 7.8.6 of npm", NPM},
	{"npm-real", "semver 7.8.6 of npm", NPM},
	{"pep440", "packaging 26.4, contains with prereleases", PEP440},
	{"gem", "RubyGems 3.3.15", func(text string) (Range, error) { return Gem(text) }},
	{"composer", "composer/semver 3.3.2", Composer},
	{"elixir", "Elixir 1.14.0", Elixir},
}

func readVectors(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		out = append(out, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return out
}

func TestGrammarsAnswerAsTheirOriginals(t *testing.T) {
	// Each line is a grammar, a range, a version, the original's answer, ours, and the reason.
	expected := map[string]string{}
	for _, f := range readVectors(t, "differences") {
		if len(f) != 6 || f[5] == "" {
			t.Fatalf("a difference without a reason: %q", f)
		}
		expected[strings.Join(f[:5], "\t")] = f[5]
	}
	found := map[string]string{}
	for _, c := range originals {
		vectors, equal := readVectors(t, c.name), 0
		for _, f := range vectors {
			got := "!"
			if r, err := c.parse(f[0]); err == nil {
				got = map[bool]string{true: "y", false: "n"}[r.Allows(f[1])]
			}
			if got == f[2] {
				equal++
				continue
			}
			key := strings.Join([]string{c.name, f[0], f[1], f[2], got}, "\t")
			if found[key] = expected[key]; expected[key] == "" {
				t.Errorf("%s %q of %s: %s says %s, we say %s", c.name, f[0], f[1], c.program, f[2], got)
			}
		}
		if len(vectors) < 900 {
			t.Errorf("%s: %d vectors", c.name, len(vectors))
		}
		t.Logf("%s: %d of %d as %s", c.name, equal, len(vectors), c.program)
	}
	for key := range maps.Keys(expected) {
		if _, ok := found[key]; !ok {
			t.Errorf("no longer a difference: %q", key)
		}
	}
}

// TestDifferencesAreOfPrereleasesAlone says why the differences do no harm: no release that a tool makes is in them.
func TestDifferencesAreOfPrereleasesAlone(t *testing.T) {
	for _, f := range readVectors(t, "differences") {
		odd := Prerelease(f[2]) || strings.ContainsAny(f[2], "+")
		if !odd && !strings.Contains(f[1], "0.0.a") {
			t.Errorf("%q", f)
		}
	}
}

func TestRangesAreReadAgainFromTheirText(t *testing.T) {
	for _, c := range originals {
		for _, f := range readVectors(t, c.name) {
			r, err := c.parse("  " + f[0] + "\n")
			if err != nil {
				continue
			}
			if again, err := c.parse(r.String()); err != nil || again.Allows(f[1]) != r.Allows(f[1]) || again.Exact() != r.Exact() {
				t.Errorf("%s %q: %v", c.name, f[0], err)
			}
			if r.Exact() != "" && !slices.Contains([]string{"y", ""}, allows(r, r.Exact())) {
				t.Errorf("%s %q is exactly %s, which it does not allow", c.name, f[0], r.Exact())
			}
		}
	}
}

func allows(r Range, version string) string {
	if r.Allows(version) {
		return "y"
	}
	return "n"
}
