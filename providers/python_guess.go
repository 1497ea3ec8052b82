package providers

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// pythonStartSince is the first edition whose plans start what the app's files say, not what they are called.
const pythonStartSince = "2026.12"

// A pythonGuess is how an app starts, or why nothing is started.
type pythonGuess struct {
	cause

	cmd       string            // "" for none
	none      string            // why there is none, without a full stop
	variables map[string]string // that the start needs
	warnings  []string
}

// betterPythonStart is the guess of the editions that have one, nil in the others and where the user decides.
func betterPythonStart(app App, t pythonTraits) (*pythonGuess, error) {
	if app.UserStart != nil || !app.Edition.Has(pythonStartSince) {
		return nil, nil
	}
	g, err := guessPythonStart(app, t)
	return &g, err
}

// improve adds a guess to what is said about an app, where it differs.
func (g *pythonGuess) improve(out *Output) {
	if g == nil {
		return
	}
	out.NoStart, out.Warnings = g.none, append(out.Warnings, g.warnings...)
	fix := Fix{Rule: "python-start", Over: plan.Plan{Variables: g.variables}, Why: "the start is found in " + g.file + ": " + g.why}
	if g.cmd != "" {
		fix.Over.Start = &plan.Start{Cmd: &g.cmd}
	}
	old := out.Plan.Start
	switch {
	case old == nil && g.cmd == "", old != nil && *old.Cmd == g.cmd && g.variables == nil:
		return
	case g.cmd == "":
		fix.Why = "nothing is started"
	}
	out.Fixes = append(out.Fixes, fix)
	out.Reasons = append(out.Reasons, g.decided("start", "cmd", g.cmd))
	for name, value := range plan.Sorted(g.variables) {
		out.Reasons = append(out.Reasons, g.decided("", "variable "+name, value))
	}
}

// noPythonStart is the message for an app in which nothing was found.
const noPythonStart = "no Python file makes an app object of a known framework, and none is called like a program"

// guessPythonStart looks for what serves, then for what is called like a program.
func guessPythonStart(app App, t pythonTraits) (pythonGuess, error) {
	c := &pythonCode{app: app, modules: map[string]*pyModule{}}
	deps := dependenciesOf(app)
	for _, dir := range []string{".", "src"} {
		named := dir == "." && app.Tree.HasFile("manage.py") && (t.uses("django") || deps.has("django"))
		if named || c.manages(dir) {
			return c.django(deps, dir)
		}
	}
	files, err := c.candidates()
	if err != nil {
		return pythonGuess{}, err
	}
	if c.firstServer(deps, rooted(files)) == nil {
		if g, err := c.nestedDjango(deps); g != nil || err != nil {
			return *cmp.Or(g, &pythonGuess{}), err
		}
	}
	others, err := c.others()
	if err != nil {
		return pythonGuess{}, err
	}
	first := c.firstServer(deps, files)
	if first == nil || first.cmd == "" {
		if g := c.onlyServer(deps, others); g != nil && (first == nil || g.cmd != "") {
			first = g
		}
	}
	if first != nil {
		return *first, nil
	}
	return c.guessProgram(files), nil
}

// guessProgram is the start of an app in which nothing serves.
func (c *pythonCode) guessProgram(files []string) pythonGuess {
	why := ""
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".py"); !slices.Contains(pythonEntries[:4], name) {
			continue
		}
		if m := c.module(file); m != nil && m.acts() > 0 {
			if slices.Contains(projectTools(c.app), file) {
				return pythonGuess{none: onlyCommandLine(file)}
			}
			return c.program(file, cause{file, m.acts(), "it is called like a program, and does something"})
		}
		why = cmp.Or(why, c.onlyDefines(file))
	}
	for _, guess := range []func(App) *pythonGuess{projectModule, projectScript} {
		if g := guess(c.app); g != nil {
			return *g
		}
	}
	if g := c.runnable(); g != nil {
		return *g
	}
	if c.app.Tree.HasFile("main.py") && c.module("main.py") == nil {
		return pythonGuess{cmd: "python main.py", cause: byFile("main.py", "the app has one")} // nobody can tell what it does
	}
	return pythonGuess{none: cmp.Or(why, noPythonStart)}
}

