package providers

import (
	"strings"
	"unicode"

	"github.com/org/npx-action/internal/plan"
)

// pythonScriptBlock begins a block of a script that names its dependencies.
const pythonScriptBlock = "# /// script"

// pythonScript returns the first file in the root that is called like a program and names its own dependencies in a comment, in
// the form of PEP 723, and these.
func pythonScript(app App) (file string, packages []string, ok bool) {
	for _, name := range pythonEntries {
		file := name + ".py"
		if !app.Tree.HasFile(file) || !app.Tree.Contains(file, pythonScriptBlock) {
			continue
		}
		text, _ := app.Tree.Read(file)
		if packages, ok := scriptPackages(text); ok {
			return file, packages, true
		}
	}
	return "", nil, false
}

// scriptPackages reads the list "dependencies" of the block, which is written in TOML as it would be in Python.
func scriptPackages(text string) (packages []string, ok bool) {
	_, block, found := strings.Cut("\n"+text, "\n"+pythonScriptBlock+"\n")
	if !found {
		return nil, false
	}
	var toml strings.Builder
	for line := range strings.Lines(block) {
		rest, comment := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "#")
		if rest = strings.TrimPrefix(rest, " "); !comment || rest == "///" {
			ok = comment
			break
		}
		toml.WriteString(rest + "\n")
	}
	if !ok {
		return nil, false
	}
	for _, s := range pyStatements(toml.String()) {
		if len(s.tokens) < 3 || s.tokens[0].is("[") {
			break // a table, such as tool.uv
		}
		if !s.tokens[0].is("dependencies") || !s.tokens[1].is("=") {
			continue
		}
		for _, t := range s.tokens[2:] {
			if t.kind == pyText {
				packages = append(packages, t.text)
			}
		}
	}
	return packages, true
}

// detectPythonProgram is [detectPython] for the editions that install what a script itself names.
func detectPythonProgram(app App) (string, error) {
	reason, err := detectPython(app)
	if reason != "" || err != nil {
		return reason, err
	}
	file, _, _ := pythonScript(app)
	return file, nil
}

// scriptInstall installs what a script names, where no other file names anything.
func scriptInstall(app App) []Fix {
	tool, _ := choosePythonTool(app)
	if tool.command != "" || tool.name != detectPythonTool(app).name || !app.Edition.Has(pythonStartSince) {
		return nil
	}
	file, packages, _ := pythonScript(app)
	command := "pip install"
	for _, p := range packages {
		if pythonPackage.MatchString(p) && !strings.ContainsFunc(p, unicode.IsControl) {
			command += " " + shellPath(p)
		}
	}
	if command == "pip install" {
		return nil
	}
	return []Fix{{
		Rule: "script-dependencies",
		Over: plan.Plan{Phases: map[string]plan.Phase{"install": {
			Cmds:             []string{pythonActivate.of(app.Edition) + command},
			CacheDirectories: []string{pipCache},
			Paths:            []string{pythonVenv + "/bin"},
		}}},
		Why: file + " names its dependencies itself",
	}}
}
