package providers

import (
	"fmt"
	"maps"
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/versions"
)

// managedRuntimes are the runtimes that an app may have beside its language's, by the catalogue's names, with their programs. The catalogue
// has the archives of their makers. A runtime of nixpkgs would put the whole build on another base.
var managedRuntimes = []struct {
	tool     string
	programs []string
}{
	{"bun", []string{"bun", "bunx"}},
	{"deno", []string{"deno"}},
	{"dotnet", []string{"dotnet"}},
	{"go", []string{"go", "gofmt"}},
	{"node", []string{"node", "nodejs", "npm", "npx"}},
	{"python", []string{"python", "python3", "pip", "pip3"}},
}

// A Managed is a runtime that a file of a tool manager, such as mise.toml, lists and that no phase installs.
type Managed struct {
	ID        string   // NAME@VERSION
	Release   string   // as a plan has it; "" if it cannot be had, which a warning tells
	Libraries []string // Debian packages that it loads
	Runs      bool     // the app calls one of its programs when it runs; else it only builds
	Reason    Reason   // of the release, in the phase setup
	Warnings  []string // one sentence each
}

// ManagedRuntimes lists the runtimes that the app's tool managers install and the plan does not. Chosen are the packages that the plan's commands
// install, as in [Output].
func ManagedRuntimes(app App, p plan.Plan, chosen []string) []Managed {
	if !versions.HasManager(app.Tree) {
		return nil
	}
	installed := slices.Clone(chosen)
	for _, phase := range p.Phases {
		installed = slices.Concat(installed, phase.NixPkgs, phase.ReleaseNames())
	}
	var list []Managed
	for _, r := range managedRuntimes {
		name, _, _ := Recognise(r.tool + "@0")
		if slices.ContainsFunc(installed, func(pkg string) bool { other, _, ok := Recognise(pkg); return ok && other == name }) {
			continue
		}
		found, err := app.asks(r.tool)
		if err != nil || app.Asked[r.tool].Text != "" || !slices.ContainsFunc(found.Asks, versions.Ask.Managed) {
			continue // the file's own provider reports an error in it
		}
		list = append(list, manage(app, r.tool, callOf(app, p.Start, r.programs)))
	}
	return list
}

// manage chooses the version of a runtime. Call is as [callOf] has it.
func manage(app App, tool, call string) Managed {
	m := Managed{Runs: call != ""}
	c, err := choose(app, tool)
	switch {
	case err != nil:
		m.Warnings = []string{fmt.Sprintf("%s is not installed: %v", tool, err)}
		return m
	case c.release == "":
		m.Warnings = []string{fmt.Sprintf("%s asks for %s, which comes from nixpkgs and is not installed beside the app's own runtime; add %[2]s@%s to nixPkgs of the phase setup",
			c.why.place(), tool, c.version)}
		return m
	case m.Runs:
		c.why.why += "; " + call
	}
	m.ID, m.Release, m.Libraries, m.Warnings = c.id(), c.release, c.libraries(), c.warnings
	m.Reason = c.why.decided("setup", "release", c.release)
	return m
}

// callOf says where an app calls one of the programs when it runs; "" if nothing does. The places are start commands, the script start of
// package.json, and sources.
func callOf(app App, start *plan.Start, programs []string) string {
	calls := newProgramCalls(programs)
	if start != nil && start.Cmd != nil && (calls.word.MatchString(*start.Cmd) || startScriptCalls(app, calls.word)) {
		return "the start command calls it"
	}
	if start != nil && slices.ContainsFunc(slices.Collect(maps.Values(start.Processes)), calls.word.MatchString) {
		return "a process calls it"
	}
	return calls.inSources(app.Tree)
}

// startScriptCalls reports whether a script of package.json by which the app starts matches.
func startScriptCalls(app App, word *lazyregexp.Regexp) bool {
	p, err := ReadNodePackage(app.Tree, app.nodeManifest("."))
	scripts, _ := p.Scripts.(map[string]any)
	for _, name := range []string{"prestart", "start", "start:prod"} {
		if text, _ := scripts[name].(string); err == nil && word.MatchString(text) {
			return true
		}
	}
	return false
}
