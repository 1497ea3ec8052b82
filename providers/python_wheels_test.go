package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

const (
	pureWheel   = `"pure-1-py3-none-any.whl"`
	nativeWheel = `"native-1-cp310-abi3-manylinux_2_28_x86_64.whl"`
	armWheel    = `"native-1-cp310-abi3-manylinux2014_aarch64.whl"`
)

func TestWhatMayHaveToBeCompiled(t *testing.T) {
	pdm := func(packages string) repo {
		return repo{".python-version": "3.13", "pyproject.toml": "[tool.pdm]\ndistribution = false\n[project]\nname = \"a\"\n", "pdm.lock": packages}
	}
	poetry := func(project string) repo {
		return repo{".python-version": "3.13", "pyproject.toml": project, "poetry.lock": "[[package]]\nname = \"pure\"\nfiles = [{file = " + pureWheel + "}]\n"}
	}
	uv := func(member, source string) repo {
		return repo{".python-version": "3.13", "pyproject.toml": "", "log/pyproject.toml": member, "uv.lock": "[[package]]\nname = \"log\"\nsource = {" + source + "}\n"}
	}
	native := "[[package]]\nname = \"native\"\nfiles = [{file = " + nativeWheel + "}, {file = " + armWheel + "}, {file = \"native-1.tar.gz\"}]\n"
	const wheels = "each package of pdm.lock has a wheel for Python 3.13 on Linux"
	const built = "[build-system]\nrequires = [\"setuptools>=61\", \"wheel\"]\nbuild-backend = \"setuptools.build_meta\"\n"
	for _, tt := range []struct {
		name         string
		files        repo
		vars         plan.Vars
		why, blocker string
	}{
		{"a pure and a native package", pdm(native + "[[package]]\nname = \"pure\"\nfiles = [{file = " + pureWheel + "}]\n"), nil, wheels, ""},
		{"a marker", pdm(native + "[[package]]\nname = \"win\"\nmarker = \"sys_platform == 'win32'\"\nfiles = [{file = \"win-1.tar.gz\"}]\n"), nil, wheels, ""},
		{"for other systems alone", pdm(native + "[[package]]\nname = \"win\"\nfiles = [{file = \"win-1-cp313-cp313-win32.whl\"}]\n"), nil, wheels, ""},
		{"sources alone", pdm("[[package]]\nname = \"src\"\nfiles = [{file = \"src-1.tar.gz\"}]\n"), nil, "", "pdm.lock has no wheel of src for Python 3.13 on Linux x86_64"},
		{"no files", pdm("[[package]]\nname = \"src\"\n"), nil, "", "pdm.lock lists no files of src"},
		{"no packages", pdm(""), nil, "", "pdm.lock lists no packages"},
		{"a lockfile that is not understood", pdm("[["), nil, "", "pdm.lock line 1 is not understood"},
		{"git", pdm("[[package]]\nname = \"src\"\ngit = \"https://git.example/src\"\n"), nil, "", "pdm.lock takes src from a repository of sources"},
		{"a path", pdm("[[package]]\nname = \"src\"\npath = \"../src\"\n"), nil, "", "it is not known how ../src is built"},
		{"a variable", pdm(native), plan.Vars{"PIP_NO_BINARY": "native"}, "", "the variable PIP_NO_BINARY is set"},
		{"a setting", repo{".python-version": "3.13", "pyproject.toml": "[tool.pdm]\ndistribution = false\n[tool.pdm.resolution]\nno_binary = \"native\"\n", "pdm.lock": native},
			nil, "", "pyproject.toml has no_binary"},
		{"a Python that is too old", repo{".python-version": "3.9", "pyproject.toml": "", "pdm.lock": native}, nil, "", "it is not known whether the pip of python@3.9.25 installs wheels"},
		{"requirements", repo{"requirements.txt": "flask==3.0.3"}, nil, "", ""},
		{"no lockfile", repo{"pyproject.toml": ""}, nil, "", ""},

		{"Poetry without the app", poetry("[tool.poetry]\npackage-mode = false\n"), nil, "each package of poetry.lock has a wheel for Python 3.13 on Linux", ""},
		{"Poetry with the app", poetry("[tool.poetry]\nname = \"a\"\n[build-system]\nrequires = [\"poetry-core\"]\nbuild-backend = \"poetry.core.masonry.api\"\n"), nil,
			"each package of poetry.lock has a wheel for Python 3.13 on Linux", ""},
		{"Poetry with a script", poetry("[tool.poetry]\nname = \"a\"\n[tool.poetry.build]\nscript = \"build.py\"\n[build-system]\nrequires = [\"poetry-core\"]\nbuild-backend = \"poetry.core.masonry.api\"\n"), nil,
			"", "the build of pyproject.toml reads tool.poetry.build"},

		{"a virtual member", uv("", `virtual = "log"`), nil, "each package of uv.lock has a wheel for Python 3.13 on Linux", ""},
		{"a member of setuptools", uv(built, `editable = "log"`), nil, "each package of uv.lock has a wheel for Python 3.13 on Linux", ""},
		{"a member with C", uv(built+"[[tool.setuptools.ext-modules]]\nname = \"fast\"\n", `editable = "log"`), nil, "", "the build of log/pyproject.toml reads tool.setuptools.ext-modules"},
		{"a member of maturin", uv("[build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n", `directory = "log"`), nil, "", `log/pyproject.toml is built by "maturin"`},
		{"a member with Cython", uv("[build-system]\nrequires = [\"setuptools\", \"Cython\"]\nbuild-backend = \"setuptools.build_meta\"\n", `editable = "log"`), nil, "", `the build of log/pyproject.toml requires "Cython"`},
		{"a member without a backend", uv("[build-system]\nrequires = []\n", `editable = "log"`), nil, "", "log/pyproject.toml names no build-backend"},
		{"a member with hooks", uv("[tool.hatch.build.hooks.custom]\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n", `editable = "log"`), nil, "", "the build of log/pyproject.toml reads hooks of pyproject.toml"},
	} {
		why, blocker, err := pythonPrebuilt(newest(t, tt.files, tt.vars))
		if err != nil || why != tt.why || blocker != tt.blocker {
			t.Errorf("%s: why %q, blocker %q, %v; want %q, %q", tt.name, why, blocker, err, tt.why, tt.blocker)
		}
	}
}

func TestSetupOfAMemberIsNotRun(t *testing.T) {
	app := newest(t, repo{".python-version": "3.13", "pyproject.toml": "", "log/pyproject.toml": "", "log/setup.py": "", "uv.lock": "[[package]]\nname = \"log\"\nsource = {editable = \"log\"}\n"}, nil)
	if why, blocker, err := pythonPrebuilt(app); why != "" || blocker != "log/pyproject.toml names no build-backend" || err != nil {
		t.Errorf("%q, %q, %v", why, blocker, err)
	}
}
