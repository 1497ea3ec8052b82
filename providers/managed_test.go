package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestWhatRunsCallsPrograms(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		cmd   string
		want  string
	}{
		{"nothing", repo{"index.js": "console.log('hello')"}, "node index.js", ""},
		{"the start command", nil, "python3 main.py", "the start command calls it"},
		{"a start command behind another", nil, "node migrate.js && exec /usr/bin/python main.py", "the start command calls it"},
		{"a longer word", nil, "node python-server.js", ""},
		{"a script that starts", repo{"package.json": `{"scripts":{"start":"python main.py"}}`}, "npm run start", "the start command calls it"},
		{"a script that builds", repo{"package.json": `{"scripts":{"build":"python main.py"}}`}, "npm run start", ""},
		{"Node", repo{"a/run.ts": "\nspawn(\n  'python3', ['main.py'])"}, "node .", "a/run.ts:3 calls python3"},
		{"Node with a shell", repo{"run.mjs": "execSync(`python main.py`)"}, "node .", "run.mjs:1 calls python"},
		{"Go", repo{"main.go": `exec.Command("/usr/bin/env python", "main.py")`}, "./out", "main.go:1 calls python"},
		{"Ruby", repo{"app.rb": "system('python', 'main.py')"}, "ruby app.rb", "app.rb:1 calls python"},
		{"Python", repo{"app.py": `subprocess.run(["pip", "list"])`}, "python app.py", "the start command calls it"},
		{"a script of the shell", repo{"run.sh": "set -e\nexec python main.py"}, "bash run.sh", "run.sh:2 calls python"},
		{"a test", repo{"run.test.js": `spawn("python")`, "tests/run.js": `spawn("python")`, "test_run.py": `run(["python"])`}, "node .", ""},
		{"a word of a text", repo{"index.js": `const name = "python"; show("learn python")`}, "node .", ""},
		{"a word for people", repo{"index.js": `console.log("python is missing"); logger.Warn('pip failed')`, "a.rs": `println!("pip install")`}, "node .", ""},
		{"a call behind a word for people", repo{"index.js": "console.log('python is missing')\nspawn('python')"}, "node .", "index.js:2 calls python"},
		{"a hidden folder", repo{".github/run.js": `spawn("python")`}, "node .", ""},
		{"a file that is no text", repo{"index.js": "\xff spawn('python')"}, "node .", ""},
	} {
		if got := callOf(newest(t, tt.files, nil), &plan.Start{Cmd: &tt.cmd}, []string{"python", "python3", "pip"}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := callOf(newest(t, nil, nil), &plan.Start{Processes: map[string]string{"worker": "go run ."}}, []string{"go"}); got != "a process calls it" {
		t.Errorf("a process: %q", got)
	}
}
