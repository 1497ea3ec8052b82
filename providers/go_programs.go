package providers

import (
	"cmp"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A goProgram is a package main of the app's module.
type goProgram struct {
	name string // by which go install calls it
	dir  string // in the app
	file string // of it

	module string // the folder of its module
}

// goArchitectures are the architectures of an [App] as Go calls them.
var goArchitectures = map[string]string{"x86_64": "amd64", "aarch64": "arm64"}

// goBinDir is where programs lie that the user's start command calls by their names alone.
const goBinDir = "bin"

// goPrograms lists the programs of the app's module, or of those of a workspace: those in the root of one, then those below cmd, then those of
// other folders.
func goPrograms(app App, members []string) ([]goProgram, error) {
	files, err := app.Tree.Files("**/*.go")
	if err != nil {
		return nil, err
	}
	modules, err := app.Tree.Files("**/go.mod")
	if err != nil {
		return nil, err
	}
	if len(members) == 0 {
		members = []string{"."}
	}
	moduleOf := goModuleOf(modules, members)
	var all []goProgram
	decided := map[string]bool{} // folders
	for _, file := range files {
		dir := path.Dir(file)
		if decided[dir] || strings.HasSuffix(file, "_test.go") || goIgnores(file) {
			continue
		}
		module, ok := moduleOf(dir)
		if !ok {
			continue
		}
		name := goPackage(app, file)
		if decided[dir] = name != ""; name == "main" {
			all = append(all, goProgram{goNameOf(app, dir), dir, file, module})
		}
	}
	slices.SortStableFunc(all, func(a, b goProgram) int { return cmp.Or(a.rank()-b.rank(), strings.Compare(a.dir, b.dir)) })
	return all, nil
}

// rank is the lower, the more a program's folder looks like the folder of the app.
func (p goProgram) rank() int {
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(p.dir, p.module), "/"), "/")
	if p.module == "." {
		parts = strings.Split(p.dir, "/")
	}
	switch {
	case p.dir == p.module:
		return 0
	case parts[0] == "cmd":
		return 1
	case slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(asideFolders, part) }):
		return goRankAside
	}
	return 2
}

// goRankAside is the rank of programs that are never started by a guess.
const goRankAside = 3

// path is the folder as the go command takes it.
func (p goProgram) path() string {
	if p.dir == "." {
		return p.dir
	}
	return shellPath("./" + p.dir)
}

// goIgnores reports whether the go command passes over a file when it looks for packages.
func goIgnores(file string) bool {
	return slices.ContainsFunc(strings.Split(file, "/"), func(part string) bool {
		return part == "vendor" || part == "testdata" || part[0] == '.' || part[0] == '_'
	})
}

// goPackage is the name of the package that a build for the image takes a file into, "" if none. A main.go that is no Go counts as a program.
func goPackage(app App, file string) string {
	text, err := app.Tree.Read(file)
	if err != nil {
		return ""
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.PackageClauseOnly)
	switch {
	case err != nil && path.Base(file) == "main.go":
		return "main"
	case err != nil || !goBuilds(app, file, text):
		return ""
	}
	return parsed.Name.Name
}

// goBuilds reports whether the name and the first lines of a file allow that it is built for the image.
func goBuilds(app App, file, text string) bool {
	context := build.Default
	context.GOOS, context.GOARCH = "linux", goArchitectures[app.Arch]
	context.CgoEnabled, _ = app.callsC()
	context.BuildTags = nil
	context.JoinPath = path.Join
	context.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	match, err := context.MatchFile(path.Dir(file), path.Base(file))
	return match && err == nil
}

// goNameOf is how the go command calls the program of a folder.
func goNameOf(app App, dir string) string {
	if dir != "." && dir != "cmd" {
		return path.Base(dir)
	}
	text, err := app.Tree.Bytes("go.mod")
	if err != nil {
		return ""
	}
	return goModuleName(modfile.ModulePath(text))
}

// goModuleName is the last word of a module's path, without its major version.
func goModuleName(modulePath string) string {
	prefix, _, _ := module.SplitPathVersion(modulePath)
	return path.Base(prefix)
}
