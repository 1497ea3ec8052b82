package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// wantCause fails unless the first reason about a fact has that cause.
func wantCause(t *testing.T, name string, want cause, out Output, phase, field, value string) {
	t.Helper()
	r := want.decided(phase, field, value)
	diffOf(t, name, r, reasonOf(t, out, r.Fact))
}

func TestPythonReasonsOfVersions(t *testing.T) {
	variable := plan.Vars{"NIXPACKS_PYTHON_VERSION": "3.9"}
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		pkg   string
		want  cause
	}{
		{"nothing", nil, nil, "python3", byDefault("no version is asked for")},
		{"the variable", nil, variable, "python39", byDefault(`the variable NIXPACKS_PYTHON_VERSION is "3.9"`)},
		{"a file", repo{"runtime.txt": "python-3.8.1\n"}, nil, "python38", cause{"runtime.txt", 1, `it asks for Python "python-3.8.1"`}},
		{"Pipfile", repo{"Pipfile": "[requires]\npython_version = '3.11'\n"}, nil, "python311", cause{"Pipfile", 2, `it asks for Python "3.11"`}},
		{"Pipfile without one", repo{"Pipfile": ""}, nil, "python3", byDefault("no version is asked for")},
		{".tool-versions", repo{".tool-versions": "node 20\npython 3.12.1\n"}, nil, "python312", cause{".tool-versions", 2, `it asks for Python "3.12"`}},
	} {
		out := mustPlan(t, pythonProvider, appOf(t, tt.files, tt.vars))
		wantCause(t, tt.name, tt.want, out, "setup", "nix", tt.pkg)
		wantCause(t, tt.name, tt.want, out, "setup", "nixpkgs", "")
	}
}

func TestPythonReasonsOfPackages(t *testing.T) {
	out := mustPlan(t, pythonProvider, appOf(t, repo{
		"manage.py":        "",
		"app/settings.py":  "\nWSGI_APPLICATION = 'app.wsgi.application'\nENGINE = 'django.db.backends.mysql'\n",
		"requirements.txt": "Django==5\npsycopg2==2\npyCairo==1\npydub==1\n",
		"Pipfile":          "pdf2image = '*'\n",
	}, nil))
	for _, tt := range []struct {
		phase, field, value string
		want                cause
	}{
		{"setup", "nix", "postgresql_16.dev", cause{"requirements.txt", 2, `requirements.txt contains "psycopg"`}},
		{"setup", "nix", "libmysqlclient.dev", cause{"app/settings.py", 3, "Django's settings name MySQL"}},
		{"setup", "nix", "pipenv", byFile("Pipfile", "the app has one")},
		{"setup", "nix", "ffmpeg-headless", cause{"requirements.txt", 4, `requirements.txt contains "pydub"`}},
		{"setup", "nix", "poppler_utils", cause{"Pipfile", 1, `Pipfile contains "pdf2image"`}},
		{"setup", "nix", "gcc", byDefault("some packages compile C")},
		{"setup", "nix-lib", "cairo", cause{"requirements.txt", 3, `requirements.txt contains "cairo"`}},
		{"setup", "nix-lib", "", byDefault("binary packages need them")},
		{"install", "cmd", "", byFile("requirements.txt", "the app has one")},
		{"start", "cmd", "", cause{"app/settings.py", 2, "the app is one of Django"}},
		{"", "variable PIP_NO_CACHE_DIR", "", byDefault("set for every Python app")},
	} {
		wantCause(t, tt.value, tt.want, out, tt.phase, tt.field, tt.value)
	}
	out = mustPlan(t, pythonProvider, appOf(t, repo{"a.py": "# 'django.db.backends.postgresql'"}, nil))
	wantCause(t, "PostgreSQL by source", cause{"a.py", 1, "Django's settings name PostgreSQL"}, out, "setup", "nix", "postgresql_16.dev")
}

