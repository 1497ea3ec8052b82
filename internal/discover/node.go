package discover

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/providers"
)

const packageJSON = "package.json"

// nodeWorkspaces finds the apps in workspaces of npm, pnpm, Yarn and Bun.
func (f *finder) nodeWorkspaces() error {
	for _, root := range f.with(packageJSON) {
		if f.claimed[claim{root, packageJSON}] || !f.wantedRoot(root) {
			continue
		}
		list, err := providers.ReadNodeWorkspace(f.tree, root, f.beside(root))
		if err != nil && f.alone(root, packageJSON, f.tree.JSON) {
			continue // its plan says so
		}
		if err != nil {
			return err
		}
		if len(list.Globs) == 0 {
			continue
		}
		if err := f.nodeWorkspace(root, list); err != nil {
			return err
		}
	}
	return nil
}

// wantedRoot reports whether a workspace may be in a directory: not in one that is put aside, unless something in it is listed.
func (f *finder) wantedRoot(dir string) bool {
	return f.config.globs != nil || f.config.apps != nil || !set(dir, asides)
}

// beside reports whether files lie in a directory.
func (f *finder) beside(dir string) func(base string) bool {
	return func(base string) bool { return f.hasFile(dir, base) }
}

func patternsOf(file string, texts []string) []pattern {
	var list []pattern
	for _, text := range texts {
		list = append(list, pattern{file, text})
	}
	return list
}

func (f *finder) nodeWorkspace(root string, list providers.NodeWorkspace) error {
	dirs, err := f.expand(root, packageJSON, patternsOf(list.File, list.Globs))
	if err != nil {
		return err
	}
	w := f.newWorkspace(root)
	manifests := map[string]providers.NodePackage{}
	names := map[string]string{} // directories, by name
	for _, dir := range dirs {
		if dir == root {
			continue
		}
		m, err := providers.ReadNodePackage(f.tree, path.Join(dir, packageJSON))
		if err != nil {
			return err
		}
		name, _ := m.Name.(string)
		manifests[dir], names[name] = m, dir
		w.add(&member{dir: dir, name: name, starts: m.Runs("start"), builds: m.Runs("build")})
		f.claimed[claim{dir, packageJSON}] = true
	}
	for _, m := range w.members {
		m.uses = f.nodeUses(m.dir, manifests[m.dir], names)
	}
	used := w.used()
	for _, m := range w.members {
		config := f.ownConfig(root, m.dir)
		if m.starts && manifests[m.dir].Develops("start") && f.after139(root, m.dir) {
			m.starts = false
		}
		switch {
		case !f.wanted(m.dir):
		case m.starts:
			m.found = path.Join(m.dir, packageJSON) + " has the script start"
		case config != "":
			m.found = path.Join(root, config) + " is there"
		case m.builds && !used[m.dir]:
			m.found = f.servedMember(root, m)
		}
	}
	f.warnUnstarted(w, func(m *member) bool {
		field, _ := manifests[m.dir].PublishedAs()
		return used[m.dir] || field != ""
	})
	return f.nodeApps(w, path.Base(list.File))
}

// servedMember says why a member without a start script is an app: its own plan starts what the build makes. "" if it does not. A fault of one
// member does not keep the others from being found.
func (f *finder) servedMember(root string, m *member) string {
	if !f.after139(root, m.dir) {
		return ""
	}
	tree, err := f.tree.Sub(m.dir)
	if err != nil {
		return ""
	}
	defer tree.Close()
	if why, err := f.options.Starts(tree, nil); err != nil || why == "" {
		return ""
	}
	m.served = true
	return path.Join(m.dir, packageJSON) + " has the script build, and its plan starts what that makes"
}

// used are the directories that members depend on.
func (w *workspace) used() map[string]bool {
	used := map[string]bool{}
	for _, m := range w.members {
		for _, dir := range m.uses {
			used[dir] = true
		}
	}
	return used
}

