// Package source reads an app's files: each at most once, none outside the tree, none above a limit.
//
// A [Tree] is read-only and lies over any [fs.FS]: a directory on disk or a commit's files. What it says
// depends on nothing but those files: not on the user's git configuration, not on directories above, not
// on whether .git was shipped. It differs from Nixpacks (nixpacks-1.39.md 2) where that one depends
// on the machine or fails an app for a file that nobody asked about.
//
// Names are slash-separated and relative to the root of the tree. Names that are not UTF-8 are not seen.
// Symlinks are followed as far as they stay inside; an absolute link leads outside, wherever it points. Files in a directory .git are not seen
// either, by name or by link: git keeps tokens there.
package source

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Limits bound what a tree reads, so that no app can exhaust the machine. A zero field is the default.
type Limits struct {
	FileBytes int64 // size of a file that is read, in bytes; 16 MiB
	Files     int   // files and directories that the walk meets, ignored directories' content aside; 250,000
	Depth     int   // directories that lie within each other below the root; 64
}

func (l Limits) withDefaults() Limits {
	return Limits{
		FileBytes: cmp.Or(l.FileBytes, 16<<20),
		Files:     cmp.Or(l.Files, 250_000),
		Depth:     cmp.Or(l.Depth, 64),
	}
}

// A Tree is a directory of an app's files. Its methods may be called concurrently; all errors that they
// return are an [*Error].
type Tree struct {
	fsys fs.FS
	root *os.Root // nil unless the tree is on disk
	path string   // of root, without symlinks
	name string
	lim  Limits
	walk func() ([]entry, error)

	mu     sync.Mutex
	cached map[string][]byte
	room   int64 // bytes that may still be cached

	unread  []string
	outside []string
}

// cacheBytes bounds the memory for files that were read. An app that exceeds it is read again, not refused.
const cacheBytes = 128 << 20

// Open returns the tree of the directory dir on disk, which may itself be a symlink.
func Open(dir string, lim Limits) (*Tree, error) {
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return nil, rootError(dir, err)
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, rootError(dir, err)
	} else if !info.IsDir() {
		return nil, rootError(dir, errNotDir)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, rootError(dir, err)
	}
	return newDiskTree(root, abs, filepath.Base(abs), lim), nil
}

// New returns the tree of fsys. The name is what [Tree.Name] returns. If links in fsys are to be followed,
// fsys does so, and sees to it that they stay inside.
func New(fsys fs.FS, name string, lim Limits) (*Tree, error) {
	if info, err := fs.Stat(fsys, "."); err != nil {
		return nil, rootError(name, err)
	} else if !info.IsDir() {
		return nil, rootError(name, errNotDir)
	}
	return newTree(&Tree{fsys: fsys, name: name}, lim), nil
}

func newDiskTree(root *os.Root, path, name string, lim Limits) *Tree {
	return newTree(&Tree{fsys: root.FS(), root: root, path: path, name: name}, lim)
}

func newTree(t *Tree, lim Limits) *Tree {
	t.lim = lim.withDefaults()
	t.cached, t.room = map[string][]byte{}, cacheBytes
	t.walk = sync.OnceValues(func() ([]entry, error) { return walk(t) })
	return t
}

// Name returns the base name of the directory, with symlinks resolved.
func (t *Tree) Name() string { return t.name }

// Close releases the directory. The trees of [Tree.Sub] stay open.
func (t *Tree) Close() error {
	if t.root == nil {
		return nil
	}
	return t.root.Close()
}

// HasFile reports whether name is a regular file or a symlink to one inside the tree. Ignore files do not
// matter. An absolute name, one that leads out of the tree, or one of git's own files, is none.
func (t *Tree) HasFile(name string) bool {
	info, err := t.stat(name)
	if err != nil {
		t.noteOutside(name, err)
	}
	return err == nil && info.Mode().IsRegular()
}

// noteOutside keeps in mind a name that leads out of the tree by a link.
func (t *Tree) noteOutside(name string, err error) {
	name = path.Clean(name)
	if !leadsOut(err) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.outside, name) {
		t.outside = append(t.outside, name)
	}
}

// leadsOut reports whether an error says that a link leads out of the tree, or to git's own files. The standard library has no value
// for its error, and package git none that is exported.
func leadsOut(err error) bool {
	var p *fs.PathError
	return errors.Is(err, errLinkOfGit) ||
		errors.As(err, &p) && (strings.HasPrefix(p.Err.Error(), "path escapes") || strings.HasPrefix(p.Err.Error(), "the link leads out"))
}

