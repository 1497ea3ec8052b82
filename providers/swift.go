package providers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/org/npx-action/internal/plan"
)

// swiftProvider follows nixpacks-1.39.md 3.20.
var swiftProvider = Provider{
	Name:         "swift",
	Looks:        "Package.swift",
	Detect:       detectSwift,
	Plan:         planSwift,
	InstallFiles: swiftInstallFiles,
	Locks:        []string{swiftManifest, swiftLock},

	Language: Language{
		Manifests: []Manifest{{File: swiftManifest, Locks: []string{swiftLock}}},
		Lockfiles: []Lockfile{{swiftLock, Unread}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{{Name: "Swift", Packages: patterns(`^swift$`)}},
		Programs:  []string{},
	},
}

const (
	swiftManifest    = "Package.swift"
	swiftLock        = "Package.resolved"
	swiftVersionFile = ".swift-version"
	swiftTools       = "swift-tools-version:"
	swiftBuild       = "CC=clang++ swift build -c release --static-swift-stdlib"
)

func detectSwift(app App) (string, error) {
	return firstFile(app, swiftManifest), nil
}

func planSwift(app App) (Output, error) {
	setup, setupReasons, warnings, err := swiftSetup(app)
	if err != nil {
		return Output{}, err
	}
	find := swiftProgram
	if app.findsPrograms() {
		find = findSwift
	}
	program, file, err := find(app)
	if err != nil {
		return Output{}, err
	}
	start, move := "./"+program, fmt.Sprintf("cp ./.build/release/%s ./%[1]s && rm -rf ./.build", program)
	more, err := swiftDependencyWarnings(app)
	if err != nil {
		return Output{}, err
	}
	product := byFile(file, "it says what the program is called")
	if !app.findsPrograms() {
		product.why = "the first main.swift belongs to the program"
	}
	out := Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": setup,
				"install": {
					DependsOn:        []string{"setup"},
					Cmds:             []string{"swift package resolve"},
					OnlyIncludeFiles: swiftResolveFiles(app),
				},
				"build": {DependsOn: []string{"install"}, Cmds: []string{swiftBuild, move}},
			},
			Start: &plan.Start{Cmd: &start},
		},
		Warnings: append(warnings, more...),
		Reasons: append(setupReasons,
			byFile(swiftManifest, "it lists the packages").decided("install", "cmd", ""),
			byDefault("nothing else is needed to find the packages").decided("install", "file", ""),
			product.decided("build", "cmd", move),
			product.decided("start", "cmd", start),
		),
	}
	if program == "" {
		out.NoStart, out.Plan.Start = noService(swiftManifest+" has no program", aLibrary), nil
		out.Plan.Phases["build"] = plan.Phase{DependsOn: []string{"install"}, Cmds: []string{swiftBuild}}
		out.Reasons = reasonsOf(out.Plan, out.Reasons)
	}
	return out, nil
}

// swiftSetup installs Swift: in edition 1.39 from an archive for its version, later from the edition's own.
func swiftSetup(app App) (plan.Phase, []Reason, []string, error) {
	if app.choosesVersions() {
		others := slices.DeleteFunc(slices.Clone(swiftPackages), func(pkg string) bool { return pkg == "swift" })
		return languageSetup(app, "Swift", others...)
	}
	release, why, warnings, err := chooseSwift(app)
	if err != nil {
		return plan.Phase{}, nil, nil, err
	}
	reasons := []Reason{byFile(swiftManifest, "Swift builds by it").decided("setup", "nix", ""), why.decided("setup", "nixpkgs", release.archive)}
	return plan.Phase{NixPkgs: slices.Clone(swiftPackages), NixOverlays: []string{}, NixpkgsArchive: new(release.archive)}, reasons, warnings, nil
}

// chooseSwift returns the release that .swift-version or else Package.swift asks for. The latter asks for the
// oldest that will do, so a newer one is no reason to warn.
func chooseSwift(app App) (release swiftRelease, why cause, warnings []string, err error) {
	file, line := swiftVersionFile, 1
	var asked string
	if app.Tree.HasFile(swiftVersionFile) {
		text, err := app.Tree.Read(swiftVersionFile)
		if err != nil {
			return swiftRelease{}, cause{}, nil, err
		}
		asked, _, _ = strings.Cut(text, "\n")
	} else {
		file = swiftManifest
		if asked, line, err = swiftToolsVersion(app); err != nil {
			return swiftRelease{}, cause{}, nil, err
		}
		if line == 0 {
			return swiftDefault, byDefault("no version is asked for"), nil, nil
		}
	}
	asked = strings.TrimSpace(asked)
	why = cause{file, line, fmt.Sprintf("it asks for Swift %.60q", asked)}
	i := slices.IndexFunc(swiftReleases, func(r swiftRelease) bool { return r.version == asked })
	if i >= 0 {
		return swiftReleases[i], why, nil, nil
	}
	if file == swiftManifest && semver.IsValid("v"+asked) && semver.Compare("v"+asked, "v"+swiftDefault.version) <= 0 {
		return swiftDefault, why, nil, nil
	}
	return swiftDefault, why, []string{fmt.Sprintf(
		"%s asks for Swift %.60q, which has no package here; Swift %s is used", file, asked, swiftDefault.version)}, nil
}

// swiftToolsVersion returns what the first line of Package.swift with a tools version says beside that word, and
// its number; 0 if there is no such line.
func swiftToolsVersion(app App) (asked string, line int, err error) {
	text, err := app.Tree.Read(swiftManifest)
	if err != nil {
		return "", 0, err
	}
	for l := range strings.Lines(text) {
		if line++; strings.Contains(l, swiftTools) {
			return strings.ReplaceAll(strings.ReplaceAll(l, swiftTools, ""), "//", ""), line, nil
		}
	}
	return "", 0, nil
}

// swiftProgram returns the name of the program, which is the name of the first folder with a main.swift, and that file.
func swiftProgram(app App) (name, file string, err error) {
	files, err := app.Tree.Files("Sources/**/main.swift")
	if err != nil {
		return "", "", err
	}
	for _, file := range files {
		parts := strings.Split(file, "/")
		if strings.Contains(file, ".build") || len(parts) < 3 {
			continue
		}
		if name := parts[1]; programName.MatchString(name) {
			return name, file, nil
		}
		return "", "", fmt.Errorf("reading %q: its folder %q is not the name of a program; use letters, digits and any of _.+-", file, parts[1])
	}
	return "", "", errors.New("finding the program: there is no Sources/NAME/main.swift; name the file so, also where @main marks the entry")
}
