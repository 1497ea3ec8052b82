package git

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// TestNoFileOfACloneHoldsUp is about pipes that nobody writes to, and devices without an end, in place of git's files.
func TestNoFileOfACloneHoldsUp(t *testing.T) {
	for _, name := range []string{"HEAD", "config", "packed-refs", "shallow", "commondir", "info/exclude", "objects/info/alternates", "refs/heads/master"} {
		for kind, put := range map[string]func(string) error{
			"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
			"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		} {
			dir := t.TempDir()
			commitAll(t, dir)
			path := filepath.Join(dir, ".git", filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			done := make(chan bool)
			go func() {
				if r, err := Open(dir); err == nil {
					r.Branch()
					_, _ = r.Head()
					_, _ = r.Parents("HEAD")
					_, _ = r.Tree("HEAD", ".")
					r.Named("master", "")
					_ = r.Exclude("x")
				}
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Errorf("%s in place of %s holds up", kind, name)
			}
		}
	}
}

// commitAll makes a clone with a commit.
func commitAll(t *testing.T, dir string) {
	t.Helper()
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	w, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	author := &object.Signature{Name: "a", Email: "a@b.example"}
	if _, err := w.Commit("all", &git.CommitOptions{Author: author, AllowEmptyCommits: true}); err != nil {
		t.Fatal(err)
	}
}
