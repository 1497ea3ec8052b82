package providers

import (
	"maps"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestAtLeast(t *testing.T) {
	for _, tt := range []struct {
		version, least string
		want           bool
	}{
		{"1.8", "1.8", true}, {"1.8.3", "1.8", true}, {"1.10", "1.8", true}, {"2.0.0", "1.8", true}, {"2", "1.8", true},
		{"1.7.9", "1.8", false}, {"1", "1.8", false}, {"0.9", "1.8", false}, {"", "1.8", false}, {"latest", "1.8", false}, {"1.x", "1.8", false},
		{"-2", "1.8", false}, {"99999999999999999999", "1.8", false},
	} {
		if got := atLeast(tt.version, tt.least); got != tt.want {
			t.Errorf("atLeast(%q, %q) = %v, want %v", tt.version, tt.least, got, tt.want)
		}
	}
}

func TestPythonInstallFilesOfNoKind(t *testing.T) {
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "nothing to install", files: repo{"main.py": ""}, vars: plan.Vars{"PIP_CONSTRAINT": "c.txt"}},
		{name: "skip", files: repo{"requirements.txt": "."}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "skip"}},
		{
			name: "a variable that names a file", files: repo{"requirements.txt": "flask"}, vars: plan.Vars{"PIP_CONSTRAINT": "c.txt"},
			blocker: "the variable PIP_CONSTRAINT names a file that the install reads",
		},
		{
			name: "requirements without its file", files: repo{"main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "requirements"},
			blocker: "there is no requirements.txt",
		},
	})
}

// over returns base with more files; an empty text deletes one.
func over(base, more repo) repo {
	r := maps.Clone(base)
	for name, text := range more {
		r[name] = text
		if text == "" {
			delete(r, name)
		}
	}
	return r
}