// runnable is the start of the one package that can be run as a program.
func (c *pythonCode) runnable() *pythonGuess {
	files, err := c.app.Tree.Files("**/__main__.py")
	if err != nil {
		return nil
	}
	dirs := slices.DeleteFunc(pythonFolders(files, true), func(dir string) bool { return dir == "." || dir == "src" })
	if len(dirs) != 1 || !pythonModuleName.MatchString(path.Base(dirs[0])) {
		return nil
	}
	root, file := path.Dir(dirs[0]), path.Join(dirs[0], "__main__.py")
	return &pythonGuess{cmd: onPath(root, "python -m "+path.Base(dirs[0])), cause: byFile(file, "it is the program of its package")}
}

// program runs a file.
func (c *pythonCode) program(file string, why cause) pythonGuess {
	cmd := "python " + shellPath(file)
	if root, module := c.importable(file); module != "" && path.Dir(file) != root {
		cmd = onPath(root, "python -m "+module)
	}
	return pythonGuess{cmd: cmd, cause: why}
}

// onPath lets a command import what lies in a directory.
func onPath(root, cmd string) string {
	if root == "." {
		return cmd
	}
	return "PYTHONPATH=" + shellPath(root) + " " + cmd
}

// firstServer is the start of the first file that serves, with a warning of another framework in the root.
func (c *pythonCode) firstServer(deps pythonDependencies, files []string) *pythonGuess {
	var first *pythonGuess
	used := ""
	for _, file := range files {
		if first != nil && first.cmd != "" && path.Dir(file) != "." {
			break
		}
		g, framework := c.server(deps, file)
		switch {
		case g == nil:
		case first == nil, first.cmd == "" && g.cmd != "":
			first, used = g, framework
		case framework != used && framework != "" && used != "":
			first.warnings = append(first.warnings, fmt.Sprintf("%s is an app too (%s), but only %s is started", file, framework, first.file))
		}
	}
	return first
}

