package discover

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	packageJSON   = "package.json"
	pnpmWorkspace = "pnpm-workspace.yaml"
)

// A nodeManifest is what of a package.json matters here, as loosely as package managers read it.
type nodeManifest struct {
	Name           any `json:"name"`
	PackageManager any `json:"packageManager"`
	Scripts        any `json:"scripts"`
	Workspaces     any `json:"workspaces"`

	Dependencies         any `json:"dependencies"`
	DevDependencies      any `json:"devDependencies"`
	OptionalDependencies any `json:"optionalDependencies"`
	PeerDependencies     any `json:"peerDependencies"`
}

// nodeWorkspaces finds the apps in workspaces of npm, pnpm, Yarn and Bun.
func (f *finder) nodeWorkspaces() error {
	for _, root := range f.with(packageJSON) {
		if f.claimed[claim{root, packageJSON}] || !f.wantedRoot(root) {
			continue
		}
		patterns, err := f.nodePatterns(root)
		if err != nil {
			return err
		}
		if patterns == nil {
			continue
		}
		if err := f.nodeWorkspace(root, patterns); err != nil {
			return err
		}
	}
	return nil
}

// wantedRoot reports whether a workspace may be in a directory: not in one that is put aside, unless something in it is listed.
func (f *finder) wantedRoot(dir string) bool {
	return f.config.globs != nil || f.config.apps != nil || !set(dir, asides)
}

// nodePatterns are the globs of the workspace in a directory, nil if it is none.
func (f *finder) nodePatterns(root string) ([]pattern, error) {
	name := path.Join(root, pnpmWorkspace)
	if f.hasFile(root, pnpmWorkspace) {
		var w struct {
			Packages []string `yaml:"packages"`
		}
		if err := f.tree.YAML(name, &w); err != nil {
			return nil, err
		}
		// Without packages it holds settings.
		return patternsOf(name, w.Packages), nil
	}
	name = path.Join(root, packageJSON)
	var m nodeManifest
	if err := f.tree.JSON(name, &m); err != nil {
		return nil, err
	}
	list := m.Workspaces
	if table, ok := list.(map[string]any); ok {
		list = table["packages"]
	}
	if list == nil {
		return nil, nil
	}
	texts, ok := texts(list)
	if !ok {
		return nil, f.mistake(name, `"workspaces"`, "give a list of directories", "workspaces are no list of texts")
	}
	return patternsOf(name, texts), nil
}

func patternsOf(file string, texts []string) []pattern {
	var list []pattern
	for _, text := range texts {
		list = append(list, pattern{file, text})
	}
	return list
}

