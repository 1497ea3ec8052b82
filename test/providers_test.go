package test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/shlex"
	"github.com/org/npx-action/internal/cli"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the outputs in test/providers, or the diagram in ARCHITECTURE")

// failure is the one output of an app that cannot be planned.
const failure = "want/error.txt"

// An archive is an app: its files, and what is expected of it below want/. Lines of its comment that begin with
// "args:" hold options of the command plan, quoted as for a shell, and such with "also:" names of further outputs.
func TestProviders(t *testing.T) {
	for _, name := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := produce(t, archive)
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			want := map[string]string{}
			for _, f := range archive.Files {
				if isOutput(f.Name) {
					want[f.Name] = string(f.Data)
				}
			}
			names := slices.Concat(slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
			slices.Sort(names)
			for _, output := range slices.Compact(names) {
				if want[output] != got[output] {
					t.Errorf("%s", diff.Diff("recorded "+output, []byte(want[output]), "now", []byte(got[output])))
				}
			}
			if t.Failed() {
				t.Log("go test ./test -run TestProviders -update records what is right now")
			}
		})
	}
}

func TestEveryProviderHasAnArchive(t *testing.T) {
	names := archives(t)
	for _, provider := range providers.All() {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(filepath.Base(name), provider.Name) }) {
			t.Errorf("test/providers has no %s*.txtar", provider.Name)
		}
	}
}

// appCaches are the cache directories that apps of archives declare themselves.
var appCaches = []string{"/app/.cache", "/app/dist/tsconfig.tsbuildinfo", "/app/out/cache"}

func TestProvidersSayWhatTheirCachesHold(t *testing.T) {
	planned := map[string]bool{}
	for _, name := range archives(t) {
		for _, dir := range cacheDirectories(t, name) {
			cache, ok := providers.CacheAt(dir)
			if !ok && !slices.Contains(appCaches, dir) {
				t.Errorf("%s: no provider says what %s holds", filepath.Base(name), dir)
			}
			planned[cache.Dir] = true
		}
	}
	for _, p := range providers.All() {
		for _, cache := range p.Caches {
			if !planned[cache.Dir] {
				t.Errorf("no archive plans the cache %s of %s", cache.Dir, p.Name)
			}
		}
	}
}

// cacheDirectories lists those of an archive's plans in all editions, as absolute paths. An app that cannot be planned has none.
func cacheDirectories(t *testing.T, name string) []string {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "app")
	unpack(t, archive, dir, 0o755, 0o644)
	var dirs []string
	for _, edition := range rules.Editions() {
		in, err := cli.Input(cli.Process{Args: planArgs(t, archive), Dir: dir})
		if err != nil {
			return nil
		}
		in.Edition = string(edition)
		result, err := planner.Make(in)
		if err != nil {
			return nil
		}
		for phase := range maps.Values(result.Plan.Phases) {
			for _, dir := range phase.CacheDirectories {
				if !path.IsAbs(dir) {
					dir = path.Join("/app", dir)
				}
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

func archives(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("providers/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func isOutput(name string) bool { return strings.HasPrefix(name, "want/") }

// produce plans an archive's app and makes the outputs that are not empty.
func produce(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	result, err := planArchive(t, archive)
	if err != nil {
		return map[string]string{failure: err.Error() + "\n"}
	}
	got := map[string]string{}
	for name, output := range outputs {
		if text := output(t, result); text != "" {
			got[name] = strings.TrimRight(text, "\n") + "\n"
		}
	}
	for _, name := range words(t, archive, "also:") {
		output, ok := further[name]
		if !ok {
			t.Fatalf("there is no output %q", name)
		}
		got[output.file] = strings.TrimRight(output.make(t, result), "\n") + "\n"
	}
	return got
}

func planArchive(t *testing.T, archive *txtar.Archive) (planner.Result, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "app")
	unpack(t, archive, dir, 0o755, 0o644)
	return planDir(t, archive, dir)
}

// planDir plans the app in dir by the arguments in the archive.
func planDir(t *testing.T, archive *txtar.Archive, dir string) (planner.Result, error) {
	t.Helper()
	in, err := cli.Input(cli.Process{Args: planArgs(t, archive), Dir: dir})
	if err != nil {
		return planner.Result{}, err
	}
	return planner.Make(in)
}

// planArgs are the options of an archive, the same platform on every machine among them.
func planArgs(t *testing.T, archive *txtar.Archive) []string {
	t.Helper()
	const platform = "--platform"
	args := words(t, archive, "args:")
	if slices.Contains(args, platform) {
		return args
	}
	return append([]string{platform, "linux/amd64"}, args...)
}

// unpack writes an archive's app to the new directory dir.
func unpack(t *testing.T, archive *txtar.Archive, dir string, dirMode, fileMode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(dir, dirMode); err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if isOutput(f.Name) {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), dirMode); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, fileMode); err != nil {
			t.Fatal(err)
		}
	}
}

// words are those of the comment's lines that begin with label.
func words(t *testing.T, archive *txtar.Archive, label string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(string(archive.Comment)) {
		if text, ok := strings.CutPrefix(line, label); ok {
			args, err := shlex.Split(text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, args...)
		}
	}
	return all
}

// rewrite replaces the outputs in an archive, after the app's files and in byte order.
func rewrite(t *testing.T, name string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	files := slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return isOutput(f.Name) })
	for _, output := range slices.Sorted(maps.Keys(got)) {
		files = append(files, txtar.File{Name: output, Data: []byte(got[output])})
	}
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	after := txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: files})
	if bytes.Equal(before, after) {
		return
	}
	if err := os.WriteFile(name, after, 0o644); err != nil {
		t.Fatal(err)
	}
}
