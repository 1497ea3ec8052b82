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
	run := n.manager.dlx + " nx run " + app
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
