package providers

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// nxNodeExecutors run what a build makes by Node.
var nxNodeExecutors = []string{"@nx/js:node", "@nrwl/js:node", "@nx/node:execute", "@nrwl/node:execute"}

// An nxTargets is what a project says of its targets, in project.json or below nx in package.json.
type nxTargets struct {
	Build nxTarget `json:"build"`
	Serve nxTarget `json:"serve"`
}

// nxTargets reads the targets of a project, and says in which file they are. A file that cannot be read has none.
func (n *nodeApp) nxTargets(dir string) (t nxTargets, file string) {
	var project struct {
		Targets nxTargets `json:"targets"`
		Nx      struct {
			Targets nxTargets `json:"targets"`
		} `json:"nx"`
	}
	for _, base := range []string{"project.json", "package.json"} {
		if file := path.Join(dir, base); n.Tree.HasFile(file) && n.Tree.JSON(file, &project) == nil {
			if base == "package.json" {
				return project.Nx.Targets, file
			}
			return project.Targets, file
		}
	}
	return nxTargets{}, ""
}

// nxProgram starts a project that Nx serves by Node: the file that its build makes. It is "" for all other projects.
func (n *nodeApp) nxProgram(dir string) (start string, why cause) {
	t, file := n.nxTargets(dir)
	if t.Serve.Executor == nil || !slices.Contains(nxNodeExecutors, *t.Serve.Executor) {
		return "", cause{}
	}
	main := "main"
	if o := t.Build.Options; o != nil && o.Main != nil {
		main = cmp.Or(fileStem(*o.Main), main)
	}
	out := path.Join(n.nxOutput(dir, t), main+".js")
	return n.manager.executor + " " + shellPath(out), byFile(file, "its target serve runs what the build makes by "+*t.Serve.Executor)
}

// nxWebpackPath is where a configuration of webpack has its output put.
var nxWebpackPath = lazyregexp.New(`path:\s*(?:path\.)?(?:join|resolve)\(\s*__dirname,\s*['"]([^'"]+)['"]`)

// nxOutput is the folder that the build of a project makes: the one that is written, else the one that Nx's generators give it.
func (n *nodeApp) nxOutput(dir string, t nxTargets) string {
	var written []string
	if o := t.Build.Options; o != nil {
		if out, ok := o.OutputPath.(string); ok {
			written = append(written, strings.ReplaceAll(out, "{projectRoot}", dir))
		}
	}
	if text, err := n.Tree.Read(path.Join(dir, "webpack.config.js")); err == nil {
		if m := nxWebpackPath.FindStringSubmatch(text); m != nil {
			written = append(written, path.Join(dir, m[1]))
		}
	}
	for _, out := range written {
		out = strings.TrimPrefix(strings.TrimPrefix(out, "{workspaceRoot}"), "/")
		if out = path.Clean(out); plainFolder.MatchString(out) && !strings.HasPrefix(out, "..") {
			return out
		}
	}
	if n.Tree.HasFile(path.Join(dir, "package.json")) {
		return path.Join(dir, "dist")
	}
	return path.Join("dist", dir)
}
