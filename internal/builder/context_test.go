package builder_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"

	"github.com/org/npx-action/internal/builder"
)

// listing is what a daemon would be sent, one line a file.
func listing(t *testing.T, f fsutil.FS) []string {
	t.Helper()
	var out []string
	err := f.Walk(context.Background(), "", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := d.Info()
		if err != nil {
			return err
		}
		st, ok := fi.Sys().(*types.Stat)
		if !ok {
			return fmt.Errorf("%s has a %T", path, fi.Sys())
		}
		line := fmt.Sprintf("%v %d:%d %s", fs.FileMode(st.Mode), st.Uid, st.Gid, path)
		if st.Linkname != "" {
			line += " -> " + st.Linkname
		}
		if fi.Mode().IsRegular() {
			r, err := f.Open(path)
			if err != nil {
				return err
			}
			defer r.Close()
			data, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			line += " " + string(data)
		}
		out = append(out, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func open(t *testing.T, c builder.Context) ([]string, string) {
	t.Helper()
	return openFor(t, "", c)
}

func openFor(t *testing.T, owner string, c builder.Context) ([]string, string) {
	t.Helper()
	mounts, key, done, err := builder.OpenContexts(owner, map[string]builder.Context{"app": c})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	return listing(t, mounts["app"]), key
}

func TestADirectoryIsSentTheSameFromEveryCheckout(t *testing.T) {
	want := []string{
		"drwxr-xr-x 0:0 bin",
		"-rwxr-xr-x 0:0 bin/run run",
		"-rw-r--r-- 0:0 go.mod module",
		"Lrwxrwxrwx 0:0 link -> bin/run",
		"drwxr-xr-x 0:0 node_modules",
		"-rw-r--r-- 0:0 node_modules/keep keep",
	}
	for _, mask := range []fs.FileMode{0, 0o077} {
		dir := t.TempDir()
		write := func(path, content string, mode fs.FileMode) {
			t.Helper()
			full := filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(full, mode&^mask); err != nil {
				t.Fatal(err)
			}
			if os.Geteuid() == 0 { // the files of others are not root's anyway
				if err := os.Chown(full, 1000, 1000); err != nil {
					t.Fatal(err)
				}
			}
		}
		write("bin/run", "run", 0o777)
		write("go.mod", "module", 0o666)
		write("node_modules/drop", "drop", 0o666)
		write("node_modules/keep", "keep", 0o666)
		write(".git/config", "secret", 0o666)
		if err := os.Symlink("bin/run", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _ := open(t, builder.Context{Dir: dir, Exclude: []string{".git", "node_modules/*", "!node_modules/keep"}})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("mask %o (-want +got):\n%s", mask, diff)
		}
	}
}

func TestGeneratedFilesAreSentInOrder(t *testing.T) {
	files := map[string]string{"a-b": "1", "a/b": "2", "a/c/d": "3", "z": "4"}
	got, key := open(t, builder.Context{Files: files})
	want := []string{"drwxr-xr-x 0:0 a", "-rw-r--r-- 0:0 a/b 2", "drwxr-xr-x 0:0 a/c", "-rw-r--r-- 0:0 a/c/d 3",
		"-rw-r--r-- 0:0 a-b 1", "-rw-r--r-- 0:0 z 4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	files["z"] = "5"
	if _, other := open(t, builder.Context{Files: files}); other == key {
		t.Error("other content has the same key")
	}
}

func TestTheDaemonsCopyOfFilesHasAnOwner(t *testing.T) {
	keys := map[string]string{}
	dir := t.TempDir()
	for _, owner := range []string{"", "acme/shop", "acme/shop foreign"} {
		if err := os.WriteFile(filepath.Join(dir, "in"), []byte("same"), 0o644); err != nil {
			t.Fatal(err)
		}
		_, key := openFor(t, owner, builder.Context{Dir: dir})
		if of, ok := keys[key]; ok {
			t.Errorf("%q and %q share a copy", of, owner)
		}
		keys[key] = owner
	}
}

func TestGeneratedFilesCanBeSkipped(t *testing.T) {
	m, err := builder.NewMemFS(map[string]string{"a/b": "", "a/c": "", "d/e": "", "f": ""})
	if err != nil {
		t.Fatal(err)
	}
	for want, answers := range map[string]map[string]error{
		"a d d/e f":       {"a": fs.SkipDir},
		"a a/b d d/e f":   {"a/b": fs.SkipDir},
		"a a/b a/c d":     {"d": fs.SkipAll},
		"a a/b a/c d d/e": {"d/e": fs.SkipAll},
	} {
		var seen []string
		err := m.Walk(t.Context(), "", func(p string, _ fs.DirEntry, _ error) error {
			seen = append(seen, p)
			return answers[p]
		})
		if got := strings.Join(seen, " "); got != want || err != nil {
			t.Errorf("seen %q, %v; want %q", got, err, want)
		}
	}
	var below []string
	if err := m.Walk(t.Context(), "/a", func(p string, _ fs.DirEntry, _ error) error {
		below = append(below, p)
		return nil
	}); err != nil || !cmp.Equal(below, []string{"a", "a/b", "a/c"}) {
		t.Errorf("below a: %q, %v", below, err)
	}
	if _, err := m.Open("a"); err == nil {
		t.Error("a directory can be opened")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Walk(ctx, "", func(string, fs.DirEntry, error) error { return nil }); err == nil {
		t.Error("a walk goes on after the end of its context")
	}
}

func TestImpossibleFilesAreRefused(t *testing.T) {
	for _, files := range []map[string]string{{"": ""}, {".": ""}, {"/a": ""}, {"a/../b": ""}, {"a": "", "a/b": ""}} {
		if _, err := builder.NewMemFS(files); err == nil {
			t.Errorf("%v is accepted", files)
		}
	}
}