// warnUnstarted warns of what looks like an app and nothing starts: a package that is built and is no library.
func (f *finder) warnUnstarted(w *workspace, library func(*member) bool) {
	for _, m := range w.members {
		if m.found == "" && m.builds && !library(m) && f.wanted(m.dir) {
			f.warnings = append(f.warnings, fmt.Sprintf("%s has the script build and no script start, so it is no app. Add the script start, or name it under apps in nixpacks.toml with startCmd", path.Join(m.dir, packageJSON)))
		}
	}
}

// nodeUses lists the directories that a package depends on: members by name, whatever version is asked for, and paths.
func (f *finder) nodeUses(dir string, m providers.NodePackage, names map[string]string) []string {
	var uses []string
	for name, specs := range m.Uses() {
		for _, spec := range specs {
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

// nodeApps adds the members that can be started. Without any, the root is left to be found by itself. List is the base name of the
// file that lists the members.
func (f *finder) nodeApps(w *workspace, list string) error {
	root, err := providers.ReadNodePackage(f.tree, path.Join(w.root, packageJSON))
	if err != nil {
		return err
	}
	for _, m := range w.members {
		if m.found == "" || f.has(m.dir) {
			continue
		}
		tool := f.nodeTool(w, m, root)
		f.warnUnread(w, tool, list)
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
		if other == nil || !other.builds && other != m {
			continue
		}
		if !nodeName.MatchString(other.name) {
			return a, f.mistake(path.Join(dir, packageJSON), `"name"`, "give it one of letters, digits, hyphens, dots and underscores",
				"%.80q is no name that the workspace can run it by", other.name)
		}
		if other.builds {
			build = append(build, other.name)
		}
	}
	a.BuildCmd, a.Config = tool.build(build, m), f.ownConfig(w.root, m.dir)
	if m.served {
		rel := strings.TrimPrefix(m.dir, strings.TrimPrefix(w.root+"/", "./"))
		a.Env = []string{providers.WorkspaceApp(rel)}
	}
	if m.starts {
		a.StartCmd = tool.Run(m.name, "start")
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

var nodeName = lazyregexp.New(`^(@[A-Za-z0-9~_][A-Za-z0-9._~-]*/)?[A-Za-z0-9~_][A-Za-z0-9._~-]*$`)

// A nodeTool words how a script of a member is run from the root of its workspace.
type nodeTool struct {
	providers.NodeManager
	turbo bool
}

// nodeTool is the package manager that the plan of the member installs by.
func (f *finder) nodeTool(w *workspace, m *member, root providers.NodePackage) nodeTool {
	after139 := func() bool { return f.after139(w.root, m.dir) }
	return nodeTool{providers.NodeManagerOf(root, f.beside(w.root), after139), f.hasFile(w.root, "turbo.json")}
}

// after139 reports whether the plan of a member of the workspace in root is of an edition after 1.39.
func (f *finder) after139(root, dir string) bool {
	if f.options.After139 == nil {
		return true
	}
	tree, err := f.tree.Sub(root)
	if err != nil {
		return true // planning says what is wrong
	}
	defer tree.Close()
	return f.options.After139(tree, f.ownConfig(root, dir))
}

// warnUnread warns of a file of workspaces that the plan's package manager does not know.
func (f *finder) warnUnread(w *workspace, tool nodeTool, list string) {
	if list == packageJSON || tool.Reads(list) {
		return
	}
	warning := fmt.Sprintf("%s is not read by %s, which the plan installs by: name another package manager in packageManager of %s, or commit its lockfile",
		path.Join(w.root, list), tool.Name(), path.Join(w.root, packageJSON))
	if !slices.Contains(f.warnings, warning) {
		f.warnings = append(f.warnings, warning)
	}
}

// build runs the builds of a member and of what it uses, in this order.
func (t nodeTool) build(names []string, m *member) string {
	if t.turbo && len(names) > 0 && m.builds {
		return "npx turbo run build --filter=" + m.name
	}
	var cmds []string
	for _, name := range names {
		cmds = append(cmds, t.Run(name, "build"))
	}
	return strings.Join(cmds, " && ")
}
