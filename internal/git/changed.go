package git

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
)

// Changed returns the names of the files that are not the same in two commits' file systems, with the files that only one of
// them has, in byte order. A symlink is its target, a submodule its commit, which a tarball does not tell.
//
// Of two commits of one clone it compares hashes, and enters no directory that is the same in both.
func Changed(before, after fs.FS) ([]string, error) {
	c := changes{before: before, after: after}
	c.old, c.new, c.hashed = hashedFiles(before, after)
	if err := c.dir("."); err != nil {
		return nil, fmt.Errorf("comparing two commits: %w", err)
	}
	slices.Sort(c.names)
	return c.names, nil
}

// hashedFiles returns the file systems of two commits whose files are named by hashes.
func hashedFiles(before, after fs.FS) (a, b *files, ok bool) {
	a, isA := before.(*files)
	b, isB := after.(*files)
	if !isA || !isB {
		return nil, nil, false
	}
	_, gitA := a.src.(*objects)
	_, gitB := b.src.(*objects)
	return a, b, gitA && gitB
}

type changes struct {
	before, after fs.FS
	old, new      *files
	hashed        bool
	names         []string
}

// dir compares a directory, which may be in one commit only.
func (c *changes) dir(name string) error {
	before, err := entries(c.before, name)
	if err != nil {
		return err
	}
	after, err := entries(c.after, name)
	if err != nil {
		return err
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, base := range slices.Sorted(maps.Keys(all)) {
		if err := c.entry(path.Join(name, base), before[base], after[base]); err != nil {
			return err
		}
	}
	return nil
}

// entry compares what has one name in both commits; either is nil if a commit has none.
func (c *changes) entry(name string, before, after fs.DirEntry) error {
	wasDir, isDir := before != nil && before.IsDir(), after != nil && after.IsDir()
	switch same, err := c.same(name, before, after); {
	case err != nil || same:
		return err
	case before != nil && !wasDir, after != nil && !isDir, c.submodule(name):
		c.names = append(c.names, name)
	}
	if wasDir || isDir {
		return c.dir(name)
	}
	return nil
}

func (c *changes) same(name string, before, after fs.DirEntry) (bool, error) {
	if before == nil || after == nil || before.Type() != after.Type() {
		return false, nil
	}
	if c.hashed {
		a, err := c.old.resolve("lstat", name, false)
		if err != nil {
			return false, err
		}
		b, err := c.new.resolve("lstat", name, false)
		return err == nil && a.id == b.id && a.commit == b.commit && a.mode == b.mode, err
	}
	if before.IsDir() {
		return false, nil
	}
	return sameFile(c.before, c.after, name)
}

// submodule reports whether a name is a submodule in either commit.
func (c *changes) submodule(name string) bool {
	for _, f := range []*files{c.old, c.new} {
		if !c.hashed {
			return false
		}
		if n, err := f.resolve("lstat", name, false); err == nil && n.commit != "" {
			return true
		}
	}
	return false
}

// sameFile compares mode, size and content. A tarball tells of a mode only whether a file is executable.
func sameFile(before, after fs.FS, name string) (bool, error) {
	a, err := fs.Lstat(before, name)
	if err != nil {
		return false, err
	}
	b, err := fs.Lstat(after, name)
	if err != nil {
		return false, err
	}
	if a.Mode().Type() != b.Mode().Type() || a.Mode()&0o111 != b.Mode()&0o111 {
		return false, nil
	}
	if a.Mode()&fs.ModeSymlink != 0 {
		x, err := fs.ReadLink(before, name)
		if err != nil {
			return false, err
		}
		y, err := fs.ReadLink(after, name)
		return err == nil && x == y, err
	}
	if a.Size() != b.Size() {
		return false, nil
	}
	return sameContent(before, after, name)
}

func sameContent(before, after fs.FS, name string) (bool, error) {
	x, err := before.Open(name)
	if err != nil {
		return false, nil // too large to be kept, so it counts as changed
	}
	defer x.Close()
	y, err := after.Open(name)
	if err != nil {
		return false, nil
	}
	defer y.Close()
	p, q := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, errX := io.ReadFull(x, p)
		m, errY := io.ReadFull(y, q)
		if !bytes.Equal(p[:n], q[:m]) {
			return false, nil
		}
		if errX != nil || errY != nil {
			return isEnd(errX) && isEnd(errY), nil
		}
	}
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// entries lists a directory by name. One that is not there, or is a file, is empty.
func entries(fsys fs.FS, name string) (map[string]fs.DirEntry, error) {
	info, err := fs.Lstat(fsys, name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return map[string]fs.DirEntry{}, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(fsys, name)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]fs.DirEntry, len(list))
	for _, e := range list {
		byName[e.Name()] = e
	}
	return byName, nil
}
