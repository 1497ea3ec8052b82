// Package git gives the files of a commit as an [fs.FS], without a checkout and without running git: from the
// object store of a local clone, or from the tarball that a forge makes of a commit.
//
// Both confine symlinks to the directory that is asked for, and bound what they hold in memory.
package git

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// ErrMissing means that a revision, or a file of it, is not in the clone, which may be shallow or partial. The
// forge has it.
var ErrMissing = errors.New("not in this clone")

// ErrNoRepository means that neither the directory nor any above it is a git repository.
var ErrNoRepository = errors.New("not in a git repository")

const (
	// objectBytes bounds an object in memory. Larger ones are neither decoded nor read.
	objectBytes = 64 << 20

	cacheBytes = 32 << 20
	fileBytes  = 4096 // of the small text files in .git
)

// A Repository is a local clone. It may be used concurrently.
type Repository struct {
	top     string
	prefix  string
	partial bool // some objects are left out until they are needed

	mu     sync.Mutex            // the stores are not safe for concurrent use
	common string                // the directory that linked worktrees share
	stores []*filesystem.Storage // its own, then the stores that it borrows objects from
}

// Open finds the repository that the directory dir lies in. Linked worktrees and clones that borrow objects
// from another are understood. An error that wraps [ErrNoRepository] means that there is none.
func Open(dir string) (*Repository, error) {
	fail := func(err error) (*Repository, error) {
		return nil, fmt.Errorf("opening the git repository of %s: %w", dir, err)
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return fail(err)
	}
	top, gitDir, err := find(abs)
	if err != nil {
		return fail(err)
	}
	prefix, err := filepath.Rel(top, abs)
	if err != nil {
		return fail(err)
	}
	r := &Repository{top: top, prefix: filepath.ToSlash(prefix)}
	if err := r.open(gitDir); err != nil {
		return fail(err)
	}
	return r, nil
}

// Prefix returns the directory that was opened, slash-separated and relative to the top of the repository;
// "." if it is the top.
func (r *Repository) Prefix() string { return r.prefix }

// Head returns the hash of the commit that is checked out, in hexadecimal.
func (r *Repository) Head() (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ref, err := storer.ResolveReference(r.stores[0], plumbing.HEAD)
	if err != nil {
		return "", fmt.Errorf("reading HEAD: %w", missing(err))
	}
	return ref.Hash().String(), nil
}

// find looks for .git in dir and above: a directory, or a file that names one.
func find(dir string) (top, gitDir string, err error) {
	for {
		p := filepath.Join(dir, ".git")
		info, err := os.Stat(p)
		switch {
		case err == nil && info.IsDir() && exists(filepath.Join(p, "HEAD")):
			return dir, p, nil
		case err == nil && info.Mode().IsRegular():
			target, err := readLine(p)
			if err != nil {
				return "", "", err
			}
			target, ok := strings.CutPrefix(target, "gitdir: ")
			if !ok {
				return "", "", fmt.Errorf("reading %s: it does not name a directory", p)
			}
			return dir, join(dir, target), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", "", ErrNoRepository
		}
		dir = up
	}
}

// open opens the stores of a repository whose HEAD is in gitDir.
func (r *Repository) open(gitDir string) error {
	common := gitDir
	if target, err := readLine(filepath.Join(gitDir, "commondir")); err == nil {
		common = join(gitDir, target)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if !exists(filepath.Join(common, "objects")) {
		return fmt.Errorf("%s has no objects: %w", common, ErrNoRepository)
	}
	files := osfs.New(common)
	if common != gitDir {
		files = dotgit.NewRepositoryFilesystem(osfs.New(gitDir), files)
	}
	r.common = common
	r.stores = []*filesystem.Storage{newStorage(files)}
	config, err := r.stores[0].Config()
	if err != nil {
		return fmt.Errorf("reading its configuration: %w", err)
	}
	if f := config.Raw.Section("extensions").Option("objectformat"); f != "" && f != "sha1" {
		return fmt.Errorf("its object format %s is not supported", f)
	}
	for _, remote := range config.Raw.Section("remote").Subsections {
		r.partial = r.partial || remote.Option("promisor") == "true"
	}
	r.borrow(filepath.Join(common, "objects"), 0)
	return nil
}

// borrow adds the stores that an object directory names as its alternates. One that is gone is skipped, as the
// objects may be elsewhere.
func (r *Repository) borrow(objects string, depth int) {
	const deepest = 5 // as in git
	if depth == deepest {
		return
	}
	b, err := readSmall(filepath.Join(objects, "info", "alternates"))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		dir := join(objects, line)
		if filepath.Base(dir) != "objects" || !exists(dir) {
			continue
		}
		r.stores = append(r.stores, newStorage(osfs.New(filepath.Dir(dir))))
		r.borrow(dir, depth+1)
	}
}

func newStorage(files billy.Filesystem) *filesystem.Storage {
	lru := cache.NewObjectLRU(cacheBytes)
	return filesystem.NewStorageWithOptions(regular{files}, lru, filesystem.Options{
		LargeObjectThreshold: objectBytes,
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// join returns target as seen from dir.
func join(dir, target string) string {
	if filepath.IsAbs(target) {
		return filepath.Clean(target)
	}
	return filepath.Join(dir, filepath.FromSlash(target))
}

// readLine returns the only line of a small file.
func readLine(path string) (string, error) {
	b, err := readSmall(path)
	return strings.TrimRight(string(b), "\r\n"), err
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > fileBytes {
		return nil, fmt.Errorf("reading %s: not a small file", path)
	}
	return os.ReadFile(path)
}
