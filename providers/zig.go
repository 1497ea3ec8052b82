package providers

import (
	"fmt"
	"regexp"

	"github.com/org/npx-action/internal/plan"
)

// zigProvider is specification 3.22.
var zigProvider = Provider{
	Name:         "zig",
	Looks:        "a file *.zig",
	Detect:       func(app App) (string, error) { return firstMatch(app, "*.zig") },
	Plan:         planZig,
	InstallFiles: zigInstallFiles,
	Locks:        []string{zigManifest},
}

const (
	zigBuild      = "build.zig"
	zigManifest   = "build.zig.zon"
	gitModules    = ".gitmodules"
	gitSubmodules = "git submodule update --init"
)

// zigProgram finds the names of programs and libraries in build.zig.
var zigProgram = regexp.MustCompile(`\.name\s*=\s*"([^"\n]*)"|addExecutable\(\s*"([^"\n]*)"`)

func planZig(app App) (Output, error) {
	install := plan.Phase{DependsOn: []string{"setup"}}
	reasons := []Reason{byDefault("no version of Zig can be asked for").decided("setup", "nix", "")}
	var warnings []string
	if app.Tree.HasFile(gitModules) {
		install.Cmds = []string{gitSubmodules}
		reasons = append(reasons, byFile(gitModules, "the app has submodules").decided("install", "cmd", ""))
		warnings = append(warnings, fmt.Sprintf("the install runs %s, but .git is never in the build; check submodules out before and set the install command to true", gitSubmodules))
	}
	program := app.Tree.Name()
	warnings = append(warnings, zigNames(app, program)...)
	return Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"zig"}, NixOverlays: []string{}},
				"install": install,
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"zig build -Doptimize=ReleaseSafe"}},
			},
			Start: &plan.Start{Cmd: new(shellPath("./zig-out/bin/" + program))},
		},
		Warnings: warnings,
		Reasons:  append(reasons, byDefault("the program is taken to be named like the app's directory").decided("start", "cmd", "")),
	}, nil
}

// zigNames warns if build.zig names programs, but none like the one that is started.
func zigNames(app App, program string) []string {
	if !app.Tree.HasFile(zigBuild) {
		return []string{"there is no " + zigBuild + ", which zig build needs"}
	}
	text, err := app.Tree.Read(zigBuild)
	if err != nil {
		return []string{err.Error()}
	}
	first := ""
	for _, m := range zigProgram.FindAllStringSubmatch(text, -1) {
		name := m[1] + m[2]
		if name == program {
			return nil
		}
		if first == "" {
			first = name
		}
	}
	if first == "" {
		return nil
	}
	return []string{fmt.Sprintf(
		"%s names %.60q, but %q is started, after the app's directory; set the start command to ./zig-out/bin/%s", zigBuild, first, program, shellPath(first))}
}

// zigInstallFiles: the one command that there may be is git's.
func zigInstallFiles(app App) (files []string, blocker string, err error) {
	if app.Tree.HasFile(gitModules) {
		return nil, "git takes the submodules into the app", nil
	}
	return nil, "", nil
}
