package providers

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/plan"
)

// haskellProvider follows nixpacks-1.39.md 3.10: Stack with hpack.
var haskellProvider = Provider{
	Name:         "haskell",
	Looks:        "package.yaml and a Haskell file",
	Detect:       detectHaskell,
	Plan:         planHaskell,
	InstallFiles: haskellInstallFiles,
	Locks:        []string{hpackFile, stackFile, stackLock},
	BuildOnly:    []string{"stack"},

	Language: Language{
		Manifests: []Manifest{{File: hpackFile, Locks: []string{stackLock}}},
		Lockfiles: []Lockfile{{stackLock, Unread}},
		Settings:  []string{},
		Caches:    []Cache{{Dir: stackWorkCache}, {Dir: stackCache}},
		Runtimes:  []Runtime{}, // Stack brings the compiler
		Programs:  []string{},
	},
}

const (
	hpackFile = "package.yaml"
	stackFile = "stack.yaml"
	stackLock = "stack.yaml.lock"

	stackCache     = "/root/.stack"
	stackWorkCache = ".stack-work"
	stackBin       = "/root/.local/bin/"
)

// haskellApt is what GHC and the usual packages need, in Nixpacks' order; haskellArmApt comes after it.
var (
	haskellApt    = []string{"libgmp-dev", "gcc", "binutils", "make", "zlib1g-dev"}
	haskellArmApt = []string{
		"libnuma1", "libnuma-dev", "libtinfo-dev", "libtinfo5", "libc6-dev", "libtinfo6",
		"llvm-11", "clang", "ninja-build", "zlib1g-dev",
	}
)

func detectHaskell(app App) (string, error) {
	if !app.Tree.HasFile(hpackFile) {
		return "", nil
	}
	files, err := app.Tree.Files("**/*.hs")
	if err != nil || len(files) == 0 {
		return "", err
	}
	return hpackFile + " and " + files[0], nil
}

func planHaskell(app App) (Output, error) {
	name, line, warnings, err := haskellProgram(app)
	if err != nil {
		return Output{}, err
	}
	apt := slices.Clone(haskellApt)
	if app.Arch == "aarch64" {
		apt = append(apt, haskellArmApt...)
	}
	start := stackBin + name
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup":   {NixPkgs: []string{"stack"}, NixOverlays: []string{}, AptPkgs: apt},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"stack setup"}, CacheDirectories: []string{stackCache}},
				"build": {
					DependsOn:        []string{"install"},
					Cmds:             []string{"stack install"},
					CacheDirectories: []string{stackWorkCache, stackCache},
				},
			},
			Start: &plan.Start{Cmd: &start},
		},
		Reasons:  haskellReasons(app, start, line),
		Warnings: warnings,
	}
	if name == "" { // which is so after 1.39 alone
		out.Plan.Start, out.NoStart = nil, noService(hpackFile+" has no executables", aLibrary)
		build := out.Plan.Phases["build"]
		if app.UserStart == nil {
			build.Cmds = []string{"stack build"}
		}
		out.Plan.Phases["build"] = build
		out.Reasons = reasonsOf(out.Plan, out.Reasons)
	}
	if !app.Tree.HasFile(stackFile) {
		out.Warnings = append(out.Warnings, "there is no "+stackFile+", so each build may use another compiler and other versions; commit one")
	}
	return out, nil
}

func haskellReasons(app App, start string, line int) []Reason {
	compiler := byDefault("there is no " + stackFile + ", so it installs the newest compiler that it knows")
	if app.Tree.HasFile(stackFile) {
		compiler = byFile(stackFile, "it names the compiler")
	}
	reasons := []Reason{
		byFile(hpackFile, "Stack builds by it").decided("setup", "nix", "stack"),
		byDefault("GHC and common packages link to them").decided("setup", "apt", ""),
		compiler.decided("install", "cmd", "stack setup"),
		cause{hpackFile, line, "the first of executables in byte order"}.decided("start", "cmd", start),
	}
	if app.Arch == "aarch64" {
		for _, pkg := range haskellArmApt {
			if !slices.Contains(haskellApt, pkg) {
				reasons = append(reasons, byDefault("GHC needs it on aarch64").decided("setup", "apt", pkg))
			}
		}
	}
	return reasons
}

// haskellProgram returns the executable whose name is the smallest in byte order, and the line where it is. In editions after 1.39 the one
// that is called as the package goes before it, and there may be none: then the name is "".
func haskellProgram(app App) (name string, line int, warnings []string, err error) {
	var manifest struct {
		Name        any       `yaml:"name"`
		Executables yaml.Node `yaml:"executables"`
	}
	if err := app.Tree.YAML(hpackFile, &manifest); err != nil {
		return "", 0, nil, err
	}
	var executables map[string]any
	if err := manifest.Executables.Decode(&executables); err != nil {
		return "", 0, nil, fmt.Errorf("reading %s:%d: executables is not a table; name each program and its main file there", hpackFile, manifest.Executables.Line)
	}
	names := slices.Sorted(maps.Keys(executables))
	if app.findsPrograms() {
		if len(names) == 0 {
			return "", 0, nil, nil
		}
		own, _ := manifest.Name.(string)
		name = cmp.Or(preferred(names, path.Base(app.startWord()), own, own+"-exe", own+"-server", own+"-api", own+"-web"), names[0])
		warnings = severalPrograms(app, names, name, "for another one give a start command")
	} else if len(names) > 0 {
		name = names[0]
	}
	if name == "" {
		return "", 0, nil, errors.New("reading " + hpackFile + ": it has no executables; name the program that starts the app there")
	}
	for i, n := range manifest.Executables.Content {
		if i%2 == 0 && n.Value == name {
			line = n.Line
		}
	}
	if !programName.MatchString(name) {
		if app.UserStart != nil {
			return "", 0, nil, nil
		}
		return "", 0, nil, fmt.Errorf("reading %s:%d: %q is not the name of an executable; use letters, digits and any of _.+-", hpackFile, line, name)
	}
	return name, line, warnings, nil
}
