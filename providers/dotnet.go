package providers

import (
	"fmt"
	"maps"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// csharpProvider follows nixpacks-1.39.md 3.2.
var csharpProvider = Provider{
	Name:         "c#",
	Looks:        "a file *.csproj",
	Detect:       func(app App) (string, error) { return firstMatch(app, csharpProjects) },
	Newest:       func(app App) (string, error) { return firstBelow(app, csharpProjects, "*.sln", "*.slnx") },
	Plan:         func(app App) (Output, error) { return planDotnet(app, csharpProjects, csharpSDK) },
	InstallFiles: dotnetInstallFiles,
	Locks:        dotnetLocks,
	Language:     dotnetLanguage(csharpProjects),
}

// fsharpProvider follows nixpacks-1.39.md 3.6: as C#, but nothing chooses the SDK.
var fsharpProvider = Provider{
	Name:         "f#",
	Looks:        "a file *.fsproj",
	Detect:       func(app App) (string, error) { return firstMatch(app, fsharpProjects) },
	Newest:       func(app App) (string, error) { return firstBelow(app, fsharpProjects, "*.sln", "*.slnx") },
	Plan:         func(app App) (Output, error) { return planDotnet(app, fsharpProjects, fsharpSDK) },
	InstallFiles: dotnetInstallFiles,
	Locks:        dotnetLocks,
	Language:     dotnetLanguage(fsharpProjects),
}

const (
	csharpProjects = "*.csproj" // of any directory, as all globs of Nixpacks
	fsharpProjects = "*.fsproj"
)

// dotnetLanguage is the same for both languages but for the projects.
func dotnetLanguage(projects string) Language {
	return Language{
		Manifests: []Manifest{{File: projects}},
		Lockfiles: []Lockfile{{nugetLock, NuGetLock}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{dotnetRuntime},
		Programs:  []string{},
	}
}

const nugetLock = "packages.lock.json"

// dotnetLocks are the files whose bytes key the cache, as far as they are in the root: the projects' own names vary.
var dotnetLocks = []string{"Directory.Packages.props", globalJSON, nugetLock}

const maxProjects = 5 // that a warning names

// dotnetVariables are set for every app.
var dotnetVariables = map[string]string{
	"ASPNETCORE_ENVIRONMENT": "Production",
	"ASPNETCORE_URLS":        "http://0.0.0.0:3000",
	"DOTNET_ROOT":            "/nix/var/nix/profiles/default/",
}

func planDotnet(app App, glob string, choose func(App) (dotnetSDK, error)) (Output, error) {
	if app.choosesVersions() {
		choose = chosenSDK
	}
	sdk, err := choose(app)
	if err != nil {
		return Output{}, err
	}
	projects, err := app.Tree.Files(glob)
	if err != nil {
		return Output{}, err
	}
	if len(projects) == 0 {
		return Output{}, fmt.Errorf("looking for %s: there is none; add a project file", glob)
	}
	target := findDotnet(app, projects)
	warnings := target.warnings
	if sdk.warning != "" {
		warnings = append(warnings, sdk.warning)
	}
	if n := len(projects); n > 1 && !app.findsPrograms() {
		warnings = append(warnings, fmt.Sprintf("there are %d projects (%s); the first, %s, is started", n, someOf(projects), target.program))
	}
	setup, reasons := sdk.install()
	variables := maps.Clone(dotnetVariables)
	var chosen []string
	if c := sdk.chosen; c != nil {
		warnings, chosen = append(warnings, c.warnings...), []string{c.id()}
		variables[dotnetRoot] = sdk.root
	} else {
		warnings = append(warnings, globalWarnings(app, sdk)...)
	}
	warnings = append(warnings, projectWarnings(app, target, sdk)...)
	start := target.start(app)
	if start != nil && strings.HasPrefix(*start.Cmd, dotnetURLs) && app.UserStart == nil {
		delete(variables, "ASPNETCORE_URLS")
	}
	install, build := target.commands()
	made := plan.Plan{
		Variables: variables,
		Phases: map[string]plan.Phase{
			"setup":   setup,
			"install": {DependsOn: []string{"setup"}, Cmds: []string{install}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{build}},
		},
		Start: start,
	}
	return Output{
		Plan:     made,
		Warnings: warnings,
		Reasons:  reasonsOf(made, append(reasons, byFile(target.file, target.why).decided("start", "cmd", ""))),
		NoStart:  target.noStart,
		Chosen:   chosen,
	}, nil
}

// someOf lists names, not too many of them.
func someOf(names []string) string {
	if len(names) > maxProjects {
		return strings.Join(names[:maxProjects], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}
