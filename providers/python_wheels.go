package providers

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/wheel"
)

// oldestWheelPython is the first minor version of Python 3 whose own pip knows all names of platforms.
const oldestWheelPython = 10

// wheelArchitectures are the processors that images are built for, as wheels call them. One plan is for both.
var wheelArchitectures = []string{"x86_64", "aarch64"}

// pythonPrebuilt says that the install compiles nothing, as each package of the lockfile has a wheel, or in blocker what it may compile. Both are "" where no
// file says which packages are installed.
func pythonPrebuilt(app App) (why, blocker string, err error) {
	tool, _ := choosePythonTool(app)
	if tool.lock.Format != PythonTables || !tool.locked(app) {
		return "", "", nil
	}
	member, _, err := pythonMemberOf(app)
	if err != nil {
		return "", "", err
	}
	defer member.close()
	asking, err := app.asksOfMember(member.dir, "python")
	if err != nil {
		return "", "", err
	}
	python, err := choose(asking, "python")
	if err != nil {
		return "", "", err
	}
	major, minor, _ := majorMinor(python.version)
	number, err := strconv.Atoi(minor)
	if err != nil || major != "3" || number < oldestWheelPython || python.release == "" {
		return "", fmt.Sprintf("it is not known whether the pip of %s installs wheels", python.id()), nil
	}
	if blocker := tool.withoutWheels(app); blocker != "" {
		return "", blocker, nil
	}
	packages, blocker := readLock(app, tool.lock.File)
	if blocker == "" && len(packages) == 0 {
		blocker = tool.lock.File + " lists no packages"
	}
	if blocker == "" {
		blocker = tool.builtApp(app)
	}
	for _, p := range packages {
		if blocker == "" {
			blocker = p.mayCompile(app, tool.lock.File, python.version, number)
		}
	}
	if blocker != "" {
		return "", blocker, nil
	}
	return fmt.Sprintf("each package of %s has a wheel for Python 3.%d on Linux", tool.lock.File, number), "", nil
}

// withoutWheels names a setting by which packages may be compiled although they have wheels, "" for none.
func (t pythonTool) withoutWheels(app App) string {
	names := pythonFileVariables()
	for name, value := range plan.Sorted(app.Vars) {
		if value != "" && (strings.Contains(name, "NO_BINARY") || slices.Contains(names, name)) {
			return "the variable " + name + " is set"
		}
	}
	for _, file := range []string{"pyproject.toml", "uv.toml", "poetry.toml", "pdm.toml", ".pdm.toml"} {
		for _, key := range []string{"no-binary", "no_binary"} {
			if app.Tree.Contains(file, key) {
				return file + " has " + key
			}
		}
	}
	return ""
}

// builtApp says that the install may compile the app itself, "" if it does not. uv has the app in its lockfile.
func (t pythonTool) builtApp(app App) string {
	p, blocker := readProject(app)
	switch {
	case blocker != "":
		return blocker
	case t.name == "poetry" && (p.Tool.Poetry.PackageMode == nil || *p.Tool.Poetry.PackageMode):
		return projectCompiles(app, ".")
	case t.name == "pdm" && p.Project.Name != "" && (p.Tool.PDM.Distribution == nil || *p.Tool.PDM.Distribution):
		return projectCompiles(app, ".")
	}
	return ""
}

// mayCompile says why the package of a lockfile may have to be compiled, "" if it does not.
func (p lockedPackage) mayCompile(app App, file, python string, minor int) string {
	name := fmt.Sprint(p["name"])
	if p.excluded(python) {
		return ""
	}
	source, _ := p["source"].(map[string]any)
	for _, from := range []map[string]any{source, p} {
		for _, key := range []string{"directory", "editable", "path"} {
			if dir, ok := from[key].(string); ok {
				return projectCompiles(app, dir)
			}
		}
	}
	address, _ := source["url"].(string)
	switch {
	case source["virtual"] != nil:
		return ""
	case source["type"] == "directory":
		return projectCompiles(app, address)
	case source["git"] != nil, p["git"] != nil, source["type"] == "git":
		return fmt.Sprintf("%s takes %s from a repository of sources", file, name)
	}
	names := p.fileNames()
	if !slices.ContainsFunc(names, installedOnLinux) {
		if len(names) > 0 {
			return "" // the files of other systems alone: nothing can be installed here, so nothing is compiled
		}
		return fmt.Sprintf("%s lists no files of %s", file, name)
	}
	for _, arch := range wheelArchitectures {
		if !slices.ContainsFunc(names, func(name string) bool { n, ok := wheel.Parse(name); return ok && n.Fits(minor, arch) }) {
			return fmt.Sprintf("%s has no wheel of %s for Python 3.%d on Linux %s", file, name, minor, arch)
		}
	}
	return ""
}

// installedOnLinux reports whether a file can be installed on Linux: it is a wheel for Linux, or sources.
func installedOnLinux(name string) bool {
	n, ok := wheel.Parse(name)
	return n.OnLinux() || !ok && !strings.HasSuffix(name, ".whl")
}

// excluded reports whether the lockfile says that the package is for other systems or Pythons.
func (p lockedPackage) excluded(python string) bool {
	for _, key := range []string{"marker", "markers"} { // of PDM and Poetry
		if marker, ok := p[key].(string); ok && wheel.Excludes(marker, python) {
			return true
		}
	}
	forks, _ := p["resolution-markers"].([]any) // of uv: one of them holds
	return len(forks) > 0 && !slices.ContainsFunc(forks, func(fork any) bool {
		marker, ok := fork.(string)
		return !ok || !wheel.Excludes(marker, python)
	})
}

// fileNames are the names of all files of a package, in the notation of any of the tools.
func (p lockedPackage) fileNames() []string {
	wheels, _ := p["wheels"].([]any) // of uv
	files, _ := p["files"].([]any)   // of Poetry and PDM
	var names []string
	for _, v := range slices.Concat(wheels, files, []any{p["sdist"]}) {
		table, _ := v.(map[string]any)
		for _, key := range []string{"url", "path", "file", "filename"} {
			if text, ok := table[key].(string); ok {
				names = append(names, path.Base(text))
			}
		}
	}
	return names
}