func TestPythonReasonsOfInstallAndStart(t *testing.T) {
	for _, tt := range []struct {
		name           string
		files          repo
		vars           plan.Vars
		install, start cause
	}{
		{"main.py", repo{"main.py": ""}, nil, cause{why: "there is nothing to install"}, byFile("main.py", "the app has one")},
		{"a project", repo{"pyproject.toml": "[project]\nname = 'shop'\n"}, nil, byFile("pyproject.toml", "the app has one"), cause{"pyproject.toml", 2, "the project names the module"}},
		{"poetry", repo{"pyproject.toml": "", "poetry.lock": ""}, nil, byFile("poetry.lock", "the app has one"), cause{}},
		{"pipenv without a lock", repo{"Pipfile": ""}, nil, byFile("Pipfile", "the app has one"), cause{}},
		{"a named kind", repo{"Pipfile": ""}, plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "uv"}, byDefault(`the variable NIXPACKS_PYTHON_PACKAGE_MANAGER is "uv"`), cause{}},
		{"an unknown kind", repo{"Pipfile": ""}, plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "x"}, byFile("Pipfile", "the app has one"), cause{}},
	} {
		out := mustPlan(t, pythonProvider, appOf(t, tt.files, tt.vars))
		if tt.install.why != "there is nothing to install" {
			wantCause(t, tt.name, tt.install, out, "install", "cmd", "")
		}
		if tt.start.why != "" {
			wantCause(t, tt.name, tt.start, out, "start", "cmd", "")
		}
	}
}

func TestPythonReasonsOfTools(t *testing.T) {
	locks := repo{"poetry.lock": "", "pdm.lock": "", "uv.lock": "", ".tool-versions": "pdm 2.0.0\nuv 0.5.1\n"}
	out := mustPlan(t, pythonProvider, appOf(t, locks, nil))
	wantCause(t, "poetry", byDefault("no version of poetry is asked for"), out, "", "variable NIXPACKS_POETRY_VERSION", "")
	wantCause(t, "pdm", byDefault("no version of pdm is asked for"), out, "", "variable NIXPACKS_PDM_VERSION", "")
	wantCause(t, "uv", cause{".tool-versions", 2, "it asks for uv 0.5.1"}, out, "", "variable NIXPACKS_UV_VERSION", "")
}

func TestPythonWarnsOfOpenVersions(t *testing.T) {
	open := func(line, name string) string {
		return "requirements.txt line " + line + " leaves the version of " + name + " open, so each build may install another; write " + name + "==VERSION"
	}
	noLock := func(name string) string {
		return "there is no " + name + ", so each build may install other versions; commit one"
	}
	manager := func(name string) plan.Vars { return plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": name} }
	requirements := func(text string) repo { return repo{"requirements.txt": text} }
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  string
	}{
		{"exact versions", requirements("a==1\nb[x]===2 ; python_version < '4'\nc == 3 --hash=sha256:0\n"), nil, ""},
		{"files and addresses", requirements("x.whl\n./y\nlib/z.tar.gz\nq.tar.gz\ngit+https://a.example/b.git\nd @ https://d.example/d.whl\nhttps://e.example/e.whl\n-r more.txt\n"), nil, ""},
		{"none", requirements("\ufeff# tools\na==1\nFlask\nb\n"), nil, open("3", "Flask")},
		{"at least", requirements("a>=1"), nil, open("1", "a")},
		{"not one", requirements("a [x] != 2"), nil, open("1", "a")},
		{"for some", requirements("a; python_version == '3.8'"), nil, open("1", "a")},
		{"with constraints", requirements("a\n-c constraints.txt\n"), nil, ""},
		{"setuptools", repo{"pyproject.toml": ""}, nil, ""},
		{"pipenv", repo{"Pipfile": ""}, nil, noLock("Pipfile.lock")},
		{"pipenv with its lock", repo{"Pipfile": "", "Pipfile.lock": ""}, nil, ""},
		{"poetry", repo{"pyproject.toml": ""}, manager("poetry"), noLock("poetry.lock")},
		{"pdm", repo{"pyproject.toml": ""}, manager("pdm"), noLock("pdm.lock")},
		{"uv", repo{"pyproject.toml": ""}, manager("uv"), noLock("uv.lock")},
		{"requirements that are not there", repo{"main.py": ""}, manager("requirements"), ""},
	} {
		out := mustPlan(t, pythonProvider, appOf(t, tt.files, tt.vars))
		diffOf(t, tt.name, tt.want, strings.Join(out.Warnings, "\n"))
	}
	out := mustPlan(t, pythonProvider, appOf(t, repo{"Pipfile": ""}, manager("x")))
	if len(out.Warnings) != 2 {
		t.Errorf("warnings %q, want one about the variable and one about the lock", out.Warnings)
	}
}
