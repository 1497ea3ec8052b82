package providers

import (
	"fmt"
	"path"
	"slices"
)

// A pythonBackend builds packages. All that is known of one is in its row of [pythonBackends].
type pythonBackend struct {
	requires []string                                      // that bring the backend, and what they may have beside them
	compiles func(app App, dir string, p pyproject) string // a setting by which it runs code or compilers, "" for none; nil if it has no such setting
}

// versionReaders are requirements of builds that read the version of the app and compile nothing.
var versionReaders = []string{"hatch-vcs", "setuptools-scm", "wheel"}

// pythonBackends are the backends that compile nothing unless they are told to, by the name in build-backend.
var pythonBackends = map[string]pythonBackend{
	"flit_core.buildapi":      {requires: []string{"flit-core"}},
	"hatchling.build":         {requires: []string{"hatchling"}, compiles: hatchCompiles},
	"pdm.backend":             {requires: []string{"pdm-backend"}, compiles: pdmCompiles},
	"poetry.core.masonry.api": {requires: []string{"poetry-core"}, compiles: poetryCompiles},
	"setuptools.build_meta":   {requires: []string{"setuptools"}, compiles: setuptoolsCompiles},
	"uv_build":                {requires: []string{"uv-build"}},
}

// projectCompiles says why the build of a project in a directory of the app may compile something, "" if it does not.
func projectCompiles(app App, dir string) string {
	file := path.Join(dir, "pyproject.toml")
	var p pyproject
	if !app.Tree.HasFile(file) || app.Tree.TOML(file, &p) != nil {
		return fmt.Sprintf("it is not known how %s is built", path.Clean(dir))
	}
	if p.BuildSystem == nil && app.Tree.HasFile(path.Join(dir, "setup.py")) || p.BuildSystem != nil && p.BuildSystem.Backend == "" {
		return file + " names no build-backend"
	}
	if p.BuildSystem == nil {
		return setuptoolsCompiles(app, dir, p)
	}
	backend, ok := pythonBackends[p.BuildSystem.Backend]
	if !ok {
		return fmt.Sprintf("%s is built by %.40q", file, p.BuildSystem.Backend)
	}
	for _, requirement := range p.BuildSystem.Requires {
		m := pythonPackage.FindStringSubmatch(requirement)
		if m == nil || !slices.Contains(slices.Concat(backend.requires, versionReaders), pythonName(m[1])) {
			return fmt.Sprintf("the build of %s requires %.40q", file, requirement)
		}
	}
	if backend.compiles != nil {
		if setting := backend.compiles(app, dir, p); setting != "" {
			return "the build of " + file + " reads " + setting
		}
	}
	return ""
}

func setuptoolsCompiles(app App, dir string, p pyproject) string {
	for _, key := range []string{"cmdclass", "ext-modules"} {
		if _, ok := p.Tool.Setuptools[key]; ok {
			return "tool.setuptools." + key
		}
	}
	return firstFile(app, path.Join(dir, "setup.py"))
}

func hatchCompiles(app App, dir string, _ pyproject) string {
	for _, file := range []string{"pyproject.toml", "hatch.toml"} {
		if app.Tree.Contains(path.Join(dir, file), "hooks") {
			return "hooks of " + file
		}
	}
	return firstFile(app, path.Join(dir, "hatch_build.py"))
}

func pdmCompiles(app App, dir string, p pyproject) string {
	if p.Tool.PDM.Build != nil && (p.Tool.PDM.Build["run-setuptools"] != nil || p.Tool.PDM.Build["custom-hook"] != nil) {
		return "tool.pdm.build"
	}
	return firstFile(app, path.Join(dir, "pdm_build.py"))
}

func poetryCompiles(_ App, _ string, p pyproject) string {
	if p.Tool.Poetry.Build != nil {
		return "tool.poetry.build"
	}
	return ""
}
