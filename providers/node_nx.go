package providers

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

type nxProject struct {
	Targets struct {
		Build *nxTarget `json:"build"`
		Start *nxTarget `json:"start"`
	} `json:"targets"`
}

type nxTarget struct {
	Executor *string `json:"executor"`
	Options  *struct {
		OutputPath any     `json:"outputPath"`
		Main       *string `json:"main"`
	} `json:"options"`
	Configurations struct {
		Production any `json:"production"`
	} `json:"configurations"`
}

var nxNextExecutors = []string{"@nx/next:build", "@nrwl/next:build"}

// nxProject returns the project that an Nx repository runs; nil if it is none, or its files do not say.
func (n *nodeApp) nxProject() (string, *nxProject) {
	if !n.Tree.HasFile("nx.json") {
		return "", nil
	}
	app, ok := n.Vars.Config(nxVariable)
	if !ok {
		var nx struct {
			Default      *string `json:"defaultProject"`
			DefaultSnake *string `json:"default_project"`
		}
		if err := n.Tree.JSON("nx.json", &nx); err != nil {
			return "", nil
		}
		name := cmp.Or(nx.Default, nx.DefaultSnake)
		if name == nil {
			return "", nil
		}
		app = *name
	}
	var p nxProject
	if err := n.Tree.JSON("apps/"+app+"/project.json", &p); err != nil {
		return "", nil
	}
	build, start := p.Targets.Build, p.Targets.Start
	if build == nil || build.Executor == nil || start != nil && start.Executor == nil {
		return "", nil
	}
	return app, &p
}

func nxCommands(n *nodeApp) (build, start string, why cause) {
	app, p := n.nxProject()
	if p == nil {
		return "", "", cause{}
	}
	why = byFile("nx.json", fmt.Sprintf("the default project is %.60q", app))
	if _, ok := n.Vars.Config(nxVariable); ok {
		why = byVariable(n.App, nxVariable)
	}
	run := n.runPackage("nx") + " nx run " + app
	build = run + ":build:production"
	t := p.Targets.Start
	switch {
	case t == nil:
		return build, p.Targets.Build.startOutput("dist/apps/" + app), why
	case t.Configurations.Production != nil:
		return build, run + ":start:production", why
	}
	return build, run + ":start", why
}

// startOutput starts what the build target wrote, which is at out if the target does not say.
func (t *nxTarget) startOutput(out string) string {
	main := "index"
	if o := t.Options; o != nil {
		if s, ok := o.OutputPath.(string); ok {
			out = s
		}
		if o.Main != nil {
			main = cmp.Or(fileStem(*o.Main), main)
		}
	}
	if slices.Contains(nxNextExecutors, *t.Executor) {
		return "cd " + out + " && npm run start"
	}
	return "node " + out + "/" + main + ".js"
}

// fileStem returns the base name without its last extension: "main" of src/main.ts, ".env" of .env, "" of
// a path that names no file.
func fileStem(name string) string {
	base := path.Base(name)
	if base == "." || base == ".." || base == "/" {
		return ""
	}
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		return base[:i]
	}
	return base
}

// nxStart has the one app of an Nx repository started whose targets Nx infers, so that no project.json says what they make. It reports
// whether there is such an app. A start script of the root goes before.
func (n *nodeApp) nxStart(c *nodeCommands) bool {
	if script, _ := n.startScript(webOutput{}); script != "" || !n.Tree.HasFile("nx.json") || n.Tree.HasFile("project.json") {
		return false
	}
	name, dir, why := n.nxInferred()
	if dir == "" {
		return false
	}
	before := *c
	if c.build == "" {
		c.build, c.buildWhy = n.runPackage("nx")+" nx run "+shellPath(name)+":build", why
	}
	if start, why := n.nxProgram(dir); start != "" {
		c.start, c.startWhy = start, why
		return true
	}
	n.memberStart(c, dir)
	if c.start == "" && c.site == nil && n.noStart == "" && n.UserStart == nil { // nobody knows what the build would make, or whether there is one
		*c = before
	}
	return true
}

// nxInferred is the app that the user or nx.json names, else the only one.
func (n *nodeApp) nxInferred() (name, dir string, why cause) {
	dirs, err := n.Tree.Dirs("apps/*")
	if err != nil {
		return "", "", cause{}
	}
	dirs = slices.DeleteFunc(dirs, func(d string) bool {
		return path.Dir(d) != "apps" || strings.HasSuffix(d, "e2e") ||
			firstFile(n.App, path.Join(d, "project.json"), path.Join(d, "package.json")) == ""
	})
	var nx struct {
		Default any `json:"defaultProject"`
	}
	_ = n.Tree.JSON("nx.json", &nx) // what cannot be read names nothing
	asked, why := "", byDefault("it is the only app below apps")
	if text, ok := nx.Default.(string); ok {
		asked, why = text, byKey(n.App, "nx.json", text, "defaultProject")
	}
	if text, ok := n.Vars.Config(nxVariable); ok {
		asked, why = text, byVariable(n.App, nxVariable)
	}
	for _, d := range dirs {
		name := n.nxName(d)
		if asked == name || asked == path.Base(d) || asked == "" && len(dirs) == 1 {
			return name, d, why
		}
	}
	return "", "", cause{}
}

// nxName is how Nx calls a project.
func (n *nodeApp) nxName(dir string) string {
	for _, base := range []string{"project.json", "package.json"} {
		var p struct {
			Name any `json:"name"`
		}
		if file := path.Join(dir, base); n.Tree.HasFile(file) && n.Tree.JSON(file, &p) == nil {
			if name, ok := p.Name.(string); ok && nodeWord.FindString(name) == name && name != "" {
				return name
			}
		}
	}
	return path.Base(dir)
}
