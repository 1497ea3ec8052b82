package providers

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// A repo is an app's files by name. A name that ends in a slash is an empty folder.
type repo map[string]string

// appOf returns the app that has the files of r and these variables.
func appOf(t *testing.T, r repo, vars plan.Vars) App {
	t.Helper()
	files := fstest.MapFS{}
	for name, content := range r {
		if dir := len(name) - 1; name[dir] == '/' {
			files[name[:dir]] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
		} else {
			files[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
		}
	}
	return treeApp(t, files, source.Limits{}, vars)
}

func treeApp(t *testing.T, files fs.FS, limits source.Limits, vars plan.Vars) App {
	t.Helper()
	tree, err := source.New(files, "app", limits)
	if err != nil {
		t.Fatal(err)
	}
	return App{Tree: tree, Vars: vars, Arch: "x86_64"}
}

// brokenWalk returns an app with the files of r whose walk exceeds its limit, so that every glob is an error.
func brokenWalk(t *testing.T, r repo) App {
	t.Helper()
	files := fstest.MapFS{}
	for name, content := range r {
		files[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
	}
	return treeApp(t, files, source.Limits{Files: 1}, nil)
}

func mustPlan(t *testing.T, p Provider, app App) Output {
	t.Helper()
	out, err := p.Plan(app)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unfixed are the warnings of an edition without rules.
func unfixed(out Output) []string {
	warnings := out.Warnings
	for _, f := range out.Fixes {
		if f.Warning != "" {
			warnings = append(warnings, f.Warning)
		}
	}
	return warnings
}

func diffOf(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// A detection is a table's line: the files of an app and the reason that detects it.
type detection struct {
	files repo
	want  string
}

func testDetect(t *testing.T, p Provider, table []detection) {
	t.Helper()
	for _, tt := range table {
		got, err := p.Detect(appOf(t, tt.files, nil))
		if err != nil || got != tt.want {
			t.Errorf("detecting %v = %q, %v; want %q", tt.files, got, err, tt.want)
		}
	}
}

// An installCase is a table's line: an app and what its install phase reads.
type installCase struct {
	name    string
	files   repo
	vars    plan.Vars
	want    []string
	blocker string
}

func testInstallFiles(t *testing.T, p Provider, table []installCase) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			got, blocker, err := p.InstallFiles(appOf(t, tt.files, tt.vars))
			if err != nil {
				t.Fatal(err)
			}
			diffOf(t, "files", tt.want, got)
			diffOf(t, "blocker", tt.blocker, blocker)
		})
	}
}

// wantSourceError fails unless err is about the named file.
func wantSourceError(t *testing.T, err error, name string) {
	t.Helper()
	if e := (*source.Error)(nil); !errors.As(err, &e) || e.Name != name {
		t.Errorf("got error %v, want one about %q", err, name)
	}
}

// reasonOf returns the reason for a fact, which the plan must have.
func reasonOf(t *testing.T, out Output, fact plan.Fact) Reason {
	t.Helper()
	has := false
	for _, f := range plan.Facts(out.Plan) {
		has = has || f == fact || f.Phase == fact.Phase && f.Field == fact.Field && fact.Value == ""
	}
	if !has {
		t.Errorf("the plan has no fact %v", fact)
	}
	for _, r := range out.Reasons {
		if r.Fact == fact {
			return r
		}
	}
	t.Errorf("no reason is about %v", fact)
	return Reason{}
}
