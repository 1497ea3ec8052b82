package source

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func openTree(t *testing.T, dir string, lim Limits) *Tree {
	t.Helper()
	tree, err := Open(dir, lim)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
	})
	return tree
}

// mapTree is a tree of these texts.
func mapTree(t *testing.T, files map[string]string, lim Limits) *Tree {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	tree, err := New(m, "app", lim)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func symlink(t *testing.T, dir, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

// asError is the [*Error] that every error of the package is.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

func TestOpenRefusesWhatIsNoDirectory(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "file", "")
	for name, want := range map[string]error{"none": fs.ErrNotExist, "file": errNotDir} {
		_, err := Open(filepath.Join(dir, name), Limits{})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if e := asError(t, err); !strings.HasPrefix(e.Error(), "reading app source directory: ") {
			t.Errorf("%s: %q", name, e)
		}
	}
	if _, err := New(fstest.MapFS{".": {Mode: 0o644}}, "x", Limits{}); !errors.Is(err, errNotDir) {
		t.Errorf("a file system whose root is a file: %v", err)
	}
}

func TestOpenResolvesTheDirectoryItself(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "real/a", "a")
	symlink(t, dir, "link", "real")
	tree := openTree(t, filepath.Join(dir, "link"), Limits{})
	if tree.Name() != "real" {
		t.Errorf("the name is %q", tree.Name())
	}
	if s, err := tree.Read("a"); err != nil || s != "a" {
		t.Errorf("a reads %q, %v", s, err)
	}
}

func TestOpenDoesNotMindGlobCharactersInThePath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "[a]{b,c}*?", "node_modules")
	writeFile(t, dir, "x/a.py", "")
	names, err := openTree(t, dir, Limits{}).Files("**/*.py")
	if err != nil || !cmp.Equal(names, []string{"x/a.py"}) {
		t.Errorf("%v, %v", names, err)
	}
}

