package providers

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/org/npx-action/internal/source"
)

// Of a workspace: https://go.dev/ref/mod#workspaces
const (
	goWork     = "go.work"
	goWorkSums = "go.work.sum"
)

// detectGoWorkspace is [detectGo] for the editions that know workspaces.
func detectGoWorkspace(app App) (string, error) {
	return firstFile(app, "main.go", "go.mod", goWork), nil
}

// readGoWork parses go.work. Nil stands for none.
func readGoWork(app App) (*modfile.WorkFile, error) {
	if !app.Tree.HasFile(goWork) || !app.findsPrograms() || app.Vars["GOWORK"] == "off" {
		return nil, nil
	}
	text, err := app.Tree.Bytes(goWork)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(goWork, text, nil)
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		return nil, &source.Error{Op: "parsing", Name: goWork, Line: list[0].Pos.Line, Err: list[0].Err}
	}
	return work, err
}

// goMembers are the folders of the modules of a workspace, in the order in which it names them.
func goMembers(app App, work *modfile.WorkFile) ([]string, error) {
	if work == nil {
		return nil, nil
	}
	var members []string
	for _, use := range work.Use {
		dir := path.Clean(use.Path)
		if path.IsAbs(use.Path) || dir == ".." || strings.HasPrefix(dir, "../") {
			return nil, &source.Error{
				Op: "reading", Name: goWork, Line: use.Syntax.Start.Line, Err: fmt.Errorf("use %.60q leads out of the app", use.Path),
				Hint: "build from the folder that holds all modules",
			}
		}
		if app.Tree.HasFile(path.Join(dir, "go.mod")) {
			members = append(members, dir)
		}
	}
	return members, nil
}

// goModuleOf finds the module that a folder belongs to, among the modules that a build sees; ok is false for a folder of another one.
func goModuleOf(files, members []string) func(dir string) (module string, ok bool) {
	known := map[string]bool{}
	for _, file := range files {
		known[path.Dir(file)] = false
	}
	for _, dir := range members {
		known[dir] = true
	}
	return func(dir string) (string, bool) {
		for ; ; dir = path.Dir(dir) {
			if used, ok := known[dir]; ok || dir == "." {
				return dir, used
			}
		}
	}
}

// named builds the program that a variable names, by its folder or by the name of that.
func (t *goTarget) named(app App, all []goProgram, bin string) error {
	var names []string
	for _, p := range all {
		if p.dir == path.Clean(bin) || path.Base(p.dir) == bin {
			t.cmds, t.why, t.start = []string{"go build -o out " + p.path()}, byVariable(app, "GO_BIN"), goStarted(app)
			return nil
		}
		names = append(names, p.dir)
	}
	if len(names) == 0 {
		names = []string{"none"}
	}
	return fmt.Errorf("reading the variable NIXPACKS_GO_BIN: the workspace has no program %.60q; it has %s", bin, few(names))
}

// ofMembers builds all packages of a workspace, which the go command takes module by module.
func (t *goTarget) ofMembers(members []string) {
	cmd := "go build"
	for _, dir := range members {
		cmd += " " + shellPath("./"+path.Join(dir, "..."))
	}
	t.cmds, t.why = []string{cmd}, byFile(goWork, "no package of its modules is a program")
	t.noStart = noService("go.work is of modules without a package main", aLibrary)
}

// goDownload are the commands that download modules. Where a member of a workspace requires another member by a version, go.work gets a line
// that replaces the version by the folder: without it, the go command asks for a version that need not be published. The build has the
// go.work of the app again.
func goDownload(app App) ([]string, error) {
	const download = "go mod download"
	work, err := readGoWork(app)
	if err != nil || work == nil {
		return []string{download}, err
	}
	members, err := goMembers(app, work)
	if err != nil {
		return nil, err
	}
	dirs, required, replaced := map[string]string{}, map[module.Version]bool{}, work.Replace
	for _, dir := range members {
		mod, err := readGoMod(app, path.Join(dir, "go.mod"))
		if err != nil || mod.Module == nil {
			continue // the go command says what is wrong
		}
		dirs[mod.Module.Mod.Path] = dir
		replaced = append(replaced, mod.Replace...)
		for _, r := range mod.Require {
			required[r.Mod] = true
		}
	}
	maps.DeleteFunc(required, func(v module.Version, _ bool) bool {
		_, member := dirs[v.Path]
		return !member || slices.ContainsFunc(replaced, func(r *modfile.Replace) bool {
			return r.Old.Path == v.Path && (r.Old.Version == "" || r.Old.Version == v.Version)
		})
	})
	if len(required) == 0 {
		return []string{download}, nil
	}
	edit := "go work edit"
	for _, v := range slices.SortedFunc(maps.Keys(required), func(a, b module.Version) int { return strings.Compare(a.String(), b.String()) }) {
		edit += " -replace=" + shellPath(v.String()+"=./"+dirs[v.Path])
	}
	return []string{edit, download}, nil
}

func readGoMod(app App, file string) (*modfile.File, error) {
	text, err := app.Tree.Bytes(file)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(file, text, nil)
}

// goWorkFiles lists what `go mod download` reads in a workspace, beside go.mod and go.sum of the root.
func goWorkFiles(app App) (files []string, blocker string, err error) {
	work, err := readGoWork(app)
	if e := (*source.Error)(nil); errors.As(err, &e) && e.Line > 0 {
		return nil, fmt.Sprintf("%s line %d is not understood", goWork, e.Line), nil
	}
	if work == nil || err != nil {
		return nil, "", err
	}
	members, err := goMembers(app, work)
	if err != nil {
		return nil, "", err
	}
	files = presentFiles(app, goWork, goWorkSums)
	for _, dir := range members {
		files = append(files, presentFiles(app, path.Join(dir, "go.mod"), path.Join(dir, "go.sum"))...)
	}
	for _, r := range work.Replace {
		if blocker := goFolder(goWork, ".", r, members); blocker != "" {
			return nil, blocker, nil
		}
	}
	for _, dir := range members {
		blocker, err := goReplaced(app, path.Join(dir, "go.mod"), members)
		if blocker != "" || err != nil {
			return nil, blocker, err
		}
	}
	return files, "", nil
}

// goReplaced is the blocker for modules that a go.mod replaces by folders, apart from folders of members, which are read anyway.
func goReplaced(app App, file string, members []string) (blocker string, err error) {
	mod, err := readGoMod(app, file)
	switch e := (*source.Error)(nil); {
	case errors.As(err, &e):
		return "", err
	case err != nil:
		return notGoMod(file, err), nil
	}
	for _, r := range mod.Replace {
		if blocker := goFolder(file, path.Dir(file), r, members); blocker != "" {
			return blocker, nil
		}
	}
	return "", nil
}

// goFolder is the blocker for one line that replaces a module; "" if it comes from elsewhere or is a member.
func goFolder(file, dir string, r *modfile.Replace, members []string) string {
	if r.New.Version != "" || !path.IsAbs(r.New.Path) && slices.Contains(members, path.Join(dir, r.New.Path)) {
		return ""
	}
	return fmt.Sprintf("%s line %d replaces %s by the folder %s", file, r.Syntax.Start.Line, r.Old.Path, r.New.Path)
}
