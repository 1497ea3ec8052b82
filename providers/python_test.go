package providers

import (
	"errors"
	"maps"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectPython(t *testing.T) {
	testDetect(t, pythonProvider, []detection{
		{repo{"main.py": ""}, "main.py"},
		{repo{"requirements.txt": ""}, "requirements.txt"},
		{repo{"pyproject.toml": ""}, "pyproject.toml"},
		{repo{"Pipfile": ""}, "Pipfile"},
		{repo{"main.py": "", "Pipfile": ""}, "main.py"},
		{repo{"app.py": "", "Pipfile.lock": ""}, ""},
	})
}

func TestAFileThatIsCalledLikeAProgramIsOfPython(t *testing.T) {
	for _, tt := range []struct {
		files repo
		want  string
	}{
		{repo{"bot.py": ""}, "bot.py"},
		{repo{"server.py": "", "app.py": "", "README.md": ""}, "app.py"},
		{repo{"shop/app.py": ""}, ""},
		{repo{"shop.py": ""}, ""},
		{repo{"app.py": "", "Cargo.toml": ""}, ""},
		{repo{"app.py": "", "index.html": ""}, ""},
		{repo{"app.py": "", "public/a.css": ""}, ""},
		{repo{"app.py": "", "start.sh": ""}, ""},
		{repo{"app.py": "", "Makefile": ""}, ""},
		{repo{"app.py": "", "Cargo.toml": "", "requirements.txt": ""}, "requirements.txt"},
	} {
		if got, err := pythonProvider.Newest(newest(t, tt.files, nil)); err != nil || got != tt.want {
			t.Errorf("%v: %q, %v, want %q", tt.files, got, err, tt.want)
		}
	}
}

// pythonVars are the variables of every app, and more.
func pythonVars(more ...string) map[string]string {
	vars := map[string]string{
		"PIP_DEFAULT_TIMEOUT": "100", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1",
		"PYTHONDONTWRITEBYTECODE": "1", "PYTHONFAULTHANDLER": "1", "PYTHONHASHSEED": "random", "PYTHONUNBUFFERED": "1",
	}
	for i := 0; i < len(more); i += 2 {
		vars[more[i]] = more[i+1]
	}
	return vars
}

func TestPythonPlan(t *testing.T) {
	out := mustPlan(t, pythonProvider, appOf(t, repo{"main.py": "", "requirements.txt": "flask==3.0.0"}, nil))
	diffOf(t, "warnings", []string(nil), out.Warnings)
	diffOf(t, "plan", plan.Plan{
		Variables: pythonVars(),
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"python3", "gcc"},
				NixLibs:        []string{"zlib", "stdenv.cc.cc.lib"},
				NixOverlays:    []string{},
				NixpkgsArchive: new("bc8f8d1be58e8c8383e683a06e1e1e57893fff87"),
			},
			"install": {
				DependsOn:        []string{"setup"},
				Cmds:             []string{"python -m venv --copies /opt/venv && . /opt/venv/bin/activate && pip install -r requirements.txt"},
				CacheDirectories: []string{"/root/.cache/pip"},
				Paths:            []string{"/opt/venv/bin"},
			},
		},
		Start: &plan.Start{Cmd: new("python main.py")},
	}, out.Plan)
}

func TestPythonPlanDoesNotShareItsParts(t *testing.T) {
	app := appOf(t, repo{"pyproject.toml": ""}, nil)
	first := mustPlan(t, pythonProvider, app)
	want := maps.Clone(first.Plan.Variables)
	first.Plan.Variables["X"] = "1"
	first.Plan.Phases["install"].OnlyIncludeFiles[0] = "changed"
	first.Plan.Phases["install"].CacheDirectories[0] = "changed"
	second := mustPlan(t, pythonProvider, app)
	diffOf(t, "variables", want, second.Plan.Variables)
	diffOf(t, "files", []string{"pyproject.toml"}, second.Plan.Phases["install"].OnlyIncludeFiles)
	diffOf(t, "caches", []string{"/root/.cache/pip"}, second.Plan.Phases["install"].CacheDirectories)
}

