package git

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Tree returns the files of the directory sub, "." for the top, as they are in a commit. The revision is a
// hash, which may be abbreviated, a branch or a tag, followed by any number of ~N and ^N.
//
// Content is read when a file is. Links that lead out of sub, submodules, and names that no checkout could
// have are not followed, empty, and left out. An error wraps [ErrMissing] if the clone lacks the commit, and
// [fs.ErrNotExist] if the commit lacks the directory. Files of over 64 MiB cannot be opened.
//
// The files are blobs: not what line ending settings or Git LFS would make of them in a checkout.
func (r *Repository) Tree(rev, sub string) (fs.FS, error) {
	r.mu.Lock()
	c, err := r.commit(rev)
	r.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("finding revision %s: %w", rev, err)
	}
	src := &objects{repo: r, trees: map[string][]node{}}
	top := &files{src: src, root: node{mode: dirMode, id: string(c.TreeHash[:])}}
	root, err := top.directory(path.Clean(sub))
	if err == nil && r.partial {
		err = src.complete(root)
	}
	if err != nil {
		return nil, fmt.Errorf("reading revision %s: %w", rev, err)
	}
	return &files{src: src, root: root}, nil
}

// objects is the content of a repository; ids are hashes.
type objects struct {
	repo  *Repository
	trees map[string][]node // as read so far; under the repository's lock
}

func (o *objects) list(n node) ([]node, error) {
	if n.id == "" {
		return nil, nil
	}
	o.repo.mu.Lock()
	defer o.repo.mu.Unlock()
	if list, ok := o.trees[n.id]; ok {
		return list, nil
	}
	enc, err := o.repo.object(plumbing.TreeObject, toHash(n.id))
	if err != nil {
		return nil, err
	}
	t := &object.Tree{}
	if err := t.Decode(enc); err != nil {
		return nil, err
	}
	list := make([]node, 0, len(t.Entries))
	for _, e := range t.Entries {
		if n, ok := newNode(e); ok {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, byName)
	list = slices.CompactFunc(list, func(a, b node) bool { return a.name == b.name })
	o.trees[n.id] = list
	return list, nil
}

func (o *objects) size(n node) (int64, error) {
	o.repo.mu.Lock()
	defer o.repo.mu.Unlock()
	return o.repo.size(toHash(n.id))
}

func (o *objects) open(n node) (io.ReadCloser, error) {
	o.repo.mu.Lock()
	defer o.repo.mu.Unlock()
	enc, err := o.repo.object(plumbing.BlobObject, toHash(n.id))
	if err != nil {
		return nil, err
	}
	return enc.Reader()
}

// complete reports the first file below n that a partial clone lacks. Without this, a file that is merely
// searched for a word would look empty.
func (o *objects) complete(n node) error {
	seen := map[string]bool{} // or a tree that contains the same one many times would take for ever
	for todo := []node{n}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n.id == "" || seen[n.id] {
			continue
		}
		seen[n.id] = true
		if n.mode.IsDir() {
			list, err := o.list(n)
			if err != nil {
				return err
			}
			todo = append(todo, list...)
			continue
		}
		if !o.has(n) {
			return fmt.Errorf("%s: %w", n.name, ErrMissing)
		}
	}
	return nil
}

func (o *objects) has(n node) bool {
	o.repo.mu.Lock()
	defer o.repo.mu.Unlock()
	return o.repo.store(toHash(n.id)) != nil
}

func newNode(e object.TreeEntry) (node, bool) {
	if e.Name == "." || e.Name == ".." || strings.EqualFold(e.Name, ".git") || !fs.ValidPath(e.Name) || strings.Contains(e.Name, "/") {
		return node{}, false
	}
	n := node{name: e.Name, id: string(e.Hash[:])}
	switch e.Mode {
	case filemode.Dir:
		n.mode = dirMode
	case filemode.Submodule:
		n.mode, n.id, n.commit = dirMode, "", string(e.Hash[:])
	case filemode.Symlink:
		n.mode = linkMode
	case filemode.Executable:
		n.mode = 0o755
	case filemode.Regular, filemode.Deprecated:
		n.mode = 0o644
	default:
		return node{}, false
	}
	return n, true
}

func toHash(id string) (h plumbing.Hash) {
	copy(h[:], id)
	return h
}

func byName(a, b node) int { return cmp.Compare(a.name, b.name) }
