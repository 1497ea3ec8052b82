package sbom

import (
	"path"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// besideFile is a file in the directory of another.
func besideFile(file, name string) string { return path.Join(path.Dir(file), name) }

func keys[V any](maps ...map[string]V) []string {
	var list []string
	for _, m := range maps {
		for name := range m {
			list = append(list, name)
		}
	}
	return list
}

// packageJSON lists also what the workspaces of a lockfile ask for.
func packageJSON(t *source.Tree, lock string) []string {
	type wanted struct {
		Dependencies map[string]any `json:"dependencies" yaml:"dependencies"`
		Dev          map[string]any `json:"devDependencies" yaml:"devDependencies"`
		Optional     map[string]any `json:"optionalDependencies" yaml:"optionalDependencies"`
	}
	names := func(w wanted) []string { return keys(w.Dependencies, w.Dev, w.Optional) }
	own, _ := providers.ReadNodePackage(t, providers.NodeManifest(t, path.Dir(lock))) // without one, nothing is known to be asked for
	list := keys(own.Asked())
	switch path.Base(lock) {
	case "package-lock.json", "npm-shrinkwrap.json":
		var l struct {
			Packages map[string]wanted `json:"packages"`
		}
		_ = t.JSON(lock, &l)
		for place, w := range l.Packages {
			if !strings.Contains(place, "node_modules/") {
				list = append(list, names(w)...)
			}
		}
	case "pnpm-lock.yaml":
		var l struct {
			Importers map[string]wanted `yaml:"importers"`
		}
		_ = t.YAML(lock, &l)
		for _, w := range l.Importers {
			list = append(list, names(w)...)
		}
	}
	return list
}

// requirement is the name that begins a requirement of Python.
var requirement = lazyregexp.New(`^\s*([A-Za-z0-9][A-Za-z0-9._-]*)`)

func requirementNames(lines []string) []string {
	var list []string
	for _, line := range lines {
		if m := requirement.FindStringSubmatch(line); m != nil {
			list = append(list, m[1])
		}
	}
	return list
}

// requirementsIn lists what requirements.in asks for where there is one, from which requirements.txt is compiled; else all of the latter.
func requirementsIn(t *source.Tree, lock string) []string {
	text, err := t.ReadMarked(besideFile(lock, "requirements.in"))
	if err != nil {
		text, _ = t.ReadMarked(lock)
	}
	return requirementNames(strings.Split(text, "\n"))
}

func pyproject(t *source.Tree, lock string) []string {
	type group struct {
		Dependencies map[string]any `toml:"dependencies"`
	}
	var v struct {
		Project struct {
			Dependencies []string            `toml:"dependencies"`
			Optional     map[string][]string `toml:"optional-dependencies"`
		} `toml:"project"`
		Groups map[string][]any `toml:"dependency-groups"`
		Tool   struct {
			Poetry struct {
				Dependencies map[string]any   `toml:"dependencies"`
				Dev          map[string]any   `toml:"dev-dependencies"`
				Group        map[string]group `toml:"group"`
			} `toml:"poetry"`
			PDM struct {
				Dev map[string][]string `toml:"dev-dependencies"`
			} `toml:"pdm"`
			UV struct {
				Dev []string `toml:"dev-dependencies"`
			} `toml:"uv"`
		} `toml:"tool"`
	}
	_ = t.TOML(besideFile(lock, "pyproject.toml"), &v)
	list := append(requirementNames(v.Project.Dependencies), requirementNames(v.Tool.UV.Dev)...)
	for _, of := range []map[string][]string{v.Project.Optional, v.Tool.PDM.Dev} {
		for _, lines := range of {
			list = append(list, requirementNames(lines)...)
		}
	}
	for _, items := range v.Groups {
		for _, item := range items {
			if line, ok := item.(string); ok { // else it includes another group
				list = append(list, requirementNames([]string{line})...)
			}
		}
	}
	for _, g := range v.Tool.Poetry.Group {
		list = append(list, keys(g.Dependencies)...)
	}
	return append(list, keys(v.Tool.Poetry.Dependencies, v.Tool.Poetry.Dev)...)
}

func pipfileNames(t *source.Tree, lock string) []string {
	var v struct {
		Packages map[string]any `toml:"packages"`
		Dev      map[string]any `toml:"dev-packages"`
	}
	_ = t.TOML(besideFile(lock, "Pipfile"), &v)
	return keys(v.Packages, v.Dev)
}

func cargoToml(t *source.Tree, lock string) []string {
	type wanted struct {
		Dependencies map[string]any `toml:"dependencies"`
		Dev          map[string]any `toml:"dev-dependencies"`
		Build        map[string]any `toml:"build-dependencies"`
	}
	var v struct {
		wanted
		Workspace wanted            `toml:"workspace"`
		Target    map[string]wanted `toml:"target"`
	}
	_ = t.TOML(besideFile(lock, "Cargo.toml"), &v)
	var list []string
	add := func(w wanted) {
		for _, m := range []map[string]any{w.Dependencies, w.Dev, w.Build} {
			for name, spec := range m {
				if table, ok := spec.(map[string]any); ok {
					if real, ok := table["package"].(string); ok { // it has another name in the code
						name = real
					}
				}
				list = append(list, name)
			}
		}
	}
	add(v.wanted)
	add(v.Workspace)
	for _, w := range v.Target {
		add(w)
	}
	return list
}

func composerJSON(t *source.Tree, lock string) []string {
	var v struct {
		Require map[string]any `json:"require"`
		Dev     map[string]any `json:"require-dev"`
	}
	_ = t.JSON(besideFile(lock, "composer.json"), &v)
	return keys(v.Require, v.Dev)
}

// mixDependency is an entry of deps in mix.exs.
var mixDependency = lazyregexp.New(`\{\s*:([a-z0-9_]+)\s*,`)

func mixExs(t *source.Tree, lock string) []string {
	text, _ := t.Read(besideFile(lock, "mix.exs"))
	var list []string
	for _, m := range mixDependency.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// sameName is a package in any version, by what ecosystems call it: Go puts the major version into the name.
func sameName(p packageurl.PackageURL) string {
	name := fullName(p)
	if p.Type == packageurl.TypeGolang {
		name = goMajor.ReplaceAllString(name, "")
	}
	return p.Type + " " + name
}

var goMajor = lazyregexp.New(`/v[0-9]+$`)

func fullName(p packageurl.PackageURL) string {
	if p.Namespace == "" {
		return p.Name
	}
	return p.Namespace + "/" + p.Name
}