func TestPythonInstallPhase(t *testing.T) {
	const venv = "python -m venv --copies /opt/venv && . /opt/venv/bin/activate && "
	phase := func(command string, caches ...string) plan.Phase {
		return plan.Phase{
			DependsOn: []string{"setup"}, Cmds: []string{venv + command},
			CacheDirectories: caches, Paths: []string{"/opt/venv/bin"},
		}
	}
	const pip = "/root/.cache/pip"
	requirements := phase("pip install -r requirements.txt", pip)
	poetry := phase("pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --no-dev --no-interaction --no-ansi", pip)
	pdm := phase("pip install pdm==$NIXPACKS_PDM_VERSION && pdm install --prod", "/root/.cache/pdm", pip)
	uv := phase("pip install uv==$NIXPACKS_UV_VERSION && uv sync --no-dev --frozen", "/root/.cache/uv")
	setuptools := phase("pip install --upgrade build setuptools && pip install .", pip)
	setuptools.OnlyIncludeFiles = []string{"pyproject.toml"}
	locked := phase("PIPENV_VENV_IN_PROJECT=1 pipenv install --deploy", pip)
	unlocked := phase("PIPENV_VENV_IN_PROJECT=1 pipenv install --skip-lock", pip)
	none := plan.Phase{DependsOn: []string{"setup"}}

	all := repo{"requirements.txt": "", "pyproject.toml": "", "poetry.lock": "", "pdm.lock": "", "uv.lock": "", "Pipfile": "", "Pipfile.lock": ""}
	without := func(names ...string) repo {
		r := maps.Clone(all)
		for _, n := range names {
			delete(r, n)
		}
		return r
	}
	named := func(kind string) plan.Vars { return plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": kind} }
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  plan.Phase
	}{
		{"requirements before all", all, nil, requirements},
		{"then poetry", without("requirements.txt"), nil, poetry},
		{"then pdm", without("requirements.txt", "poetry.lock"), nil, pdm},
		{"then uv", without("requirements.txt", "poetry.lock", "pdm.lock"), nil, uv},
		{"then setuptools", without("requirements.txt", "poetry.lock", "pdm.lock", "uv.lock"), nil, setuptools},
		{"then pipenv", without("requirements.txt", "pyproject.toml"), nil, locked},
		{"pipenv without a lock", repo{"Pipfile": ""}, nil, unlocked},
		{"nothing", repo{"main.py": ""}, nil, none},
		{"a named kind", all, named("PDM"), pdm},
		{"a named kind without its files", repo{"main.py": ""}, named("uv"), uv},
		{"skip", all, named("Skip"), none},
		{"auto", all, named("auto"), requirements},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, pythonProvider, appOf(t, tt.files, tt.vars))
			diffOf(t, "install", tt.want, out.Plan.Phases["install"])
		})
	}
}

func TestAnUnknownPackageManagerIsDetectedInstead(t *testing.T) {
	out := mustPlan(t, pythonProvider, appOf(t, repo{"uv.lock": "", "pyproject.toml": ""}, plan.Vars{"NIXPACKS_PYTHON_PACKAGE_MANAGER": "Conda"}))
	diffOf(t, "warnings", []string{"Unknown package manager 'Conda' in NIXPACKS_PYTHON_PACKAGE_MANAGER; it is detected instead"}, out.Warnings)
	if got := out.Plan.Phases["install"].CacheDirectories; got[0] != "/root/.cache/uv" {
		t.Errorf("caches %v, want those of uv", got)
	}
}

