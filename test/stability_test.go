package test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/org/npx-action/internal/cli"
)

// runs is how often an app is planned. A map has another order in each walk, so that one of two entries that leaks its order
// goes unseen once in a million times.
const runs = 20

func TestEqualAppsGiveEqualBytes(t *testing.T) {
	for _, name := range archives(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		if len(words(t, archive, "also:")) == 0 && base != "layers" && base != "node-workspaces" {
			continue // those take most paths through the program
		}
		t.Run(base, func(t *testing.T) {
			first, second := checkouts(t, archive)
			want := everything(t, archive, first)
			for i := range runs {
				dir := first
				if i%2 == 1 {
					dir = second
				}
				if diff := cmp.Diff(want, everything(t, archive, dir)); diff != "" {
					t.Fatalf("run %d differs (-first +now):\n%s", i+2, diff)
				}
			}
		})
	}
}

// checkouts unpacks an app twice, such that nothing but the files' names and bytes is equal.
func checkouts(t *testing.T, archive *txtar.Archive) (first, second string) {
	t.Helper()
	first, second = filepath.Join(t.TempDir(), "app"), filepath.Join(t.TempDir(), "a", "second-checkout")
	unpack(t, archive, first, 0o755, 0o644)
	files := slices.Clone(archive.Files)
	slices.Reverse(files) // directories list in another order
	unpack(t, &txtar.Archive{Files: files}, second, 0o700, 0o600)
	err := filepath.WalkDir(second, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(name, time.Unix(1, 0), time.Unix(1e9, 0))
	})
	if err != nil {
		t.Fatal(err)
	}
	return first, second
}

// everything is what the program makes of an app, by name.
func everything(t *testing.T, archive *txtar.Archive, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, format := range []string{"json", "toml", "text"} {
		all[format] = run(t, dir, append([]string{"plan", "--verbose", "--format", format}, planArgs(t, archive)...))
	}
	out := t.TempDir()
	run(t, dir, append([]string{"build", "--out", out}, planArgs(t, archive)...))
	maps.Copy(all, readAll(t, out))
	result, err := planDir(t, archive, dir)
	if err != nil {
		t.Fatal(err)
	}
	sent, _ := definition(t, result)
	all["LLB"] = string(bytes.Join(sent, []byte("\n")))
	all["key"] = keyOutput(t, result)
	return all
}

// run runs the program and returns its standard output, then its standard error.
func run(t *testing.T, dir string, args []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := cli.Main(t.Context(), cli.Process{Args: args, Dir: dir, Stdout: &stdout, Stderr: &stderr}); got != 0 {
		t.Fatalf("%q ends with status %d: %s", args, got, &stderr)
	}
	return stdout.String() + stderr.String()
}

// readAll reads the files below a directory, by path.
func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("nothing was written")
	}
	return files
}
