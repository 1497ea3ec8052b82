package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// A pythonKind is a way to install an app's dependencies.
type pythonKind string

const (
	requirementsKind pythonKind = "requirements"
	poetryKind       pythonKind = "poetry"
	pdmKind          pythonKind = "pdm"
	uvKind           pythonKind = "uv"
	setuptoolsKind   pythonKind = "setuptools"
	pipenvKind       pythonKind = "pipenv"
	skipKind         pythonKind = "skip"
)

// pythonKindOf returns how to install, and a warning if a variable names a way that is not known.
func pythonKindOf(app App) (pythonKind, string) {
	text, ok := app.Vars.Config("PYTHON_PACKAGE_MANAGER")
	named := pythonKind(strings.ToLower(text))
	if !ok || named == "auto" {
		return detectPythonKind(app), ""
	}
	if _, known := pythonKinds[named]; known {
		return named, ""
	}
	return detectPythonKind(app), fmt.Sprintf("Unknown package manager '%s' in NIXPACKS_PYTHON_PACKAGE_MANAGER; it is detected instead", text)
}

func detectPythonKind(app App) pythonKind {
	has := app.Tree.HasFile
	switch {
	case has("requirements.txt"):
		return requirementsKind
	case has("pyproject.toml") && has("poetry.lock"):
		return poetryKind
	case has("pyproject.toml") && has("pdm.lock"):
		return pdmKind
	case has("pyproject.toml") && has("uv.lock"):
		return uvKind
	case has("pyproject.toml"):
		return setuptoolsKind
	case has("Pipfile"):
		return pipenvKind
	}
	return skipKind
}

func pythonInstall(app App, kind pythonKind) plan.Phase {
	phase := plan.Phase{DependsOn: []string{"setup"}}
	if kind == skipKind {
		return phase
	}
	k := pythonKinds[kind]
	command := k.command
	if kind == pipenvKind {
		if app.Tree.HasFile("Pipfile.lock") {
			command += " --deploy"
		} else {
			command += " --skip-lock"
		}
	}
	phase.Cmds = []string{pythonActivate + command}
	phase.CacheDirectories = slices.Clone(k.caches)
	phase.OnlyIncludeFiles = slices.Clone(k.files)
	phase.Paths = []string{pythonVenv + "/bin"}
	return phase
}
