package providers

import (
	_ "embed" // the script that installs the compiler
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// gleamProvider follows nixpacks-1.39.md 3.8.
var gleamProvider = Provider{
	Name:         "gleam",
	Looks:        gleamFile + " and " + gleamLock,
	Detect:       detectGleam,
	Newest:       func(app App) (string, error) { return firstFile(app, gleamFile), nil },
	Plan:         planGleam,
	InstallFiles: gleamInstallFiles,
	Locks:        []string{gleamFile, gleamLock},

	Language: Language{
		Manifests: []Manifest{{File: gleamFile, Locks: []string{gleamLock}}},
		Lockfiles: []Lockfile{{gleamLock, Unread}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Gleam", Packages: patterns(`^gleam$`)}},
		Programs:  []string{},
	},
}

const (
	gleamFile    = "gleam.toml"
	gleamLock    = "manifest.toml"
	gleamStdlib  = "gleam_stdlib"
	gleamUnknown = "main" // in place of a version
	gleamStart   = "build/erlang-shipment"

	gleamScript  = "get-gleam.sh"
	gleamInstall = "sh /assets/" + gleamScript

	// gleamLastMinor is the last 0.x of the compiler that has the number of the standard library's.
	gleamLastMinor = 34
)

//go:embed assets/get-gleam.sh
var getGleam string

func detectGleam(app App) (string, error) {
	if !app.Tree.HasFile(gleamLock) {
		return "", nil
	}
	return firstFile(app, gleamFile), nil
}

// A gleamPackage is an entry of manifest.toml.
type gleamPackage struct {
	Name    string `toml:"name"`
	Version string `toml:"version"`
	Source  string `toml:"source"` // hex, git or local
}

func gleamPackages(app App) ([]gleamPackage, error) {
	var manifest struct {
		Packages []gleamPackage `toml:"packages"`
	}
	if app.findsPrograms() && !app.Tree.HasFile(gleamLock) {
		return nil, nil
	}
	err := app.Tree.TOML(gleamLock, &manifest)
	return manifest.Packages, err
}

func planGleam(app App) (Output, error) {
	if app.choosesVersions() {
		return planNixGleam(app)
	}
	version, why, warnings, err := chooseGleam(app)
	if err != nil {
		return Output{}, err
	}
	install := gleamInstall + " " + version
	return Output{
		Plan: plan.Plan{
			StaticAssets: map[string]string{gleamScript: getGleam},
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{"wget", "erlang", "elixir", "rebar3"}, NixOverlays: []string{}},
				"install": {
					DependsOn:        []string{"setup"},
					Cmds:             []string{install, "gleam deps download"},
					OnlyIncludeFiles: []string{gleamFile, gleamLock},
				},
				"build": {DependsOn: []string{"install"}, Cmds: []string{"gleam export erlang-shipment"}},
			},
			Start: &plan.Start{Cmd: new("./" + gleamStart + "/entrypoint.sh run"), OnlyIncludeFiles: []string{gleamStart}},
		},
		Warnings: warnings,
		Reasons: []Reason{
			byDefault("what Gleam and its packages need").decided("setup", "nix", ""),
			byDefault("the archive has no Gleam of any version").decided("", "asset "+gleamScript, ""),
			why.decided("install", "cmd", install),
		},
	}, nil
}

// planNixGleam takes the compiler of nixpkgs: the standard library has numbers of its own.
func planNixGleam(app App) (Output, error) {
	if _, err := gleamPackages(app); err != nil {
		return Output{}, err
	}
	setup, reasons, warnings, err := languageSetup(app, "Gleam", "erlang", "elixir", "rebar3")
	if err != nil {
		return Output{}, err
	}
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   setup,
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"gleam deps download"}, OnlyIncludeFiles: presentFiles(app, gleamFile, gleamLock)},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"gleam export erlang-shipment"}},
			},
			Start: &plan.Start{Cmd: new("./" + gleamStart + "/entrypoint.sh run"), OnlyIncludeFiles: []string{gleamStart}},
		},
		Warnings: append(warnings, noLockfile(app, gleamLock)...),
		Reasons:  reasons,
	}
	if file := gleamModule(app); file != "" && !app.Tree.Contains(file, "pub fn main(") && app.UserStart == nil {
		out.NoStart, out.Plan.Start = noService(file+" has no public function main", aLibrary), nil
		out.Plan.Phases["build"] = plan.Phase{DependsOn: []string{"install"}, Cmds: []string{"gleam build"}}
	}
	if app.UserStart != nil {
		out.Plan.Start.OnlyIncludeFiles = nil // what else the command needs is not known
	}
	return out, nil
}

// gleamModule is the file whose function main the program is, "" if nothing says so.
func gleamModule(app App) string {
	var project struct {
		Name any `toml:"name"`
	}
	if app.Tree.TOML(gleamFile, &project) != nil {
		return ""
	}
	name, _ := project.Name.(string)
	return firstFile(app, "src/"+name+".gleam")
}

var gleamVersion = lazyregexp.New(`^[0-9A-Za-z][0-9A-Za-z.+-]*$`)

// chooseGleam takes the version of the standard library for the version of the compiler.
func chooseGleam(app App) (version string, why cause, warnings []string, err error) {
	const hint = "set the install commands to `" + gleamInstall + " VERSION` and `gleam deps download`"
	packages, err := gleamPackages(app)
	if err != nil {
		return "", cause{}, nil, err
	}
	i := slices.IndexFunc(packages, func(p gleamPackage) bool { return p.Name == gleamStdlib })
	if i < 0 {
		return gleamUnknown, byDefault("no version is known"), []string{fmt.Sprintf(
			"%s does not have %s, whose version is taken for the compiler's, so the download of Gleam will fail; %s", gleamLock, gleamStdlib, hint)}, nil
	}
	version = packages[i].Version
	if !gleamVersion.MatchString(version) {
		return "", cause{}, nil, &source.Error{
			Op: "reading", Name: gleamLock, Line: app.Tree.Line(gleamLock, gleamStdlib),
			Err: errors.New(gleamStdlib + " has no version that can be read"), Hint: "let Gleam write the file",
		}
	}
	why = byLine(app, gleamLock, gleamStdlib, gleamStdlib+" is "+version)
	if !releasedGleam(version) {
		warnings = []string{fmt.Sprintf(
			"%s has %s %s, whose version is taken for the compiler's, but Gleam has no such release; %s", gleamLock, gleamStdlib, version, hint)}
	}
	return version, why, warnings, nil
}

// releasedGleam reports whether the compiler may have a release of that number: its numbers and the numbers of the standard
// library went together up to 0.34.
func releasedGleam(version string) bool {
	rest, ok := strings.CutPrefix(version, "0.")
	minor, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(minor, 10, 31)
	return ok && err == nil && n <= gleamLastMinor
}

// gleamInstallFiles lists what `gleam deps download` reads.
func gleamInstallFiles(app App) (files []string, blocker string, err error) {
	packages, err := gleamPackages(app)
	if err != nil {
		return nil, unread(gleamLock, err), nil
	}
	if i := slices.IndexFunc(packages, func(p gleamPackage) bool { return p.Source == "local" }); i >= 0 {
		return nil, fromPath(gleamLock, packages[i].Name), nil
	}
	return presentFiles(app, gleamFile, gleamLock), "", nil
}
