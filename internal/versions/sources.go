package versions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
	"github.com/org/npx-action/internal/source"
)

// sources are all places, in the order in which they count for each tool: variables, the tool's own files, manifests, tool managers.
var sources = slices.Concat(
	[]row{
		{tool: "node", key: "NODE_VERSION", parse: npm},
		{tool: "node", file: ".nvmrc", read: oneLine, parse: ranges.Plain},
		{tool: "node", file: ".node-version", read: oneLine, parse: ranges.Plain},
	},
	packages(
		row{tool: "node", key: "volta.node", read: inJSON("volta", "node"), parse: npm},
		row{tool: "node", key: "devEngines.runtime", read: devEngine("runtime", "node"), parse: npm},
		row{tool: "node", key: "engines.node", read: inJSON("engines", "node"), parse: npm},
	),
	managers("node", "nodejs"),
	[]row{
		{tool: "go", key: "GO_VERSION", parse: goPlain},
		{tool: "go", file: ".go-version", read: oneLine, parse: goPlain},
		{tool: "go", file: "go.work", key: "toolchain", read: goDirective("toolchain"), parse: ranges.Toolchain},
		{tool: "go", file: "go.mod", key: "toolchain", read: goDirective("toolchain"), parse: ranges.Toolchain},
		{tool: "go", file: "go.work", key: "go", read: goDirective("go"), parse: ranges.Go},
		{tool: "go", file: "go.mod", key: "go", read: goDirective("go"), parse: ranges.Go},
	},
	managers("go", "golang"),
	[]row{
		{tool: "python", key: "PYTHON_VERSION", parse: pythonPlain},
		{tool: "python", file: ".python-version", read: oneLine, parse: pythonPlain},
		{tool: "python", file: "runtime.txt", read: oneLine, parse: pythonPlain},
		{tool: "python", file: "pyproject.toml", key: "project.requires-python", read: inTOML("project", "requires-python"), parse: ranges.PEP440},
		{tool: "python", file: "pyproject.toml", key: "tool.poetry.dependencies.python", read: inTOML("tool", "poetry", "dependencies", "python"), parse: poetry},
		{tool: "python", file: "Pipfile", key: "requires.python_full_version", read: inTOML("requires", "python_full_version"), parse: pythonPlain},
		{tool: "python", file: "Pipfile", key: "requires.python_version", read: inTOML("requires", "python_version"), parse: pythonPlain},
	},
	managers("python", "python3"),
	pythonScripts,
	phpRows, rubyRows, javaRows, gradleRows, mavenRows, rustRows, dotnetRows,
	elixirRows, erlangRows, denoRows, zigRows,
	crystalRows, dartRows, gleamRows, swiftRows,
	nodeManager("pnpm"),
	nodeManager("yarn"),
	[]row{{tool: "bun", file: ".bun-version", read: oneLine, parse: ranges.Plain}},
	nodeManager("bun"),
	nodeManager("npm")[:3], // what engines says of npm is advice
)

// json5 is the form of package.json that pnpm alone reads.
const json5 = "package.json5"

// packages are rows of package.json, and the same of package.json5, which pnpm reads where there is no package.json.
func packages(rows ...row) []row {
	var all []row
	for _, r := range rows {
		r.file = "package.json"
		all = append(all, r)
	}
	for _, r := range rows {
		read := r.read
		r.file = json5
		r.read = func(tree *source.Tree, file string) (value, error) {
			if tree.HasFile("package.json") {
				return value{}, nil
			}
			return read(tree, file)
		}
		all = append(all, r)
	}
	return all
}

// nodeManager are the places that ask for a package manager of Node.
func nodeManager(tool string) []row {
	rows := []row{
		{tool: tool, key: "packageManager", read: packageManager(tool), parse: managerRelease},
		{tool: tool, key: "devEngines.packageManager", read: devEngine("packageManager", tool), parse: npm},
		{tool: tool, key: "volta." + tool, read: inJSON("volta", tool), parse: npm},
		{tool: tool, key: "engines." + tool, read: inJSON("engines", tool), parse: npm},
	}
	if tool != "pnpm" {
		return slices.Concat(packages(rows...)[:len(rows)], managers(tool, tool))
	}
	return slices.Concat(packages(rows...), managers(tool, tool))
}

// managers are the files of tool managers, which know a tool by its name in the catalogue or another one.
func managers(tool, other string) []row {
	parse := ranges.Plain
	switch tool {
	case "go":
		parse = goPlain
	case "python":
		parse = pythonPlain
	}
	return managersBy(parse, tool, other)
}

