package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
)

// A pythonTool is a way to install an app's dependencies.
type pythonTool struct {
	name     string             // as the variable NIXPACKS_PYTHON_PACKAGE_MANAGER names it
	marks    []string           // the files that choose it, all of them; the first is its manifest
	lock     Lockfile           // none if it has no name; a build without it may install other versions
	unlocked func(App) []string // the warnings of versions that nothing settles; nil for one of a missing lockfile

	program        bool              // its name is a program that runs the manifest's scripts
	pkg            string            // Nix package of an app that has the marks; "" if the command installs the tool
	label          bool              // in NIXPACKS_METADATA, with the lockfile
	version        string            // that NIXPACKS_NAME_VERSION has with the lockfile; "" for no such variable
	versionIsAsked bool              // .tool-versions may choose it
	variables      map[string]string // that are set with the lockfile

	versions []pythonToolVersion // of editions that choose Python; the first that runs on it is used, else the one above
	newest   string              // what is the command there; "" for the same
	frozen   string              // what is the command there with the lockfile, whose versions it takes in any case; "" for the same

	command               string // "" if nothing is installed
	withLock, withoutLock string // what the command ends in with the lockfile, and without
	uncompiled            bool   // the command leaves packages without bytecode
	caches                []string
	files                 []string // onlyIncludeFiles

	fileVariables []string // name files that the tool reads beside the project's

	// direct reads which packages the command is told to install; nil if it installs none.
	direct func(App) pythonDependencies

	// installFiles lists what the install command reads, or says what keeps that from being told. The version is the tool's,
	// "" if it is not known.
	installFiles func(app App, version string) (files []string, blocker string)
}

// choosePythonTool returns how to install, and a warning if a variable names a way that is not known.
func choosePythonTool(app App) (pythonTool, string) {
	text, ok := app.Vars.Config("PYTHON_PACKAGE_MANAGER")
	named := strings.ToLower(text)
	if !ok || named == "auto" {
		return detectPythonTool(app), ""
	}
	if i := slices.IndexFunc(pythonTools, func(t pythonTool) bool { return t.name == named }); i >= 0 {
		return pythonTools[i], ""
	}
	return detectPythonTool(app), fmt.Sprintf("Unknown package manager '%s' in NIXPACKS_PYTHON_PACKAGE_MANAGER; it is detected instead", text)
}

func detectPythonTool(app App) pythonTool {
	return pythonTools[slices.IndexFunc(pythonTools, func(t pythonTool) bool { return t.marksOf(app) })]
}

// marksOf reports whether an app has all files that choose the tool.
func (t pythonTool) marksOf(app App) bool { return len(presentFiles(app, t.marks...)) == len(t.marks) }

// why says why the dependencies are installed that way.
func (t pythonTool) why(app App) cause {
	if _, set := app.Vars.Config("PYTHON_PACKAGE_MANAGER"); set && t.name != detectPythonTool(app).name {
		return byVariable(app, "PYTHON_PACKAGE_MANAGER")
	}
	return byFile(firstFile(app, append([]string{t.lock.File}, t.marks...)...), "the app has one")
}

// locked reports whether an app has the tool's lockfile.
func (t pythonTool) locked(app App) bool { return t.lock.File != "" && app.Tree.HasFile(t.lock.File) }

func (t pythonTool) versionVariable() string {
	return "NIXPACKS_" + strings.ToUpper(t.name) + "_VERSION"
}

// plannedVersion is the one that the plan's variable has, "" if there is no such variable.
func (t pythonTool) plannedVersion(app App) (string, error) {
	if t.version == "" || !t.locked(app) {
		return "", nil
	}
	asked, _, err := t.askedVersion(app)
	if asked != "" || err != nil || !app.choosesVersions() {
		return cmp.Or(asked, t.version), err
	}
	python, err := choose(app, "python")
	return t.versionFor(app, python.version), err
}

// versionFor is the version that runs on a Python and reads the lockfile, in editions that choose Python.
func (t pythonTool) versionFor(app App, python string) string {
	for _, v := range t.versions {
		reads := v.locks == nil || slices.ContainsFunc(v.locks, func(text string) bool { return app.Tree.Contains(t.lock.File, text) })
		if reads && ranges.Compare(python, v.python) >= 0 {
			return v.version
		}
	}
	return t.version
}

// A pythonToolVersion is the version of a tool for a Python that is not older, and for lockfiles with one of the texts; nil for all.
type pythonToolVersion struct {
	python, version string
	locks           []string
}

// askedVersion is the one that .tool-versions asks for.
func (t pythonTool) askedVersion(app App) (version string, ok bool, err error) {
	if !t.versionIsAsked {
		return "", false, nil
	}
	return toolVersion(app, t.name)
}

func (t pythonTool) install(app App) plan.Phase {
	phase := plan.Phase{DependsOn: []string{"setup"}}
	if t.command == "" {
		return phase
	}
	command := t.command
	if t.newest != "" && app.choosesVersions() {
		command = t.newest
		if t.frozen != "" && t.locked(app) {
			command = t.frozen
		}
	}
	if t.locked(app) {
		command += t.withLock
	} else {
		command += t.withoutLock
	}
	phase.Cmds = []string{pythonActivate.of(app.Edition) + command}
	phase.CacheDirectories = slices.Clone(t.caches)
	phase.OnlyIncludeFiles = slices.Clone(t.files)
	phase.Paths = []string{pythonVenv + "/bin"}
	return phase
}

// lockWarnings warn of dependencies whose versions nothing settles.
func (t pythonTool) lockWarnings(app App) []string {
	switch {
	case t.unlocked != nil:
		return t.unlocked(app)
	case t.lock.File == "":
		return nil
	}
	return noLockfile(app, t.lock.File)
}