func TestPoetryInstallFiles(t *testing.T) {
	const project = "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.11'\nflask = '^3'\n" +
		"x = {git = 'https://a.example/x.git', develop = true}\ny = [{version = '1', python = '<3.9'}, {version = '2'}]\nz = {url = 'https://a.example/z.whl'}\n"
	const lock = "[[package]]\nname = 'flask'\nversion = '3'\nfiles = [{file = 'flask.whl', hash = 'sha256:0'}]\n" +
		"[package.dependencies]\npath = '*'\n[[package]]\nname = 'x'\n[package.source]\ntype = 'git'\nurl = 'https://a.example/x.git'\n"
	base := repo{"pyproject.toml": project, "poetry.lock": lock, ".tool-versions": "poetry 1.8.3", "app/main.py": "x"}
	const itself = "poetry install also installs the app itself (package-mode = false in pyproject.toml and Poetry 1.8 or newer stop that)"
	const old = "Poetry before 1.8 passes over package-mode and installs the app itself"
	pyproject := func(text string) repo { return over(base, repo{"pyproject.toml": text}) }
	lockfile := func(text string) repo { return over(base, repo{"poetry.lock": text}) }
	want := []string{"poetry.lock", "pyproject.toml"}
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "dependencies only", files: base, want: want},
		{name: "settings", files: over(base, repo{"poetry.toml": "x"}), want: []string{"poetry.lock", "poetry.toml", "pyproject.toml"}},
		{name: "a new version by a variable", files: over(base, repo{".tool-versions": ""}), vars: plan.Vars{"NIXPACKS_POETRY_VERSION": "2.1.0"}, want: want},
		{name: "an old version by a variable", files: base, vars: plan.Vars{"NIXPACKS_POETRY_VERSION": "1.7.1"}, blocker: old},
		{name: "the default version", files: over(base, repo{".tool-versions": ""}), blocker: old},
		{name: "no setting", files: pyproject("[tool.poetry]\nname = 'x'\n"), blocker: itself},
		{name: "a package", files: pyproject("[tool.poetry]\npackage-mode = true\n"), blocker: itself},
		{name: "a path", files: pyproject(project + "lib = {path = './lib', develop = true}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "one path of several", files: pyproject(project + "lib = [{path = './lib'}, {version = '1'}]\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "an address of a file", files: pyproject(project + "lib = {url = 'file:///x'}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a path in a group", files: pyproject(project + "[tool.poetry.group.b.dependencies]\nlib = {path = 'lib'}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a path in the old group", files: pyproject(project + "[tool.poetry.dev-dependencies]\nlib = {file = 'lib.whl'}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a path to a plugin", files: pyproject(project + "[tool.poetry.requires-plugins]\nlib = {path = 'lib'}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a path in the project's table", files: pyproject(project + "[project]\nname = 'x'\ndependencies = ['lib @ file:///app/lib']\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a locked folder", files: lockfile(lock + "[[package]]\nname = 'lib'\n[package.source]\ntype = 'directory'\nurl = 'lib'\n"), blocker: "poetry.lock takes lib from a path"},
		{name: "a locked file", files: lockfile(lock + "[[package]]\nname = 'lib'\n[package.source]\ntype = 'file'\nurl = 'https://a.example'\n"), blocker: "poetry.lock takes lib from a path"},
		{name: "a broken lock", files: lockfile("="), blocker: "poetry.lock line 1 is not understood"},
		{name: "a broken project", files: pyproject("[tool.poetry]\npackage-mode = 1"), blocker: "pyproject.toml line 2 is not understood"},
		{name: "no project", files: repo{"main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "poetry"}, blocker: "there is no pyproject.toml"},
		{name: "no lock", files: over(base, repo{"poetry.lock": ""}), vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "poetry", "NIXPACKS_POETRY_VERSION": "2.0"}, want: []string{"pyproject.toml"}},
		{name: "tool versions that are no text", files: over(base, repo{".tool-versions": "\xff"}), blocker: ".tool-versions line 1 is not understood"},
	})
}

func TestPDMInstallFiles(t *testing.T) {
	const project = "[project]\nname = 'x'\ndependencies = ['flask>=3']\noptional-dependencies = {a = ['b']}\n[dependency-groups]\ndev = ['pytest', {include-group = 'b'}]\nb = []\n"
	const application = project + "[tool.pdm]\ndistribution = false\n"
	const lock = "[metadata]\nlock_version = '4.4'\n[[package]]\nname = 'flask'\nversion = '3'\nfiles = [{file = 'flask.whl', hash = 'sha256:0'}]\n[[package]]\nname = 'g'\ngit = 'https://a.example/g.git'\n"
	base := repo{"pyproject.toml": application, "pdm.lock": lock, "src/x.py": "x"}
	want := []string{"pdm.lock", "pyproject.toml"}
	const itself = "pdm install also installs the app itself (distribution = false in the table tool.pdm of pyproject.toml stops that)"
	pyproject := func(text string) repo { return over(base, repo{"pyproject.toml": text}) }
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "an application", files: base, want: want},
		{name: "a project without a name", files: pyproject("[project]\ndependencies = []\n"), want: want},
		{name: "the old setting", files: pyproject(project + "[tool.pdm]\npackage-type = 'application'\n"), want: want},
		{name: "settings", files: over(base, repo{"pdm.toml": "x", ".pdm.toml": "x", ".pdm-python": "x", ".python-version": "3.11"}), want: []string{".pdm-python", ".pdm.toml", ".python-version", "pdm.lock", "pdm.toml", "pyproject.toml"}},
		{name: "a library", files: pyproject(project), blocker: itself},
		{name: "a distribution", files: pyproject(project + "[tool.pdm]\ndistribution = true\n"), blocker: itself},
		{name: "the old setting wins", files: pyproject(application + "package-type = 'library'\n"), blocker: itself},
		{name: "an old version", files: base, vars: plan.Vars{"NIXPACKS_PDM_VERSION": "2.9.1"}, blocker: "PDM before 2.13 may install the app itself"},
		{name: "a hook", files: pyproject(application + "[tool.pdm.scripts]\nstart = 'x'\npost_install = 'y'\n"), blocker: "pyproject.toml has the script post_install, which pdm install may run"},
		{name: "a script", files: pyproject(application + "[tool.pdm.scripts]\nstart = 'x'\n"), want: want},
		{name: "options", files: pyproject(application + "[tool.pdm.options]\ninstall = ['-p', 'x']\n"), blocker: "pyproject.toml has options for pdm install"},
		{name: "plugins", files: over(base, repo{".pdm-plugins/x.py": "x"}), blocker: "pdm reads the plugins in .pdm-plugins"},
		{name: "a path", files: pyproject("[project]\ndependencies = ['lib @ file:///${PROJECT_ROOT}/lib']\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "an optional path", files: pyproject("[project]\noptional-dependencies = {a = ['lib @ file:///lib']}\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "an editable path", files: pyproject(application + "dev-dependencies = {a = ['-e file:///${PROJECT_ROOT}/lib']}\n"), blocker: "pyproject.toml takes -e from a path"},
		{name: "a path in a group", files: pyproject("[dependency-groups]\na = [{include-group = 'b'}, 'lib @ file:///x']\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a source in a path", files: pyproject(application + "[[tool.pdm.source]]\nurl = './wheels'\ntype = 'find_links'\n"), blocker: "pyproject.toml has a package source that is a path"},
		{name: "a source elsewhere", files: pyproject(application + "[[tool.pdm.source]]\nurl = 'https://${TOKEN}@a.example/simple'\n"), want: want},
		{name: "a locked path", files: over(base, repo{"pdm.lock": lock + "[[package]]\nname = 'lib'\npath = './lib'\n"}), blocker: "pdm.lock takes lib from a path"},
		{name: "no project", files: repo{"main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "pdm"}, blocker: "there is no pyproject.toml"},
	})
}

func TestUVInstallFiles(t *testing.T) {
	const project = "[project]\nname = 'x'\nreadme = 'README.md'\ndependencies = ['flask>=3']\n"
	const lock = "version = 1\n[[package]]\nname = 'flask'\nversion = '3'\nsource = { registry = 'https://a.example/simple' }\n" +
		"wheels = [{ url = 'https://a.example/flask.whl', hash = 'sha256:0' }]\n[[package]]\nname = 'x'\nsource = { virtual = '.' }\n"
	base := repo{"pyproject.toml": project, "uv.lock": lock, "README.md": "x", "main.py": "x"}
	want := []string{"pyproject.toml", "uv.lock"}
	const itself = "uv sync also installs the app itself (package = false in the table tool.uv of pyproject.toml stops that)"
	const system = "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"
	pyproject := func(text string) repo { return over(base, repo{"pyproject.toml": text}) }
	locked := func(source string) repo {
		return over(base, repo{"uv.lock": lock + "[[package]]\nname = 'lib'\nsource = { " + source + " }\n"})
	}
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "an application", files: base, want: want},
		{name: "settings", files: over(base, repo{".python-version": "3.12", ".python-versions": "3.12", "uv.toml": "x"}), want: []string{".python-version", ".python-versions", "pyproject.toml", "uv.lock", "uv.toml"}},
		{name: "a build system", files: pyproject(project + system), blocker: itself},
		{name: "a package", files: pyproject(project + "[tool.uv]\npackage = true\n"), blocker: itself},
		{name: "a build system that is not used", files: pyproject(project + system + "[tool.uv]\npackage = false\n"), want: want},
		{name: "a workspace", files: pyproject(project + "[tool.uv.workspace]\nmembers = ['a']\n"), blocker: "pyproject.toml is the root of a uv workspace"},
		{name: "a workspace member", files: pyproject(project + "[tool.uv.sources]\nlib = { workspace = true }\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a path", files: pyproject(project + "[tool.uv.sources]\nlib = [{ path = 'lib', editable = true }]\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "a repository", files: pyproject(project + "[tool.uv.sources]\nlib = { git = 'https://a.example/lib' }\n"), want: want},
		{name: "a locked editable", files: locked("editable = 'lib'"), blocker: "uv.lock takes lib from a path"},
		{name: "a locked folder", files: locked("directory = 'lib'"), blocker: "uv.lock takes lib from a path"},
		{name: "a locked member", files: locked("virtual = 'lib'"), blocker: "uv.lock takes lib from a path"},
		{name: "a locked local registry", files: locked("registry = 'wheels'"), blocker: "uv.lock takes lib from a path"},
		{name: "a locked repository", files: locked("git = 'https://a.example/lib#0123'"), want: want},
		{name: "a broken lock", files: over(base, repo{"uv.lock": "package = 1"}), blocker: "uv.lock line 1 is not understood"},
		{name: "a variable", files: base, vars: plan.Vars{"UV_CONFIG_FILE": "x.toml"}, blocker: "the variable UV_CONFIG_FILE names a file that the install reads"},
		{name: "no project", files: repo{"main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "uv"}, blocker: "there is no pyproject.toml"},
	})
}

func TestPipenvInstallFiles(t *testing.T) {
	const pipfile = "[[source]]\nurl = 'https://a.example/simple'\nverify_ssl = true\nname = 'a'\n[packages]\nflask = '*'\n" +
		"g = {git = 'https://a.example/g.git', ref = 'v1'}\nf = {file = 'https://a.example/f.zip'}\n[requires]\npython_version = '3.11'\n[scripts]\nstart = './x'\n"
	const lock = `{"_meta": {"sources": [{"url": "https://a.example/simple"}]}, "default": {"flask": {"hashes": ["sha256:0"], "version": "==3"}}, "develop": {}}`
	base := repo{"Pipfile": pipfile, "Pipfile.lock": lock, "main.py": "x"}
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "both files", files: base, want: []string{"Pipfile", "Pipfile.lock"}},
		{name: "no lock", files: over(base, repo{"Pipfile.lock": ""}), want: []string{"Pipfile"}},
		{name: "the app itself", files: over(base, repo{"Pipfile": "[packages]\nx = {editable = true, path = '.'}\n"}), blocker: "Pipfile takes x from a path"},
		{name: "an editable repository", files: over(base, repo{"Pipfile": "[packages]\nx = {editable = true, git = 'https://a.example/x'}\n"}), blocker: "Pipfile takes x from a path"},
		{name: "a file", files: over(base, repo{"Pipfile": "[dev-packages]\nx = {file = './x.whl'}\n"}), blocker: "Pipfile takes x from a path"},
		{name: "a path in another group", files: over(base, repo{"Pipfile": "[docs]\nx = {path = 'x'}\n"}), blocker: "Pipfile takes x from a path"},
		{name: "a source in a path", files: over(base, repo{"Pipfile": "[[source]]\nurl = 'file:///app/wheels'\n"}), blocker: "Pipfile has a package source that is a path"},
		{name: "a locked path", files: over(base, repo{"Pipfile.lock": `{"default": {"x": {"path": "./x"}}}`}), blocker: "Pipfile.lock takes x from a path"},
		{name: "a locked file", files: over(base, repo{"Pipfile.lock": `{"develop": {"x": {"file": "./x.whl"}}}`}), blocker: "Pipfile.lock takes x from a path"},
		{name: "an environment file", files: over(base, repo{".env": "A=1"}), blocker: "pipenv may read .env"},
		{name: "another Pipfile", files: base, vars: plan.Vars{"PIPENV_PIPFILE": "x/Pipfile"}, blocker: "the variable PIPENV_PIPFILE names a file that the install reads"},
		{name: "a broken Pipfile", files: over(base, repo{"Pipfile": "="}), blocker: "Pipfile line 1 is not understood"},
		{name: "a broken lock", files: over(base, repo{"Pipfile.lock": "[]"}), blocker: "Pipfile.lock line 1 is not understood"},
		{name: "no Pipfile", files: repo{"main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "pipenv"}, blocker: "there is no Pipfile"},
	})
}

func TestSetuptoolsInstallFiles(t *testing.T) {
	const project = "[build-system]\nrequires = ['setuptools>=61', 'wheel']\nbuild-backend = 'setuptools.build_meta'\n[project]\nname = 'x'\nversion = '1'\n"
	with := func(more string) repo {
		return repo{
			"pyproject.toml": project + more,
			"README.md":      "x", "LICENSE": "x", "LICENSES/MIT": "x", "VERSION": "1", "deps.txt": "x", "a/__init__.py": "x", "b/__init__.py": "x",
		}
	}
	only := []string{"pyproject.toml"}
	sources := func(key string) string { return "pyproject.toml names sources by " + key }
	testInstallFiles(t, pythonProvider, []installCase{
		{name: "nothing else is named", files: with("dependencies = ['flask']\n"), want: only},
		{name: "no build system", files: repo{"pyproject.toml": "[project]\nname = 'x'\n"}, want: only},
		{name: "a readme", files: with("readme = './README.md'\n"), want: []string{"README.md", "pyproject.toml"}},
		{name: "a readme in a table", files: with("readme = {file = 'README.md', content-type = 'text/markdown'}\n"), want: []string{"README.md", "pyproject.toml"}},
		{name: "a readme that is not there", files: with("readme = 'README.rst'\n"), want: only},
		{name: "a readme outside", files: with("readme = '../README.md'\n"), want: only},
		{name: "a license", files: with("license = {file = 'LICENSE'}\n"), want: []string{"LICENSE", "pyproject.toml"}},
		{name: "a license's name", files: with("license = 'MIT'\n"), want: only},
		{name: "license files", files: with("license-files = ['LICENSE']\n"), want: []string{"LICENSE", "pyproject.toml"}},
		{name: "license files in folders", files: with("license-files = ['LICENSE*']\n"), blocker: "license-files in pyproject.toml may match files in folders"},
		{name: "license files by no pattern", files: with("license-files = ['[']\n"), blocker: "pyproject.toml is not understood"},
		{name: "fields from files", files: with("dynamic = ['version', 'dependencies']\n[tool.setuptools.dynamic]\nversion = {file = 'VERSION'}\ndependencies = {file = ['deps.txt', 1]}\n"), want: []string{"VERSION", "deps.txt", "pyproject.toml"}},
		{name: "a field from the source", files: with("dynamic = ['version']\n[tool.setuptools.dynamic]\nversion = {attr = 'a.__version__'}\n"), blocker: sources("project.dynamic")},
		{name: "a field from a plug-in", files: with("dynamic = ['version']\n"), blocker: sources("project.dynamic")},
		{name: "packages", files: with("[tool.setuptools]\npackages = ['a']\n"), blocker: sources("tool.setuptools.packages")},
		{name: "no packages", files: with("[tool.setuptools]\npackages = []\npy-modules = []\n"), want: only},
		{name: "a search for packages", files: with("[tool.setuptools.packages.find]\nwhere = ['src']\n"), blocker: sources("tool.setuptools.packages")},
		{name: "another builder", files: repo{"pyproject.toml": "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"}, blocker: "pip install . builds the app by hatchling"},
		{name: "a plug-in", files: repo{"pyproject.toml": "[build-system]\nrequires = ['setuptools', 'Setuptools_scm[toml]']\n"}, blocker: "pip install . builds the app by Setuptools_scm[toml]"},
		{name: "a compiler", files: repo{"pyproject.toml": "[build-system]\nrequires = ['setuptools', 'cython']\n"}, blocker: "pip install . builds the app by cython"},
		{name: "a path", files: with("dependencies = ['lib @ file:./lib']\n"), blocker: "pyproject.toml takes lib from a path"},
		{name: "setup.py", files: over(with(""), repo{"setup.py": "x"}), blocker: "pip install . runs setup.py"},
		{name: "setup.cfg", files: over(with(""), repo{"setup.cfg": "[metadata]\nname = x\n"}), blocker: "pip install . reads setup.cfg"},
		{name: "setup.cfg with options", files: over(with(""), repo{"setup.cfg": "[options.packages.find]\n"}), blocker: "pip install . reads setup.cfg"},
		{name: "setup.cfg of other tools", files: over(with(""), repo{"setup.cfg": "[flake8]\n"}), want: only},
		{name: "no project", files: repo{"setup.py": "", "main.py": ""}, vars: plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "setuptools"}, blocker: "there is no pyproject.toml"},
	})
}
