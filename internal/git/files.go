package git

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A content holds directories and files. Its methods may be called concurrently.
type content interface {
	list(node) ([]node, error) // sorted by name; the caller does not write to it
	size(node) (int64, error)  // in bytes
	open(node) (io.ReadCloser, error)
}

// A node is a file, a directory or a symlink.
type node struct {
	name string
	mode fs.FileMode
	id   string // in the content

	commit string // of a submodule, whose files are elsewhere
}

const (
	dirMode  = fs.ModeDir | 0o755
	linkMode = fs.ModeSymlink | 0o777
)

const (
	maxLinks  = 40   // followed for one name, as in Linux
	linkBytes = 4096 // of a symlink's target
)

var (
	errOutside  = errors.New("the link leads out of the tree")
	errLoop     = errors.New("too many links")
	errNotDir   = errors.New("not a directory")
	errIsDir    = errors.New("is a directory")
	errNotLink  = errors.New("not a link")
	errLongLink = errors.New("the link's target is too long")
)

// files is a file system over a content. Links are followed inside it only.
type files struct {
	src  content
	root node
}

var (
	_ fs.ReadDirFS  = (*files)(nil)
	_ fs.ReadFileFS = (*files)(nil)
	_ fs.ReadLinkFS = (*files)(nil)
	_ fs.StatFS     = (*files)(nil)
	_ fs.SubFS      = (*files)(nil)
)

// Open opens a file or a directory, following links.
func (f *files) Open(name string) (fs.File, error) {
	n, err := f.resolve("open", name, true)
	if err != nil {
		return nil, err
	}
	base := fileInfo{src: f.src, node: n}
	base.name = path.Base(name)
	if n.mode.IsDir() {
		list, err := f.src.list(n)
		if err != nil {
			return nil, pathError("open", name, err)
		}
		return &openDir{info: base, rest: list}, nil
	}
	r, err := f.src.open(n)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return &openFile{info: base, ReadCloser: r}, nil
}

// ReadFile returns the content of a file.
func (f *files) ReadFile(name string) ([]byte, error) {
	n, err := f.resolve("readfile", name, true)
	if err != nil {
		return nil, err
	}
	if n.mode.IsDir() {
		return nil, pathError("readfile", name, errIsDir)
	}
	r, err := f.src.open(n)
	if err != nil {
		return nil, pathError("readfile", name, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, pathError("readfile", name, err)
	}
	return b, nil
}

// ReadDir lists a directory in byte order of the names.
func (f *files) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.resolve("readdir", name, true)
	if err != nil {
		return nil, err
	}
	if !n.mode.IsDir() {
		return nil, pathError("readdir", name, errNotDir)
	}
	list, err := f.src.list(n)
	if err != nil {
		return nil, pathError("readdir", name, err)
	}
	return dirEntries(f.src, list), nil
}

// Stat describes what a name leads to. The size of a file is found when it is asked for.
func (f *files) Stat(name string) (fs.FileInfo, error) { return f.stat("stat", name, true) }

// Lstat describes a name itself, even if it is a link.
func (f *files) Lstat(name string) (fs.FileInfo, error) { return f.stat("lstat", name, false) }

func (f *files) stat(op, name string, follow bool) (fs.FileInfo, error) {
	n, err := f.resolve(op, name, follow)
	if err != nil {
		return nil, err
	}
	n.name = path.Base(name)
	return fileInfo{f.src, n}, nil
}

// ReadLink returns the target of a link as it is written.
func (f *files) ReadLink(name string) (string, error) {
	n, err := f.resolve("readlink", name, false)
	if err != nil {
		return "", err
	}
	if n.mode&fs.ModeSymlink == 0 {
		return "", pathError("readlink", name, errNotLink)
	}
	target, err := f.target(n)
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	return target, nil
}

// Sub returns the file system of a directory, out of which no link leads.
func (f *files) Sub(dir string) (fs.FS, error) {
	n, err := f.directory(dir)
	if err != nil {
		return nil, err
	}
	return &files{src: f.src, root: n}, nil
}

func (f *files) directory(name string) (node, error) {
	n, err := f.resolve("open", name, true)
	if err == nil && !n.mode.IsDir() {
		err = pathError("open", name, errNotDir)
	}
	return n, err
}

// resolve finds the node of a name. The last component is followed only if that is asked for.
func (f *files) resolve(op, name string, follow bool) (node, error) {
	if !fs.ValidPath(name) {
		return node{}, pathError(op, name, fs.ErrInvalid)
	}
	n, err := f.walk(strings.Split(name, "/"), follow)
	if err != nil {
		return node{}, pathError(op, name, err)
	}
	return n, nil
}

func (f *files) walk(todo []string, follow bool) (node, error) {
	at := []node{f.root} // from the root to where we are
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		here := at[len(at)-1]
		if !here.mode.IsDir() {
			return node{}, fs.ErrNotExist
		}
		switch name {
		case "", ".":
			continue
		case "..":
			if len(at) == 1 {
				return node{}, errOutside
			}
			at = at[:len(at)-1]
			continue
		}
		next, err := f.child(here, name)
		if err != nil {
			return node{}, err
		}
		if next.mode&fs.ModeSymlink == 0 || len(todo) == 0 && !follow {
			at = append(at, next)
			continue
		}
		if links++; links > maxLinks {
			return node{}, errLoop
		}
		target, err := f.target(next)
		if err != nil {
			return node{}, err
		}
		if path.IsAbs(target) {
			return node{}, errOutside
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return at[len(at)-1], nil
}

func (f *files) child(dir node, name string) (node, error) {
	list, err := f.src.list(dir)
	if err != nil {
		return node{}, err
	}
	i, ok := slices.BinarySearchFunc(list, name, func(n node, s string) int { return cmp.Compare(n.name, s) })
	if !ok {
		return node{}, fs.ErrNotExist
	}
	return list[i], nil
}

func (f *files) target(link node) (string, error) {
	r, err := f.src.open(link)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, linkBytes+1))
	if err != nil {
		return "", err
	}
	if len(b) > linkBytes {
		return "", errLongLink
	}
	if len(b) == 0 {
		return "", fs.ErrNotExist
	}
	return string(b), nil
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
