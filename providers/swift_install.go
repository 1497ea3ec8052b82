package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// What may stand in Package.swift, which is a program: the compiler runs it to know the packages.
var (
	swiftPackage = lazyregexp.New(`\.package\s*\(`)
	swiftFolder  = lazyregexp.New(`\.package\s*\(\s*(?:name\s*:\s*"[^"]*"\s*,\s*)?path\s*:`)
	swiftLocal   = lazyregexp.New(`\burl\s*:\s*(?:[^"\s]|"(?:[./~]|file:))`)
	swiftImport  = lazyregexp.New(`\bimport\s+(?:(?:class|enum|func|struct|var)\s+)?([^\s;]+)`)
	swiftContext = lazyregexp.New(`\bContext\s*\.`)
)

// swiftOwnImport is what every manifest imports.
const swiftOwnImport = "PackageDescription"

// swiftResolveFiles are those that Nixpacks shows `swift package resolve`.
func swiftResolveFiles(app App) []string {
	return append([]string{swiftManifest}, presentFiles(app, swiftLock)...)
}

// swiftInstallFiles lists what `swift package resolve` reads: the manifest and the lockfile, unless the manifest
// or the configuration of the package manager may lead to other files.
func swiftInstallFiles(app App) (files []string, blocker string, err error) {
	versions, err := app.Tree.Files("Package@swift-*.swift")
	if err != nil {
		return nil, "", err
	}
	if i := slices.IndexFunc(versions, func(name string) bool { return path.Dir(name) == "." }); i >= 0 {
		return nil, versions[i] + " is the manifest for some versions of Swift", nil
	}
	if app.Tree.HasDir(".swiftpm/configuration") {
		return nil, ".swiftpm/configuration may change where packages come from", nil
	}
	text, err := app.Tree.Read(swiftManifest)
	if err != nil {
		return nil, "", err
	}
	for _, b := range []struct {
		pattern *lazyregexp.Regexp
		why     string
	}{
		{swiftFolder, "takes a package from a folder"},
		{swiftLocal, "takes a package from a place that may be a folder"},
		{swiftContext, "asks for the context of the package"},
	} {
		if line := swiftLine(text, b.pattern); line > 0 {
			return nil, fmt.Sprintf("%s line %d %s", swiftManifest, line, b.why), nil
		}
	}
	for _, at := range swiftImport.FindAllStringSubmatchIndex(text, -1) {
		if !swiftComment(text, at[0]) && text[at[2]:at[3]] != swiftOwnImport {
			return nil, fmt.Sprintf("%s line %d imports more than %s", swiftManifest, lineAt(text, at[0]), swiftOwnImport), nil
		}
	}
	files = swiftResolveFiles(app)
	slices.Sort(files)
	return files, "", nil
}

// swiftDependencyWarnings are about packages that change, and packages that the install phase does not see.
func swiftDependencyWarnings(app App) ([]string, error) {
	text, err := app.Tree.Read(swiftManifest)
	if err != nil {
		return nil, err
	}
	var warnings []string
	if swiftLine(text, swiftPackage) > 0 {
		warnings = noLockfile(app, swiftLock)
	}
	if line := swiftLine(text, swiftFolder); line > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"%s line %d takes a package from a folder, which the install phase does not see; name the folder in its onlyIncludeFiles", swiftManifest, line))
	}
	return warnings, nil
}

// swiftLine returns the number of the first line, from 1, with a match that is not in a comment to the end of the
// line; 0 if there is none.
func swiftLine(text string, pattern *lazyregexp.Regexp) int {
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		if !swiftComment(text, at[0]) {
			return lineAt(text, at[0])
		}
	}
	return 0
}

// swiftComment reports whether a // stands before the byte on its line, outside of a string.
func swiftComment(text string, offset int) bool {
	line := text[strings.LastIndexByte(text[:offset], '\n')+1 : offset]
	for {
		quote, slashes := strings.IndexByte(line, '"'), strings.Index(line, "//")
		if slashes < 0 {
			return false
		}
		if quote < 0 || slashes < quote {
			return true
		}
		end := strings.IndexByte(line[quote+1:], '"')
		if end < 0 {
			return false
		}
		line = line[quote+1+end+1:]
	}
}
