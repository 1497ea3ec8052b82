package providers

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// dartProvider follows nixpacks-1.39.md 3.3.
var dartProvider = Provider{
	Name:         "dart",
	Looks:        pubspecFile,
	Detect:       func(app App) (string, error) { return firstFile(app, pubspecFile), nil },
	Plan:         planDart,
	InstallFiles: dartInstallFiles,
	Locks:        []string{pubspecLock, pubspecFile},

	Language: Language{
		Manifests: []Manifest{{File: pubspecFile, Locks: []string{pubspecLock}}},
		Lockfiles: []Lockfile{{pubspecLock, PubLock}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Dart", Packages: patterns(`^dart$`)}},
		Programs:  []string{},
	},
}

const (
	pubspecFile      = "pubspec.yaml"
	pubspecLock      = "pubspec.lock"
	pubspecOverrides = "pubspec_overrides.yaml"
)

// A pubspec holds the keys of pubspec.yaml and pubspec_overrides.yaml that count.
type pubspec struct {
	Name            string         `yaml:"name"`
	Dependencies    map[string]any `yaml:"dependencies"`
	DevDependencies map[string]any `yaml:"dev_dependencies"`
	Overrides       map[string]any `yaml:"dependency_overrides"`
	Workspace       []string       `yaml:"workspace"`
	Resolution      string         `yaml:"resolution"`
}

// dartPackage is a name that pub accepts, and some that it does not.
var dartPackage = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

func planDart(app App) (Output, error) {
	var p pubspec
	if err := app.Tree.YAML(pubspecFile, &p); err != nil {
		return Output{}, err
	}
	switch {
	case p.Name == "":
		return Output{}, &source.Error{Op: "reading", Name: pubspecFile, Err: errors.New("the package has no name"), Hint: "pub needs one"}
	case !dartPackage.MatchString(p.Name):
		return Output{}, &source.Error{
			Op: "reading", Name: pubspecFile, Line: app.Tree.Line(pubspecFile, "name:"),
			Err: fmt.Errorf("%.60q is no name of a package", p.Name), Hint: "use lower-case letters, digits and underscores",
		}
	}
	program := "bin/" + p.Name
	var warnings []string
	if len(p.Dependencies)+len(p.DevDependencies) > 0 {
		warnings = noLockfile(app, pubspecLock)
	}
	noStart := ""
	if app.findsPrograms() {
		var more []string
		var err error
		if program, noStart, more, err = p.program(app); err != nil {
			return Output{}, err
		}
		warnings = append(warnings, more...)
	} else if !app.Tree.HasFile(program + ".dart") {
		warnings = append(warnings, fmt.Sprintf("there is no %s.dart to compile, after the name in %s", program, pubspecFile))
	}
	setup, reasons, more, err := languageSetup(app, "Dart")
	if err != nil {
		return Output{}, err
	}
	why := byLine(app, pubspecFile, "name:", "name is "+p.Name)
	build := plan.Phase{DependsOn: []string{"install"}}
	made := plan.Plan{Phases: map[string]plan.Phase{
		"setup":   setup,
		"install": {DependsOn: []string{"setup"}, Cmds: []string{"dart pub get"}, OnlyIncludeFiles: []string{pubspecFile}},
	}}
	if program != "" {
		build.Cmds = []string{"dart compile exe " + program + ".dart"}
		made.Start = &plan.Start{Cmd: new("./" + program + ".exe")}
	}
	made.Phases["build"] = build
	return Output{
		Plan:     made,
		Warnings: append(more, warnings...),
		Reasons:  reasonsOf(made, append(reasons, why.decided("build", "cmd", ""), why.decided("start", "cmd", ""))),
		NoStart:  noStart,
	}, nil
}

// program is the file in bin to compile, without its extension: the only one, else the one that the user starts or that is called as the package.
func (p pubspec) program(app App) (program, noStart string, warnings []string, err error) {
	files, err := app.Tree.Files("bin/*.dart")
	if err != nil {
		return "", "", nil, err
	}
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".dart"); path.Dir(file) == "bin" && asciiProgramName.MatchString(name) {
			names = append(names, name)
		}
	}
	switch _, flutter := p.Dependencies["flutter"]; {
	case len(names) == 1:
		return "bin/" + names[0], "", nil, nil
	case len(names) == 0 && flutter:
		return "", noService(pubspecFile+" lists flutter", aPhoneApp), nil, nil
	case len(names) == 0:
		return "", noService("no file of Dart is in bin", aLibrary), nil, nil
	}
	called := strings.TrimSuffix(path.Base(app.startWord()), ".exe")
	name := preferred(names, called, p.Name)
	if name == "" {
		return "", "", severalPrograms(app, names, "", "call one of them "+p.Name+".dart, or give a build and a start command"), nil
	}
	return "bin/" + name, "", nil, nil
}

// dartInstallFiles lists what `dart pub get` reads.
func dartInstallFiles(app App) (files []string, blocker string, err error) {
	for _, name := range presentFiles(app, pubspecFile, pubspecOverrides) {
		var p pubspec
		if err := app.Tree.YAML(name, &p); err != nil {
			return nil, unread(name, err), nil
		}
		if len(p.Workspace) > 0 || p.Resolution != "" {
			return nil, name + " is of a workspace", nil
		}
		for _, list := range []map[string]any{p.Dependencies, p.DevDependencies, p.Overrides} {
			for dependency, from := range plan.Sorted(list) {
				if isLocalPub(from) {
					return nil, fromPath(name, dependency), nil
				}
			}
		}
	}
	return presentFiles(app, pubspecLock, pubspecFile, pubspecOverrides), "", nil
}

// isLocalPub reports whether a dependency may be in the app itself.
func isLocalPub(from any) bool {
	table, _ := from.(map[string]any)
	if _, ok := table["path"]; ok {
		return true
	}
	git, ok := table["git"]
	if repository, isTable := git.(map[string]any); isTable {
		git = repository["url"]
	}
	return ok && !isRemote(git)
}
