package providers

import (
	"testing"

	"github.com/org/npx-action/internal/rules"
)

func TestAPackageOfToolsLeavesTheAppToItsLanguage(t *testing.T) {
	const tools = `{"scripts": {"format": "prettier ."}, "devDependencies": {"prettier": "3"}}`
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"Python", repo{"package.json": tools, "requirements.txt": "flask", "app.py": ""}, ""},
		{"Rust", repo{"package.json": tools, "Cargo.toml": ""}, ""},
		{"an empty package", repo{"package.json": `{"name": "api", "dependencies": {}}`, "pyproject.toml": ""}, ""},
		{"nothing else", repo{"package.json": tools}, "package.json"},
		{"a build", repo{"package.json": `{"scripts": {"build": "vite build"}}`, "requirements.txt": ""}, "package.json"},
		{"a start", repo{"package.json": `{"scripts": {"start": "node x.js"}}`, "requirements.txt": ""}, "package.json"},
		{"a dependency", repo{"package.json": `{"dependencies": {"express": "5"}}`, "requirements.txt": ""}, "package.json"},
		{"a file that npm starts", repo{"package.json": tools, "server.js": "", "requirements.txt": ""}, "package.json"},
		{"the main file", repo{"package.json": `{"main": "bot.js"}`, "bot.js": "", "requirements.txt": ""}, "package.json"},
		{"a workspace", repo{"package.json": `{"workspaces": ["a"]}`, "requirements.txt": ""}, "package.json"},
		{"not JSON", repo{"package.json": "{", "requirements.txt": ""}, "package.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := appOf(t, tt.files, nil)
			app.Edition = rules.Newest
			got, err := nodeProvider.Newest(app)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
			if old, err := nodeProvider.Detect(app); err != nil || old != "package.json" {
				t.Errorf("edition 1.39 says %q, %v", old, err)
			}
		})
	}
}
