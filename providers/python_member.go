package providers

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// pythonMemberFile is the one of a member of a workspace of uv.
const pythonMemberFile = "pyproject.toml"

// pythonMembers lists the members of the workspace of uv whose root the app's is. Without its lockfile, uv does not install the app.
func pythonMembers(app App) (Workspace, error) {
	root, blocker := readProject(app)
	table, ok := root.Tool.UV.Workspace.(map[string]any)
	if blocker != "" || !ok || !app.Tree.HasFile("uv.lock") {
		return Workspace{}, nil
	}
	dirs := []string{}
	for _, glob := range stringList(table["members"]) {
		found, err := app.Tree.Dirs(glob)
		if err != nil {
			return Workspace{}, &source.Error{Op: "reading", Name: pythonMemberFile, Line: app.Tree.Line(pythonMemberFile, glob), Err: err, Hint: "name directories of the repository"}
		}
		dirs = append(dirs, found...)
	}
	for _, glob := range stringList(table["exclude"]) {
		found, err := app.Tree.Dirs(glob)
		if err != nil {
			continue // it takes nothing away
		}
		dirs = slices.DeleteFunc(dirs, func(dir string) bool { return slices.Contains(found, dir) })
	}
	slices.Sort(dirs)
	dirs = slices.DeleteFunc(slices.Compact(dirs), func(dir string) bool { return dir == "." || !app.Tree.HasFile(path.Join(dir, pythonMemberFile)) })
	if root.Project.Name != "" {
		dirs = append([]string{"."}, dirs...)
	}
	return Workspace{File: pythonMemberFile, Members: dirs, Uses: memberUses(app, dirs, root.Tool.UV.Sources)}, nil
}

// memberUses says of each member which others it needs, by its own sources or the root's. A member that cannot be read names none: its plan
// says what is wrong.
func memberUses(app App, dirs []string, root map[string]any) func(dir string) []string {
	projects := sync.OnceValue(func() map[string]pyproject {
		all := map[string]pyproject{}
		for _, dir := range dirs {
			var p pyproject
			if err := app.Tree.TOML(path.Join(dir, pythonMemberFile), &p); err == nil {
				all[dir] = p
			}
		}
		return all
	})
	return func(dir string) []string {
		names := map[string]string{}
		for other, p := range projects() {
			names[pythonName(p.Project.Name)] = other
		}
		own := projects()[dir]
		return usesOf(dir, func(yield func(string) bool) {
			for _, sources := range []map[string]any{root, own.Tool.UV.Sources} {
				for name, v := range plan.Sorted(sources) {
					table, _ := v.(map[string]any)
					if table["workspace"] == true && own.asks(name) && !yield(pythonName(name)) {
						return
					}
				}
			}
		}, names)
	}
}

// asks reports whether a package is among the project's own dependencies.
func (p pyproject) asks(name string) bool {
	all := slices.Clone(p.Project.Dependencies)
	for _, extra := range p.Project.Optional {
		all = append(all, extra...)
	}
	return slices.ContainsFunc(all, func(requirement string) bool {
		m := pythonPackage.FindStringSubmatch(requirement)
		return m != nil && pythonName(m[1]) == pythonName(name)
	})
}

// A pythonMember is the member of a workspace that is the app. Its zero value stands for the app's root.
type pythonMember struct {
	dir  string
	name string // of its package
	app  App    // with the member's files alone
	done func() // nil for the root

	others []string // directories of the workspace's other members
}

// pythonMemberOf is the member that the variables name, with a warning if they name something else. Whoever gets one has to close its tree.
func pythonMemberOf(app App) (m pythonMember, warnings []string, err error) {
	dir, wrong := app.member(pythonMemberFile)
	if wrong != "" {
		return m, []string{wrong}, nil
	}
	tool, _ := choosePythonTool(app)
	if dir == "" || tool.name != "uv" {
		return m, nil, nil
	}
	m.dir = dir
	if m.app, m.done, err = app.in(dir); err != nil {
		return m, nil, err
	}
	m.app.Vars = plan.Vars{}
	for name, value := range app.Vars {
		m.app.Vars[name] = value
	}
	m.app.Vars["NIXPACKS_PYTHON_PACKAGE_MANAGER"] = tool.name
	if name := readPythonProject(m.app).name(); asciiProgramName.MatchString(name) {
		m.name = name
	}
	w, err := pythonMembers(app)
	if err != nil {
		return m, nil, err
	}
	m.app.brought = broughtBy(app, w, dir)
	for _, other := range w.Members {
		if other != dir {
			m.others = append(m.others, other+"/")
		}
	}
	return m, nil, nil
}

// broughtBy lists what the members ask for that a member is built from.
func broughtBy(app App, w Workspace, dir string) []string {
	seen := []string{dir}
	for i := 0; i < len(seen); i++ {
		for _, use := range w.uses(seen[i]) {
			if !slices.Contains(seen, use) {
				seen = append(seen, use)
			}
		}
	}
	var all []string
	for _, dir := range seen[1:] {
		var p pyproject
		if err := app.Tree.TOML(path.Join(dir, pythonMemberFile), &p); err == nil {
			all = append(all, p.Project.Dependencies...)
		}
	}
	return all
}

// python is the Python that the member asks for, or else the root.
func (m pythonMember) python(app App) (pythonVersion, error) {
	asking, err := app.asksOfMember(m.dir, "python")
	if err != nil {
		return pythonVersion{}, err
	}
	return choosePython(asking)
}

// of is the app whose files tell how it starts: the member, else the root.
func (m pythonMember) of(app App) App {
	if m.dir == "" {
		return app
	}
	return m.app
}

func (m pythonMember) close() {
	if m.done != nil {
		m.done()
	}
}

// relocate makes a start of the member's directory one of the root. The root as a member has no program of another one.
func (m pythonMember) relocate(start *plan.Start, better *pythonGuess) {
	if m.dir == "." && better != nil && slices.ContainsFunc(m.others, func(dir string) bool { return strings.HasPrefix(better.file, dir) }) {
		*better = pythonGuess{none: noPythonStart}
	}
	if m.dir == "" || m.dir == "." {
		return
	}
	into := "cd " + shellPath(m.dir) + " && "
	if start != nil {
		*start.Cmd = into + *start.Cmd
	}
	if better == nil {
		return
	}
	if better.cmd != "" {
		better.cmd = into + better.cmd
	}
	if better.file != "" {
		better.file = path.Join(m.dir, better.file)
	}
}

// installs lets the command of uv install the member alone, with what it needs.
func (m pythonMember) installs(install plan.Phase) plan.Phase {
	if m.name == "" {
		return install
	}
	for i, cmd := range install.Cmds {
		install.Cmds[i] = strings.Replace(cmd, "uv sync ", "uv sync --package "+m.name+" ", 1)
	}
	return install
}
