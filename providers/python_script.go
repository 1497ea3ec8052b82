package providers

import (
	"strings"
	"unicode"

	"github.com/org/npx-action/internal/plan"
)

// pythonScript returns the first file in the root that is called like a program and names its own dependencies in a comment, in
// the form of PEP 723, and these. The error is of a comment that is none of that form.
func pythonScript(app App) (file string, packages []string, err error) {
	for _, name := range pythonEntries {
		var block struct {
			Dependencies []string `toml:"dependencies"`
		}
		file := name + ".py"
		if found, err := app.Tree.Script(file, &block); found || err != nil {
			return file, block.Dependencies, err
		}
	}
	return "", nil, nil
}

// detectPythonProgram is [detectPython] for the editions that install what a script itself names.
func detectPythonProgram(app App) (string, error) {
	reason, err := detectPython(app)
	if reason != "" || err != nil {
		return reason, err
	}
	file, _, err := pythonScript(app)
	if file == "" && err == nil {
		file = lonePython(app)
	}
	return file, err
}

// lonePython is the file that is called like a Python program, in an app that no provider behind this one knows; "" if there is none.
func lonePython(app App) string {
	others := append([]string{"CMakeLists.txt", "Makefile", "meson.build", shellScript}, mkdocsConfigs...)
	if site, err := detectStaticfile(app); site != "" || err != nil || rootManifest(app) != "" || firstFile(app, others...) != "" {
		return ""
	}
	var names []string
	for _, name := range pythonEntries {
		names = append(names, name+".py")
	}
	return firstFile(app, names...)
}

// scriptInstall installs what a script names, where no other file names anything.
func scriptInstall(app App) ([]Fix, error) {
	tool, _ := choosePythonTool(app)
	if tool.command != "" || tool.name != detectPythonTool(app).name || !app.Edition.Has(pythonStartSince) {
		return nil, nil
	}
	file, packages, err := pythonScript(app)
	if err != nil {
		return nil, err
	}
	command := "pip install"
	for _, p := range packages {
		if pythonPackage.MatchString(p) && !strings.ContainsFunc(p, unicode.IsControl) {
			command += " " + shellPath(p)
		}
	}
	if command == "pip install" {
		return nil, nil
	}
	return []Fix{{
		Rule: "script-dependencies",
		Over: plan.Plan{Phases: map[string]plan.Phase{"install": {
			Cmds:             []string{pythonActivate.of(app.Edition) + command},
			CacheDirectories: []string{pipCache},
			Paths:            []string{pythonVenv + "/bin"},
		}}},
		Why: file + " names its dependencies itself",
	}}, nil
}
