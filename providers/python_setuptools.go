package providers

import (
	"path"
	"slices"
	"strings"
)

// setuptoolsInstall: `pip install .` builds the app. The packages that setuptools would find by itself are
// not needed, as the app runs from its sources, and several of them at the top level are an error. So it gets
// pyproject.toml and the files named there, unless sources are named, or somebody else builds.
func setuptoolsInstall(app App, _ string) (files []string, blocker string) {
	p, blocker := readProject(app)
	if blocker != "" {
		return nil, blocker
	}
	if b := p.BuildSystem; b != nil {
		if b.Backend != "" && !strings.HasPrefix(b.Backend, "setuptools.") {
			return nil, "pip install . builds the app by " + strings.Split(b.Backend, ".")[0]
		}
		if i := slices.IndexFunc(b.Requires, readsSources); i >= 0 {
			return nil, "pip install . builds the app by " + b.Requires[i]
		}
	}
	if name := p.localRequirement(); name != "" {
		return nil, fromPath("pyproject.toml", name)
	}
	if app.Tree.HasFile("setup.py") {
		return nil, "pip install . runs setup.py"
	}
	if app.Tree.Contains("setup.cfg", "[metadata]") || app.Tree.Contains("setup.cfg", "[options") {
		return nil, "pip install . reads setup.cfg"
	}
	if key := p.namedSources(); key != "" {
		return nil, "pyproject.toml names sources by " + key
	}
	licenses, blocker := p.licenses(app)
	if blocker != "" {
		return nil, blocker
	}
	var names []string
	for _, name := range slices.Concat([]string{"pyproject.toml"}, p.namedFiles(), licenses) {
		names = append(names, path.Clean(name))
	}
	slices.Sort(names)
	return presentFiles(app, slices.Compact(names)...), ""
}

// readsSources reports whether a build requirement is more than setuptools itself: a plug-in of it, or what
// compiles.
func readsSources(requirement string) bool {
	name := strings.ReplaceAll(strings.ToLower(requirement), "_", "-")
	known := strings.HasPrefix(name, "setuptools") && !strings.HasPrefix(name, "setuptools-") || strings.HasPrefix(name, "wheel")
	return !known || isLocal(requirement)
}

// setuptoolsSources are the keys of the table tool.setuptools that name sources.
var setuptoolsSources = []string{"cmdclass", "data-files", "ext-modules", "package-dir", "packages", "py-modules"}

// namedSources returns the first key that names sources, or "". An empty list names none: it says that
// setuptools is not to look for any.
func (p pyproject) namedSources() string {
	for _, key := range setuptoolsSources {
		if v, ok := p.Tool.Setuptools[key]; ok {
			if list, ok := v.([]any); !ok || len(list) > 0 {
				return "tool.setuptools." + key
			}
		}
	}
	dynamic, _ := p.Tool.Setuptools["dynamic"].(map[string]any)
	for _, field := range p.Project.Dynamic {
		if len(fileNames(dynamic[field])) == 0 {
			return "project.dynamic"
		}
	}
	return ""
}

// namedFiles returns the files whose text is a part of the metadata.
func (p pyproject) namedFiles() []string {
	var names []string
	if readme, ok := p.Project.Readme.(string); ok {
		names = append(names, readme)
	}
	names = append(names, fileNames(p.Project.Readme)...)
	names = append(names, fileNames(p.Project.License)...)
	dynamic, _ := p.Tool.Setuptools["dynamic"].(map[string]any)
	for _, field := range p.Project.Dynamic {
		names = append(names, fileNames(dynamic[field])...)
	}
	return names
}

// fileNames returns the value of the key file in a table: a name or a list of names.
func fileNames(v any) []string {
	table, _ := v.(map[string]any)
	switch file := table["file"].(type) {
	case string:
		return []string{file}
	case []any:
		var names []string
		for _, f := range file {
			if name, ok := f.(string); ok {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

// licenses returns the files that the patterns of license-files match.
func (p pyproject) licenses(app App) (files []string, blocker string) {
	for _, pattern := range p.Project.LicenseFiles {
		list, err := app.Tree.Files(pattern)
		if err != nil {
			return nil, unread("pyproject.toml", err)
		}
		files = append(files, list...)
	}
	if slices.ContainsFunc(files, func(f string) bool { return path.Dir(f) != "." }) {
		return nil, "license-files in pyproject.toml may match files in folders"
	}
	return files, ""
}
