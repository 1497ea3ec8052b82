package conformance

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
)

// A fact is one assertion of the unit tests of Nixpacks' providers, in terms of the plan.
type fact struct {
	example string            // "" for an app that has only the files
	files   map[string]string // instead of the example's, or in addition
	vars    []string          // NAME=VALUE

	phase, field string // as in [plan.Fact]
	value        string // "*" is what ends or begins anyhow
	not          bool   // the plan has no such fact
	fails        bool   // there is no plan
}

// unitTests are the assertions by the file below src/providers that has them.
type unitTests struct {
	file   string
	facts  []fact
	unseen int    // assertions about what shows in no plan
	why    string // what these are about
}

func TestPlansHoldTheAssertionsOfNixpacksUnitTests(t *testing.T) {
	dir := upstream(t)
	if dir == "" {
		return
	}
	counts := assertionCounts(t, filepath.Join(dir, "src", "providers"))
	left := maps.Clone(counts)
	held, all := 0, 0
	for _, u := range unitFacts {
		delete(left, u.file)
		all += len(u.facts)
		if n := len(u.facts) + u.unseen; n != counts[u.file] {
			t.Errorf("%s has %d assertions, and %d are known", u.file, counts[u.file], n)
		}
		if u.unseen > 0 {
			t.Logf("%s: %d assertions are not about a plan: %s", u.file, u.unseen, u.why)
		}
		t.Run(u.file, func(t *testing.T) {
			for _, f := range u.facts {
				if f.holds(t, dir) {
					held++
				}
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("%s has assertions that are not known", name)
	}
	t.Logf("%d of %d facts hold", held, all)
}

// assertionCounts counts the assertions of the files below a directory that have any.
func assertionCounts(t *testing.T, dir string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".rs" {
			return err
		}
		_, tests, _ := strings.Cut(readText(t, filepath.Join(dir, name)), "#[cfg(test)]")
		if n := len(rustAssert.FindAllString(tests, -1)); n > 0 {
			counts[name] = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func (f fact) holds(t *testing.T, dir string) bool {
	t.Helper()
	var app fs.FS = fstest.MapFS{}
	if f.example != "" {
		app = os.DirFS(filepath.Join(dir, "examples", f.example))
	}
	var args []string
	for _, v := range f.vars {
		args = append(args, "--env", v)
	}
	text, err := tryPlan(t, copyOf(t, app, f.files), args)
	if f.fails || err != nil {
		if f.fails != (err != nil) {
			t.Errorf("%+v: error %v", f, err)
		}
		return f.fails == (err != nil)
	}
	p, _, err := plan.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	facts := plan.Facts(p)
	if slices.ContainsFunc(facts, f.is) == f.not {
		t.Errorf("%+v is not so in %+v", f, facts)
		return false
	}
	return true
}

func (f fact) is(other plan.Fact) bool {
	if f.phase != other.Phase || f.field != other.Field {
		return false
	}
	begin, end, free := strings.Cut(f.value, "*")
	if !free {
		return f.value == other.Value
	}
	return strings.HasPrefix(other.Value, begin) && strings.HasSuffix(other.Value, end)
}