func TestPythonPackages(t *testing.T) {
	const settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.%s'}}\nWSGI_APPLICATION = 'a.wsgi.application'\n"
	django := repo{"manage.py": "", "requirements.txt": "Django==5", "a/settings.py": settings}
	with := func(base repo, more repo) repo {
		r := maps.Clone(base)
		maps.Copy(r, more)
		return r
	}
	for _, tt := range []struct {
		name   string
		files  repo
		pkgs   []string
		libs   []string
		labels []string
	}{
		{name: "psycopg2", files: repo{"requirements.txt": "Psycopg2-binary"}, pkgs: []string{"postgresql_16.dev"}, labels: []string{"postgres"}},
		{name: "psycopg", files: repo{"pyproject.toml": "psycopg"}, pkgs: []string{"postgresql_16.dev"}, labels: []string{"postgres"}},
		{
			name: "Django on PostgreSQL", pkgs: []string{"postgresql_16.dev"}, labels: []string{"django", "postgres"},
			files: with(django, repo{"a/db.py": "'django.db.backends.postgresql'"}),
		},
		{
			name: "any character between", pkgs: []string{"postgresql_16.dev"}, labels: []string{"postgres"},
			files: repo{"main.py": "", "x.py": "django_db_backends_postgresql"},
		},
		{
			name: "Django on MySQL", pkgs: []string{"libmysqlclient.dev"}, labels: []string{"django"},
			files: with(django, repo{"a/db.py": "'django.db.backends.mysql'"}),
		},
		{
			name: "Django on PlanetScale", pkgs: []string{"libmysqlclient.dev"}, labels: []string{"django"},
			files: with(django, repo{"a/db.py": "django_psdb_engine"}),
		},
		{name: "MySQL without Django", files: repo{"main.py": "django.db.backends.mysql"}},
		{name: "manage.py without Django", files: repo{"main.py": "", "manage.py": ""}},
		{name: "Django without manage.py", files: repo{"main.py": "", "Pipfile": "django"}, pkgs: []string{"pipenv"}},
		{name: "pydub", files: repo{"requirements.txt": "PyDub"}, pkgs: []string{"ffmpeg-headless"}},
		{name: "pdf2image", files: repo{"Pipfile": "pdf2image"}, pkgs: []string{"pipenv", "poppler_utils"}},
		{name: "cairo", files: repo{"requirements.txt": "pycairo"}, libs: []string{"cairo"}},
		{name: "a file that is not text", files: repo{"main.py": "", "a.py": "\xff django.db.backends.postgresql"}},
		{
			name: "all", labels: []string{"postgres", "poetry", "pdm"}, libs: []string{"cairo"},
			files: repo{"Pipfile": "", "requirements.txt": "psycopg pydub pdf2image cairo", "poetry.lock": "", "pdm.lock": ""},
			pkgs:  []string{"postgresql_16.dev", "pipenv", "ffmpeg-headless", "poppler_utils"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, pythonProvider, appOf(t, tt.files, nil))
			setup := out.Plan.Phases["setup"]
			diffOf(t, "packages", append(append([]string{"python3"}, tt.pkgs...), "gcc"), setup.NixPkgs)
			diffOf(t, "libraries", append(tt.libs, "zlib", "stdenv.cc.cc.lib"), setup.NixLibs)
			diffOf(t, "labels", tt.labels, out.Labels)
		})
	}
}

func TestPythonVariablesFollowTheLockFiles(t *testing.T) {
	const tools = "poetry 1.8.2\nuv 0.5.1\npdm 9\n"
	for _, tt := range []struct {
		files repo
		want  map[string]string
	}{
		{repo{"poetry.lock": ""}, pythonVars("NIXPACKS_POETRY_VERSION", "1.3.1")},
		{repo{"poetry.lock": "", ".tool-versions": tools}, pythonVars("NIXPACKS_POETRY_VERSION", "1.8.2")},
		{repo{"pdm.lock": "", ".tool-versions": tools}, pythonVars("NIXPACKS_PDM_VERSION", "2.13.3")},
		{repo{"uv.lock": ""}, pythonVars("NIXPACKS_UV_VERSION", "0.4.30", "UV_PROJECT_ENVIRONMENT", "/opt/venv")},
		{repo{"uv.lock": "", ".tool-versions": tools}, pythonVars("NIXPACKS_UV_VERSION", "0.5.1", "UV_PROJECT_ENVIRONMENT", "/opt/venv")},
		{repo{".tool-versions": tools}, pythonVars()},
	} {
		tt.files["requirements.txt"] = ""
		out := mustPlan(t, pythonProvider, appOf(t, tt.files, nil))
		diffOf(t, "variables", tt.want, out.Plan.Variables)
	}
}

