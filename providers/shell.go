package providers

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// shellProvider runs a script. Nixpacks has no such provider.
var shellProvider = Provider{
	Name:     "shell",
	Since:    "2026.12",
	Looks:    "start.sh",
	Detect:   detectShell,
	Plan:     planShell,
	Fallback: true,

	Language: Language{
		Manifests: []Manifest{}, // a script of any name lies anywhere
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

const shellScript = "start.sh"

func detectShell(app App) (string, error) { return firstFile(app, shellScript), nil }

// shellPrograms are the interpreters of scripts, with the Nix packages of interpreters that no base image has.
var shellPrograms = map[string]string{"sh": "", "bash": "", "dash": "", "zsh": "zsh", "fish": "fish", "ksh": "ksh", "mksh": "mksh", "nu": "nushell"}

// shellLine is the first line of a script: the interpreter, and its options.
var shellLine = lazyregexp.New(`^#!\s*(?:/usr/bin/env\s+(?:-S\s+)?)?(?:[\w./-]*/)?([\w.-]+)((?:[ \t]+[-+\w]+)*)[ \t]*\r?(?:\n|$)`)

// planShell runs the script by the interpreter that its first line names, so that it needs no permission to run.
func planShell(app App) (Output, error) {
	text, err := app.Tree.Read(shellScript)
	if err != nil {
		return Output{}, err
	}
	program, options := "sh", ""
	why := byFile(shellScript, "its first line names no interpreter")
	if m := shellLine.FindStringSubmatch(text); m != nil {
		program, options, why.line, why.why = m[1], m[2], 1, "its first line names "+m[1]
	}
	pkg, known := shellPrograms[program]
	phases := map[string]plan.Phase{}
	cmd := program + options + " " + shellScript
	switch {
	case !known && strings.HasPrefix(text, "#!"):
		cmd, why = "./"+shellScript, byFile(shellScript, "its first line names an interpreter that is no shell")
		phases["build"] = plan.Phase{DependsOn: []string{"install"}, Cmds: []string{"chmod +x " + shellScript}}
	case pkg != "":
		phases["setup"] = plan.Phase{NixPkgs: []string{pkg}, NixOverlays: []string{}}
	}
	if len(phases) == 0 { // a plan without phases plans nothing
		phases["build"] = plan.Phase{DependsOn: []string{"install"}}
	}
	made := plan.Plan{Phases: phases, Start: &plan.Start{Cmd: &cmd}}
	return Output{Plan: made, Reasons: reasonsOf(made, []Reason{
		why.decided("start", "cmd", ""), why.decided("setup", "nix", ""), why.decided("build", "cmd", ""),
	})}, nil
}
