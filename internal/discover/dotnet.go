package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

var (
	dotnetProgram = lazyregexp.New(`(?i)Sdk="Microsoft\.NET\.Sdk\.(Web|Worker|BlazorWebAssembly)\b|<OutputType>\s*(Win)?Exe\b`)
	dotnetTest    = lazyregexp.New(`(?i)Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true`)
	// dotnetHost is a program of Aspire, which starts the others on the machine of who develops them.
	dotnetHost = lazyregexp.New(`(?i)<IsAspireHost>\s*true|"Aspire\.AppHost\.Sdk`)
	dotnetName = lazyregexp.New(`<AssemblyName>\s*([\w.-]+)\s*<`)
	dotnetWeb  = lazyregexp.New(`(?i)Sdk="Microsoft\.NET\.Sdk\.Web"`)

	projectReference = lazyregexp.New(`<ProjectReference\s[^>]*?Include="([^"]+)"`)
)

// dotnetShared are files that the .NET SDK looks for in the directories above a project, in lower case.
var dotnetShared = []string{"directory.build.props", "directory.build.targets", "directory.packages.props", "global.json", "nuget.config"}

// dotnetLibrary is a project that makes no program, or one that nobody deploys.
func dotnetLibrary(f *finder, dir, base string) (bool, error) {
	text, err := f.tree.Read(path.Join(dir, base))
	if err != nil {
		return false, err
	}
	return !dotnetProgram.MatchString(text) || dotnetTest.MatchString(text) || dotnetHost.MatchString(text), nil
}

// project is the .NET project of a directory, "" if it has none.
func (ix *index) project(dir string) string {
	for _, base := range ix.files[dir] {
		if ext := path.Ext(base); ext == ".csproj" || ext == ".fsproj" {
			return path.Join(dir, base)
		}
	}
	return ""
}

// references lists the directories outside of its own that a .NET project needs, with the directories that these need.
func (f *finder) references(dir string) []string {
	seen := []string{dir}
	for i := 0; i < len(seen); i++ {
		text, err := f.tree.Read(f.project(seen[i]))
		if err != nil {
			continue // there is none, or its plan says what is wrong
		}
		for _, m := range projectReference.FindAllStringSubmatch(text, -1) {
			other := path.Dir(path.Join(seen[i], strings.ReplaceAll(m[1], `\`, "/")))
			if other != ".." && !strings.HasPrefix(other, "../") && !slices.Contains(seen, other) {
				seen = append(seen, other)
			}
		}
	}
	return slices.DeleteFunc(seen[1:], func(other string) bool { return isBelow(other, dir) })
}

// widen gives a .NET app the nearest context that holds all that it is built from, if the plan of that context is one of .NET.
func (f *finder) widen(a *App) {
	file := f.project(a.Directory)
	if file == "" || !f.after139(a.Directory, a.Directory) {
		return
	}
	context := a.Directory
	for _, dir := range a.uses {
		for !isBelow(dir, context) {
			context = path.Dir(context)
		}
	}
	for dir := a.Directory; ; dir = path.Dir(dir) {
		for _, base := range f.files[dir] {
			if slices.Contains(dotnetShared, strings.ToLower(base)) {
				a.watched = append(a.watched, path.Join(dir, base))
				if isBelow(context, dir) {
					context = dir
				}
			}
		}
		if dir == "." {
			break
		}
	}
	if context == a.Directory {
		return
	}
	text, err := f.tree.Read(file)
	if err != nil {
		return
	}
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if m := dotnetName.FindStringSubmatch(text); m != nil {
		name = m[1]
	}
	build := "dotnet publish " + quote(strings.TrimPrefix(file, strings.TrimPrefix(context+"/", "./"))) + " -c Release -o out"
	start := "./out/" + name
	if dotnetWeb.MatchString(text) { // the plan sets the variable to a port of its own where the start command is given
		start = "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-3000} " + start
	}
	env := []string{"NIXPACKS_BUILD_CMD=" + build, "NIXPACKS_START_CMD=" + start}
	tree, err := f.tree.Sub(context)
	if err != nil {
		return
	}
	defer tree.Close()
	why, err := f.options.Starts(tree, env)
	if language, _, _ := strings.Cut(why, " "); err != nil || language != "c#" && language != "f#" {
		return
	}
	a.Context, a.BuildCmd, a.StartCmd = context, build, start
}