// Outside returns, in byte order, the files that were asked for so far and that are links out of the tree. To the tree they are not there.
func (t *Tree) Outside() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(slices.Values(t.outside))
}

// HasDir reports whether name is a directory, as HasFile does for files.
func (t *Tree) HasDir(name string) bool {
	info, err := t.stat(name)
	return err == nil && info.IsDir()
}

// Executable reports whether name is a file with any of the three executable bits.
func (t *Tree) Executable(name string) bool {
	info, err := t.stat(name)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

func (t *Tree) stat(name string) (fs.FileInfo, error) {
	p, err := clean(name)
	if err != nil {
		return nil, err
	}
	return t.info(p)
}

// info is fs.Stat for what the app's files are: neither git's own files, nor a link to one.
func (t *Tree) info(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(t.fsys, name)
	if err != nil || t.root == nil {
		return info, err
	}
	real, err := filepath.EvalSymlinks(t.path + "/" + name)
	if err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(t.path, real); err != nil || ofGit(filepath.ToSlash(rel)) {
		return nil, errLinkOfGit
	}
	return info, nil
}

// ofGit reports whether a clean path is git's own directory, or below it. It holds tokens, and no part of an app.
func ofGit(name string) bool { return slices.Contains(strings.Split(name, "/"), gitDir) }

// gitDir is where git keeps a repository, or a file that says where.
const gitDir = ".git"

// clean returns name as fs.FS wants it, or why it cannot be inside the tree.
func clean(name string) (string, error) {
	p := path.Clean(name)
	switch {
	case name == "":
		return "", errors.New("the name is empty")
	case path.IsAbs(p):
		return "", errAbsolute
	case p == ".." || strings.HasPrefix(p, "../"):
		return "", errOutside
	case strings.Contains(p, "\x00") || !fs.ValidPath(p):
		return "", errors.New("the name is not valid")
	case ofGit(p):
		return "", errOfGit
	}
	return p, nil
}

// Entries returns what lies immediately in the root, in byte order of the names, .git and ignored entries
// included. A symlink is returned as one; [Tree.HasDir] tells where it leads.
func (t *Tree) Entries() ([]fs.DirEntry, error) {
	list, err := t.readDir(".", t.lim.Files)
	if err != nil {
		return nil, walkError(".", err)
	}
	if len(list) > t.lim.Files {
		return nil, filesError(t.lim)
	}
	return list, nil
}

// Sub returns the tree of a directory in this one. No link leads from it to the rest of this tree, and the
// ignore files above do not count: it is the tree that opening the directory itself would give.
func (t *Tree) Sub(dir string) (*Tree, error) {
	p, err := clean(dir)
	if err != nil {
		return nil, &Error{Op: opening, Name: dir, Err: err, Hint: hintInside}
	}
	name := t.name
	if p != "." {
		name = path.Base(p)
	}
	if info, err := t.info(p); err != nil {
		return nil, openError(dir, err)
	} else if !info.IsDir() {
		return nil, openError(dir, errNotDir)
	}
	if t.root == nil {
		sub, err := fs.Sub(t.fsys, p)
		if err != nil {
			return nil, openError(dir, err)
		}
		return New(sub, name, t.lim)
	}
	root, err := t.root.OpenRoot(p)
	if err != nil {
		return nil, openError(dir, err)
	}
	resolved, err := filepath.EvalSymlinks(filepath.Join(t.path, filepath.FromSlash(p)))
	if err != nil {
		_ = root.Close()
		return nil, openError(dir, err)
	}
	return newDiskTree(root, resolved, name, t.lim), nil
}

// Unread returns the directories that the searches of the tree so far passed over, because they may not be read.
func (t *Tree) Unread() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.unread)
}

// readDir lists a directory in byte order of the names. It stops soon after limit entries.
func (t *Tree) readDir(dir string, limit int) ([]fs.DirEntry, error) {
	f, err := t.openDir(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errNotDir
	}
	var list []fs.DirEntry
	for len(list) <= limit {
		part, err := d.ReadDir(dirChunk)
		if list == nil {
			list = part
		} else {
			list = append(list, part...)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// openDir opens a directory to list it. On disk it does so by its path: the walk enters no symlink, and os.Root
// would ask for the status of each single entry, which takes longer than all the rest.
func (t *Tree) openDir(dir string) (fs.File, error) {
	if t.root == nil {
		return t.fsys.Open(dir)
	}
	return os.Open(t.path + "/" + dir)
}

// dirChunk is how many entries are asked for at a time: what a system call returns is some hundred.
const dirChunk = 512
