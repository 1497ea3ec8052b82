package providers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A pyproject is what decides what an install of it reads. Requirements are strings, as in requirements.txt,
// or tables.
type pyproject struct {
	BuildSystem *struct {
		Backend  string   `toml:"build-backend"`
		Requires []string `toml:"requires"`
	} `toml:"build-system"`
	Project struct {
		Name         string              `toml:"name"`
		Readme       any                 `toml:"readme"`
		License      any                 `toml:"license"`
		LicenseFiles []string            `toml:"license-files"`
		Dynamic      []string            `toml:"dynamic"`
		Dependencies []string            `toml:"dependencies"`
		Optional     map[string][]string `toml:"optional-dependencies"`
	} `toml:"project"`
	Groups map[string][]any `toml:"dependency-groups"`
	Tool   struct {
		Poetry struct {
			PackageMode     *bool          `toml:"package-mode"`
			Build           any            `toml:"build"`
			Dependencies    map[string]any `toml:"dependencies"`
			DevDependencies map[string]any `toml:"dev-dependencies"`
			Plugins         map[string]any `toml:"requires-plugins"`
			Groups          map[string]struct {
				Dependencies map[string]any `toml:"dependencies"`
			} `toml:"group"`
		} `toml:"poetry"`
		PDM struct {
			Distribution *bool               `toml:"distribution"`
			PackageType  *string             `toml:"package-type"`
			Dev          map[string][]string `toml:"dev-dependencies"`
			Scripts      map[string]any      `toml:"scripts"`
			Options      map[string]any      `toml:"options"`
			Build        map[string]any      `toml:"build"`
			Sources      []map[string]any    `toml:"source"`
		} `toml:"pdm"`
		UV struct {
			Package   *bool          `toml:"package"`
			Sources   map[string]any `toml:"sources"`
			Workspace any            `toml:"workspace"`
		} `toml:"uv"`
		Setuptools map[string]any `toml:"setuptools"`
	} `toml:"tool"`
}

// readProject decodes pyproject.toml, or says why the install cannot be judged without it.
func readProject(app App) (p pyproject, blocker string) {
	const name = "pyproject.toml"
	if !app.Tree.HasFile(name) {
		return p, missing(name)
	}
	if err := app.Tree.TOML(name, &p); err != nil {
		return p, unread(name, err)
	}
	return p, ""
}

// localRequirement returns the first of the requirements that every tool reads which is a path, or "".
func (p pyproject) localRequirement() string {
	all := slices.Clone(p.Project.Dependencies)
	for _, group := range slices.Sorted(maps.Keys(p.Project.Optional)) {
		all = append(all, p.Project.Optional[group]...)
	}
	for _, group := range slices.Sorted(maps.Keys(p.Tool.PDM.Dev)) {
		all = append(all, p.Tool.PDM.Dev[group]...)
	}
	for _, group := range slices.Sorted(maps.Keys(p.Groups)) {
		for _, r := range p.Groups[group] {
			if s, ok := r.(string); ok {
				all = append(all, s)
			}
		}
	}
	if i := slices.IndexFunc(all, isLocal[string]); i >= 0 {
		name, _, _ := strings.Cut(all[i], " ")
		return name
	}
	return ""
}

// localDependency returns the first name, in byte order, whose requirement is a path, or "".
func localDependency(tables ...map[string]any) string {
	for _, table := range tables {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if isLocal(table[name]) {
				return name
			}
		}
	}
	return ""
}

// isLocal reports whether a requirement, a lock file's package or a package source is or may be a path in
// the app, in the notation of any of the tools.
func isLocal[T any](requirement T) bool {
	switch r := any(requirement).(type) {
	case string:
		return strings.Contains(r, "file:") || strings.HasPrefix(r, "-e") || strings.HasPrefix(r, ".") || strings.HasPrefix(r, "/")
	case []any:
		return slices.ContainsFunc(r, isLocal[any])
	case map[string]any:
		for _, key := range []string{"path", "directory", "editable", "workspace"} {
			if v, ok := r[key]; ok && v != false {
				return true
			}
		}
		for _, key := range []string{"file", "url"} {
			if v, ok := r[key]; ok && !isRemote(v) {
				return true
			}
		}
		return r["type"] == "directory" || r["type"] == "file"
	}
	return false
}

// isRemote reports whether v is an address, or begins with a variable.
func isRemote(v any) bool {
	s, ok := v.(string)
	return ok && (pipRemote.MatchString(s) || strings.HasPrefix(s, "$"))
}

// localPackage returns the name of the first package of a lock file that is a path, or "".
func localPackage(packages []lockedPackage) string {
	for _, p := range packages {
		if isLocal(map[string]any(p)) || isLocal(p["source"]) {
			return fmt.Sprint(p["name"])
		}
	}
	return ""
}

// A lockedPackage is one package of poetry.lock, pdm.lock or uv.lock.
type lockedPackage map[string]any

// readLock decodes a lock file; a missing one has no packages.
func readLock(app App, name string) (packages []lockedPackage, blocker string) {
	var lock struct {
		Package []lockedPackage `toml:"package"`
	}
	if !app.Tree.HasFile(name) {
		return nil, ""
	}
	if err := app.Tree.TOML(name, &lock); err != nil {
		return nil, unread(name, err)
	}
	return lock.Package, ""
}

// fromPath is the blocker for a dependency that lies in the app.
func fromPath(file, name string) string {
	return fmt.Sprintf("%s takes %s from a path", file, name)
}
