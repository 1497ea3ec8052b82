package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// Files of any directory that `dotnet restore` reads: by extension, by the end of their name, and by their name in lower
// case.
var (
	dotnetExtensions = []string{".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".slnf", ".props", ".targets", ".rsp"}
	dotnetEndings    = []string{"proj.user", ".lock.json"}
	dotnetNames      = []string{globalJSON, nugetConfig, "packages.config"}
)

const nugetConfig = "nuget.config"

// dotnetFileVariables make the SDK read other files.
var dotnetFileVariables = []string{
	"CustomAfterMicrosoftCommonProps", "CustomBeforeMicrosoftCommonProps", "DirectoryBuildPropsPath", "DirectoryBuildTargetsPath",
	"DirectoryPackagesPropsPath", "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "NUGET_PACKAGES", "RestoreAdditionalProjectSources", "RestoreSources",
}

// dotnetInstallFiles lists what `dotnet restore` reads: projects and solutions, and what MSBuild takes into each of itself.
// It stops at all by which a project may read more.
func dotnetInstallFiles(app App) (files []string, blocker string, err error) {
	for _, name := range dotnetFileVariables {
		if app.Vars[name] != "" {
			return nil, "the variable " + name + " changes which files the install reads", nil
		}
	}
	all, err := app.Tree.Files("*")
	if err != nil {
		return nil, "", err
	}
	for _, name := range all {
		if isDotnetFile(name) {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	for _, name := range files {
		if blocker := dotnetBlocker(app, name, files); blocker != "" {
			return nil, blocker, nil
		}
	}
	return files, "", nil
}

func isDotnetFile(name string) bool {
	base := path.Base(name)
	return slices.Contains(dotnetExtensions, strings.ToLower(path.Ext(base))) ||
		slices.Contains(dotnetNames, strings.ToLower(base)) ||
		slices.ContainsFunc(dotnetEndings, func(end string) bool { return strings.HasSuffix(base, end) })
}

// dotnetBlocker says by what a file makes the install read files that are not in the list, or returns "".
func dotnetBlocker(app App, name string, files []string) string {
	switch base := strings.ToLower(path.Base(name)); {
	case base == nugetConfig:
		return nugetBlocker(app, name)
	case path.Ext(base) == ".rsp":
		return name + " holds options of the install"
	case path.Ext(base) == ".slnf", path.Ext(base) == ".slnx":
		return name + " is a solution of a form that is not looked into"
	case path.Ext(base) == ".sln":
		return solutionBlocker(app, name, files)
	case path.Ext(base) == ".json":
		return ""
	}
	f, err := readMSBuild(app, name)
	if err != nil {
		return unread(name, err)
	}
	if f.blocker != "" {
		return name + " has " + f.blocker
	}
	return referenceBlocker(name, f.projects, files)
}

// referenceBlocker says which project is referred to but is not in the list, or returns "".
func referenceBlocker(from string, references, files []string) string {
	for _, reference := range references {
		if name := projectAt(from, reference); name == "" || !slices.Contains(files, name) {
			return fmt.Sprintf("%s refers to %.60q, which is no project of the app", from, reference)
		}
	}
	return ""
}

// solutionProject is a project's line in a solution: its kind, its name and its path.
var solutionProject = lazyregexp.New(`(?m)^Project\("[^"]*"\) = "([^"]*)", "([^"]*)"`)

func solutionBlocker(app App, name string, files []string) string {
	text, err := app.Tree.Read(name)
	if err != nil {
		return unread(name, err)
	}
	var references []string
	for _, m := range solutionProject.FindAllStringSubmatch(text, -1) {
		if m[1] != m[2] { // a folder of the solution is of the same name and path
			references = append(references, m[2])
		}
	}
	return referenceBlocker(name, references, files)
}

// nugetSource is an entry of NuGet's settings, of whatever section.
var nugetSource = lazyregexp.New(`(?is)<add\s[^>]*\bvalue\s*=\s*["']([^"']*)["']`)

func nugetBlocker(app App, name string) string {
	text, err := app.Tree.Read(name)
	if err != nil {
		return unread(name, err)
	}
	for _, m := range nugetSource.FindAllStringSubmatch(text, -1) {
		if value := strings.ToLower(m[1]); strings.ContainsAny(value, `/\.~`) && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") {
			return name + " names something that may be a path"
		}
	}
	return ""
}
