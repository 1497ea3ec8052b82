package providers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// poetryInstall: `poetry install` also installs the app itself, from its sources, unless package-mode is
// false and Poetry is new enough to know it.
func poetryInstall(app App, version string) (files []string, blocker string) {
	p, blocker := readProject(app)
	if blocker != "" {
		return nil, blocker
	}
	poetry := p.Tool.Poetry
	if poetry.PackageMode == nil || *poetry.PackageMode {
		return nil, fmt.Sprintf("poetry install also installs the app itself (package-mode = false in pyproject.toml"+
			" and Poetry %s or newer stop that)", poetryPackageMode)
	}
	if !atLeast(version, poetryPackageMode) {
		return nil, "Poetry before " + poetryPackageMode + " passes over package-mode and installs the app itself"
	}
	tables := []map[string]any{poetry.Dependencies, poetry.DevDependencies, poetry.Plugins}
	for _, group := range slices.Sorted(maps.Keys(poetry.Groups)) {
		tables = append(tables, poetry.Groups[group].Dependencies)
	}
	if name := cmp.Or(localDependency(tables...), p.localRequirement()); name != "" {
		return nil, fromPath("pyproject.toml", name)
	}
	return lockedInstall(app, "poetry.lock", "pyproject.toml", "poetry.lock", "poetry.toml")
}

// pdmInstall: `pdm install` also installs the app itself, unless it has no name or distribution is false.
// It runs the project's hooks.
func pdmInstall(app App, version string) (files []string, blocker string) {
	p, blocker := readProject(app)
	if blocker != "" {
		return nil, blocker
	}
	pdm := p.Tool.PDM
	distribution := pdm.Distribution == nil || *pdm.Distribution
	if pdm.PackageType != nil {
		distribution = *pdm.PackageType == "library"
	}
	if p.Project.Name != "" && distribution {
		return nil, "pdm install also installs the app itself (distribution = false in the table tool.pdm of pyproject.toml stops that)"
	}
	if !atLeast(cmp.Or(version, pdmDefault), pdmDistribution) {
		return nil, "PDM before " + pdmDistribution + " may install the app itself"
	}
	for _, script := range slices.Sorted(maps.Keys(pdm.Scripts)) {
		if strings.HasPrefix(script, "pre_") || strings.HasPrefix(script, "post_") {
			return nil, "pyproject.toml has the script " + script + ", which pdm install may run"
		}
	}
	if _, ok := pdm.Options["install"]; ok {
		return nil, "pyproject.toml has options for pdm install"
	}
	if app.Tree.HasDir(".pdm-plugins") {
		return nil, "pdm reads the plugins in .pdm-plugins"
	}
	if name := p.localRequirement(); name != "" {
		return nil, fromPath("pyproject.toml", name)
	}
	if slices.ContainsFunc(pdm.Sources, isLocal[map[string]any]) {
		return nil, "pyproject.toml has a package source that is a path"
	}
	return lockedInstall(app, "pdm.lock", "pyproject.toml", "pdm.lock", "pdm.toml", ".pdm.toml", ".pdm-python", ".python-version")
}

// uvInstall: `uv sync` also installs the app itself if it is a package: if it has a build system, or says so.
func uvInstall(app App, _ string) (files []string, blocker string) {
	p, blocker := readProject(app)
	if blocker != "" {
		return nil, blocker
	}
	uv := p.Tool.UV
	packaged := p.BuildSystem != nil
	if uv.Package != nil {
		packaged = *uv.Package
	}
	if packaged {
		return nil, "uv sync also installs the app itself (package = false in the table tool.uv of pyproject.toml stops that)"
	}
	if uv.Workspace != nil {
		return nil, "pyproject.toml is the root of a uv workspace"
	}
	if name := cmp.Or(localDependency(uv.Sources), p.localRequirement()); name != "" {
		return nil, fromPath("pyproject.toml", name)
	}
	packages, blocker := readLock(app, "uv.lock")
	if blocker != "" {
		return nil, blocker
	}
	for _, p := range packages {
		source, _ := p["source"].(map[string]any)
		registry, registered := source["registry"]
		member, virtual := source["virtual"]
		if registered && !isRemote(registry) || virtual && member != "." {
			return nil, fromPath("uv.lock", fmt.Sprint(p["name"]))
		}
	}
	return lockedInstall(app, "uv.lock", "pyproject.toml", "uv.lock", "uv.toml", ".python-version", ".python-versions")
}

// lockedInstall returns the files that are there, unless the lock file has a path.
func lockedInstall(app App, lock string, files ...string) (present []string, blocker string) {
	packages, blocker := readLock(app, lock)
	if blocker != "" {
		return nil, blocker
	}
	if name := localPackage(packages); name != "" {
		return nil, fromPath(lock, name)
	}
	return presentFiles(app, files...), ""
}

// pipfileTables are the tables of Pipfile and Pipfile.lock that are not dependencies.
var pipfileTables = []string{"_meta", "pipenv", "pipfile", "requires", "scripts", "source"}

func pipenvInstall(app App, _ string) (files []string, blocker string) {
	if !app.Tree.HasFile("Pipfile") {
		return nil, missing("Pipfile")
	}
	if app.Tree.HasFile(".env") {
		return nil, "pipenv may read .env"
	}
	var pipfile, lock map[string]any
	if err := app.Tree.TOML("Pipfile", &pipfile); err != nil {
		return nil, unread("Pipfile", err)
	}
	if app.Tree.HasFile("Pipfile.lock") {
		if err := app.Tree.JSON("Pipfile.lock", &lock); err != nil {
			return nil, unread("Pipfile.lock", err)
		}
	}
	if isLocal(pipfile["source"]) {
		return nil, "Pipfile has a package source that is a path"
	}
	if name := localInTables(pipfile); name != "" {
		return nil, fromPath("Pipfile", name)
	}
	if name := localInTables(lock); name != "" {
		return nil, fromPath("Pipfile.lock", name)
	}
	return presentFiles(app, "Pipfile", "Pipfile.lock"), ""
}

// localInTables returns the first dependency in any of the tables that is a path, or "".
func localInTables(tables map[string]any) string {
	for _, key := range slices.Sorted(maps.Keys(tables)) {
		if slices.Contains(pipfileTables, key) {
			continue
		}
		dependencies, _ := tables[key].(map[string]any)
		if name := localDependency(dependencies); name != "" {
			return name
		}
	}
	return ""
}
