package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// packages adds the manifests of the root and of its workspaces, and what they refer to.
func (f *nodeFiles) packages() {
	f.deps = map[string]bool{}
	root := f.manifest(".")
	var globs []string
	if root.Workspaces != nil {
		globs = f.globs(f.app.nodeManifest("."), workspaceList(root.Workspaces))
	}
	if name := pnpmWorkspace; f.app.Tree.HasFile(name) {
		var w struct {
			Packages any `yaml:"packages"`
		}
		// Whether the file can be read is judged with the settings.
		_ = f.app.Tree.YAML(name, &w)
		if w.Packages == nil {
			w.Packages = []any{"**"}
		}
		globs = append(globs, f.globs(name, w.Packages)...)
	}
	for _, glob := range globs {
		f.workspaces(glob)
	}
	for _, dir := range f.members {
		if m := f.manifest(dir); m.Workspaces != nil {
			f.block("%s has workspaces of its own", f.app.nodeManifest(dir))
		}
	}
	f.prisma(root)
}

// globs returns the patterns of a list of workspaces. Exclusions are left out: to list too much is safe.
func (f *nodeFiles) globs(name string, v any) []string {
	list := stringList(v)
	if list == nil {
		f.block("%s has workspaces that are no list of paths", name)
	}
	return slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, "!") })
}

func (f *nodeFiles) workspaces(glob string) {
	if strings.ContainsAny(glob, "()") || strings.HasPrefix(path.Clean(glob), "..") {
		f.block("the workspace %q is not understood", glob)
		return
	}
	dirs, err := f.app.Tree.Dirs(path.Clean(glob))
	if err != nil {
		f.block("the workspace %q is not understood", glob)
	}
	for _, dir := range dirs {
		if slices.Contains(strings.Split(dir, "/"), "node_modules") || slices.Contains(f.members, dir) {
			continue
		}
		if name := path.Join(dir, "package.yaml"); f.app.Tree.HasFile(name) {
			f.block("%s is not understood", name)
		}
		if f.app.Tree.HasFile(f.app.nodeManifest(dir)) {
			f.members = append(f.members, dir)
		}
	}
}

// manifest adds the package of a directory.
func (f *nodeFiles) manifest(dir string) nodeManifest {
	name := f.app.nodeManifest(dir)
	var m nodeManifest
	if err := f.app.Tree.JSON(name, &m); err != nil {
		f.unread(name, err)
		return m
	}
	f.file(name)
	f.file(path.Join(dir, ".npmrc"))
	f.file(path.Join(dir, pnpmLock))
	if dir != "." {
		f.npmrc(path.Join(dir, ".npmrc"))
		f.bins(dir, m)
	}
	f.code(dir, m)
	for _, deps := range []map[string]any{m.Dependencies, m.DevDependencies, m.OptionalDependencies, m.PeerDependencies} {
		f.specs(name, dir, deps)
	}
	for _, deps := range []map[string]any{m.Dependencies, m.DevDependencies, m.OptionalDependencies} {
		for dep := range deps {
			f.deps[dep] = true
		}
	}
	for dep, meta := range plan.Sorted(m.DependenciesMeta) {
		if settings, _ := meta.(map[string]any); settings["injected"] != nil {
			f.block("%s has the source of %s copied", name, dep)
		}
	}
	f.specs(name, dir, m.Overrides)
	f.specs(name, dir, m.Resolutions)
	f.patches(name, m.PatchedDependencies)
	for key, value := range plan.Sorted(m.PNPM) {
		switch {
		case key == "patchedDependencies":
			f.patches(name, value)
		case npmReads(key, ""):
			f.block("%s has the setting pnpm.%s, which may read files", name, key)
		default:
			f.specs(name, dir, value)
		}
	}
	return m
}

// code blocks if the install runs code of the package itself.
func (f *nodeFiles) code(dir string, m nodeManifest) {
	name := f.app.nodeManifest(dir)
	for _, script := range nodeLifecycle {
		if _, ok := m.Scripts[script]; ok {
			f.block("%s has a %s script", name, script)
		}
	}
	if gyp := path.Join(dir, "binding.gyp"); f.app.Tree.HasFile(gyp) {
		f.block("%s is compiled on install", gyp)
	}
	if m.MSW != nil {
		f.block("%s has the setting msw, which writes into the app on install", name)
	}
}

// bins adds the programs of a package: they are linked into node_modules only if they exist.
func (f *nodeFiles) bins(dir string, m nodeManifest) {
	for s := range leaves(m.Bin) {
		f.file(path.Join(dir, s))
	}
	if s, ok := m.Directories["bin"].(string); ok {
		f.dir(path.Join(dir, s))
	}
}