// onlyServer is the start of the one file that serves, of files with any name, or of the one of them that is called like an app.
func (c *pythonCode) onlyServer(deps pythonDependencies, files []string) *pythonGuess {
	found := map[string]*pythonGuess{}
	var names []string
	for _, file := range files {
		if g, _ := c.server(deps, file); g != nil {
			found[file], names = g, append(names, file)
		}
	}
	if len(names) > 1 {
		names = slices.DeleteFunc(slices.Clone(names), func(file string) bool { return c.imported(file, names) })
	}
	if len(names) == 1 {
		return found[names[0]]
	}
	for _, usual := range pythonOtherEntries {
		for _, file := range names {
			if path.Base(file) == usual+".py" {
				return found[file]
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &pythonGuess{none: fmt.Sprintf("%s could all be started", strings.Join(names[:min(len(names), 5)], ", "))}
}

// imported reports whether one of the other files imports a file that lies beside it.
func (c *pythonCode) imported(file string, others []string) bool {
	module := strings.TrimSuffix(path.Base(file), ".py")
	return slices.ContainsFunc(others, func(other string) bool {
		return other != file && path.Dir(other) == path.Dir(file) && c.imports(other, func(origin string) bool {
			first, _, _ := strings.Cut(strings.TrimPrefix(origin, "."), ".")
			return first == module
		})
	})
}

// server is the start of a file that serves or has an app object, and the name of the framework, "" if that is not known. It is nil
// for any other file.
func (c *pythonCode) server(deps pythonDependencies, file string) (*pythonGuess, string) {
	m := c.module(file)
	if m == nil {
		return nil, ""
	}
	object := c.object(file)
	kind, call := servesNobody, pyCall{}
	if path.Base(file) != "__init__.py" {
		kind, call = c.serving(file)
	}
	if object == nil {
		if g, name := c.ownServer(deps, file, m); g != nil {
			return g, name
		}
		if kind == servesNobody {
			return nil, ""
		}
		g := c.named(deps, file, kind, call)
		return &g, ""
	}
	g := c.serve(deps, object)
	switch {
	case kind == servesOthers && (object.framework.speaks != wsgi || !deps.has("gunicorn")):
		g = c.program(file, cause{file, call.line, "it serves its app of " + object.framework.name + " itself"})
	case object.framework.pkg == "dash":
		g = c.dash(deps, object, m, kind, call)
	}
	if !deps.mayHave(object.framework.pkg) && g.cmd != "" {
		g.warnings = append(g.warnings, fmt.Sprintf("%s line %d makes an app of %s, but %s", file, object.line, object.framework.name, deps.lack(object.framework.pkg)))
	}
	return &g, object.framework.name
}

// named is the start of a file that serves what lies elsewhere: as the file does it, unless it serves nobody outside of a container
// and says what it serves, as in uvicorn.run("app.main:app").
func (c *pythonCode) named(deps pythonDependencies, file string, kind pythonServing, call pyCall) pythonGuess {
	why := cause{file, call.line, "it serves"}
	if len(call.args) > 0 && kind != servesOthers {
		module, name, ok := strings.Cut(call.args[0].value.text, ":")
		if ok && pythonModuleName.MatchString(module) && pythonModuleName.MatchString(name) {
			if s := chooseServer(deps, pythonServers[asgi], false); s != nil {
				root := "."
				if path.Dir(file) != "." {
					root = path.Dir(file)
				}
				return pythonGuess{cmd: onPath(root, s.command(module, name, "", false)), cause: why}
			}
		}
	}
	g := c.program(file, why)
	g.warnings = call.unheard(file, "host", "hostname")
	return g
}

// serve is the start of an app object by a server that is a dependency.
func (c *pythonCode) serve(deps pythonDependencies, o *pythonObject) pythonGuess {
	made := "makes an app of " + o.framework.name
	if o.factory {
		made = fmt.Sprintf("makes an app of %s in %s", o.framework.name, o.name)
	}
	place := fmt.Sprintf("%s line %d", o.file, o.line)
	root, module := c.importable(o.file)
	servers := append(slices.Clone(o.framework.commands), pythonServers[o.framework.speaks]...)
	switch {
	case module == "":
		return pythonGuess{none: place + " " + made + ", but no module can be called like that"}
	case len(o.needs) > 0:
		return pythonGuess{none: fmt.Sprintf("%s %s, which needs %s; write a wsgi.py with app = %s(...)", place, made, strings.Join(o.needs, ", "), o.name)}
	case c.packageRoot(o.file) != root:
		// The program fastapi looks for the directory to import from by itself, and would find another one.
		servers = slices.DeleteFunc(servers, func(s pythonServer) bool { return s.pkg == "fastapi-cli" })
	}
	s := chooseServer(deps, servers, o.factory)
	if s == nil {
		return pythonGuess{none: fmt.Sprintf("%s %s, but %s", place, made, deps.lack("a server for it ("+serverNames(servers, o.factory)+")"))}
	}
	cmd := s.command(module, o.name, o.file, o.factory)
	if s.pkg == "flask" && o.usual() {
		cmd = strings.Replace(cmd, module+":"+o.name, module, 1)
	}
	return pythonGuess{cmd: onPath(root, cmd), cause: cause{o.file, o.line, "it " + made}}
}

// command fills in what the server's command has placeholders for.
func (s pythonServer) command(module, name, file string, factory bool) string {
	text := s.cmd
	if factory {
		text = s.factory
	}
	if file = shellPath(file); name != "app" {
		file += " --app " + name
	}
	return strings.NewReplacer("MODULE", module, "VAR", name, "FILE", file, "FLASK", module+":"+name).Replace(text)
}

// chooseServer returns the first server that is a dependency, or may be; nil if there is none.
func chooseServer(deps pythonDependencies, servers []pythonServer, factory bool) *pythonServer {
	may := func(s pythonServer) bool {
		return (!factory || s.factory != "") && (s.unless == "" || !deps.names[s.unless])
	}
	for _, s := range servers {
		if may(s) && deps.has(s.pkg) {
			return &s
		}
	}
	for _, s := range servers {
		if may(s) && s.usual && deps.mayHave(s.pkg) {
			return &s
		}
	}
	return nil
}

// serverNames lists what could serve.
func serverNames(servers []pythonServer, factory bool) string {
	var names []string
	for _, s := range servers {
		if (!factory || s.factory != "") && s.pkg != "fastapi-cli" && !slices.Contains(names, s.pkg) {
			names = append(names, s.pkg)
		}
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
