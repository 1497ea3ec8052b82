package discover

import (
	"errors"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

const (
	goMod  = "go.mod"
	goWork = "go.work"
)

// goWorkspaces finds the programs of Go workspaces that use other modules of theirs. The others are modules like any.
func (f *finder) goWorkspaces() error {
	for _, root := range f.with(goWork) {
		if !f.wantedRoot(root) {
			continue
		}
		if err := f.goWorkspace(root); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) goWorkspace(root string) error {
	file := path.Join(root, goWork)
	text, err := f.tree.Bytes(file)
	if err != nil {
		return err
	}
	work, err := modfile.ParseWork(file, text, nil)
	if err != nil {
		return goMistake(file, err)
	}
	w := f.newWorkspace(root)
	modules := map[string]*modfile.File{}
	names := map[string]string{} // directories, by path of the module
	for _, use := range work.Use {
		dir := path.Join(root, use.Path)
		if path.IsAbs(use.Path) || dir == ".." || strings.HasPrefix(dir, "../") {
			return &source.Error{Op: "reading", Name: file, Line: use.Syntax.Start.Line, Err: errors.New("use " + use.Path + " leads out of the repository"), Hint: "name directories of the repository"}
		}
		if !f.hasFile(dir, goMod) || w.byDir[dir] != nil {
			continue
		}
		mod, err := f.goModule(dir)
		if err != nil {
			return err
		}
		modules[dir] = mod
		m := &member{dir: dir}
		if mod.Module != nil {
			m.name = mod.Module.Mod.Path
			names[m.name] = dir
		}
		w.add(m)
	}
	for _, m := range w.members {
		m.uses = goUses(m.dir, modules[m.dir], names)
	}
	slices.SortFunc(w.members, func(a, b *member) int { return strings.Compare(a.dir, b.dir) })
	for _, m := range w.members {
		if err := f.goApp(w, m); err != nil {
			return err
		}
	}
	return nil
}

// goApp adds a program whose module needs others. It is built from the root of the workspace, by its package.
func (f *finder) goApp(w *workspace, m *member) error {
	uses := w.closure(m.dir)
	if len(uses) == 1 || m.dir == w.root || f.has(m.dir) || !f.wanted(m.dir) {
		return nil
	}
	f.claimed[claim{m.dir, goMod}] = true
	program, file, err := f.goMain(m.dir)
	if err != nil || program == "" {
		return err
	}
	below := strings.TrimPrefix(program, strings.TrimPrefix(w.root+"/", "./"))
	a := App{
		Directory: m.dir, Context: w.root, Found: file + " is of package main", shared: w, uses: uses,
		BuildCmd: providers.StripGo("go build -o out "+quote("./"+below), f.after139(w.root, m.dir)), StartCmd: "./out", Config: f.ownConfig(w.root, m.dir),
	}
	if !f.hasFile(w.root, goMod) {
		a.Pkgs = []string{"go"} // nothing in the root asks for it
	}
	f.apps = append(f.apps, a)
	return nil
}

func (f *finder) goModule(dir string) (*modfile.File, error) {
	file := path.Join(dir, goMod)
	text, err := f.tree.Bytes(file)
	if err != nil {
		return nil, err
	}
	mod, err := modfile.ParseLax(file, text, nil)
	if err != nil {
		return nil, goMistake(file, err)
	}
	return mod, nil
}

// goMistake names the line of an error of the parser, which says the file itself.
func goMistake(file string, err error) error {
	e := &source.Error{Op: "parsing", Name: file, Err: err}
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		e.Line, e.Err = list[0].Pos.Line, list[0].Err
	}
	return e
}

// goUses lists the directories of the modules that a module requires, or has in place of others.
func goUses(dir string, mod *modfile.File, names map[string]string) []string {
	var uses []string
	for _, r := range mod.Require {
		if other, ok := names[r.Mod.Path]; ok && other != dir {
			uses = append(uses, other)
		}
	}
	for _, r := range mod.Replace {
		if other := path.Join(dir, r.New.Path); r.New.Version == "" && !path.IsAbs(r.New.Path) && other != ".." && !strings.HasPrefix(other, "../") {
			uses = append(uses, other)
		}
	}
	slices.Sort(uses)
	return slices.Compact(uses)
}

// goMain returns the directory of a module's program, as the provider chooses it, and a file of it: the root, or the first
// folder of cmd. It is "" for a library.
func (f *finder) goMain(dir string) (program, file string, err error) {
	dirs := []string{dir}
	for _, d := range f.dirs {
		if path.Dir(d) == path.Join(dir, "cmd") {
			dirs = append(dirs, d)
		}
	}
	for _, d := range dirs {
		for _, base := range f.files[d] {
			if path.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") {
				continue
			}
			text, err := f.tree.Read(path.Join(d, base))
			if err != nil {
				return "", "", err
			}
			if isMain(text) {
				return d, path.Join(d, base), nil
			}
		}
	}
	return "", "", nil
}

// isMain reports whether Go source is of a program, and not one that builds leave out.
func isMain(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "//go:build ") && strings.Contains(line, "ignore") {
			return false
		}
		if name, ok := strings.CutPrefix(line, "package "); ok {
			name, _, _ = strings.Cut(name, "//")
			return strings.TrimSpace(name) == "main"
		}
	}
	return false
}

// plainWord are characters that mean themselves to the shell.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-+@"

// quote makes one word of the shell.
func quote(word string) string {
	if strings.Trim(word, plainWord) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
