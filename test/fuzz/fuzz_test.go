package fuzz

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
	"github.com/org/npx-action/test/manifests"
	"github.com/org/npx-action/test/meter"
)

// limit is what planning of a small app may take of the processor.
const limit = time.Second

// seeds lets each manifest be met, as it is and changed.
func seeds(f *testing.F) {
	f.Helper()
	for i := range byte(len(manifests.All())) {
		f.Add([]byte{0, 0, 0, i, 2, 5, 1, 0, 0})
		f.Add([]byte{0, 1, 0, i, 2, 2, 0, i / 2, 3, 0, 0, i, 1, 0, i * 7, 2, 4, 0, 0, i / 3, 1, 0, 1, 0, i, 0, 0, i})
	}
}

// FuzzPlan plans whole apps, in each edition.
func FuzzPlan(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		a := makeApp(data)
		for _, edition := range rules.Editions() {
			result, err := timed(t, a, edition)
			again, errAgain := makePlan(t, a, edition)
			if !bytes.Equal(result.Plan.JSON(), again.Plan.JSON()) || fmt.Sprint(err, result.Notes, result.Warnings) != fmt.Sprint(errAgain, again.Notes, again.Warnings) {
				t.Fatalf("edition %s: the second plan differs:\n%s\n%v\n%v\nof\n%s", edition, cmp.Diff(result.Plan, again.Plan), err, errAgain, a)
			}
			if err != nil {
				oneLine(t, a, err)
				continue
			}
			feedBack(t, a, result)
		}
	})
}

func makePlan(t *testing.T, a app, edition rules.Edition) (planner.Result, error) {
	t.Helper()
	return planner.Make(planner.Input{Tree: a.tree(t), Env: a.vars, Edition: string(edition), Arch: "x86_64"})
}

// timed plans the app, and fails if that takes too long.
func timed(t *testing.T, a app, edition rules.Edition) (result planner.Result, err error) {
	t.Helper()
	cost := meter.Of(func() { result, err = makePlan(t, a, edition) })
	if cost.CPU > limit {
		t.Fatalf("edition %s: planning takes %v of\n%s", edition, cost.CPU, a)
	}
	return result, err
}

// feedBack makes the plan again with itself as --json-plan. It is that of the directory that the app is in: the
// search for it would end above, where the plan is not empty any more.
func feedBack(t *testing.T, a app, result planner.Result) {
	t.Helper()
	text := result.Plan.JSON()
	again, err := planner.Make(planner.Input{
		Tree: result.Tree, Env: a.vars, Edition: string(result.Edition), Arch: "x86_64", JSONPlan: string(text),
	})
	if err != nil {
		t.Fatalf("edition %s: the plan is refused: %v\n%s\nof\n%s", result.Edition, err, text, a)
	}
	if diff := cmp.Diff(string(text), string(again.Plan.JSON())); diff != "" {
		t.Fatalf("edition %s: the plan of the plan differs:\n%s\nof\n%s", result.Edition, diff, a)
	}
}

func oneLine(t *testing.T, a app, err error) {
	t.Helper()
	if text := err.Error(); strings.Contains(text, "\n") || len(text) > 1500 || !utf8.ValidString(text) {
		t.Fatalf("the error is no line: %q\nof\n%s", text, a)
	}
}

// FuzzProviders asks every provider, whether it would be chosen or not.
func FuzzProviders(f *testing.F) {
	seeds(f)
	list := providers.All()
	f.Fuzz(func(t *testing.T, data []byte) {
		a := makeApp(data)
		for _, p := range list {
			ask(t, a, p)
		}
	})
}

// FuzzManifest gives one file any content, and asks the provider that reads it.
func FuzzManifest(f *testing.F) {
	list := manifests.All()
	for i, m := range list {
		f.Add(uint16(i), []byte(m.Content))
	}
	all := providers.All()
	f.Fuzz(func(t *testing.T, i uint16, content []byte) {
		m := list[int(i)%len(list)]
		a := app{files: fstest.MapFS{}, vars: plan.Vars{}}
		a.add(m.Name, content)
		for name, text := range m.Files() {
			a.add(name, []byte(text))
		}
		for _, p := range all {
			if p.Name == m.Provider {
				ask(t, a, p)
			}
		}
	})
}

// ask asks a provider all that it can be asked, and judges the answers.
func ask(t *testing.T, a app, p providers.Provider) {
	t.Helper()
	in := providers.App{Tree: a.tree(t), Vars: a.vars, Arch: "x86_64"}
	if _, err := p.Detect(in); err != nil {
		oneLine(t, a, err)
	}
	out, err := p.Plan(in)
	if err != nil {
		oneLine(t, a, err)
		return
	}
	reasons(t, a, p.Name, out)
	if p.InstallFiles != nil {
		installFiles(t, a, p, in)
	}
	if text := out.Plan.JSON(); !utf8.Valid(text) {
		t.Fatalf("%s: the plan is not UTF-8: %q\nof\n%s", p.Name, text, a)
	}
}

// reasons sees to it that each is about something that the plan has.
func reasons(t *testing.T, a app, name string, out providers.Output) {
	t.Helper()
	facts := plan.Facts(out.Plan)
	for _, r := range out.Reasons {
		about := func(f plan.Fact) bool {
			return f.Phase == r.Fact.Phase && f.Field == r.Fact.Field && (r.Fact.Value == "" || f.Value == r.Fact.Value)
		}
		if !slices.ContainsFunc(facts, about) {
			t.Fatalf("%s: a reason is about %+v, which is not in the plan of\n%s", name, r.Fact, a)
		}
		if r.Why == "" || strings.Contains(r.Why, "\n") || r.Line < 0 || r.Line > 0 && r.File == "" {
			t.Fatalf("%s: reason %+v\nof\n%s", name, r, a)
		}
	}
	for _, w := range out.Warnings {
		if w == "" || strings.ContainsAny(w, "\n") || !utf8.ValidString(w) {
			t.Fatalf("%s: warning %q\nof\n%s", name, w, a)
		}
	}
}

// installFiles sees to it that there are files of the app in byte order, or a sentence, and the same again.
func installFiles(t *testing.T, a app, p providers.Provider, in providers.App) {
	t.Helper()
	files, blocker, err := p.InstallFiles(in)
	if err != nil {
		oneLine(t, a, err)
		return
	}
	again, sentence, _ := p.InstallFiles(in)
	switch {
	case !slices.Equal(files, again) || blocker != sentence:
		t.Fatalf("%s: install files %q, %q and then %q, %q\nof\n%s", p.Name, files, blocker, again, sentence, a)
	case blocker != "" && files != nil || strings.Contains(blocker, "\n"):
		t.Fatalf("%s: install files %q with blocker %q\nof\n%s", p.Name, files, blocker, a)
	case !slices.IsSorted(files) || len(slices.Compact(slices.Clone(files))) != len(files):
		t.Fatalf("%s: install files %q are not in order\nof\n%s", p.Name, files, a)
	}
	for _, name := range files {
		if !in.Tree.HasFile(name) && !in.Tree.HasDir(name) {
			t.Fatalf("%s: install file %q is not in the app\nof\n%s", p.Name, name, a)
		}
	}
}