// managersBy are the files of tool managers for a tool whose versions have a form of their own.
func managersBy(parse func(text string) (ranges.Range, error), tool string, others ...string) []row {
	names := append([]string{tool}, others...)
	var rows []row
	for _, file := range miseLocks {
		rows = append(rows, row{tool: tool, file: file, read: miseLock(names), parse: parse})
	}
	for _, file := range miseFiles {
		rows = append(rows, row{tool: tool, file: file, read: mise(names), parse: parse})
	}
	return append(rows,
		row{tool: tool, file: toolVersionsFile, read: toolVersions(names), parse: parse},
		row{tool: tool, file: devboxFile, read: devbox(names), parse: parse})
}

// pythonScripts are the files that Python programs are called by, which may hold their own metadata.
var pythonScripts = []row{
	pythonScript("main.py"), pythonScript("app.py"), pythonScript("server.py"), pythonScript("bot.py"), pythonScript("wsgi.py"), pythonScript("asgi.py"), pythonScript("run.py"),
}

func pythonScript(file string) row {
	return row{tool: "python", file: file, key: "requires-python", read: inScript("requires-python"), parse: ranges.PEP440}
}

// bounds are the lockfiles that say what the packages of an app ask for.
var bounds = []struct {
	tool, file string
	read       func(tree *source.Tree, file string) ([]Bound, error)
}{
	{"node", "package-lock.json", npmEngines},
	{"node", "npm-shrinkwrap.json", npmEngines},
	{"node", "pnpm-lock.yaml", pnpmEngines},
	{"python", "uv.lock", pythonWheels},
	{"python", "poetry.lock", pythonWheels},
	{"python", "pdm.lock", pythonWheels},
	{"python", "requirements.txt", pinnedPythons},
	{"php", "composer.lock", composerPackages},
	{"pnpm", "pnpm-lock.yaml", pnpmFormat},
	{"pnpm", "package.json", pnpmScripts},
	{"yarn", "yarn.lock", yarnFormat},
	{"java", gradleWrapper, gradleJDKs},
	{"java", "build.sbt", scalaJDKs},
	{"rust", "Cargo.lock", pinnedRust},
	{"ruby", "Gemfile.lock", jekyllRubies},
	{"ruby", "Gemfile", pagesRubies},
}

// npm reads a version as people write it, else a range of npm.
func npm(text string) (ranges.Range, error) {
	if r, err := ranges.Plain(text); err == nil {
		return r, nil
	}
	return ranges.NPM(text)
}

func goPlain(text string) (ranges.Range, error) { return ranges.Plain(strings.TrimPrefix(text, "go")) }

var pythonPrefix = lazyregexp.New(`^(?:c?python)[-@]?`)

// pythonThreads is a version of the build without the global lock, as pyenv and uv write it.
var pythonThreads = lazyregexp.New(`^(\d+(?:\.\d+)+)(?:t|\+freethreaded)$`)

// FreeThreaded reports whether a text asks for the Python without the global lock. What it asks for beside that is read as if it did not.
func FreeThreaded(text string) bool {
	return pythonThreads.MatchString(pythonPrefix.ReplaceAllString(strings.TrimSpace(text), ""))
}

// pythonPlain reads a version of CPython as people write it, else a specifier.
func pythonPlain(text string) (ranges.Range, error) {
	if strings.HasPrefix(text, "pypy") || strings.HasPrefix(text, "graalpy") {
		return ranges.Range{}, fmt.Errorf("%.40q is another Python than CPython, which alone can be had", text)
	}
	text = pythonPrefix.ReplaceAllString(text, "")
	if m := pythonThreads.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	r, err := ranges.Plain(text)
	if err == nil {
		return r, nil
	}
	if specifier, err := ranges.PEP440(text); err == nil {
		return specifier, nil
	}
	return ranges.Range{}, err
}

// poetry reads a constraint of Poetry: a specifier of PEP 440, or one with ^, ~ or ||, whose rules are npm's.
func poetry(text string) (ranges.Range, error) {
	if r, err := ranges.PEP440(text); err == nil {
		return r, nil
	}
	if strings.ContainsAny(text, "^~|") {
		if r, err := ranges.NPM(strings.ReplaceAll(text, ",", " ")); err == nil {
			return r, nil
		}
	}
	return pythonPlain(text)
}
