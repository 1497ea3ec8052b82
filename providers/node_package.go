package providers

import (
	"errors"
	"path"
	"slices"

	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

// package.json is read in three strictnesses, of which each has its own list of types here:
//
//   - [NodePackage] refuses nothing, as package managers do. What is of another type is as none.
//   - packageJSON is what Nixpacks 1.39 reads for a plan. It refuses a field of another type.
//   - nodeManifest is what decides which files an install reads. It refuses a table of another type, since then nobody knows.

// packageJSON5 is read by pnpm alone, in a directory without a package.json.
const packageJSON5 = "package.json5"

// NodeManifest is the file that describes the package of a directory: package.json, or package.json5 where there is that one alone.
func NodeManifest(tree *source.Tree, dir string) string {
	name := path.Join(dir, "package.json")
	if other := path.Join(dir, packageJSON5); !tree.HasFile(name) && tree.HasFile(other) {
		return other
	}
	return name
}

// nodeManifest is [NodeManifest] for the app's edition. Nixpacks 1.39 reads package.json alone.
func (a App) nodeManifest(dir string) string {
	if !a.Edition.Has(string(webEdition)) {
		return path.Join(dir, "package.json")
	}
	return NodeManifest(a.Tree, dir)
}

// A NodePackage is what of a package.json matters to anybody. Any field may be of any type.
type NodePackage struct {
	Name           any `json:"name"`
	PackageManager any `json:"packageManager"`
	Scripts        any `json:"scripts"`
	Workspaces     any `json:"workspaces"`

	Dependencies         any `json:"dependencies"`
	DevDependencies      any `json:"devDependencies"`
	OptionalDependencies any `json:"optionalDependencies"`
	PeerDependencies     any `json:"peerDependencies"`

	// Entries for those who import it.
	Main    any `json:"main"`
	Module  any `json:"module"`
	Exports any `json:"exports"`
	Types   any `json:"types"`
	Bin     any `json:"bin"`

	// What only packages have that are published, or keep from being so.
	Files         any `json:"files"`
	PublishConfig any `json:"publishConfig"`
	Private       any `json:"private"`

	// What may name the package manager, beside packageManager.
	Engines    any `json:"engines"`
	DevEngines any `json:"devEngines"`
	Volta      any `json:"volta"`
}

// ReadNodePackage reads the package.json of that name. It fails if there is none, or if it holds no object.
func ReadNodePackage(tree *source.Tree, name string) (p NodePackage, err error) {
	err = tree.JSON(name, &p)
	return p, err
}

// Runs reports whether the package has a script of that name.
func (p NodePackage) Runs(script string) bool {
	table, _ := p.Scripts.(map[string]any)
	text, _ := table[script].(string)
	return text != ""
}

// Develops reports whether all that a script starts is a development server.
func (p NodePackage) Develops(script string) bool {
	table, _ := p.Scripts.(map[string]any)
	n := nodeApp{pkg: packageJSON{Scripts: map[string]string{}}}
	for name, v := range table {
		n.pkg.Scripts[name], _ = v.(string)
	}
	_, develops := n.developServer(script)
	return develops
}

// askedManager is the package manager that the package names where it asks for versions, and the keys that lead there; "" for npm, for none and
// for several.
func (p NodePackage) askedManager() (name string, keys []string) {
	kinds, _ := p.DevEngines.(map[string]any)
	list, ok := kinds["packageManager"].([]any)
	if !ok {
		list = []any{kinds["packageManager"]}
	}
	for _, e := range list {
		engine, _ := e.(map[string]any)
		if name, _ := engine["name"].(string); slices.Contains(NodeManagers(), name) {
			return name, []string{"devEngines", "packageManager"}
		}
	}
	if name := managerIn(p.Volta); name != "" {
		return name, []string{"volta", name}
	}
	name = managerIn(p.Engines)
	return name, []string{"engines", name}
}

// managerIn is the one package manager of which a table allows a version. Words in place of a range tell people not to use one, and Bun beside
// Node is a runtime that the package allows.
func managerIn(v any) string {
	table, _ := v.(map[string]any)
	var named []string
	for _, name := range NodeManagers() {
		text, _ := table[name].(string)
		if _, err := ranges.NPM(text); text == "" || err != nil || name == bunPackage && table["node"] != nil {
			continue
		}
		named = append(named, name)
	}
	if len(named) != 1 || named[0] == "npm" {
		return ""
	}
	return named[0]
}

// Imported reports whether the package has an entry for those who import it.
func (p NodePackage) Imported() bool {
	return p.Main != nil || p.Module != nil || p.Exports != nil || p.Types != nil || p.Bin != nil
}

// PublishedAs says by which field the package is one that others install, and what it is to them; "" if it may be an app.
func (p NodePackage) PublishedAs() (field, kind string) {
	if p.Private == true {
		return "", ""
	}
	for _, f := range []struct {
		name  string
		value any
		kind  string
	}{
		{"bin", p.Bin, aCommand}, {"exports", p.Exports, aLibrary}, {"types", p.Types, aLibrary}, {"files", p.Files, aLibrary},
		{"peerDependencies", p.PeerDependencies, aLibrary}, {"publishConfig", p.PublishConfig, aLibrary},
	} {
		if f.value != nil {
			return f.name, f.kind
		}
	}
	return "", ""
}

// Asked lists what the package asks to be installed with it, by name, and the versions; "" for one that is no text.
func (p NodePackage) Asked() map[string][]string {
	return asked(p.Dependencies, p.DevDependencies, p.OptionalDependencies)
}

// Uses is [NodePackage.Asked] with the packages that it expects beside it.
func (p NodePackage) Uses() map[string][]string {
	return asked(p.Dependencies, p.DevDependencies, p.OptionalDependencies, p.PeerDependencies)
}

func asked(fields ...any) map[string][]string {
	all := map[string][]string{}
	for _, field := range fields {
		table, _ := field.(map[string]any)
		for name, v := range table {
			text, _ := v.(string)
			all[name] = append(all[name], text)
		}
	}
	return all
}

// packageJSON is what of a package.json matters to a plan. A field of another type is an error.
type packageJSON struct {
	Name             *string           `json:"name"`
	Main             string            `json:"main"`
	Module           any               `json:"module"`
	Type             *string           `json:"type"`
	PackageManager   *string           `json:"packageManager"`
	Scripts          map[string]string `json:"scripts"`
	Engines          map[string]string `json:"engines"`
	Dependencies     map[string]string `json:"dependencies"`
	DevDependencies  map[string]string `json:"devDependencies"`
	CacheDirectories []string          `json:"cacheDirectories"`
	Workspaces       any               `json:"workspaces"`
}

// nodeManifest is what of a package.json matters to an install. A table of another type is an error.
type nodeManifest struct {
	Scripts              map[string]any `json:"scripts"`
	Dependencies         map[string]any `json:"dependencies"`
	DevDependencies      map[string]any `json:"devDependencies"`
	OptionalDependencies map[string]any `json:"optionalDependencies"`
	PeerDependencies     map[string]any `json:"peerDependencies"`
	DependenciesMeta     map[string]any `json:"dependenciesMeta"`
	PatchedDependencies  any            `json:"patchedDependencies"`
	Overrides            any            `json:"overrides"`
	Resolutions          any            `json:"resolutions"`
	PNPM                 map[string]any `json:"pnpm"`
	Workspaces           any            `json:"workspaces"`
	Bin                  any            `json:"bin"`
	Directories          map[string]any `json:"directories"`
	MSW                  any            `json:"msw"`
	Prisma               map[string]any `json:"prisma"`
}

// NodeWorkspace is a list of globs whose directories are the members of a workspace.
type NodeWorkspace struct {
	File  string // that has the list, relative to the tree; that of the package manager goes before package.json
	Globs []string
}

// ReadNodeWorkspace reads the workspace of a directory that has a package.json; without globs there is none. Has reports whether
// a file of a base name lies in the directory.
func ReadNodeWorkspace(tree *source.Tree, dir string, has func(base string) bool) (w NodeWorkspace, err error) {
	for _, m := range nodeManagers {
		if m.workspaceFile != "" && has(m.workspaceFile) {
			w.File = path.Join(dir, m.workspaceFile)
			w.Globs, err = nodeWorkspaceFile(tree, w.File)
			return w, err
		}
	}
	w.File = path.Join(dir, "package.json")
	p, err := ReadNodePackage(tree, w.File)
	if err != nil {
		return w, err
	}
	list := workspaceList(p.Workspaces)
	if list == nil {
		return w, nil
	}
	if w.Globs = stringList(list); w.Globs == nil {
		return w, &source.Error{
			Op: "reading", Name: w.File, Line: tree.Line(w.File, `"workspaces"`),
			Err: errors.New("workspaces are no list of texts"), Hint: "give a list of directories",
		}
	}
	return w, nil
}

// nodeWorkspaceFile returns the globs of a pnpm-workspace.yaml. Without packages it holds settings.
func nodeWorkspaceFile(tree *source.Tree, name string) ([]string, error) {
	var w struct {
		Packages []string `yaml:"packages"`
	}
	err := tree.YAML(name, &w)
	return w.Packages, err
}

// workspaceList is what the field workspaces lists, which may stand in a table.
func workspaceList(v any) any {
	if table, ok := v.(map[string]any); ok {
		return table["packages"]
	}
	return v
}

// stringList returns a decoded array of strings; nil if it is anything else.
func stringList(v any) []string {
	array, ok := v.([]any)
	if !ok {
		return nil
	}
	list := make([]string, len(array))
	for i, e := range array {
		if list[i], ok = e.(string); !ok {
			return nil
		}
	}
	return list
}
