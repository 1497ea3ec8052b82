package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
)

func TestDescribeKeepsWhatPlanningFound(t *testing.T) {
	got := Describe(planner.Result{
		Plan: plan.Plan{BuildImage: new("base")}, Subdirectory: "api", Warnings: []string{"odd"},
		Detected: []planner.Detection{{Provider: "go", Reason: "go.mod"}, {Provider: "node", Reason: "named in providers"}},
		Notes:    []rules.Note{{Rule: "install-files", Provider: "go", Text: "install sees go.mod only"}},
	})
	want := report.Report{
		App: "api", Plan: plan.Plan{BuildImage: new("base")}, Warnings: []string{"odd"},
		Detected: []report.Detection{{Provider: "go", Reason: "go.mod"}, {Provider: "node", Reason: "named in providers"}},
		Notes:    []string{"go: install sees go.mod only (rule install-files)"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

func TestBuildReport(t *testing.T) {
	im := &image{refs: []string{"r.example/a:1"}, push: true}
	out := outcome{
		duration: time.Minute, lookup: &cache.Lookup{Hit: cache.Partial, Why: "changed"},
		Result: builder.Result{Digest: "sha256:0", Steps: []builder.Step{{Name: "[install] npm ci", InGraph: true, Cached: true}, {Name: "exporting", InGraph: true}}},
	}
	want := &report.Build{
		Digest: "sha256:0", Tags: im.refs, Pushed: true, Cache: "partial", CacheWhy: "changed", Duration: time.Minute,
		Steps: []report.Step{{Part: "install", Name: "npm ci", Counts: true, Cached: true}, {Name: "exporting", Counts: true}},
	}
	if diff := cmp.Diff(want, buildReport(im, out, "", nil)); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
	step := &builder.StepError{Name: "[install] npm ci", ExitCode: 1, Tail: []string{"npm \x1b[1;31merror\x1b[0m", "see the log"}}
	failed := buildReport(im, outcome{}, "a fork does not push", fmt.Errorf("building: %w", step))
	want = &report.Build{
		Tags: im.refs, NotPush: "a fork does not push", Failed: "install", Failure: "building: running \"[install] npm ci\": exit status 1\n\nnpm error\nsee the log",
	}
	if diff := cmp.Diff(want, failed); diff != "" {
		t.Errorf("report of a failure differs (-want +got):\n%s", diff)
	}
	if got := failureText(errors.New("other")); got != "other" {
		t.Errorf("got %q", got)
	}
}

// archive is a forge that has one tarball, with these files by name.
type archive map[string]string

func (a archive) Archive(context.Context, string) (io.ReadCloser, error) {
	if a == nil {
		return nil, errors.New("asking the forge: unavailable")
	}
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	files := tar.NewWriter(zipped)
	for name, text := range plan.Sorted(a) {
		header := &tar.Header{Name: "repository-abc/" + name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}
		if err := files.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := io.WriteString(files, text); err != nil {
			return nil, err
		}
	}
	return io.NopCloser(&b), errors.Join(files.Close(), zipped.Close())
}

// repository is a clone whose only commit has a Go app in the folder app.
func repository(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(dir, "app")
	if err := errors.Join(os.Mkdir(app, 0o755), os.WriteFile(filepath.Join(app, "go.mod"), []byte("module a\n\ngo 1.23\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	worktree, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	if err := worktree.AddGlob("."); err != nil {
		t.Fatal(err)
	}
	author := &object.Signature{Name: "a", Email: "a@b.example", When: time.Unix(1e9, 0)}
	if _, err := worktree.Commit("first", &git.CommitOptions{Author: author}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCompareReadsTheBaseFromTheCloneElseFromTheForge(t *testing.T) {
	const missing = "0123456789012345678901234567890123456789"
	dir := filepath.Join(repository(t), "app")
	tests := []struct {
		name  string
		dir   string
		rev   string
		forge archiver
		base  string // a package of the base's plan
		fail  string
	}{
		{"no base", dir, "", nil, "", ""},
		{"in the clone", dir, "HEAD", archive(nil), "go_1_23", ""},
		{"in the forge", dir, missing, archive{"app/go.mod": "module a\n\ngo 1.21\n", "go.mod": "module b\n"}, "go_1_21", ""},
		{"in neither", dir, missing, archive(nil), "", "asking the forge: unavailable"},
		{"no forge", dir, missing, nil, "", "not in this clone"},
		{"in no repository", t.TempDir(), "HEAD", nil, "", "not in a git repository"},
		{"a mistake in the base", dir, missing, archive{"app/nixpacks.toml": "["}, "", "nixpacks.toml:1: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			app, err := source.Open(dir, source.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer app.Close()
			var r report.Report
			_ = compare(t.Context(), &r, planner.Input{Tree: app, Arch: "x86_64"}, tt.dir, tt.rev, tt.forge)
			if !strings.Contains(r.BaseError, tt.fail) || (r.BaseError != "") != (tt.fail != "") {
				t.Errorf("got %q, want %q", r.BaseError, tt.fail)
			}
			if (r.Base != nil) != (tt.base != "") {
				t.Fatalf("got base %+v", r.Base)
			}
			if r.Base == nil {
				return
			}
			if got := r.Base.Plan.Phases["setup"].NixPkgs; r.Base.SHA != tt.rev || !cmp.Equal(got, []string{tt.base}) {
				t.Errorf("got %s with %q", r.Base.SHA, got)
			}
		})
	}
}

func TestCompareSaysThatAnAppIsNew(t *testing.T) {
	dir := filepath.Join(repository(t), "new")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for rev, forge := range map[string]archiver{"HEAD": nil, "0123456789012345678901234567890123456789": archive{"app/go.mod": "module a\n"}} {
		var r report.Report
		_ = compare(t.Context(), &r, planner.Input{Tree: tree(t, nil)}, dir, rev, forge)
		if want := "the app is new since " + rev; r.BaseError != want {
			t.Errorf("got %q, want %q", r.BaseError, want)
		}
	}
}
