package planner

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

// planOf plans the files of an app with all providers.
func planOf(t *testing.T, files map[string]string) Result {
	t.Helper()
	in := given{files: files}.input(t)
	in.Providers = providers.All()
	result, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestAProcessThatCannotBeStartedByItsNameIsWarnedOf(t *testing.T) {
	node := func(procfile string) map[string]string {
		return map[string]string{"package.json": `{"engines": {"node": "22"}}`, "server.js": "", "Procfile": "web: node server.js\n" + procfile}
	}
	golang := func(procfile string) map[string]string {
		return map[string]string{"go.mod": "module example.org/app\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n", "Procfile": "web: ./out\n" + procfile}
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string // of the warnings, "" for none
	}{
		"as people name them":       {node("worker: node worker.js\nclock: node clock.js | cat\n"), ""},
		"a program of the base":     {node("sort: node sort.js\n"), "process sort cannot be started by its name, as the image has a program of that name"},
		"a program of a package":    {node("node: ./x\n"), "process node cannot be started by its name"},
		"a program of a command":    {node("celery: celery -A x\n"), "process celery cannot be started by its name"},
		"a program alone":           {golang("worker: ./bin/worker\n"), ""},
		"arguments, without shell":  {golang("worker: ./out work\n"), "as in docker run IMAGE ./out work"},
		"operators, without shell":  {golang("worker: ./out work | tee log\n"), "let its command be one program and its arguments"},
		"a name that is an option":  {node("-x: node worker.js\n"), `Procfile: process "-x" is left out`},
		"a name of the user's file": {map[string]string{"package.json": "{}", "server.js": "", "nixpacks.toml": "[start.processes]\nsort = 'node x.js'\n"}, "process sort"},
	} {
		result := planOf(t, tt.files)
		warnings := slices.DeleteFunc(result.Warnings, func(w string) bool { return !strings.Contains(w, "process ") })
		if tt.want == "" && len(warnings) > 0 || tt.want != "" && (len(warnings) != 1 || !strings.Contains(warnings[0], tt.want)) {
			t.Errorf("%s: %q, want %q", name, warnings, tt.want)
		}
	}
}

func TestADevelopmentDependencyThatAProcessStartsIsNotPruned(t *testing.T) {
	files := map[string]string{
		"package.json": `{"engines": {"node": "22"}, "scripts": {"work": "tsx worker.ts"}, "devDependencies": {"tsx": "4"}}`, "server.js": "",
		"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {}, "node_modules/tsx": {"dev": true, "bin": {"tsx": "x"}}}}`,
		"Procfile":          "web: node server.js\nworker: node worker.js\n",
	}
	if p := planOf(t, files).Plan; len(p.Phases["install"].PruneCmds) == 0 {
		t.Fatalf("%s", plan.Text(p))
	}
	files["Procfile"] = "web: node server.js\nworker: npm run work\n"
	if p := planOf(t, files).Plan; len(p.Phases["install"].PruneCmds) > 0 {
		t.Errorf("%s", plan.Text(p))
	}
}

func TestAnInitIsThereForAProcessThatNeedsIt(t *testing.T) {
	files := map[string]string{"requirements.txt": "gunicorn\n", "Procfile": "web: gunicorn app:app\n"}
	if p := planOf(t, files).Plan; *p.Start.Init != plan.NoInit {
		t.Errorf("%s", plan.Text(p))
	}
	files["Procfile"] += "worker: python work.py\n"
	result := planOf(t, files)
	if p := result.Plan; !strings.HasPrefix(*p.Start.Init, "tini@") || p.Start.Processes["worker"] != "python work.py" {
		t.Errorf("%s", plan.Text(p))
	}
	from := slices.IndexFunc(result.Origins, func(o Origin) bool { return o.Field == "process worker" })
	if from < 0 || result.Origins[from].Source() != "Procfile:2" {
		t.Errorf("%+v", result.Origins)
	}
}