// texts returns a decoded list of strings.
func texts(v any) ([]string, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	var out []string
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func (f *finder) nodeWorkspace(root string, patterns []pattern) error {
	dirs, err := f.expand(root, packageJSON, patterns)
	if err != nil {
		return err
	}
	w := f.newWorkspace(root)
	manifests := map[string]nodeManifest{}
	names := map[string]string{} // directories, by name
	for _, dir := range dirs {
		if dir == root {
			continue
		}
		var m nodeManifest
		if err := f.tree.JSON(path.Join(dir, packageJSON), &m); err != nil {
			return err
		}
		name, _ := m.Name.(string)
		manifests[dir], names[name] = m, dir
		w.add(&member{dir: dir, name: name, scripts: scriptsOf(m)})
		f.claimed[claim{dir, packageJSON}] = true
	}
	for _, m := range w.members {
		m.uses = f.nodeUses(m.dir, manifests[m.dir], names)
		config := f.ownConfig(root, m.dir)
		switch {
		case !f.wanted(m.dir):
		case m.scripts["start"]:
			m.found = path.Join(m.dir, packageJSON) + " has the script start"
		case config != "":
			m.found = path.Join(root, config) + " is there"
		}
	}
	f.warnUnstarted(w)
	return f.nodeApps(w)
}

// warnUnstarted warns of what looks like an app and nothing starts: a package that is built and that no other uses.
func (f *finder) warnUnstarted(w *workspace) {
	used := map[string]bool{}
	for _, m := range w.members {
		for _, dir := range m.uses {
			used[dir] = true
		}
	}
	for _, m := range w.members {
		if m.found == "" && m.scripts["build"] && !used[m.dir] && f.wanted(m.dir) {
			f.warnings = append(f.warnings, fmt.Sprintf("%s has the script build and no script start, so it is not taken for an app: add one, or name it under apps in nixpacks.toml with startCmd", path.Join(m.dir, packageJSON)))
		}
	}
}

func scriptsOf(m nodeManifest) map[string]bool {
	set := map[string]bool{}
	table, _ := m.Scripts.(map[string]any)
	for name, v := range table {
		text, _ := v.(string)
		set[name] = text != ""
	}
	return set
}

// nodeUses lists the directories that a package depends on: members by name, whatever version is asked for, and paths.
func (f *finder) nodeUses(dir string, m nodeManifest, names map[string]string) []string {
	var uses []string
	for _, field := range []any{m.Dependencies, m.DevDependencies, m.OptionalDependencies, m.PeerDependencies} {
		table, _ := field.(map[string]any)
		for name, v := range table {
			spec, _ := v.(string)
			if other, ok := localPath(dir, spec); ok {
				uses = append(uses, other)
				continue
			}
			if other, ok := names[alias(name, spec)]; ok && other != dir {
				uses = append(uses, other)
			}
		}
	}
	slices.Sort(uses)
	return slices.Compact(uses)
}

// localPath is the directory that a dependency is given by.
func localPath(dir, spec string) (string, bool) {
	for _, protocol := range []string{"file:", "link:", "portal:", "workspace:."} {
		rest, ok := strings.CutPrefix(spec, protocol)
		if !ok || path.IsAbs(rest) {
			continue
		}
		if strings.HasSuffix(protocol, ".") {
			rest = "." + rest
		}
		other := path.Join(dir, rest)
		return other, other != ".." && !strings.HasPrefix(other, "../")
	}
	return "", false
}

// alias is the package that a dependency stands for: workspace:other@* is other.
func alias(name, spec string) string {
	for _, protocol := range []string{"workspace:", "npm:"} {
		if rest, ok := strings.CutPrefix(spec, protocol); ok {
			if i := strings.LastIndexByte(rest, '@'); i > 0 {
				return rest[:i]
			}
		}
	}
	return name
}

// nodeApps adds the members that can be started. Without any, the root is left to be found by itself.
func (f *finder) nodeApps(w *workspace) error {
	tool, err := f.nodeTool(w.root)
	if err != nil {
		return err
	}
	for _, m := range w.members {
		if m.found == "" || f.has(m.dir) {
			continue
		}
		a, err := f.nodeApp(w, m, tool)
		if err != nil {
			return err
		}
		f.apps = append(f.apps, a)
		f.claimed[claim{w.root, packageJSON}] = true
	}
	return nil
}

func (f *finder) nodeApp(w *workspace, m *member, tool nodeTool) (App, error) {
	a := App{Directory: m.dir, Context: w.root, Found: m.found, shared: w, uses: w.closure(m.dir)}
	var build []string
	for _, dir := range a.uses {
		other := w.byDir[dir]
		if other == nil || !other.scripts["build"] && other != m {
			continue
		}
		if !nodeName.MatchString(other.name) {
			return a, f.mistake(path.Join(dir, packageJSON), `"name"`, "give it one of letters, digits, hyphens, dots and underscores",
				"%.80q is no name that the workspace can run it by", other.name)
		}
		if other.scripts["build"] {
			build = append(build, other.name)
		}
	}
	a.BuildCmd, a.Config = tool.build(build, m), f.ownConfig(w.root, m.dir)
	if m.scripts["start"] {
		a.StartCmd = tool.run(m.name, "start")
	}
	return a, nil
}

// ownConfig is the configuration file of a directory as seen from its context, "" if it has none.
func (f *finder) ownConfig(context, dir string) string {
	for _, name := range configFiles {
		if dir != context && f.hasFile(dir, name) {
			return strings.TrimPrefix(path.Join(dir, name), strings.TrimPrefix(context+"/", "./"))
		}
	}
	return ""
}

var nodeName = regexp.MustCompile(`^(@[A-Za-z0-9~_][A-Za-z0-9._~-]*/)?[A-Za-z0-9~_][A-Za-z0-9._~-]*$`)

// A nodeTool words how a script of a member is run from the root of its workspace.
type nodeTool struct {
	manager string
	turbo   bool
}

func (f *finder) nodeTool(root string) (nodeTool, error) {
	t := nodeTool{manager: "npm", turbo: f.hasFile(root, "turbo.json")}
	var m nodeManifest
	if err := f.tree.JSON(path.Join(root, packageJSON), &m); err != nil {
		return t, err
	}
	named, _ := m.PackageManager.(string)
	named, _, _ = strings.Cut(named, "@")
	switch {
	case slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, named):
		t.manager = named
	case f.hasFile(root, pnpmWorkspace), f.hasFile(root, "pnpm-lock.yaml"):
		t.manager = "pnpm"
	case f.hasFile(root, "yarn.lock"):
		t.manager = "yarn"
	case f.hasFile(root, "bun.lock"), f.hasFile(root, "bun.lockb"):
		t.manager = "bun"
	}
	return t, nil
}

// build runs the builds of a member and of what it uses, in this order.
func (t nodeTool) build(names []string, m *member) string {
	if t.turbo && len(names) > 0 && m.scripts["build"] {
		return "npx turbo run build --filter=" + m.name
	}
	var cmds []string
	for _, name := range names {
		cmds = append(cmds, t.run(name, "build"))
	}
	return strings.Join(cmds, " && ")
}

func (t nodeTool) run(name, script string) string {
	switch t.manager {
	case "pnpm":
		return "pnpm --filter=" + name + " run " + script
	case "yarn":
		return "yarn workspace " + name + " run " + script
	case "bun":
		return "bun run --filter=" + name + " " + script
	}
	return "npm run " + script + " --workspace=" + name
}

// nxProjects finds the apps of an Nx repository that has no workspaces: apps/NAME/project.json with a build target. What they
// import is in no manifest, so they are made of everything.
func (f *finder) nxProjects() error {
	for _, root := range f.with("nx.json") {
		if f.claimed[claim{root, packageJSON}] || !f.wantedRoot(root) || !f.hasFile(root, packageJSON) {
			continue
		}
		for _, dir := range f.with("project.json") {
			if path.Dir(dir) != path.Join(root, "apps") || f.has(dir) || !f.wanted(dir) || !nxName.MatchString(path.Base(dir)) {
				continue
			}
			var p struct {
				Targets map[string]struct {
					Executor string `json:"executor"`
				} `json:"targets"`
			}
			file := path.Join(dir, "project.json")
			if err := f.tree.JSON(file, &p); err != nil {
				return err
			}
			if p.Targets["build"].Executor == "" {
				continue
			}
			f.claimed[claim{root, packageJSON}] = true
			f.apps = append(f.apps, App{
				Directory: dir, Context: root, Found: file + " has the target build", uses: []string{root},
				Env: []string{"NIXPACKS_NX_APP_NAME=" + path.Base(dir)}, Config: f.ownConfig(root, dir),
			})
		}
	}
	return nil
}

var nxName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)
