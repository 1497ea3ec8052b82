package providers

import (
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// zigProvider follows nixpacks-1.39.md 3.22.
var zigProvider = Provider{
	Name:         "zig",
	Looks:        "a file *.zig",
	Detect:       func(app App) (string, error) { return firstMatch(app, zigFiles) },
	Newest:       func(app App) (string, error) { return firstBelow(app, zigFiles) },
	Plan:         planZig,
	InstallFiles: zigInstallFiles,
	Locks:        []string{zigManifest},
	BuildOnly:    []string{"zig*"},

	Language: Language{
		Manifests: []Manifest{}, // its files lie anywhere
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Zig", Packages: patterns(`^zig(?:_(\d+)_(\d+))?$`)}},
		Programs:  []string{},
	},
}

const (
	zigFiles      = "*.zig" // of any directory, as all globs of Nixpacks
	zigBuild      = "build.zig"
	zigManifest   = "build.zig.zon"
	gitModules    = ".gitmodules"
	gitSubmodules = "git submodule update --init"
)

// zigExecutable finds the name of a program in build.zig, in its form of today and its first one.
var zigExecutable = lazyregexp.New(`addExecutable\(\s*(?:"([^"\n]*)"|\.\{[^;]*?\.name\s*=\s*"([^"\n]*)")`)

func planZig(app App) (Output, error) {
	install := plan.Phase{DependsOn: []string{"setup"}}
	c := choice{pkg: "zig", why: byDefault("no version of Zig can be asked for")}
	setup, reasons := plan.Phase{NixPkgs: []string{c.pkg}, NixOverlays: []string{}}, []Reason{c.why.decided("setup", "nix", "")}
	if app.choosesVersions() {
		var err error
		if c, err = choose(app, "zig"); err != nil {
			return Output{}, err
		}
		setup, reasons = c.install(plan.Phase{}), c.reasons()
	}
	warnings := c.warnings
	if app.Tree.HasFile(gitModules) {
		install.Cmds = []string{gitSubmodules}
		reasons = append(reasons, byFile(gitModules, "the app has submodules").decided("install", "cmd", ""))
		warnings = append(warnings, fmt.Sprintf("the install runs %s, but .git is never in the build; check submodules out before and set the install command to true", gitSubmodules))
	}
	if !app.Tree.HasFile(zigBuild) {
		warnings = append(warnings, "there is no "+zigBuild+", which zig build needs")
	}
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   setup,
				"install": install,
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"zig build -Doptimize=ReleaseSafe"}},
			},
			Start: &plan.Start{Cmd: new(shellPath("./zig-out/bin/" + app.Tree.Name()))},
		},
		Warnings: warnings,
		Fixes:    []Fix{zigStart(app)},
		Reasons:  append(reasons, byDefault("the program is taken to be named like the app's directory").decided("start", "cmd", "")),
	}
	if app.findsPrograms() && zigLibrary(app) {
		out.Plan.Start, out.Fixes, out.NoStart = nil, nil, noService(zigBuild+" makes no program", aLibrary)
		out.Reasons = reasonsOf(out.Plan, out.Reasons)
	}
	return out, nil
}

// zigLibrary reports whether build.zig makes libraries or modules and no program.
func zigLibrary(app App) bool {
	text, err := app.Tree.Read(zigBuild)
	return err == nil && !strings.Contains(text, "addExecutable") && zigLibraries.MatchString(text)
}

// zigLibraries are the parts of build.zig that make something for other programs.
var zigLibraries = lazyregexp.New(`\badd(?:Static|Shared)?(?:Library|Module)\(`)

// zigStart starts the program that build.zig names, or the only one that was built: the app's directory is called
// differently from machine to machine.
func zigStart(app App) Fix {
	name, why := "*", "build.zig does not say what the program is called, so what lies in zig-out/bin is started"
	if program := zigProgramOf(app); program != "" {
		name, why = program, "build.zig names the program "+program
	}
	return Fix{Rule: "zig-program", Over: plan.Plan{Start: &plan.Start{Cmd: new("./zig-out/bin/" + name)}}, Why: why}
}

// zigProgramOf returns the name of the first program that build.zig makes, "" if it gives none as a plain text.
func zigProgramOf(app App) string {
	text, err := app.Tree.Read(zigBuild)
	if err != nil {
		return ""
	}
	m := zigExecutable.FindStringSubmatch(text)
	if m == nil || !asciiProgramName.MatchString(m[1]+m[2]) {
		return ""
	}
	return m[1] + m[2]
}

// zigInstallFiles: the one command that there may be is git's.
func zigInstallFiles(app App) (files []string, blocker string, err error) {
	if app.Tree.HasFile(gitModules) {
		return nil, "git takes the submodules into the app", nil
	}
	return nil, "", nil
}
