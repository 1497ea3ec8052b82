package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// webEdition is the edition from which on the table of frameworks says what is built, served and started.
const webEdition rules.Edition = "2026.12"

// A webFramework is a row of [webFrameworks].
type webFramework struct {
	name     string   // for people
	packages []string // any of which makes the app one of it
	programs []string // that build such an app
	config   string   // its configuration without the extension, where an app of it can be told by that; else ""
	build    string   // builds it, where package.json has no script for that
	base     bool     // frameworks are made of it, so that it is no rival of theirs

	// output says what the build makes and how that is started.
	output func(n *nodeApp) webOutput
}

// A webOutput is what the build of a framework makes. It is files, or starts, or, with neither, nothing that this tool can run.
type webOutput struct {
	files *staticSite // served as they are
	start string
	why   cause // of what it is; the zero value for the framework's

	host    map[string]string // variables by which the server listens to all addresses, and by which the build makes one
	after   []string          // commands after the build
	replace string            // a program whose start script does not start this output
	missing string            // why neither, and the way out
	server  string            // a package of servers, so that the app may have a file that serves the files
	builds  string            // in place of the row's
}

// A planVariable is a variable that the plan sets, and why.
type planVariable struct {
	name, value string
	why         cause
}

// findWeb is the app's framework. It is sure where the build runs it, or where the app says nothing else about what it builds: a framework
// among development dependencies alone may be for tests.
func (n *nodeApp) findWeb() (f *webFramework, why cause, sure bool) {
	commands := n.scriptCommands("build")
	type candidate struct {
		row          *webFramework
		why          cause
		runs, listed bool
	}
	var all []candidate
	for i := range webFrameworks {
		row := &webFrameworks[i]
		c := candidate{row: row}
		runs := slices.IndexFunc(commands, func(c nodeCommand) bool { return slices.Contains(row.programs, c.program) && !c.develops() })
		if c.runs = runs >= 0; c.runs {
			c.why = n.scriptWhy("build")
		}
		if dep := slices.IndexFunc(row.packages, n.root().lists); dep >= 0 {
			_, c.listed = n.pkg.Dependencies[row.packages[dep]]
			c.why = n.memberWhy(n.root(), row.packages[dep])
		} else if !row.base || !n.runsAny("build", row.programs[:1]) {
			continue
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, cause{}, false
	}
	best := slices.IndexFunc(all, func(c candidate) bool { return c.runs })
	if best < 0 {
		best = max(0, slices.IndexFunc(all, func(c candidate) bool { return c.listed }))
	}
	for i, c := range all {
		if i != best && c.runs == all[best].runs && c.listed == all[best].listed && !c.row.base {
			n.warn("%s and %s are both listed; the plan is for %s: keep one, or give a start command", all[best].row.name, c.row.name, all[best].row.name)
		}
	}
	found := all[best]
	return found.row, found.why, found.runs || found.listed || len(commands) == 0
}

// root is the member that the app itself is.
func (n *nodeApp) root() nodeMember { return nodeMember{dir: ".", file: n.manifest, pkg: n.pkg} }

// webStart fills in how the app is started, and how it is built where no script says so. A start script wins over every guess, unless all
// that it starts is a development server.
func (n *nodeApp) webStart(c *nodeCommands) {
	if n.spaAsked(c) {
		return
	}
	if n.spaOff() && n.pkg.Scripts["start"] != "" { // whoever wants no server of files wants the script
		c.start, c.startWhy = n.runScript("start"), n.scriptWhy("start")
		return
	}
	told := len(n.warnings)
	row, why, sure := n.findWeb()
	if n.UserStart != nil {
		n.webUnder(c, row, why, sure)
		n.warnings = n.warnings[:told]
		return
	}
	var out webOutput
	if row != nil {
		out = n.output(row, why)
	}
	script, replaced := n.startScript(out)
	if script != "" {
		n.warnings = n.warnings[:told] // of a guess that nobody needs
		n.warnOfWindows(script)
		c.start, c.startWhy = n.runScript(script), n.scriptWhy(script)
		if row != nil && out.files == nil && (sure || n.runsAny(script, row.programs)) {
			c.take(row, out, why)
		}
		return
	}
	if n.noStart = n.browserExtension(); n.noStart != "" || sure && out.server == "" && n.webOutput(c, row, out, why, replaced) {
		return
	}
	if n.noStart = n.publishedAs(); n.noStart != "" {
		n.warnings = n.warnings[:told]
		return
	}
	if c.start, c.startWhy = n.startFile(); c.start == "" {
		c.start, c.startWhy = n.runFile("server.js"), byFile("server.js", "there is no script start, where npm starts this file")
	}
	if c.start != "" {
		n.warnings = n.warnings[:told]
		return
	}
	if out.server != "" {
		n.warn("package.json lists %s, but nothing says how that server is started, so that the plan serves files alone; give a script start", out.server)
	}
	if row != nil && (!sure || out.server != "") && len(stringListOf(n.pkg.Workspaces)) == 0 && n.webOutput(c, row, out, why, replaced) {
		return
	}
	switch {
	case n.listsWorkspaces():
		n.noStart = workspaceRoot(n.manifest)
	case out.missing != "" && sure:
		n.warn("%s: %s", why.place(), out.missing)
	case replaced != "":
		n.warn("scripts.start is no start command: %s; give a start command, or a script start:prod", replaced)
	case n.root().lists("electron"):
		n.noStart = noService("package.json lists electron", aDesktopApp)
	}
}

// webUnder has the app built for the start command that the user gives. A server of files is there only if that command starts it.
func (n *nodeApp) webUnder(c *nodeCommands, row *webFramework, why cause, sure bool) {
	if row == nil || !sure {
		return
	}
	out := n.output(row, why)
	c.take(row, out, why)
	if out.files != nil && (startsCaddy(n.App) || strings.Contains(*n.UserStart, npxStatic)) {
		c.site, c.startWhy = out.files, out.why
	}
}

// output is what a framework's build makes.
func (n *nodeApp) output(row *webFramework, why cause) webOutput {
	out := row.output(n)
	if out.why == (cause{}) {
		out.why = why
		out.why.why += fmt.Sprintf("; the build of %s makes %s", row.name, out.kind())
	}
	return out
}

func (o webOutput) kind() string {
	if o.files != nil {
		return "files"
	}
	return "a server"
}

// webOutput takes the output of a framework as the app, and reports whether that can be run.
func (n *nodeApp) webOutput(c *nodeCommands, row *webFramework, out webOutput, why cause, replaced string) bool {
	if out.files != nil && n.spaOff() || out.files == nil && out.start == "" {
		return false
	}
	c.startWhy = out.why
	if replaced != "" {
		c.startWhy.why += "; scripts.start is passed over: " + replaced
	}
	c.take(row, out, why)
	c.start = out.start
	if out.files == nil {
		return true
	}
	c.site, c.serves = out.files, true
	if len(n.scriptCommands("build")) > 0 && !n.runsAny("build", row.programs) {
		n.warn("scripts.build does not run %s, so that nothing may make the folder %s that is served: let it, or name another one in NIXPACKS_%s",
			strings.Join(row.programs, " or "), c.site.dir, spaVariable)
	}
	return true
}

// take has the app built as the framework says, and run with its variables.
func (c *nodeCommands) take(row *webFramework, out webOutput, why cause) {
	if c.build == "" {
		c.build, c.buildWhy = cmp.Or(out.builds, row.build), why
		c.buildWhy.why += ", and there is no script build"
	}
	c.after, c.afterWhy = out.after, out.why
	for name, value := range plan.Sorted(out.host) {
		c.variables = append(c.variables, planVariable{name, value, why})
	}
}

// listenToAll has the programs of [nodeListens] that start listen to all addresses.
func (n *nodeApp) listenToAll(c *nodeCommands) {
	start := c.start
	if n.UserStart != nil {
		start = *n.UserStart
	}
	r := scriptReader{scripts: n.pkg.Scripts, seen: map[string]bool{}}
	r.text(start)
	for _, l := range nodeListens {
		starts := slices.ContainsFunc(r.found, func(c nodeCommand) bool { return c.program == l.program && (l.word == "" || l.word == c.first()) })
		if starts && !slices.ContainsFunc(c.variables, func(v planVariable) bool { return v.name == l.variable }) {
			c.variables = append(c.variables, planVariable{l.variable, allAddresses["HOST"], byDefault(l.program + " listens to the machine itself unless it is told otherwise")})
		}
	}
}

// startScript is the script that starts the app, "" if there is none. If the script start starts no such app, replaced says why.
func (n *nodeApp) startScript(out webOutput) (name, replaced string) {
	for _, name := range []string{"start", "start:prod", "start:production"} {
		if n.pkg.Scripts[name] == "" {
			continue
		}
		if c, ok := n.developServer(name); ok {
			if name == "start" {
				replaced = fmt.Sprintf("%.60q is a development server", c)
			}
			continue
		}
		if out.replace != "" && slices.ContainsFunc(n.scriptCommands(name), func(c nodeCommand) bool { return strings.HasPrefix(c.String(), out.replace) }) {
			replaced = fmt.Sprintf("%s does not start what the build makes", out.replace)
			continue
		}
		return name, replaced
	}
	return "", replaced
}

// runsAny reports whether a script runs one of the programs.
func (n *nodeApp) runsAny(script string, programs []string) bool {
	return slices.ContainsFunc(n.scriptCommands(script), func(c nodeCommand) bool { return slices.Contains(programs, c.program) })
}

// uses reports whether the app lists one of the packages, for production or development.
func (n *nodeApp) uses(packages ...string) bool { return slices.ContainsFunc(packages, n.root().lists) }

// stringListOf is the list of a field that may be one or an object with one.
func stringListOf(v any) []string { return stringList(workspaceList(v)) }
