package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// angularWorkspace is what of an angular.json says where its apps are built to.
type angularWorkspace struct {
	Default  string `json:"defaultProject"`
	Projects map[string]struct {
		Type      string `json:"projectType"`
		Architect struct {
			Build angularBuild `json:"build"`
		} `json:"architect"`
		Targets struct {
			Build angularBuild `json:"build"`
		} `json:"targets"`
	} `json:"projects"`
}

type angularBuild struct {
	Builder string `json:"builder"`
	Options struct {
		OutputPath any    `json:"outputPath"` // a text, or an object
		OutputMode string `json:"outputMode"`
		SSR        any    `json:"ssr"` // true, or an object
		Server     any    `json:"server"`
		Security   struct {
			AllowedHosts any `json:"allowedHosts"` // a list
		} `json:"security"`
	} `json:"options"`
}

// angularHosts is the variable that names hosts for Angular's server, beside angular.json: https://angular.dev/best-practices/security
const angularHosts = "NG_ALLOWED_HOSTS"

// angularOutput is for Angular's builders. The application builder divides the folder into browser and server, the one before it does not.
func angularOutput(n *nodeApp) webOutput {
	const file = "angular.json"
	var w angularWorkspace
	if !n.Tree.HasFile(file) {
		return webOutput{missing: "there is no angular.json, which says what the build makes; give a start command"}
	}
	if err := n.Tree.JSONC(file, &w); err != nil {
		return webOutput{missing: err.Error()}
	}
	name := n.angularApp(w)
	if name == "" {
		return webOutput{missing: "angular.json has no application, so that there is nothing to serve"}
	}
	project := w.Projects[name]
	build, targets := project.Architect.Build, "architect"
	if build.Builder == "" {
		build, targets = project.Targets.Build, "targets"
	}
	divided := strings.HasSuffix(build.Builder, ":application")
	base, browser, server := path.Join("dist", name), "", ""
	if divided {
		browser, server = "browser", "server"
	}
	why := byDefault("Angular builds to it unless it is told otherwise")
	switch out := build.Options.OutputPath.(type) {
	case string:
		base, why = out, byKey(n.App, file, out, "projects", name, targets, "build", "options", "outputPath")
	case map[string]any:
		for key, to := range map[string]*string{"base": &base, "browser": &browser, "server": &server} {
			if text, ok := out[key].(string); ok {
				*to = text
			}
		}
		why = byKey(n.App, file, base, "projects", name, targets, "build", "options", "outputPath")
	}
	rendered := build.Options.SSR != nil && build.Options.SSR != false && build.Options.OutputMode != "static"
	if rendered && divided && n.uses("@angular/ssr") {
		if hosts, ok := build.Options.Security.AllowedHosts.([]any); ok && len(hosts) == 0 && n.Vars[angularHosts] == "" {
			n.warn("%s allows no host in security.allowedHosts, so that the server refuses each request: name the hosts there, or in the variable %s where it runs",
				file, angularHosts)
		}
		return webOutput{start: "node " + shellPath(path.Join(base, server, "server.mjs")), host: allAddresses}
	}
	return webOutput{files: n.site(path.Join(base, browser), "dist", true, why)}
}

// angularApp is the one application of a workspace, "" if there is none. Of several it is the default one, else the one that is called like the
// package, else the first.
func (n *nodeApp) angularApp(w angularWorkspace) string {
	var names []string
	for name, p := range plan.Sorted(w.Projects) {
		if p.Type != "library" {
			names = append(names, name)
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	for _, name := range []string{w.Default, valueOf(n.pkg.Name)} {
		if name != "" && slices.Contains(names, name) {
			return name
		}
	}
	n.warn("angular.json has the applications %s; the plan serves %s: give a start command for another", strings.Join(names, ", "), fmt.Sprintf("%.60q", names[0]))
	return names[0]
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
