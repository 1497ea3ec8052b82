package providers

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// nodeInstallFiles lists what the package managers read to install: the manifests of the app and of its
// workspaces, lockfiles, settings, patches and local packages. It stops at all that may run the app's own
// code or that it does not know. It does not ask which package manager is used: a stray file costs little.
func nodeInstallFiles(app App) (files []string, blocker string, err error) {
	n, err := loadNode(app)
	if err != nil {
		return nil, "", err
	}
	f := &nodeFiles{app: app, names: map[string]bool{}, modes: map[string]map[string]fs.FileMode{}}
	if n.installCommand() == "" {
		f.block("there is no package.json")
	}
	f.variables()
	for _, name := range slices.Concat(nodeInstallNames, nodeLocks()) {
		f.file(name)
	}
	f.dir(".yarn")
	f.settings()
	f.packages()
	f.readers()
	if f.blocker != "" {
		return nil, f.blocker, nil
	}
	for name := range plan.Sorted(f.names) {
		if !f.inside(name) {
			files = append(files, name)
		}
	}
	return files, "", nil
}

// nodeFiles collects names until something blocks.
type nodeFiles struct {
	app     App
	names   map[string]bool
	blocker string                            // the first
	deps    map[string]bool                   // that the manifests list
	members []string                          // directories of the packages that are not the root
	modes   map[string]map[string]fs.FileMode // of the entries of directories
}

// inside reports whether a directory above the name is listed.
func (f *nodeFiles) inside(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if f.names[dir] {
			return true
		}
	}
	return false
}

func (f *nodeFiles) block(format string, args ...any) {
	if f.blocker == "" {
		f.blocker = fmt.Sprintf(format, args...)
	}
}

// unread blocks on a file whose content is not understood.
func (f *nodeFiles) unread(name string, err error) {
	line, _, _ := strings.Cut(err.Error(), "\n")
	f.block("%s is not understood (%s)", name, line)
}

// file adds a file if the app has it.
func (f *nodeFiles) file(name string) {
	if f.app.Tree.HasFile(name) {
		f.add(name)
	}
}

// needed adds a file that something names; without it, it is not known what will be read.
func (f *nodeFiles) needed(who, name string) {
	if !f.app.Tree.HasFile(name) {
		f.block("%s names a file that is not in the app", who)
		return
	}
	f.add(name)
}

// dir adds a directory, with all that is in it, if the app has it.
func (f *nodeFiles) dir(name string) {
	if !f.app.Tree.HasDir(name) {
		return
	}
	f.add(name)
	f.checkLinks(path.Clean(name), 0)
}

func (f *nodeFiles) add(name string) {
	name = path.Clean(name)
	for dir, rest := ".", name; rest != ""; {
		var base string
		base, rest, _ = strings.Cut(rest, "/")
		if f.entries(dir)[base]&fs.ModeSymlink != 0 {
			f.block("%s is a symlink", path.Join(dir, base))
		}
		dir = path.Join(dir, base)
	}
	f.names[name] = true
}

// maxNodeDepth bounds how deep directories that are copied whole are searched.
const maxNodeDepth = 32

// checkLinks blocks if there is a symlink in a directory: what it leads to may not be copied.
func (f *nodeFiles) checkLinks(dir string, depth int) {
	if depth > maxNodeDepth {
		f.block("%s lies deeper than %d directories", dir, maxNodeDepth)
	}
	for base, mode := range plan.Sorted(f.entries(dir)) {
		if f.blocker != "" {
			return
		}
		name := path.Join(dir, base)
		if mode&fs.ModeSymlink != 0 {
			f.block("%s is a symlink", name)
		}
		if mode.IsDir() {
			f.checkLinks(name, depth+1)
		}
	}
}

// entries returns the types of a directory's entries.
func (f *nodeFiles) entries(dir string) map[string]fs.FileMode {
	if m, ok := f.modes[dir]; ok {
		return m
	}
	m := map[string]fs.FileMode{}
	list, err := readEntries(f.app.Tree, dir)
	if err != nil {
		f.unread(dir, err)
	}
	for _, e := range list {
		m[e.Name()] = e.Type()
	}
	f.modes[dir] = m
	return m
}

func readEntries(tree *source.Tree, dir string) ([]fs.DirEntry, error) {
	sub, err := tree.Sub(dir)
	if err != nil {
		return nil, err
	}
	defer sub.Close()
	return sub.Entries()
}
