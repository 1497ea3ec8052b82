package test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/providers"
)

// besides are files that apps of all languages have, for what is beside the app: their own tasks, a part in C, their documentation.
var besides = []struct {
	name  string
	files map[string]string
	of    func(provider string) bool // whose apps they leave as they are
}{
	{"a Makefile", map[string]string{"Makefile": "all:\n\techo all\n\nlint: all\n\techo lint\n"}, always},
	{"a Makefile of a part in C", map[string]string{"Makefile": "part.so: part.o\n\t$(CC) -shared -o $@ $^\n", "part.c": ""}, before("cpp")},
	{"a part in C by CMake", map[string]string{"CMakeLists.txt": "project(part C)\nadd_executable(part part.c)\n", "part.c": ""}, before("cpp")},
	{"a documentation", map[string]string{"mkdocs.yml": "site_name: The app\n", "docs/index.md": "# The app\n"}, before("mkdocs")},
	{"a page of GitHub", map[string]string{"_config.yml": "theme: minima\n"}, always},
	{"a configuration and contents", map[string]string{"config.toml": "title = 'The app'\n", "content/a.md": ""}, always},
}

func always(string) bool { return true }

// before takes the providers before one in the order of detection.
func before(name string) func(string) bool {
	var names []string
	for _, p := range providers.All() {
		names = append(names, p.Name)
	}
	return func(provider string) bool {
		at := slices.Index(names, provider)
		return at >= 0 && at < slices.Index(names, name)
	}
}

// TestWhatIsBesideAnAppChangesNoPlan adds such files to every archive that has none of them.
func TestWhatIsBesideAnAppChangesNoPlan(t *testing.T) {
	for _, name := range archives(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			alone, err := planArchive(t, archive)
			if err != nil || len(alone.Detected) == 0 || alone.Subdirectory != "" {
				return
			}
			for _, b := range besides {
				if more, ok := with(archive, b.files); ok && !slices.ContainsFunc(alone.Detected, func(d planner.Detection) bool { return !b.of(d.Provider) }) {
					compare(t, b.name, b.files, alone, more)
				}
			}
		})
	}
}

// with is an archive with more files; ok is false if it has one of them.
func with(archive *txtar.Archive, files map[string]string) (more *txtar.Archive, ok bool) {
	more = &txtar.Archive{Comment: archive.Comment, Files: slices.Clone(archive.Files)}
	for file, text := range files {
		if slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return strings.EqualFold(f.Name, file) }) {
			return nil, false
		}
		more.Files = append(more.Files, txtar.File{Name: file, Data: []byte(text)})
	}
	return more, true
}

// compare takes it for equal if the files are in the image too, where a plan names the files that a program may read.
func compare(t *testing.T, name string, files map[string]string, alone planner.Result, more *txtar.Archive) {
	t.Helper()
	beside, err := planArchive(t, more)
	if err != nil {
		t.Errorf("with %s: %v", name, err)
		return
	}
	text := plan.Text(beside.Plan)
	for file := range files {
		entry, _, _ := strings.Cut(file, "/")
		text = strings.Replace(text, "start: file "+entry+"\n", "", 1)
	}
	if diff := cmp.Diff(plan.Text(alone.Plan), text); diff != "" {
		t.Errorf("with %s the plan is another one (-without +with):\n%s", name, diff)
	}
	if diff := cmp.Diff(alone.Warnings, beside.Warnings); diff != "" {
		t.Errorf("with %s the warnings are others (-without +with):\n%s", name, diff)
	}
}
