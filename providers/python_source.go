package providers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// pythonTraits is what the source and the dependencies of an app tell about it.
type pythonTraits struct {
	dependencies            string // text of the files that name them, in lower case
	django, postgres, mysql bool
	whyPostgres, whyMySQL   cause
}

func (t pythonTraits) uses(name string) bool { return strings.Contains(t.dependencies, name) }

// why says where a name that is used stands first.
func (t pythonTraits) why(app App, name string) cause {
	for _, file := range presentFiles(app, pythonManifests()...) {
		text, _ := readRequirements(app, file)
		text = strings.ToLower(text)
		if at := strings.Index(text, name); at >= 0 {
			return cause{file, lineAt(text, at), fmt.Sprintf("%s contains %q", file, name)}
		}
	}
	return cause{}
}

var (
	djangoPostgres = lazyregexp.New(`django.db.backends.postgresql`)
	djangoMySQL    = lazyregexp.New(`django\.db\.backends\.mysql|django_psdb_engine`)
	djangoWSGI     = lazyregexp.New(`WSGI_APPLICATION = ["'](.*)\.application["']`)
)

const pythonFiles = "**/*.py"

var errNoWSGI = errors.New(`finding the WSGI_APPLICATION django setting: no Python file has it; write WSGI_APPLICATION = "NAME.wsgi.application" in the settings`)

func scanPython(app App) (pythonTraits, error) {
	var t pythonTraits
	var text strings.Builder
	for _, name := range presentFiles(app, pythonManifests()...) {
		s, err := readRequirements(app, name)
		if err != nil {
			return t, err
		}
		text.WriteString(strings.ToLower(s) + "\n")
	}
	t.dependencies = text.String()
	t.django = app.Tree.HasFile("manage.py") && t.uses("django")
	t.postgres, t.whyPostgres = t.uses("psycopg"), t.why(app, "psycopg")
	var err error
	if !t.postgres {
		if t.postgres, t.whyPostgres, err = usesDatabase(app, djangoPostgres, "PostgreSQL"); err != nil {
			return t, err
		}
	}
	if t.django {
		if t.mysql, t.whyMySQL, err = usesDatabase(app, djangoMySQL, "MySQL"); err != nil {
			return t, err
		}
	}
	return t, nil
}

// usesDatabase reports whether a Python file matches, which it does for a database of Django's.
func usesDatabase(app App, re *lazyregexp.Regexp, database string) (bool, cause, error) {
	name, sub, err := app.Tree.Match(re, pythonFiles)
	if err != nil || name == "" {
		return false, cause{}, err
	}
	return true, byLine(app, name, sub[0], "Django's settings name "+database), nil
}

// pythonStart returns nil if nothing tells how the app starts, or the user does.
func pythonStart(app App, t pythonTraits) (*plan.Start, cause, error) {
	if app.UserStart != nil {
		return nil, cause{}, nil
	}
	if t.django {
		name, sub, err := app.Tree.Match(djangoWSGI, pythonFiles)
		if err != nil {
			return nil, cause{}, err
		}
		if name == "" && app.Edition.Has(pythonStartSince) {
			return nil, cause{}, nil // another guess is made
		}
		if name == "" {
			return nil, cause{}, errNoWSGI
		}
		return &plan.Start{Cmd: new("python manage.py migrate && gunicorn " + sub[1])}, byLine(app, name, sub[0], "the app is one of Django"), nil
	}
	if app.Tree.HasFile("main.py") {
		return &plan.Start{Cmd: new("python main.py")}, byFile("main.py", "the app has one"), nil
	}
	if module := pythonModule(app); module != "" {
		return &plan.Start{Cmd: new("python -m " + module)}, byLine(app, "pyproject.toml", module, "the project names the module"), nil
	}
	return nil, cause{}, nil
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
