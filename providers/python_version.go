package providers

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/versions"
)

// pipfileVersion finds the version that Pipfile requires.
var pipfileVersion = lazyregexp.New(`python_(?:full_)?version = ["']([0-9.]*)`)

// A pythonWish is the version that an app asks for, and where.
type pythonWish struct {
	text, from string // "" and "" if it asks for none
	line       int    // of from, 0 for the variable or all of the file
	warnings   []string
}

// why says how the wish led to the release.
func (w pythonWish) why() cause {
	text := strings.TrimSpace(w.text)
	switch {
	case text == "":
		return byDefault("no version is asked for")
	case w.from == pythonVariable:
		return byDefault(fmt.Sprintf("the variable %s is %.60q", pythonVariable, text))
	}
	return cause{file: w.from, line: w.line, why: fmt.Sprintf("it asks for Python %.60q", text)}
}

// pythonVariable asks for a version.
const pythonVariable = "NIXPACKS_PYTHON_VERSION"

// A pythonVersion is the Python that an app gets.
type pythonVersion struct {
	system    systemKind
	install   func(plan.Phase) plan.Phase // puts it in front of what else a phase installs
	libs      []string                    // that binary packages need
	variables map[string]string
	reasons   []Reason
	warnings  []string
	chosen    []string // as in [Output]
}

// variableReasons say why the plan has the version's variables.
func (v pythonVersion) variableReasons() []Reason {
	var reasons []Reason
	for name, value := range plan.Sorted(v.variables) {
		reasons = append(reasons, byDefault("the compiler that is installed").decided("", "variable "+name, value))
	}
	return reasons
}

// choosePython takes, in edition 1.39, the release that one of the places of Nixpacks asks for.
func choosePython(app App) (pythonVersion, error) {
	if app.choosesVersions() {
		c, err := choose(app, "python")
		c.warnings = append(c.warnings, lockedThreads(app)...)
		return chosenPython(c), err
	}
	r, wish, err := wishedPython(app)
	install := func(p plan.Phase) plan.Phase {
		p.NixPkgs = append([]string{r.pkg}, p.NixPkgs...)
		p.NixOverlays, p.NixpkgsArchive = []string{}, &r.archive
		return p
	}
	why := wish.why()
	reasons := []Reason{why.decided("setup", "nix", r.pkg), why.decided("setup", "nixpkgs", "")}
	return pythonVersion{system: systemKind{nix: true}, install: install, libs: pythonLibraries, reasons: reasons, warnings: wish.warnings}, err
}

// noThreads ends the warning of a Python without the global lock.
const noThreads = "the build without the global lock, which cannot be had; the usual build is given"

// lockedThreads warns of a wish for the Python without the global lock, which no catalogue has.
func lockedThreads(app App) []string {
	found, err := app.asks("python")
	if err != nil {
		return nil
	}
	for _, ask := range found.Asks {
		if versions.FreeThreaded(ask.Text) {
			return []string{fmt.Sprintf("%s asks for Python %.40s, "+noThreads, ask.Place(), ask.Text)}
		}
	}
	if place := versions.MiseFreeThreaded(app.Tree); place != "" {
		return []string{place + " asks for Python, " + noThreads}
	}
	return nil
}

// chosenPython is the Python of editions after 1.39.
func chosenPython(c choice) pythonVersion {
	v := pythonVersion{system: c.system(), install: c.install, reasons: c.reasons(), warnings: c.warnings, chosen: []string{c.id()}}
	if c.release != "" {
		v.variables = pythonCompilers
	} else {
		v.libs = pythonLibraries
	}
	return v
}

// wishedPython returns the release for an app and what it asks for, with warnings if that is something else.
func wishedPython(app App) (pythonRelease, pythonWish, error) {
	wish, err := wishPython(app)
	if err != nil {
		return pythonRelease{}, wish, err
	}
	major, minor, ok := majorMinor(wish.text)
	version := strings.TrimSuffix(major+"."+minor, ".")
	for _, r := range pythonReleases {
		if ok && r.version == version {
			return r, wish, nil
		}
	}
	if version != "" && version != pythonDefault.version || !ok {
		first, last := pythonReleases[0].version, pythonReleases[len(pythonReleases)-1].version
		wish.warnings = append(wish.warnings, fmt.Sprintf("%s asks for Python %.40q, which is none of the known releases (%s to %s); %s is used",
			wish.from, strings.TrimSpace(wish.text), first, last, pythonDefault.pkg))
	}
	return pythonDefault, wish, nil
}

// wishPython looks where Nixpacks looks, in its order: every file but .python-version beats the variable.
func wishPython(app App) (pythonWish, error) {
	text, set := app.Vars.Config("PYTHON_VERSION")
	var file pythonWish
	var err error
	switch has := app.Tree.HasFile; {
	case !set && has(".python-version"):
		file, err = wishFromFile(app, ".python-version")
	case has("runtime.txt"):
		file, err = wishFromFile(app, "runtime.txt")
	case has("Pipfile"):
		file, err = wishFromPipfile(app)
	case has(toolVersionsFile):
		file, err = wishFromToolVersions(app)
	case set:
		return pythonWish{text: text, from: pythonVariable}, nil
	}
	if set && err == nil {
		file.warnings = append(file.warnings, file.from+" decides the version of Python, "+pythonVariable+" does not count")
	}
	return file, err
}

func wishFromFile(app App, name string) (pythonWish, error) {
	text, err := app.Tree.Read(name)
	return pythonWish{text: text, from: name, line: 1}, err
}

func wishFromPipfile(app App) (pythonWish, error) {
	text, err := app.Tree.Read("Pipfile")
	if err != nil {
		return pythonWish{}, err
	}
	wish := pythonWish{from: "Pipfile"}
	if m := pipfileVersion.FindStringSubmatch(text); m != nil {
		wish.text, wish.line = m[1], app.Tree.Line("Pipfile", m[0])
	}
	return wish, nil
}

// wishFromToolVersions takes two parts of the version. Nixpacks panics if there is only one.
func wishFromToolVersions(app App) (pythonWish, error) {
	text, ok, err := toolVersion(app, "python")
	if err != nil {
		return pythonWish{}, err
	}
	wish := pythonWish{from: toolVersionsFile, line: app.Tree.Line(toolVersionsFile, "python ")}
	if !ok {
		return wish, nil
	}
	parts := strings.Split(text, ".")
	if n := len(parts); n != 2 && n != 3 {
		wish.warnings = []string{fmt.Sprintf("%s gives %.40q as the version of Python, which is not of the form x.y.z or x.y", toolVersionsFile, text)}
	}
	if len(parts) >= 2 {
		wish.text = parts[0] + "." + parts[1]
	}
	return wish, nil
}
