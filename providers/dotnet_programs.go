package providers

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// What a project of .NET makes, the most like an app first.
const (
	dotnetWeb = iota
	dotnetWorker
	dotnetExe
	dotnetLibrary
)

// dotnetURLs is where a server listens, unless the container has another address for it.
const dotnetURLs = "ASPNETCORE_URLS=${ASPNETCORE_URLS:-http://0.0.0.0:${PORT:-3000}} "

// A dotnetTarget is the project of an app that is built and started.
type dotnetTarget struct {
	file     string
	named    bool // dotnet has to be told which project
	program  string
	kind     int
	noStart  string // as in [Output]
	why      string
	warnings []string
}

// uses reports whether an SDK of the project has that in its name.
func (f msbuildFile) uses(name string) bool {
	return slices.ContainsFunc(f.sdks, func(sdk string) bool { return strings.Contains(sdk, name) })
}

// kind is what the project makes.
func (f msbuildFile) kind(app App) int {
	switch {
	case f.tests:
		return dotnetLibrary
	case f.uses("Microsoft.NET.Sdk.Web"):
		if strings.EqualFold(f.output, "Library") {
			return dotnetLibrary
		}
		return dotnetWeb
	case f.uses("Microsoft.NET.Sdk.Worker"):
		return dotnetWorker
	case strings.EqualFold(f.output, "Exe"), strings.EqualFold(f.output, "WinExe"), f.output == "" && f.inherits(app):
		return dotnetExe
	}
	return dotnetLibrary
}

// inherits reports whether another file may say what the project makes.
func (f msbuildFile) inherits(app App) bool {
	common, err := app.Tree.Files("Directory.Build.*")
	return err != nil || f.imports || slices.ContainsFunc(common, func(file string) bool { return app.Tree.Contains(file, "OutputType") })
}

// findDotnet takes the project that is a program: one of the web before a worker before another one. Edition 1.39 takes the first project.
func findDotnet(app App, projects []string) dotnetTarget {
	first := dotnetTarget{file: projects[0], program: projectName(projects[0]), why: "it is the only project", kind: dotnetExe}
	if len(projects) > 1 {
		first.why = "it is the first of several projects"
	}
	if !app.findsPrograms() {
		return first
	}
	var all []dotnetTarget
	for _, file := range projects {
		f, err := readMSBuild(app, file)
		if err != nil {
			first.warnings = append(first.warnings, err.Error())
			continue
		}
		t := dotnetTarget{file: file, program: projectName(file), kind: f.kind(app)}
		if f.assembly != "" && !strings.Contains(f.assembly, "$") {
			t.program = f.assembly
		}
		all = append(all, t)
	}
	if len(all) == 0 { // dotnet will say what is wrong
		return first
	}
	slices.SortStableFunc(all, func(a, b dotnetTarget) int { return cmp.Compare(a.kind, b.kind) })
	best := all[0]
	best.warnings, best.named = first.warnings, !loneProject(app, projects)
	if best.kind == dotnetLibrary {
		best.noStart = noService("no project, such as "+best.file+", is for the web, a worker or of the OutputType Exe", aLibrary)
		return best
	}
	best.why = "it is the only project that is a program"
	all = slices.DeleteFunc(all, func(t dotnetTarget) bool { return t.kind != best.kind })
	if len(all) > 1 {
		best = best.choose(app, all)
	}
	return best
}

// choose takes one of several programs of a kind: the one that the user starts, else one that is called as a server is, else the first.
func (t dotnetTarget) choose(app App, all []dotnetTarget) dotnetTarget {
	var names, words []string
	for _, p := range all {
		names = append(names, p.program)
		parts := strings.Split(strings.ToLower(p.program), ".")
		words = append(words, parts[len(parts)-1])
	}
	i, why := slices.Index(names, strings.TrimSuffix(path.Base(app.startWord()), ".dll")), "the start command calls it"
	if i < 0 {
		if i, why = 0, "it is the first of several projects that are programs"; preferred(words, servingNames...) != "" {
			i, why = slices.Index(words, preferred(words, servingNames...)), "of several projects it is called as a server is"
		}
	}
	chosen := all[i]
	chosen.named, chosen.why = t.named, why
	chosen.warnings = append(t.warnings, severalPrograms(app, names, chosen.program, "for another one give install, build and start commands that name its project")...)
	return chosen
}

// loneProject reports whether dotnet finds the one project of the app by itself.
func loneProject(app App, projects []string) bool {
	entries, err := app.Tree.Entries()
	roots := 0
	for _, e := range entries {
		if isDotnetRoot(e) {
			roots++
		}
	}
	return err == nil && len(projects) == 1 && path.Dir(projects[0]) == "." && roots == 1
}

func projectName(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// commands are the commands of the phases install and build.
func (t dotnetTarget) commands() (install, build string) {
	restore, publish := "dotnet restore", "dotnet publish"
	if t.named {
		restore, publish = restore+" "+shellPath(t.file), publish+" "+shellPath(t.file)
	}
	return restore, publish + " --no-restore -c Release -o out"
}

// start starts the program, "" for a library.
func (t dotnetTarget) start(app App) *plan.Start {
	switch {
	case t.kind == dotnetLibrary:
		return nil
	case app.findsPrograms() && t.kind == dotnetWeb:
		return &plan.Start{Cmd: new(dotnetURLs + shellPath("./out/"+t.program))}
	}
	return &plan.Start{Cmd: new(shellPath("./out/" + t.program))}
}
