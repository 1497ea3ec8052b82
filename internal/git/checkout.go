package git

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Top returns the directory that the repository is checked out in, with links followed.
func (r *Repository) Top() string { return r.top }

// Outer returns the repository that the checkout lies in, and where in it; nil if there is none. For a submodule it is
// the one that records its commit.
func (r *Repository) Outer() (*Repository, string, error) {
	outer, err := Open(filepath.Dir(r.top))
	if errors.Is(err, ErrNoRepository) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	return outer, path.Join(outer.prefix, filepath.Base(r.top)), nil
}

// Submodule returns the commit that a revision records for the submodule in a directory, in hexadecimal. An error wraps [ErrMissing] if
// the clone lacks the revision, and [fs.ErrNotExist] if the revision has no submodule there.
func (r *Repository) Submodule(rev, dir string) (string, error) {
	tree, err := r.Tree(rev, ".")
	if err != nil {
		return "", err
	}
	n, err := tree.(*files).resolve("lstat", dir, false)
	if err != nil {
		return "", fmt.Errorf("reading revision %s: %w", rev, err)
	}
	if n.commit == "" {
		return "", fmt.Errorf("reading revision %s: %s is no submodule: %w", rev, dir, fs.ErrNotExist)
	}
	return hex.EncodeToString([]byte(n.commit)), nil
}

// Branch returns the branch that is checked out, "" if it is a commit without one.
func (r *Repository) Branch() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ref, err := r.stores[0].Reference(plumbing.HEAD)
	if err != nil || !ref.Target().IsBranch() {
		return ""
	}
	return ref.Target().Short()
}

// Parents returns the parents of a commit in their order, in hexadecimal. A shallow clone knows them too, though it lacks them.
func (r *Repository) Parents(rev string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.commit(rev)
	if err != nil {
		return nil, fmt.Errorf("reading the parents of %s: %w", rev, err)
	}
	var parents []string
	for _, h := range c.ParentHashes {
		parents = append(parents, h.String())
	}
	return parents, nil
}

// Named returns the full name of the branch of origin, or of the tag, that is called so and is at a commit; "" if there is none. The name
// may be a full one; a short one that a branch of origin has is none of a tag, as more people may make tags. A branch that only the clone has
// does not count, as a step may have committed to it.
func (r *Repository) Named(name, commit string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	branch, isBranch := strings.CutPrefix(name, "refs/heads/")
	tag, isTag := strings.CutPrefix(name, "refs/tags/")
	at := func(ref string) (there, ok bool) {
		h, err := r.stores[0].Reference(plumbing.ReferenceName(ref))
		if err != nil {
			return false, false
		}
		c, err := r.peel(h.Hash())
		return true, err == nil && c.Hash.String() == commit
	}
	if !isTag {
		switch there, ok := at("refs/remotes/origin/" + branch); {
		case ok:
			return "refs/heads/" + branch
		case there:
			return ""
		}
	}
	if _, ok := at("refs/tags/" + tag); ok && !isBranch {
		return "refs/tags/" + tag
	}
	return ""
}
