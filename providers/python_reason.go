package providers

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// pythonKindFiles are the files by which each kind is detected, the one that is its own first.
var pythonKindFiles = map[pythonKind][]string{
	requirementsKind: {"requirements.txt"},
	poetryKind:       {"poetry.lock"},
	pdmKind:          {"pdm.lock"},
	uvKind:           {"uv.lock"},
	setuptoolsKind:   {"pyproject.toml"},
	pipenvKind:       {"Pipfile.lock", "Pipfile"},
}

// pythonKindCause says why the dependencies are installed that way.
func pythonKindCause(app App, kind pythonKind) cause {
	if _, set := app.Vars.Config("PYTHON_PACKAGE_MANAGER"); set && kind != detectPythonKind(app) {
		return byVariable(app, "PYTHON_PACKAGE_MANAGER")
	}
	return byFile(firstFile(app, pythonKindFiles[kind]...), "the app has one")
}

// pythonLocks are the lockfiles of the kinds that have one.
var pythonLocks = map[pythonKind]string{poetryKind: "poetry.lock", pdmKind: "pdm.lock", uvKind: "uv.lock", pipenvKind: "Pipfile.lock"}

// pythonLockWarnings warn of dependencies whose versions nothing settles. Requirements may all be exact, so they are
// looked at one by one.
func pythonLockWarnings(app App, kind pythonKind) []string {
	if lock, ok := pythonLocks[kind]; ok {
		return noLockfile(app, lock)
	}
	if kind != requirementsKind {
		return nil
	}
	text, err := app.Tree.Read("requirements.txt")
	if err != nil {
		return nil
	}
	name, line := looseRequirement(text)
	if name == "" {
		return nil
	}
	return []string{fmt.Sprintf("requirements.txt line %d leaves the version of %s open, so each build may install another; write %s==VERSION", line, name, name)}
}

var (
	requirementName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:$|[;<>~!(])`)
	requirementFile = regexp.MustCompile(`\.(?:whl|zip|tar\.\w+)$`)
	constraintsLine = regexp.MustCompile(`^(?:-c|--constraint)\b`)
)

// looseRequirement returns the first package without an exact version, and its line. With constraints there is none.
func looseRequirement(text string) (name string, line int) {
	lines, _ := requirementLines(strings.TrimPrefix(text, "\ufeff"))
	for _, l := range lines {
		if constraintsLine.MatchString(l.text) {
			return "", 0
		}
		m := requirementName.FindStringSubmatch(l.text)
		if version, _, _ := strings.Cut(l.text, ";"); m != nil && name == "" && !strings.Contains(version, "==") && !requirementFile.MatchString(m[1]) {
			name, line = m[1], l.number
		}
	}
	return name, line
}

// pythonVariableReasons say where the versions of the tools are from.
func pythonVariableReasons(app App, variables map[string]string) []Reason {
	var reasons []Reason
	for _, tool := range []string{"pdm", "poetry", "uv"} {
		name := "NIXPACKS_" + strings.ToUpper(tool) + "_VERSION"
		version, ok := variables[name]
		if !ok {
			continue
		}
		why := byDefault("no version of " + tool + " is asked for")
		if asked, ok, err := toolVersion(app, tool); tool != "pdm" && err == nil && ok { // of PDM there is one version only
			why = byLine(app, toolVersionsFile, tool+" "+asked, "it asks for "+tool+" "+version)
		}
		reasons = append(reasons, why.decided("", "variable "+name, ""))
	}
	for name := range plan.Sorted(pythonVariables) {
		reasons = append(reasons, byDefault("set for every Python app").decided("", "variable "+name, ""))
	}
	return reasons
}
