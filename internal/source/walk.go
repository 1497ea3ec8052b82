package source

import (
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"
)

// An entry is what the walk met: a file or directory that is not ignored.
type entry struct {
	name string
	kind kind
}

type kind uint8

const (
	other kind = iota // a socket, or a link that leads nowhere or out of the tree
	file              // or a link to one
	dir
	dirLink // a link to a directory: listed, not entered
)

// walk lists the tree depth first, the entries of each directory in byte order, a directory before its
// content. Neither .git nor an ignored directory is entered, nor one that may not be read.
func walk(t *Tree) ([]entry, error) {
	w := &walker{tree: t}
	if err := w.dir(".", "", 0, nil); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unread = w.unread
	return w.list, nil
}

type walker struct {
	tree *Tree
	list []entry
	met  int

	unread []string // directories that may not be read
}

// dir walks the directory name, whose entries' names begin with prefix.
func (w *walker) dir(name, prefix string, depth int, ignore *scope) error {
	lim := w.tree.lim
	if depth > lim.Depth {
		text := fmt.Sprintf("%s lies deeper than %d directories", name, lim.Depth)
		return walkError(name, &LimitError{int64(lim.Depth), text})
	}
	list, err := w.tree.readDir(name, lim.Files-w.met)
	if errors.Is(err, fs.ErrPermission) && name != "." {
		w.unread = append(w.unread, name)
		return nil
	}
	if err != nil {
		return walkError(name, err)
	}
	if w.met += len(list); w.met > lim.Files {
		return filesError(lim)
	}
	if ignore, err = w.scope(list, prefix, ignore); err != nil {
		return err
	}
	for _, d := range list {
		base := d.Name()
		if base == gitDir || !utf8.ValidString(base) {
			continue
		}
		p := prefix + base
		if ignore != nil && ignore.ignores(p, base, d.IsDir()) {
			continue
		}
		w.list = append(w.list, entry{p, w.kind(p, d)})
		if d.IsDir() {
			if err := w.dir(p, p+"/", depth+1, ignore); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walker) kind(name string, d fs.DirEntry) kind {
	switch typ := d.Type(); {
	case typ.IsRegular():
		return file
	case typ.IsDir():
		return dir
	case typ&fs.ModeSymlink == 0:
		return other
	}
	switch info, err := w.tree.info(name); {
	case err != nil:
		return other
	case info.Mode().IsRegular():
		return file
	case info.IsDir():
		return dirLink
	}
	return other
}

// scope adds the ignore files of a directory, if it has any, to those above.
func (w *walker) scope(list []fs.DirEntry, prefix string, above *scope) (*scope, error) {
	var git, plain []rule
	for _, d := range list {
		rules := &git
		switch d.Name() {
		default:
			continue
		case ".gitignore":
		case ".ignore":
			rules = &plain
		}
		if !d.Type().IsRegular() {
			continue
		}
		b, err := w.tree.Bytes(prefix + d.Name())
		if err != nil {
			return nil, err
		}
		if *rules, err = parseIgnore(prefix+d.Name(), b); err != nil {
			return nil, err
		}
	}
	return above.add(prefix, git, plain)
}

// Files returns the files that the glob matches, links to files included, in the order of the walk: depth
// first, byte order within each directory. Ignored files are left out.
//
// In a pattern * and ? match any characters, / too; **/ matches any directories or none, so that **/x also
// matches x in the root; [a-z] and [!a-z] match one character; {a,b} matches either; a backslash takes the
// next character as it is. A leading / or ./ has no meaning.
func (t *Tree) Files(pattern string) ([]string, error) {
	return t.glob(pattern, func(k kind) bool { return k == file })
}

// Dirs returns the directories that the glob matches, links to directories included, as Files does. The
// root is not among them, and nothing behind a link is.
func (t *Tree) Dirs(pattern string) ([]string, error) {
	return t.glob(pattern, func(k kind) bool { return k == dir || k == dirLink })
}

func (t *Tree) glob(text string, want func(kind) bool) ([]string, error) {
	g, err := parseGlob(text)
	if err != nil {
		return nil, &Error{Op: finding, Name: fmt.Sprintf("the pattern %.80q", text), Err: err}
	}
	list, err := t.walk()
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range list {
		if want(list[i].kind) && g.match(list[i].name) {
			names = append(names, list[i].name)
		}
	}
	return names, nil
}
