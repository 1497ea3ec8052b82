package git

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomHistory is a repository with branches that were merged, and files that come, change and go.
func randomHistory(t *testing.T, seed uint64) (dir string, commits []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	dir = t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	for i := range 10 {
		if len(commits) > 2 {
			run(t, dir, "checkout", "-q", commits[r.IntN(len(commits))])
			if r.IntN(3) == 0 {
				cmd := exec.Command("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "merge", "-q", "-s", "ours", "-m", "merge", commits[r.IntN(len(commits))])
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("merging: %v\n%s", err, out)
				}
			}
		}
		name := fmt.Sprintf("%c/%c/f%d", 'a'+rune(r.IntN(2)), 'a'+rune(r.IntN(2)), r.IntN(3))
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		switch r.IntN(4) {
		case 0:
		case 1:
			write(t, dir, name, "")
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			link(t, dir, name, fmt.Sprint("to", r.IntN(3)))
		default:
			write(t, dir, name, fmt.Sprint(i))
			if err := os.Chmod(filepath.Join(dir, name), fs.FileMode(0o644+0o111*r.IntN(2))); err != nil {
				t.Fatal(err)
			}
		}
		commits = append(commits, commit(t, dir, fmt.Sprint(i)))
	}
	return dir, commits
}

func TestMergeBaseAndChangesAreThoseOfGit(t *testing.T) {
	for seed := range uint64(2) {
		dir, commits := randomHistory(t, seed)
		repo, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range commits {
			for _, b := range commits[i:] {
				got, err := repo.MergeBase(a, b)
				if err != nil {
					t.Fatal(err)
				}
				if want := strings.Fields(run(t, dir, "merge-base", "--all", a, b)); !slices.Contains(want, got) {
					t.Errorf("seed %d: merge base of %s and %s is %s, want one of %s", seed, a, b, got, want)
				}
			}
			compareChanges(t, repo, dir, a, commits[len(commits)-1-i])
		}
	}
}

func compareChanges(t *testing.T, repo *Repository, dir, a, b string) {
	t.Helper()
	before, err := repo.Tree(a, ".")
	if err != nil {
		t.Fatal(err)
	}
	after, err := repo.Tree(b, ".")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(run(t, dir, "diff", "--no-renames", "--name-only", a, b))
	slices.Sort(want)
	archived := tarballOf(t, dir, a)
	for how, before := range map[string]fs.FS{"hashes": before, "a tarball": archived} {
		got, err := Changed(before, after)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(got, "\n")); diff != "" {
			t.Errorf("by %s, %s to %s (-git +got):\n%s", how, a, b, diff)
		}
	}
}

// tarballOf is a commit as a forge packs it.
func tarballOf(t *testing.T, dir, rev string) fs.FS {
	t.Helper()
	cmd := exec.Command("git", "archive", "--format=tar", "--prefix=top/", rev)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(out); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := FromTarball(&zipped, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestMergeBaseThatIsNotThere(t *testing.T) {
	dir, _ := newRepository(t)
	run(t, dir, "checkout", "-q", "--orphan", "other")
	other := commit(t, dir, "unrelated")
	repo, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.MergeBase("main", other); err == nil || errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "no commit in common") {
		t.Errorf("unrelated histories: %v", err)
	}
	shallow := t.TempDir()
	run(t, shallow, "clone", "-q", "--depth=1", "--no-single-branch", "file://"+dir, ".")
	if repo, err = Open(shallow); err != nil {
		t.Fatal(err)
	}
	if _, err := repo.MergeBase("origin/main", "origin/other"); !errors.Is(err, ErrMissing) {
		t.Errorf("a shallow clone: %v", err)
	}
	if _, err := repo.MergeBase("nowhere", "HEAD"); !errors.Is(err, ErrMissing) {
		t.Errorf("an unknown revision: %v", err)
	}
}

func TestASubmoduleThatMovesIsAChange(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	var commits []string
	for i, commit := range []string{"", "1", "2", ""} {
		write(t, dir, "file", fmt.Sprint(i))
		run(t, dir, "add", "file")
		if commit != "" {
			run(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat(commit, 40)+",lib/sub")
		} else if i > 0 {
			run(t, dir, "update-index", "--remove", "lib/sub")
		}
		run(t, dir, "commit", "-q", "-m", "change")
		commits = append(commits, run(t, dir, "rev-parse", "HEAD"))
	}
	repo, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range commits[1:] {
		before, err := repo.Tree(commits[i], ".")
		if err != nil {
			t.Fatal(err)
		}
		after, err := repo.Tree(b, ".")
		if err != nil {
			t.Fatal(err)
		}
		got, err := Changed(before, after)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Fields(run(t, dir, "diff", "--no-renames", "--name-only", commits[i], b)); !slices.Equal(got, want) {
			t.Errorf("change %d: %q, want %q", i, got, want)
		}
	}
}
