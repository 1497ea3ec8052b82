package versions

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

type repo map[string]string

func (r repo) tree(t testing.TB) *source.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range r {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// places are what a tool's asks say, a line each: place, line and text.
func places(f Found) []string {
	var list []string
	for _, a := range f.Asks {
		list = append(list, a.Place()+" "+string(rune('0'+a.Line))+" "+a.Text)
	}
	return list
}

func TestEachPlaceIsReadInItsOrder(t *testing.T) {
	files := repo{
		".nvmrc":            "\n# the team's\nv22.14.0 # pinned\n",
		".node-version":     "22\n",
		"package.json":      "{\n\"engines\": {\"node\": \">=20\"},\n\"volta\": {\"node\": \"22.1.0\"},\n\"devEngines\": {\"runtime\": [{\"name\": \"bun\", \"version\": \"1\"}, {\"name\": \"node\", \"version\": \"^22\"}]}}",
		"mise.lock":         "[[tools.node]]\nversion = \"22.3.0\"\nbackend = \"core:node\"\n[tools.go]\nversion = \"1.26.1\"\n",
		"mise.toml":         "[tools]\nnode = [\"22\", \"20\"]\ngo = \"prefix:1.26\"\n\"core:python\" = { version = \"3.13\" }\n",
		".tool-versions":    "# asdf\nnodejs 20.1.0 18.0.0 # two\ngolang 1.25.0\npython 3.12.1\n",
		"devbox.json":       "{ // a comment\n\"packages\": [\"git\", \"nodejs@20\", \"go@latest\"]}",
		"devbox.lock":       `{"packages": {"nodejs@20": {"version": "20.11.1"}}}`,
		".go-version":       "go1.26.2",
		"go.work":           "go 1.25\n\ntoolchain go1.26.4\n",
		"go.mod":            "module example.com/app\n\ngo 1.24.3\n\ntoolchain go1.26.3 // new\n",
		".python-version":   "\ncpython-3.13.1\n3.12\n",
		"runtime.txt":       "python-3.12.3\n",
		"pyproject.toml":    "[project]\nrequires-python = \">=3.11,<3.14\"\n[tool.poetry.dependencies]\npython = { version = \"^3.11\" }\n",
		"Pipfile":           "[requires]\npython_version = \"3.11\"\npython_full_version = \"3.11.4\"\n",
		".config/mise.toml": "[tools]\npython3 = 'system'\n",
		"main.py":           "# /// script\n# requires-python = \">=3.10,<3.13\"\n# ///\n",
		"app.py":            "# /// script\n# requires-python = \n# ///\n",
	}
	vars := plan.Vars{"NIXPACKS_NODE_VERSION": "lts/*", "NIXPACKS_GO_VERSION": "1.26", "NIXPACKS_PYTHON_VERSION": "3.13"}
	for tool, want := range map[string][]string{
		"node": {
			"the variable NIXPACKS_NODE_VERSION 0 lts/*", ".nvmrc 3 v22.14.0", ".node-version 1 22", "package.json (volta.node) 3 22.1.0",
			"package.json (devEngines.runtime) 4 ^22", "package.json (engines.node) 2 >=20", "mise.lock (tools.node) 1 22.3.0", "mise.toml (tools.node) 2 22",
			".tool-versions (nodejs) 2 20.1.0", "devbox.json (packages.nodejs) 2 20.11.1",
		},
		"go": {
			"the variable NIXPACKS_GO_VERSION 0 1.26", ".go-version 1 go1.26.2", "go.work (toolchain) 3 go1.26.4", "go.mod (toolchain) 5 go1.26.3",
			"go.work (go) 1 1.25", "go.mod (go) 3 1.24.3", "mise.lock (tools.go) 4 1.26.1", "mise.toml (tools.go) 3 prefix:1.26",
			".tool-versions (golang) 3 1.25.0", "devbox.json (packages.go) 2 latest",
		},
		"python": {
			"the variable NIXPACKS_PYTHON_VERSION 0 3.13", ".python-version 2 cpython-3.13.1", "runtime.txt 1 python-3.12.3",
			"pyproject.toml (project.requires-python) 2 >=3.11,<3.14", "pyproject.toml (tool.poetry.dependencies.python) 4 ^3.11",
			"Pipfile (requires.python_full_version) 3 3.11.4", "Pipfile (requires.python_version) 2 3.11", "mise.toml (tools.core:python) 4 3.13",
			".tool-versions (python) 4 3.12.1", "main.py (requires-python) 2 >=3.10,<3.13",
		},
	} {
		got, err := Read(files.tree(t), vars, tool)
		if err != nil || len(got.Warnings) > 0 {
			t.Errorf("%s: %v, %v", tool, err, got.Warnings)
		}
		if diff := cmp.Diff(want, places(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tool, diff)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, tt := range []struct {
		tool, file, text string
		yes, no          string // a version that is allowed, and one that is not
		word             string
	}{
		{tool: "node", file: ".nvmrc", text: "lts/Krypton", word: "lts/krypton"},
		{tool: "node", file: ".nvmrc", text: "node", word: "latest"},
		{tool: "node", file: ".nvmrc", text: "22", yes: "22.1.0", no: "21.0.0"},
		{tool: "node", file: "package.json", text: `{"engines": {"node": "^20.19.0 || >=22.12.0"}}`, yes: "22.12.0", no: "22.11.0"},
		{tool: "node", file: "package.json", text: `{"engines": {"node": "latest"}}`, word: "latest"},
		{tool: "go", file: "go.mod", text: "module x\ngo 1.22\n", yes: "1.26.0", no: "1.21.9"},
		{tool: "go", file: "go.mod", text: "module x\ngo 1.22\ntoolchain default\n", yes: "1.26.0", no: "1.21.9"},
		{tool: "python", file: "pyproject.toml", text: "[tool.poetry.dependencies]\npython = '^3.11'\n", yes: "3.14.1", no: "3.10.1"},
		{tool: "python", file: "pyproject.toml", text: "[tool.poetry.dependencies]\npython = '~3.11'\n", yes: "3.11.4", no: "3.12.1"},
		{tool: "python", file: "pyproject.toml", text: "[tool.poetry.dependencies]\npython = '>=3.9,<4.0'\n", yes: "3.14.1", no: "3.8.1"},
		{tool: "python", file: "Pipfile", text: "[requires]\npython_version = '3.11'\n", yes: "3.11.4", no: "3.12.1"},
	} {
		got, err := Read(repo{tt.file: tt.text}.tree(t), nil, tt.tool)
		if err != nil || len(got.Asks) != 1 {
			t.Errorf("%s %q: %+v, %v", tt.file, tt.text, got, err)
			continue
		}
		r := got.Asks[0].Range
		if r.Word() != tt.word || tt.word == "" && (!r.Allows(tt.yes) || r.Allows(tt.no)) {
			t.Errorf("%s %q: word %q, allows %s: %v, allows %s: %v", tt.file, tt.text, r.Word(), tt.yes, r.Allows(tt.yes), tt.no, r.Allows(tt.no))
		}
	}
}

func TestWhatAsksForNothing(t *testing.T) {
	for _, files := range []repo{
		{}, {".nvmrc": ""}, {".nvmrc": "# none\n\n"}, {"package.json": `{"engines": {"node": "*"}}`}, {"package.json": `{"engines": ["node >= 0.8"]}`},
		{"package.json": `{"engines": {"node": 20}}`}, {".tool-versions": "nodejs system\n"}, {".tool-versions": "nodejs\nruby 3.3.0\n"},
		{"mise.toml": "[tools]\nnode = []\n"}, {"devbox.json": `{"packages": {"python": "3.12"}}`}, {"mise.toml": "[tools]\nnode = 'ref:main'\n"},
	} {
		if got, err := Read(files.tree(t), nil, "node"); err != nil || len(got.Asks) > 0 {
			t.Errorf("%v: %+v, %v", files, got, err)
		}
	}
}

func TestBadFilesAreOneError(t *testing.T) {
	long := strings.Repeat("1", 1<<20)
	for _, tt := range []struct {
		tool  string
		files repo
		want  string
	}{
		{"node", repo{".nvmrc": "\nbanana\n"}, `reading .nvmrc:2: "banana" is not a version, such as 22, 22.14.0, lts or latest`},
		{"node", repo{".nvmrc": long}, `reading .nvmrc: it asks for versions and has more than 64 KiB; is it the right file?`},
		{"node", repo{"package.json": "{\n\"engines\": {\"node\": \"twenty\"}}"}, `reading package.json:2: engines.node: "twenty" is not a range of npm, such as ^22.12.0 or >=20`},
		{"node", repo{"package.json": `{"engines": {"node": "` + long + `"}}`},
			`reading package.json:1: engines.node: "` + long[:40] + `": it has more than 1024 bytes`},
		{"node", repo{"mise.toml": "[tools]\nnode = \n"}, `parsing mise.toml:2:8: unexpected character U+000A at start of value`},
		{"node", repo{"mise.toml": "[tools]\nnode = '" + long + "'"}, `reading mise.toml: it asks for versions and has more than 64 KiB; is it the right file?`},
		{"node", repo{"devbox.json": `{"packages": ["nodejs@20"]}`, "devbox.lock": "{"}, `parsing devbox.lock:1:2: unexpected EOF`},
		{"go", repo{"go.mod": "module x\ngo banana\n"}, `parsing go.mod:2: invalid go version 'banana': must match format 1.23.0`},
		{"go", repo{"go.work": strings.Repeat("<a>", 1<<18)}, `parsing go.work:1: unknown directive: ` + strings.Repeat("<a>", 47) + "…"},
		{"python", repo{".python-version": "pypy3.10"}, `reading .python-version:1: "pypy3.10" is another Python than CPython, which alone can be had`},
		{"python", repo{"pyproject.toml": "[project]\nrequires-python = 'new'\n"},
			`reading pyproject.toml:2: project.requires-python: "new" is not a version specifier of PEP 440, such as >=3.11,<3.13 or ~=3.12`},
	} {
		_, err := Read(tt.files.tree(t), nil, tt.tool)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%.60q: %.200v\nwant %s", tt.files, err, tt.want)
		}
	}
	_, err := Read(repo{}.tree(t), plan.Vars{"NIXPACKS_NODE_VERSION": "banana"}, "node")
	if want := `reading the variable NIXPACKS_NODE_VERSION: "banana" is not a range of npm, such as ^22.12.0 or >=20`; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

func TestABadPlaceThatDoesNotDecideIsAWarning(t *testing.T) {
	got, err := Read(repo{".nvmrc": "22", ".node-version": "banana", "mise.toml": "["}.tree(t), nil, "node")
	want := []string{
		`reading .node-version:1: "banana" is not a version, such as 22, 22.14.0, lts or latest; it does not count, as .nvmrc goes before it`,
		`parsing mise.toml:1:2: expected key but found end of file; it does not count, as .nvmrc goes before it`,
	}
	if err != nil || len(got.Asks) != 1 || len(got.Warnings) != len(want) || got.Warnings[0] != want[0] {
		t.Errorf("%+v, %v, want %q", got, err, want)
	}
}

func TestEnginesOfDirectDependencies(t *testing.T) {
	npmLock := `{"lockfileVersion": 3, "packages": {
		"": {"dependencies": {"next": "^16"}, "devDependencies": {"vite": "^8", "left": "1", "odd": "1"}},
		"node_modules/next": {"version": "16.0.1", "engines": {"node": ">=20.9.0"}},
		"node_modules/vite": {"version": "8.0.0", "engines": {"node": "^20.19.0 || >=22.12.0"}},
		"node_modules/left": {"version": "1.0.0", "engines": {"node": ">=20.9.0"}},
		"node_modules/odd": {"version": "1.0.0", "engines": ["node >= 0.8"]},
		"node_modules/deep": {"version": "1.0.0", "engines": {"node": ">=99"}}}}`
	pnpm9 := "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      next:\n        specifier: ^16\n        version: 16.0.1(react@19.0.0)\n" +
		"    devDependencies:\n      '@scope/vite':\n        specifier: ^8\n        version: 8.0.0\n  packages/a:\n    dependencies:\n      deep:\n        version: 1.0.0\n" +
		"packages:\n\n  '@scope/vite@8.0.0':\n    resolution: {integrity: sha512-x}\n    engines: {node: ^20.19.0 || >=22.12.0, npm: '>=8'}\n\n" +
		"  next@16.0.1:\n    engines: {node: '>=20.9.0'}\n\n  deep@1.0.0:\n    engines: {node: '>=99'}\n"
	pnpm6 := "lockfileVersion: '6.0'\n\ndependencies:\n  next:\n    specifier: ^16\n    version: 16.0.1(react@19.0.0)\n\npackages:\n\n" +
		"  /next@16.0.1(react@19.0.0):\n    engines: {node: '>=20.9.0'}\n"
	for _, tt := range []struct {
		file, text string
		want       []string
	}{
		{"package-lock.json", npmLock, []string{">=20.9.0 left 1.0.0, next 16.0.1 (package-lock.json)", "^20.19.0 || >=22.12.0 vite 8.0.0 (package-lock.json)"}},
		{"package-lock.json", `{"packages": {"": {"dependencies": ["next"]}}}`, nil},
		{"package-lock.json", `{"packages": []}`, nil},
		{"pnpm-lock.yaml", pnpm9, []string{">=20.9.0 next 16.0.1 (pnpm-lock.yaml)", "^20.19.0 || >=22.12.0 @scope/vite 8.0.0 (pnpm-lock.yaml)"}},
		{"pnpm-lock.yaml", pnpm6, []string{">=20.9.0 next 16.0.1 (pnpm-lock.yaml)"}},
		{"pnpm-lock.yaml", strings.Repeat(" ", 1<<20) + ":\n- a\n'\n:::\n", nil},
	} {
		found, err := Read(repo{tt.file: tt.text}.tree(t), nil, "node")
		var got []string
		for _, b := range found.Bounds {
			got = append(got, b.Range.String()+" "+b.From)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.file, err, diff)
		}
	}
}

// FuzzRead looks for texts over which a reader fails otherwise than by an error.
func FuzzRead(f *testing.F) {
	f.Add(".tool-versions", "nodejs 20\n")
	f.Add("package.json", `{"engines": {"node": ">=20"}}`)
	f.Add("pnpm-lock.yaml", "importers:\n  .:\n    dependencies:\n      a:\n        version: 1\npackages:\n  a@1:\n    engines: {node: 1}\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		known := func(r row) bool { return r.file == file }
		for _, r := range sources {
			if known(r) {
				_, _ = Read(repo{file: text}.tree(t), nil, r.tool)
			}
		}
		for _, b := range bounds {
			if b.file == file {
				_, _ = Read(repo{file: text}.tree(t), nil, b.tool)
			}
		}
	})
}
