package providers

import "testing"

func TestPythonOfTheNewestEdition(t *testing.T) {
	const activate = "python -m venv /opt/venv && . /opt/venv/bin/activate && "
	for _, tt := range []struct {
		name      string
		files     repo
		python    string
		pkgs      []string
		command   string
		variables map[string]string // some of them
	}{
		{"nothing asked", repo{"requirements.txt": "flask==3.0.0"}, "python@3.14.7", []string{"gcc"}, "pip install -r requirements.txt", map[string]string{"CC": "gcc", "CXX": "g++"}},
		{"psycopg", repo{"requirements.txt": "psycopg2==2.9.9\npdf2image==1.17.0", ".python-version": "3.12"}, "python@3.12.14",
			[]string{"(pkgs.poppler-utils or poppler_utils)"}, "pip install -r requirements.txt", nil},
		{"poetry", repo{"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.11'\n", "poetry.lock": ""}, "python@3.14.7", []string{"gcc"},
			"pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", map[string]string{"NIXPACKS_POETRY_VERSION": "2.4.3"}},
		{"poetry 1", repo{"pyproject.toml": "", "poetry.lock": "[metadata]\nlock-version = \"2.0\"\n"}, "python@3.14.7", []string{"gcc"},
			"pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", map[string]string{"NIXPACKS_POETRY_VERSION": "1.8.5"}},
		{"poetry 2", repo{"pyproject.toml": "", "poetry.lock": "[metadata]\nlock-version = \"2.1\"\n"}, "python@3.14.7", []string{"gcc"},
			"pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", map[string]string{"NIXPACKS_POETRY_VERSION": "2.4.3"}},
		{"poetry on an old Python", repo{"pyproject.toml": "", "poetry.lock": "", ".python-version": "3.9"}, "python@3.9.25", []string{"gcc"},
			"pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", map[string]string{"NIXPACKS_POETRY_VERSION": "1.8.5"}},
		{"poetry by name", repo{"pyproject.toml": "", "poetry.lock": "", ".tool-versions": "poetry 1.7.1\n"}, "python@3.14.7", []string{"gcc"},
			"pip install poetry==$NIXPACKS_POETRY_VERSION && poetry install --only main --no-interaction --no-ansi", map[string]string{"NIXPACKS_POETRY_VERSION": "1.7.1"}},
		{"pdm", repo{"pyproject.toml": "", "pdm.lock": ""}, "python@3.14.7", []string{"gcc"}, "pip install pdm==$NIXPACKS_PDM_VERSION 'unearth<0.19' && pdm sync --prod",
			map[string]string{"NIXPACKS_PDM_VERSION": "2.26.2"}},
		{"uv", repo{"pyproject.toml": "[project]\nrequires-python = '>=3.11,<3.13'\n", "uv.lock": ""}, "python@3.12.14", []string{"gcc"},
			"pip install uv==$NIXPACKS_UV_VERSION && uv sync --no-dev --frozen", map[string]string{"NIXPACKS_UV_VERSION": "0.12.17"}},
		{"pipenv", repo{"Pipfile": "", "Pipfile.lock": "{}"}, "python@3.14.7", []string{"pipenv", "gcc"}, "PIPENV_VENV_IN_PROJECT=1 pipenv install --deploy", nil},
	} {
		out := mustPlan(t, pythonProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		diffOf(t, tt.name, []string{tt.python}, setup.ReleaseNames())
		diffOf(t, tt.name, []string{tt.python}, out.Chosen)
		diffOf(t, tt.name, tt.pkgs, setup.NixPkgs)
		diffOf(t, tt.name, []string(nil), setup.NixLibs)
		diffOf(t, tt.name, []string{activate + tt.command}, out.Plan.Phases["install"].Cmds)
		for name, value := range tt.variables {
			diffOf(t, tt.name+": "+name, value, out.Plan.Variables[name])
		}
	}
}

// A Python of nixpkgs finds no library of the base image, and keeps the name of the compiler that is there.
func TestPythonOfNixpkgsHasItsLibraries(t *testing.T) {
	v := chosenPython(choice{tool: "python", version: "3.12.14", pkg: "python312", archive: "a"})
	diffOf(t, "libraries", pythonLibraries, v.libs)
	diffOf(t, "variables", map[string]string(nil), v.variables)
}
