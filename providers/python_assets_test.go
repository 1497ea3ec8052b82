package providers

import (
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestNodeBuildsWhatPythonServes(t *testing.T) {
	const builds = `{"scripts": {"build": "vite build"}, "dependencies": {"vue": "3"}, "devDependencies": {"vite": "7"}}`
	served := repo{"requirements.txt": "flask\ngunicorn\n", "app.py": flask}
	for _, tt := range []struct {
		name  string
		files repo
		want  bool
	}{
		{"an app of Flask", over(served, repo{"package.json": builds}), true},
		{"a project of Django's", repo{"requirements.txt": "django\n", "manage.py": "from django.core.management import x\n", "package.json": builds}, true},
		{"an app in src", repo{"requirements.txt": "fastapi\nuvicorn\n", "src/main.py": fastAPI, "package.json": builds}, true},
		{"a start script", over(served, repo{"package.json": `{"scripts": {"build": "vite build", "start": "node ."}}`}), false},
		{"a server", over(served, repo{"package.json": builds, "server.js": "serve()"}), false},
		{"nothing to build", over(served, repo{"package.json": `{"scripts": {"dev": "vite"}, "dependencies": {"vue": "3"}}`}), false},
		{"a workspace", over(served, repo{"package.json": `{"workspaces": ["a"], "scripts": {"build": "vite build"}}`}), false},
		{"a file that is broken", over(served, repo{"package.json": "{"}), false},
		{"a script beside a site", repo{"requirements.txt": "requests\n", "main.py": script, "package.json": builds}, false},
		{"an app in another folder", repo{"requirements.txt": "flask\n", "api/app.py": flask, "package.json": builds}, false},
		{"no dependencies of Python", repo{"app.py": flask, "package.json": builds}, false},
	} {
		app := newest(t, tt.files, nil)
		name, why := besidePython(app)
		node, err := detectNodeApp(app)
		if err != nil || (name == "node") != tt.want || (why != "") != tt.want || (node == "") != tt.want {
			t.Errorf("%s: beside Python is %q (%s), and Node is found by %q, %v; want %v", tt.name, name, why, node, err, tt.want)
		}
		app.Edition = rules.Nixpacks
		if name, _ := besidePython(app); name != "" {
			t.Errorf("%s: %q in edition 1.39", tt.name, name)
		}
	}
}
