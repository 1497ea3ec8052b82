package providers

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/plan"
)

// A goTarget is how an app is built and started.
type goTarget struct {
	cmds     []string
	why      cause
	paths    []string // that the start command's programs lie in
	start    *plan.Start
	noStart  string // as in [Output]
	warnings []string

	workspace bool // its modules are the modules of go.work
}

// findGo finds the program of the app. Edition 1.39 takes what [goBuild] and [goStart] say.
func findGo(app App, module bool) (goTarget, error) {
	var t goTarget
	work, err := readGoWork(app)
	if err != nil {
		return t, err
	}
	t.workspace = work != nil
	_, named := app.Vars.Config("GO_BIN")
	if app.findsPrograms() && (!named || t.workspace) {
		err := t.find(app, module, work)
		return t, err
	}
	if t.cmds, t.why, err = goBuild(app, module); err != nil {
		return t, err
	}
	t.start, err = goStart(app)
	return t, err
}

// find builds the program that the user starts, else the one that looks most like the app.
func (t *goTarget) find(app App, module bool, work *modfile.WorkFile) error {
	if !module && work == nil {
		return t.findFiles(app)
	}
	members, err := goMembers(app, work)
	if err != nil {
		return err
	}
	all, err := goPrograms(app, members)
	if err != nil {
		return err
	}
	if bin, named := app.Vars.Config("GO_BIN"); named {
		return t.named(app, all, bin)
	}
	if len(all) == 0 || all[0].rank() == goRankAside && app.UserStart == nil {
		t.cmds, t.why = []string{"go build ./..."}, byFile("go.mod", "no package of the module is a program")
		t.noStart = noService("go.mod is of a module without a package main", aLibrary)
		if t.workspace {
			t.ofMembers(members)
		}
		return nil
	}
	t.start = goStarted(app)
	if t.called(app, all) {
		return nil
	}
	chosen := all[0]
	if chosen.dir == "." {
		t.cmds, t.why = []string{"go build -o out"}, byFile(chosen.file, "the root is a package main")
		return nil
	}
	t.why = byFile(chosen.file, "it is of the only package main that may be the app")
	all = slices.DeleteFunc(all, func(p goProgram) bool { return p.rank() != chosen.rank() })
	if len(all) > 1 {
		chosen = t.choose(app, all)
	}
	t.cmds = []string{"go build -o out " + chosen.path()}
	return nil
}

// goStrip is the fix that builds by [StripGo].
func goStrip(app App, cmds []string) []Fix {
	if len(cmds) != 1 || StripGo(cmds[0], app.choosesVersions()) == cmds[0] {
		return nil
	}
	return []Fix{{
		Rule: "go-strip", Over: plan.Plan{Phases: map[string]plan.Phase{"build": {Cmds: []string{StripGo(cmds[0], true)}}}},
		Why: "the program has no symbol table and no debug information, which stack traces do not need",
	}}
}

// StripGo is a command that builds a program of Go, in editions after 1.39 without symbol table and debug information. For Go 1.22 and newer the
// option -s implies -w, and older linkers do the same on Linux.
func StripGo(cmd string, after139 bool) string {
	const build = "go build "
	if rest, ok := strings.CutPrefix(cmd, build+"-o "); ok && after139 {
		return build + "-ldflags=-s -o " + rest
	}
	return cmd
}

// findFiles builds the files of an app that is no module.
func (t *goTarget) findFiles(app App) error {
	files, err := app.Tree.Files("*.go")
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(file string) bool {
		return file == "main.go" || path.Dir(file) != "." || strings.HasSuffix(file, "_test.go") || goIgnores(file) || goPackage(app, file) != "main"
	})
	cmd := "go build -o out main.go"
	for _, file := range files {
		cmd += " " + shellPath(file)
	}
	t.start = goStarted(app)
	if app.Tree.HasFile("main.go") {
		t.cmds, t.why = []string{cmd}, byFile("main.go", "the app is no module")
	}
	return nil
}

// choose takes one of several programs that are not in the root.
func (t *goTarget) choose(app App, all []goProgram) goProgram {
	var names []string
	for _, p := range all {
		names = append(names, p.name)
	}
	name, why := preferred(names, append(slices.Clone(servingNames), goNameOf(app, "."))...), "of several programs it is called as a server is, or as the module"
	if name == "" {
		name, why = names[0], "it is the first of several programs"
	}
	chosen := all[slices.Index(names, name)]
	way := "set NIXPACKS_GO_BIN to another one"
	if path.Dir(chosen.dir) != "cmd" && !t.workspace {
		way = "give a build command that makes another one, as go build -o out does"
	}
	t.warnings = severalPrograms(app, names, name, way)
	t.why = byFile(chosen.file, why)
	return chosen
}

// called builds what the user's start command calls by the name of a program, and reports whether it does. A name alone is looked for in
// PATH, and so are the names of the other processes that the image may run as.
func (t *goTarget) called(app App, all []goProgram) bool {
	word := strings.TrimPrefix(app.startWord(), appDir+"/")
	i := slices.IndexFunc(all, func(p goProgram) bool { return p.name != "" && p.name == path.Base(word) })
	if i < 0 || path.IsAbs(word) {
		return false
	}
	t.why = byFile(all[i].file, "the start command calls the program by its name")
	if word != all[i].name && path.Clean(word) != path.Join(goBinDir, all[i].name) {
		t.cmds = []string{"go build -o " + shellPath(path.Clean(word)) + " " + all[i].path()}
		return true
	}
	cmd := "go build -o " + goBinDir + "/"
	for _, p := range all {
		if p.rank() == all[i].rank() || p.rank() < goRankAside {
			cmd += " " + p.path()
		}
	}
	t.cmds = []string{cmd}
	if word == all[i].name {
		t.paths, t.start.RunImage = []string{appDir + "/" + goBinDir}, nil // whose shell does not read the profile with PATH
	}
	return true
}

// goStarted starts the one program that the build makes.
func goStarted(app App) *plan.Start {
	start := &plan.Start{Cmd: new("./out")}
	if c, _ := app.callsC(); !c && !app.choosesVersions() {
		start.RunImage = new(goRunImage)
	}
	return start
}
