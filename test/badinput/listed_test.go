package badinput

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/internal/versions"
	"github.com/org/npx-action/providers"
	"github.com/org/npx-action/test/manifests"
)

// A recorder is the files of an app that knows which of them were opened.
type recorder struct {
	fstest.MapFS
	opened map[string]bool
}

func (r recorder) Open(name string) (fs.File, error) {
	if f := r.MapFS[name]; f != nil && f.Mode.IsRegular() {
		r.opened[name] = true
	}
	return r.MapFS.Open(name)
}

// TestEveryFileThatPlanningReadsIsListed keeps package manifests complete: what the apps of the providers' archives
// have read of them is in it.
func TestEveryFileThatPlanningReadsIsListed(t *testing.T) {
	archives, err := filepath.Glob("../providers/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("there are no archives: %v", err)
	}
	var bases []string
	for _, name := range manifests.Names() {
		bases = append(bases, path.Base(name))
	}
	for _, archive := range archives {
		for name := range opened(t, archive) {
			if base := path.Base(name); !slices.Contains(bases, base) && !slices.Contains(scanned, path.Ext(base)) {
				t.Errorf("planning %s reads %s, which package manifests does not list", filepath.Base(archive), name)
			}
		}
	}
}

// A place that asks for a version is broken here like every other file, under one of the names that its manager knows.
func TestEveryFileThatAsksForAVersionIsListed(t *testing.T) {
	name := func(file string) string { return strings.TrimPrefix(path.Base(file), ".") }
	var known []string
	for _, m := range manifests.All() {
		known = append(known, name(m.Name))
	}
	for _, file := range versions.Files() {
		is := func(listed string) bool {
			ok, err := path.Match(name(file), listed)
			return ok && err == nil
		}
		if !slices.ContainsFunc(known, is) {
			t.Errorf("package manifests has no %s", file)
		}
	}
}

// scanned are the extensions of files of any name that are searched for words. Each is among the manifests by one name.
var scanned = []string{".go", ".py", ".rb", ".js", ".ts", ".jsx", ".tsx", ".swift", ".cbl", ".csproj", ".fsproj", ".prisma", ".txt", ".gleam", ".java", ".groovy", ".kt", ".rs", ".php"}

// opened returns which files of an archive's app are read when it is planned, and its install phase looked into.
func opened(t *testing.T, archive string) map[string]bool {
	t.Helper()
	content, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	files := recorder{fstest.MapFS{}, map[string]bool{}}
	for _, f := range content.Files {
		if !strings.HasPrefix(f.Name, "want/") {
			files.MapFS[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	tree, err := source.New(files, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := planner.Make(planner.Input{Tree: tree, Edition: string(rules.Newest), Arch: "x86_64"})
	if err != nil {
		return files.opened
	}
	for _, p := range providers.All() {
		if p.InstallFiles != nil && slices.ContainsFunc(result.Detected, func(d planner.Detection) bool { return d.Provider == p.Name }) {
			if _, _, err := p.InstallFiles(providers.App{Tree: result.Tree, Arch: "x86_64"}); err != nil {
				t.Logf("%s: %v", archive, err)
			}
		}
	}
	return files.opened
}
