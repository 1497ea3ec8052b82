package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// The variables that name what to run of a repository, without their prefix.
const (
	moonVariable  = "MOON_APP_NAME"
	nxVariable    = "NX_APP_NAME"
	turboVariable = "TURBO_APP_NAME"
)

// moonApp returns the project that a moon repository runs. A repository that does not name it is none.
func (n *nodeApp) moonApp() (string, bool) {
	name, ok := n.Vars.Config(moonVariable)
	return name, ok && n.Tree.HasFile(".moon/workspace.yml")
}

func moonCommands(n *nodeApp) (build, start string, why cause) {
	app, ok := n.moonApp()
	if !ok {
		return "", "", cause{}
	}
	task := func(variable, fallback string) string {
		name, ok := n.Vars.Config(variable)
		if !ok {
			name = fallback
		}
		return n.manager.dlx + " @moonrepo/cli run " + app + ":" + name
	}
	return task("MOON_BUILD_TASK", "build"), task("MOON_START_TASK", "start"), byVariable(n.App, moonVariable)
}

// turboJSON is turbo.json of version 1, with pipeline, or 2, with tasks.
type turboJSON struct {
	Pipeline map[string]any `json:"pipeline"`
	Tasks    map[string]any `json:"tasks"`
}

func (t *turboJSON) run(task string) string {
	_, v1 := t.Pipeline[task]
	_, v2 := t.Tasks[task]
	if !v1 && !v2 {
		return ""
	}
	return "npx turbo run " + task
}

// turboCommands passes over a turbo.json that is not strict JSON, as Nixpacks does.
func turboCommands(n *nodeApp) (build, start string, why cause) {
	var t turboJSON
	if err := n.Tree.JSON("turbo.json", &t); err != nil {
		return "", "", cause{}
	}
	why = byFile("turbo.json", "Turborepo runs its tasks")
	app, named := n.Vars.Config(turboVariable)
	build = t.run("build")
	if build == "" && named {
		build = n.runPackage("turbo") + " turbo run " + app + ":build"
	}
	if named {
		found, ok := n.hasWorkspace(app)
		if !ok {
			return build, "", why
		}
		if found {
			return build, fmt.Sprintf(n.manager.startWorkspace, app), byVariable(n.App, turboVariable)
		}
		n.warn("NIXPACKS_%s names %.80q, which is not a directory of the workspaces", turboVariable, app)
	}
	return build, t.run("start"), why
}

// hasWorkspace reports whether a workspace's directory ends in name. It is not ok if the workspaces cannot
// be read.
func (n *nodeApp) hasWorkspace(name string) (found, ok bool) {
	globs, ok := n.workspaces()
	if !ok {
		return false, false
	}
	end := "/" + path.Clean(name)
	for _, glob := range globs {
		dirs, err := n.Tree.Dirs(glob)
		if err != nil {
			return false, false
		}
		if slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasSuffix("/"+dir, end) }) {
			return true, true
		}
	}
	return false, true
}

// workspaces returns the globs of the workspaces as the package manager lists them.
func (n *nodeApp) workspaces() (globs []string, ok bool) {
	if n.manager.workspaceFile == "" {
		return stringList(n.pkg.Workspaces), true
	}
	globs, err := nodeWorkspaceFile(n.Tree, n.manager.workspaceFile)
	return globs, err == nil && globs != nil
}
