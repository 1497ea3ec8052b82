package providers

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// Bounds of what is read to find out how an app starts.
const (
	pythonFileBytes = 256 << 10
	pythonReads     = 200 // files
	pythonDepth     = 4   // modules that import an app object from each other
)

// pythonCode is the Python files of an app, each read once.
type pythonCode struct {
	app     App
	modules map[string]*pyModule
}

// module reads a file. It is nil if there is no such file, if the file is too large or no text, or if too many were read.
func (c *pythonCode) module(file string) *pyModule {
	if m, ok := c.modules[file]; ok || len(c.modules) >= pythonReads {
		return m
	}
	var m *pyModule
	if c.app.Tree.HasFile(file) {
		if text, err := c.app.Tree.Read(file); err == nil && len(text) <= pythonFileBytes {
			m = readPyModule(text)
		}
	}
	c.modules[file] = m
	return m
}

// candidates are the files that may hold the app, in the order in which they are looked at: those in the root, in src, in packages, and in
// the folders of the root and of src that are no packages.
func (c *pythonCode) candidates() ([]string, error) {
	dirs := []string{".", "src", "app"}
	if name := readPythonProject(c.app).module(); name != "" {
		dirs = append(dirs, name, path.Join("src", name))
	}
	for _, pattern := range []string{"**/__init__.py", "**/*.py"} {
		files, err := c.app.Tree.Files(pattern)
		if err != nil {
			return nil, err
		}
		more := pythonFolders(files, pattern == "**/*.py")
		dirs = append(dirs, more[:min(len(more), pythonReads)]...)
	}
	var files []string
	seen := map[string]bool{}
	for _, dir := range dirs {
		for _, name := range append(slices.Clone(pythonEntries), "__init__") {
			if file := path.Join(dir, name+".py"); !seen[file] && c.app.Tree.HasFile(file) {
				seen[file] = true
				files = append(files, file)
			}
		}
	}
	return files, nil
}

// pythonFolders are the folders of files that are not beside an app, the least deep first; with shallow only those in the root and in src.
func pythonFolders(files []string, shallow bool) []string {
	var dirs []string
	for _, file := range files {
		dir := path.Dir(file)
		parts := strings.Split(dir, "/")
		if slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(pythonAside, part) || strings.HasPrefix(part, ".") }) {
			continue
		}
		if !shallow || len(parts) == 1 || len(parts) == 2 && parts[0] == "src" {
			dirs = append(dirs, dir)
		}
	}
	slices.SortFunc(dirs, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
	})
	return slices.Compact(dirs)
}

// rooted are the files that lie in the root or in src.
func rooted(files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool { return path.Dir(file) != "." && path.Dir(file) != "src" })
}

// others are the files in the root and in src that are called like no program.
func (c *pythonCode) others() ([]string, error) {
	files, err := c.app.Tree.Files("**/*.py")
	return slices.DeleteFunc(rooted(files), func(file string) bool {
		name := strings.TrimSuffix(path.Base(file), ".py")
		return slices.Contains(pythonEntries, name) || slices.Contains(pythonAside, name) || name == "manage" || name == "setup" || name == "__init__"
	}), err
}

// pythonModuleName is one that can be imported.
var pythonModuleName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// origins are the dotted names that a name in a module may have been imported as; the name itself if it was not.
func (m *pyModule) origins(name string) []string {
	first, rest, dotted := strings.Cut(name, ".")
	if origin, ok := m.imports[first]; ok {
		if dotted {
			origin += "." + rest
		}
		return []string{origin}
	}
	list := []string{name}
	for _, star := range m.stars {
		list = append(list, star+"."+name)
	}
	return list
}

// local returns the file of the app that has what a file imports, and what that is called there; "" if the app has none.
func (c *pythonCode) local(file, origin string) (found, name string) {
	module := strings.TrimLeft(origin, ".")
	up := len(origin) - len(module)
	dot := strings.LastIndexByte(module, '.')
	if dot < 0 && up == 0 {
		return "", ""
	}
	name = module[dot+1:]
	below := strings.ReplaceAll(module[:max(dot, 0)], ".", "/")
	dirs := []string{path.Dir(file), ".", "src"}
	if up > 0 {
		dir := path.Dir(file)
		for range min(up-1, pythonDepth) {
			dir = path.Dir(dir)
		}
		dirs = []string{dir}
	}
	for _, dir := range dirs {
		for _, end := range []string{".py", "/__init__.py"} {
			other := path.Join(dir, below+end)
			if below == "" && end == ".py" {
				continue
			}
			if other != file && c.app.Tree.HasFile(other) {
				return other, name
			}
		}
	}
	return "", ""
}

// importable says from which directory a file is imported, and as what; "" if it cannot be.
func (c *pythonCode) importable(file string) (root, module string) {
	dir := path.Dir(file)
	root = c.packageRoot(file)
	switch {
	case dir == "." || path.Base(file) == "__init__.py":
	case c.importsItself(file):
		if root == dir {
			root = path.Dir(dir)
		}
	case c.importsSibling(file):
		root = dir
	case root == dir && dir != "src":
		root = path.Dir(dir) // packages need no __init__.py
	}
	below := strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
	if root != "." {
		below = strings.TrimPrefix(below, root+"/")
	}
	if module = strings.ReplaceAll(below, "/", "."); !pythonModuleName.MatchString(module) {
		return root, ""
	}
	return root, module
}

// packageRoot is the directory in which the outermost package lies that a file is in.
func (c *pythonCode) packageRoot(file string) string {
	root := path.Dir(file)
	for root != "." && c.app.Tree.HasFile(path.Join(root, "__init__.py")) {
		root = path.Dir(root)
	}
	return root
}

// importsItself reports whether a file takes something from the package that it is in, by that package's name or by a dot.
func (c *pythonCode) importsItself(file string) bool {
	return c.imports(file, func(origin string) bool {
		first, _, _ := strings.Cut(origin, ".")
		return first == "" || first == path.Base(path.Dir(file))
	})
}

// importsSibling reports whether a file takes something from one beside it as if that lay in the root, where it does not.
func (c *pythonCode) importsSibling(file string) bool {
	return c.imports(file, func(origin string) bool {
		first, _, _ := strings.Cut(origin, ".")
		beside := path.Join(path.Dir(file), first)
		has := func(name string) bool { return c.app.Tree.HasFile(name+".py") || c.app.Tree.HasDir(name) }
		return first != "" && has(beside) && !has(first)
	})
}

func (c *pythonCode) imports(file string, like func(origin string) bool) bool {
	m := c.module(file)
	if m == nil {
		return false
	}
	for _, origin := range m.imports {
		if like(origin) {
			return true
		}
	}
	return slices.ContainsFunc(m.stars, like)
}