func TestPythonStart(t *testing.T) {
	const wsgi = "WSGI_APPLICATION = "
	django := func(name, settings string) repo {
		return repo{"manage.py": "", "main.py": "", "requirements.txt": "django", name: settings}
	}
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"Django", django("a/settings.py", wsgi+"'a.wsgi.application'\n"), "python manage.py migrate && gunicorn a.wsgi"},
		{"Django in double quotes", django("a/settings.py", wsgi+`"a.b.wsgi.application"`), "python manage.py migrate && gunicorn a.b.wsgi"},
		{"main.py", repo{"main.py": "", "pyproject.toml": "[project]\nname = 'x'"}, "python main.py"},
		{"a project's name", repo{"pyproject.toml": "[project]\nname = 'my-app'"}, "python -m my-app"},
		{"its packages", repo{"pyproject.toml": "[project]\nname = 'x'\npackages = ['a', 'b']\npy_modules = ['c']"}, "python -m a"},
		{"its modules", repo{"pyproject.toml": "[project]\nname = 'x'\npackages = []\npy_modules = ['c']"}, "python -m c"},
		{"no project", repo{"pyproject.toml": "[tool.x]"}, ""},
		{"a name of the wrong type", repo{"pyproject.toml": "[project]\nname = 1"}, ""},
		{"a file that is not TOML", repo{"pyproject.toml": "="}, ""},
		{"no project file", repo{"requirements.txt": ""}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, pythonProvider, appOf(t, tt.files, nil))
			want := &plan.Start{Cmd: &tt.want}
			if tt.want == "" {
				want = nil
			}
			diffOf(t, "start", want, out.Plan.Start)
		})
	}
}

func TestDjangoNeedsItsSetting(t *testing.T) {
	for _, settings := range []string{"", "WSGI_APPLICATION='a.wsgi.application'", "WSGI_APPLICATION = 'a.wsgi.app'", "\xffWSGI_APPLICATION = 'a.wsgi.application'"} {
		_, err := pythonProvider.Plan(appOf(t, repo{"manage.py": "", "requirements.txt": "django", "a/settings.py": settings}, nil))
		if !errors.Is(err, errNoWSGI) {
			t.Errorf("%q: got error %v, want %v", settings, err, errNoWSGI)
		}
	}
}

func TestPythonPlanNamesTheFileOfAnError(t *testing.T) {
	const bad = "\xff"
	for _, tt := range []struct {
		files repo
		name  string
	}{
		{repo{"requirements.txt": bad}, "requirements.txt"},
		{repo{"main.py": "", "runtime.txt": bad}, "runtime.txt"},
		{repo{"main.py": "", ".python-version": bad}, ".python-version"},
		{repo{"main.py": "", ".tool-versions": bad}, ".tool-versions"},
		{repo{"main.py": "", ".python-version": "3", ".tool-versions": bad, "poetry.lock": ""}, ".tool-versions"},
		{repo{"main.py": "", ".python-version": "3", ".tool-versions": bad, "uv.lock": ""}, ".tool-versions"},
	} {
		_, err := pythonProvider.Plan(appOf(t, tt.files, nil))
		wantSourceError(t, err, tt.name)
	}
}

func TestPythonPlanFailsWithTheTree(t *testing.T) {
	for _, files := range []repo{
		{"main.py": "", "a.py": ""},
		{"manage.py": "", "requirements.txt": "django psycopg"},
	} {
		if _, err := pythonProvider.Plan(brokenWalk(t, files)); err == nil {
			t.Errorf("%v: no error", files)
		}
	}
}