func TestNamesOfFilesAndDirectories(t *testing.T) {
	tree := mapTree(t, map[string]string{"a": "", "d/b": "", ".git/config": ""}, Limits{})
	for _, name := range []string{"a", "./a", "d/../a", "d//b", "d/b"} {
		if !tree.HasFile(name) || tree.HasDir(name) {
			t.Errorf("%q is no file", name)
		}
	}
	for _, name := range []string{"d", ".", "d/"} {
		if tree.HasFile(name) || !tree.HasDir(name) {
			t.Errorf("%q is no directory", name)
		}
	}
	for _, name := range []string{"", "/a", "/d", "..", "../app/a", "d/../../a", "A", "a\x00", "a/x", "\xff"} {
		if tree.HasFile(name) || tree.HasDir(name) || tree.Executable(name) {
			t.Errorf("%q is there", name)
		}
		if _, err := tree.Bytes(name); asError(t, err).Op != reading {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestExecutable(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]fs.FileMode{"none": 0o644, "user": 0o744, "group": 0o654, "other": 0o645} {
		writeFile(t, dir, name, "")
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	symlink(t, dir, "link", "user")
	writeFile(t, dir, "dir/x", "")
	tree := openTree(t, dir, Limits{})
	for name, want := range map[string]bool{"none": false, "user": true, "group": true, "other": true, "link": true, "dir": false} {
		if got := tree.Executable(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestLinksNeverLeadOutside(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "app")
	writeFile(t, base, "secret", "secret")
	writeFile(t, base, "outer/secret", "secret")
	writeFile(t, dir, "a.txt", "a")
	writeFile(t, dir, "d/b.txt", "b")
	for name, target := range map[string]string{
		"file": "../secret", "absolute": filepath.Join(base, "secret"), "folder": "../outer", "rootfs": "/",
		"chain": "chain2", "chain2": "d/up", "d/up": "../../secret", "back": "../app/a.txt",
		"loop": "loop2", "loop2": "loop", "self": "self", "none": "nothing", "abs-in": filepath.Join(dir, "a.txt"),
		"good": "d/b.txt", "gooddir": "d", "good2": "good", "d/cycle": "..",
	} {
		symlink(t, dir, name, target)
	}
	tree := openTree(t, dir, Limits{})
	for _, name := range []string{"file", "absolute", "folder", "folder/secret", "rootfs", "rootfs/etc", "chain", "chain2", "back", "loop", "self", "none", "abs-in"} {
		if tree.HasFile(name) || tree.HasDir(name) {
			t.Errorf("%s leads somewhere", name)
		}
		if b, err := tree.Bytes(name); err == nil {
			t.Errorf("%s reads %q", name, b)
		}
		if sub, err := tree.Sub(name); err == nil {
			t.Errorf("%s opens %s", name, sub.Name())
		}
	}
	for _, name := range []string{"good", "gooddir/b.txt", "good2", "d/cycle/d/b.txt"} {
		if s, err := tree.Read(name); err != nil || s != "b" {
			t.Errorf("%s reads %q, %v", name, s, err)
		}
	}
	files, err := tree.Files("**")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.txt", "d/b.txt", "good", "good2"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	dirs, err := tree.Dirs("**")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"d", "d/cycle", "gooddir"}, dirs); diff != "" {
		t.Errorf("directories (-want +got):\n%s", diff)
	}
}

func TestSubIsATreeOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "a.txt", "a")
	writeFile(t, dir, ".gitignore", "*.log\n")
	writeFile(t, dir, "x/y/b.log", "b")
	symlink(t, dir, "x/y/up", "../../a.txt")
	symlink(t, dir, "link", "x/y")
	tree := openTree(t, dir, Limits{})
	for name, want := range map[string]string{"x/y": "y", "link": "link", "./x/y/": "y", ".": tree.Name()} {
		sub, err := tree.Sub(name)
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		if sub.Name() != want {
			t.Errorf("the name of %s is %q", name, sub.Name())
		}
		if name == "." {
			continue
		}
		if sub.HasFile("up") {
			t.Errorf("%s: a link leads out", name)
		}
		files, err := sub.Files("*")
		if err != nil || !cmp.Equal(files, []string{"b.log"}) {
			t.Errorf("%s: %v, %v", name, files, err)
		}
	}
	for _, name := range []string{"a.txt", "none", "..", "/"} {
		if _, err := tree.Sub(name); asError(t, err).Op != opening {
			t.Errorf("%s: %v", name, err)
		}
	}
	sub, err := mapTree(t, map[string]string{"d/a": "a"}, Limits{}).Sub("d")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := sub.Read("a"); err != nil || s != "a" || sub.Name() != "d" || sub.Close() != nil {
		t.Errorf("a in memory reads %q, %v", s, err)
	}
}

func TestEntriesAreThoseOfTheRoot(t *testing.T) {
	tree := mapTree(t, map[string]string{"b/c": "", "a": "", ".git/x": "", ".gitignore": "a\n", "B": ""}, Limits{})
	list, err := tree.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range list {
		names = append(names, d.Name())
	}
	if diff := cmp.Diff([]string{".git", ".gitignore", "B", "a", "b"}, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	_, err = mapTree(t, map[string]string{"a": "", "b": "", "c": ""}, Limits{Files: 2}).Entries()
	if limit := (*LimitError)(nil); !errors.As(err, &limit) {
		t.Errorf("three entries: %v", err)
	}
}

func TestSpecialFilesAreNotOpened(t *testing.T) {
	dir := t.TempDir()
	if err := exec.Command("mkfifo", filepath.Join(dir, "pipe")).Run(); err != nil {
		t.Fatal(err)
	}
	symlink(t, dir, "link", "pipe")
	tree := openTree(t, dir, Limits{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, name := range []string{"pipe", "link"} {
			if _, err := tree.Bytes(name); !errors.Is(err, errNotRegular) {
				t.Errorf("%s: %v", name, err)
			}
			if tree.HasFile(name) || tree.HasDir(name) {
				t.Errorf("%s is a file or directory", name)
			}
		}
		if files, err := tree.Files("*"); err != nil || len(files) > 0 {
			t.Errorf("%v, %v", files, err)
		}
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("a named pipe was opened")
	}
}

func TestGitsOwnFilesAreNotSeen(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, ".git/config", "token")
	writeFile(t, dir, "lib/.git/config", "token")
	writeFile(t, dir, "web/.git", "gitdir: ../.git")
	writeFile(t, dir, "a", "")
	for link, target := range map[string]string{"file": ".git/config", "dir": ".git", "lib/inner": ".git", "chain": "file"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(dir, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, name := range []string{".git", ".git/config", "lib/.git/config", "lib/../.git/config", "web/.git", "file", "chain", "dir", "dir/config", "lib/inner", "lib/inner/config"} {
		if _, err := tree.Bytes(name); err == nil || tree.HasFile(name) || tree.HasDir(name) {
			t.Errorf("%s is seen: %v", name, err)
		}
		if _, err := tree.Sub(name); err == nil {
			t.Errorf("%s is a tree", name)
		}
	}
	if diff := cmp.Diff([]string{"a"}, files(t, tree, "**")); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
}
