package providers

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// pythonTraits is what the source and the dependencies of an app tell about it.
type pythonTraits struct {
	dependencies            string // text of the files that name them, in lower case
	django, postgres, mysql bool
}

func (t pythonTraits) uses(name string) bool { return strings.Contains(t.dependencies, name) }

var (
	djangoPostgres = regexp.MustCompile(`django.db.backends.postgresql`)
	djangoMySQL    = regexp.MustCompile(`django\.db\.backends\.mysql|django_psdb_engine`)
	djangoWSGI     = regexp.MustCompile(`WSGI_APPLICATION = ["'](.*)\.application["']`)
)

const pythonFiles = "**/*.py"

var errNoWSGI = errors.New(`finding the WSGI_APPLICATION django setting: no Python file has it; write WSGI_APPLICATION = "NAME.wsgi.application" in the settings`)

func scanPython(app App) (pythonTraits, error) {
	var t pythonTraits
	var text strings.Builder
	for _, name := range presentFiles(app, "requirements.txt", "pyproject.toml", "Pipfile") {
		s, err := app.Tree.Read(name)
		if err != nil {
			return t, err
		}
		text.WriteString(strings.ToLower(s) + "\n")
	}
	t.dependencies = text.String()
	t.django = app.Tree.HasFile("manage.py") && t.uses("django")
	t.postgres = t.uses("psycopg")
	if !t.postgres {
		name, _, err := app.Tree.Match(djangoPostgres, pythonFiles)
		if err != nil {
			return t, err
		}
		t.postgres = name != ""
	}
	if t.django {
		name, _, err := app.Tree.Match(djangoMySQL, pythonFiles)
		if err != nil {
			return t, err
		}
		t.mysql = name != ""
	}
	return t, nil
}

func pythonStart(app App, t pythonTraits) (*plan.Start, error) {
	if t.django {
		name, sub, err := app.Tree.Match(djangoWSGI, pythonFiles)
		if err != nil {
			return nil, err
		}
		if name == "" {
			return nil, errNoWSGI
		}
		return &plan.Start{Cmd: new("python manage.py migrate && gunicorn " + sub[1])}, nil
	}
	if app.Tree.HasFile("main.py") {
		return &plan.Start{Cmd: new("python main.py")}, nil
	}
	if module := pythonModule(app); module != "" {
		return &plan.Start{Cmd: new("python -m " + module)}, nil
	}
	return nil, nil
}

// pythonModule returns the module that pyproject.toml names, or "" if it names none or cannot be read.
func pythonModule(app App) string {
	var p struct {
		Project struct {
			Name      string   `toml:"name"`
			Packages  []string `toml:"packages"`
			PyModules []string `toml:"py_modules"`
		} `toml:"project"`
	}
	if !app.Tree.HasFile("pyproject.toml") || app.Tree.TOML("pyproject.toml", &p) != nil {
		return ""
	}
	return slices.Concat(p.Project.Packages, p.Project.PyModules, []string{p.Project.Name})[0]
}
