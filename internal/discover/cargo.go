package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

const cargoToml = "Cargo.toml"

// A cargoManifest is what of a Cargo.toml matters here.
type cargoManifest struct {
	Package *struct {
		Name     string `toml:"name"`
		Autobins *bool  `toml:"autobins"`
	} `toml:"package"`
	Bin       []any `toml:"bin"`
	Workspace *struct {
		Members      []string       `toml:"members"`
		Exclude      []string       `toml:"exclude"`
		Dependencies map[string]any `toml:"dependencies"`
	} `toml:"workspace"`

	cargoDependencies
	Target map[string]cargoDependencies `toml:"target"`
}

type cargoDependencies struct {
	Dependencies      map[string]any `toml:"dependencies"`
	DevDependencies   map[string]any `toml:"dev-dependencies"`
	BuildDependencies map[string]any `toml:"build-dependencies"`
}

// cargoWorkspaces finds the programs in workspaces of Cargo.
func (f *finder) cargoWorkspaces() error {
	for _, root := range f.with(cargoToml) {
		if f.claimed[claim{root, cargoToml}] || !f.wantedRoot(root) {
			continue
		}
		var m cargoManifest
		err := f.tree.TOML(path.Join(root, cargoToml), &m)
		if err != nil && f.alone(root, cargoToml, f.tree.TOML) {
			continue // its plan says so
		}
		if err != nil {
			return err
		}
		if m.Workspace == nil {
			continue
		}
		if err := f.cargoWorkspace(root, m); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) cargoWorkspace(root string, top cargoManifest) error {
	file := path.Join(root, cargoToml)
	dirs, err := f.expand(root, cargoToml, patternsOf(file, top.Workspace.Members))
	if err != nil {
		return err
	}
	dirs = slices.DeleteFunc(dirs, func(dir string) bool {
		return dir == root || slices.ContainsFunc(top.Workspace.Exclude, func(e string) bool { return isBelow(dir, path.Join(root, e)) })
	})
	if top.Package != nil {
		dirs = append([]string{root}, dirs...)
	}
	w := f.newWorkspace(root)
	// Cargo takes for members also the packages in it that members depend on by path.
	for i := 0; i < len(dirs); i++ {
		m, err := f.cargoMember(w, dirs[i], top)
		if err != nil {
			return err
		}
		for _, dir := range m.uses {
			if isBelow(dir, root) && f.hasFile(dir, cargoToml) && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.SortFunc(w.members, func(a, b *member) int { return strings.Compare(a.dir, b.dir) })
	f.claimed[claim{root, cargoToml}] = true
	for _, m := range w.members {
		if m.found == "" || f.has(m.dir) {
			continue
		}
		if !cargoName.MatchString(m.name) {
			return f.mistake(path.Join(m.dir, cargoToml), "name", "give it one of letters, digits, hyphens and underscores", "%.80q is no name of a package", m.name)
		}
		f.apps = append(f.apps, App{
			Directory: m.dir, Context: root, Found: m.found, shared: w, uses: w.closure(m.dir),
			Env: []string{"NIXPACKS_CARGO_WORKSPACE=" + m.name}, Config: f.ownConfig(root, m.dir),
		})
	}
	return nil
}

var cargoName = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

// cargoMember adds the package of a directory to its workspace.
func (f *finder) cargoMember(w *workspace, dir string, top cargoManifest) (*member, error) {
	m := top
	if dir != w.root {
		m = cargoManifest{}
		if err := f.tree.TOML(path.Join(dir, cargoToml), &m); err != nil {
			return nil, err
		}
	}
	own := &member{dir: dir}
	if m.Package != nil {
		own.name = m.Package.Name
		if why := f.cargoBinary(dir, m); why != "" && f.wanted(dir) {
			own.found = why
		}
	}
	for _, list := range slices.Concat([]cargoDependencies{m.cargoDependencies}, targets(m)) {
		for _, deps := range []map[string]any{list.Dependencies, list.DevDependencies, list.BuildDependencies} {
			for name, v := range deps {
				if other, ok := cargoPath(dir, v); ok {
					own.uses = append(own.uses, other)
				} else if table, ok := v.(map[string]any); ok && table["workspace"] == true {
					if other, ok := cargoPath(w.root, top.Workspace.Dependencies[name]); ok {
						own.uses = append(own.uses, other)
					}
				}
			}
		}
	}
	slices.Sort(own.uses)
	own.uses = slices.DeleteFunc(slices.Compact(own.uses), func(other string) bool { return other == dir })
	f.claimed[claim{dir, cargoToml}] = true
	w.add(own)
	return own, nil
}

func targets(m cargoManifest) []cargoDependencies {
	var list []cargoDependencies
	for _, deps := range m.Target {
		list = append(list, deps)
	}
	return list
}

// cargoPath is the directory of a dependency that has a path in the repository.
func cargoPath(dir string, v any) (string, bool) {
	table, _ := v.(map[string]any)
	text, ok := table["path"].(string)
	if !ok || path.IsAbs(text) {
		return "", false
	}
	other := path.Join(dir, text)
	return other, other != ".." && !strings.HasPrefix(other, "../")
}

// cargoBinary says what makes a package a program, "" if nothing does.
func (f *finder) cargoBinary(dir string, m cargoManifest) string {
	auto := m.Package.Autobins == nil || *m.Package.Autobins
	bins := path.Join(dir, "src/bin")
	switch {
	case auto && f.hasFile(path.Join(dir, "src"), "main.rs"):
		return path.Join(dir, "src/main.rs")
	case len(m.Bin) > 0:
		return path.Join(dir, cargoToml) + " has a [[bin]]"
	case auto && len(f.files[bins]) > 0:
		return path.Join(bins, f.files[bins][0])
	}
	return ""
}
