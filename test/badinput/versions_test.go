package badinput

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/test/meter"
)

// planAs makes the plan of an app, by the catalogue's first day.
func planAs(t *testing.T, arch string, files map[string]string) (result planner.Result, err error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	tree, err := source.New(fsys, "app", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := catalogue.Open(catalogue.Options{Date: catalogue.Began})
	if err != nil {
		t.Fatal(err)
	}
	cost := meter.Of(func() { result, err = planner.Make(planner.Input{Tree: tree, Arch: arch, Catalogue: all}) })
	if cost.CPU > maxTime || cost.Memory > maxMemory {
		t.Errorf("planning takes %v and %d MiB", cost.CPU, cost.Memory>>20)
	}
	return result, err
}

// TestVersionsThatCannotBeHad is about what people ask for, in each form of place: a file of the tool, a manifest, a manager, a list of packages.
func TestVersionsThatCannotBeHad(t *testing.T) {
	const megabyte = 1 << 20
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string // parts of the one line
	}{
		{"a version that does not exist", map[string]string{".nvmrc": "20.99.0"},
			[]string{"reading .nvmrc:1: choosing node: 20.99.0 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 21.0.0, 20.20.2, 26.7.0"}},
		{"a version that is too new", map[string]string{".node-version": "99"}, []string{".node-version:1: choosing node: 99 cannot be had", "has 26.7.0"}},
		{"a range that nothing satisfies", map[string]string{"package.json": `{"engines": {"node": ">=22 <22"}}`}, []string{"package.json:1: choosing node: ", "cannot be had", "26.7.0"}},
		{"a range between two versions", map[string]string{"package.json": `{"engines": {"node": ">22.23.2 <22.23.4"}}`}, []string{"package.json:1: choosing node: ", "cannot be had"}},
		{"malformed", map[string]string{".nvmrc": "twenty"}, []string{".nvmrc:1: ", `"twenty"`}},
		{"a command", map[string]string{".nvmrc": "$(rm -rf /)"}, []string{".nvmrc:1: "}},
		{"escapes of a terminal", map[string]string{".nvmrc": "22\x1b[31m"}, []string{".nvmrc:1: "}},
		{"a megabyte in a file", map[string]string{".nvmrc": strings.Repeat("2", megabyte)}, []string{".nvmrc: it asks for versions and has more than 64 KiB"}},
		{"a megabyte in a manifest", map[string]string{"package.json": `{"engines": {"node": "` + strings.Repeat(">=1 ", megabyte/4) + `"}}`}, []string{"package.json:1: "}},
		{"a megabyte in a manager's file", map[string]string{"mise.toml": "[tools]\nnode = '" + strings.Repeat("2", megabyte) + "'"}, []string{"mise.toml: "}},
		{"a megabyte in a list of packages", map[string]string{"nixpacks.toml": "[phases.setup]\nnixPkgs = ['node@" + strings.Repeat("2", megabyte) + "']"}, []string{"nixpacks.toml:2: "}},
		{"a manager's file that is not TOML", map[string]string{"mise.toml": "{\"tools\": {}}"}, []string{"mise.toml:1"}},
		{"a lock of another version", map[string]string{"devbox.json": `{"packages": ["nodejs@22"]}`, "devbox.lock": `{"packages": {"nodejs@22": {"version": "20.99.0"}}}`}, []string{"devbox.json:1: choosing node: 20.99.0 cannot be had"}},
		{"a lock of code", map[string]string{"devbox.json": `{"packages": ["nodejs@22"]}`, "devbox.lock": `{"packages": {"nodejs@22": {"version": "$(id)"}}}`}, []string{"devbox.json:1: "}},
		{"a lock that is no file of JSON", map[string]string{"devbox.json": `{"packages": ["nodejs@22"]}`, "devbox.lock": strings.Repeat("[", megabyte/16)}, []string{"devbox.lock"}},
		{"an unknown tool in a list", map[string]string{"nixpacks.toml": "[phases.setup]\nnixPkgs = ['nodd@22']"}, []string{`nixpacks.toml:2: phases.setup.nixPkgs: "nodd@22": unknown tool "nodd": did you mean node`}},
	} {
		files := map[string]string{"package.json": "{}"}
		for name, text := range tt.files {
			files[name] = text
		}
		_, err := planAs(t, "x86_64", files)
		if err == nil {
			t.Errorf("%s: there is a plan", tt.name)
			continue
		}
		text := err.Error()
		if len(text) > 600 || strings.ContainsAny(text, "\n\r\x1b") {
			t.Errorf("%s: the error is no line: %.700q", tt.name, text)
		}
		for _, part := range tt.want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: there is no %q in %q", tt.name, part, text)
			}
		}
	}
}

// Of places that contradict each other, the first holds, and each other is told.
func TestPlacesThatContradict(t *testing.T) {
	result, err := planAs(t, "x86_64", map[string]string{".nvmrc": "20", "package.json": `{"engines": {"node": ">=22"}}`, ".tool-versions": "nodejs 24.1.0\n"})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(result.Warnings, "\n")
	for _, want := range []string{
		"node 20 ended on 2026-04-30 and gets no fixes", "package.json (engines.node) asks for node >=22, which 20.20.2 is not", ".tool-versions (nodejs) asks for node 24.1.0, which 20.20.2 is not",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

// A row is of one platform.
func TestAPlatformWithoutARow(t *testing.T) {
	files := map[string]string{"package.json": "{}", "nixpacks.toml": `[phases.setup]
nixPkgs = ["node@28.0.0", "..."]
[[catalogue.release]]
tool = "node"
version = "28.0.0"
platform = "linux/amd64"
address = "https://files.example/node.tar.gz"
hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
`}
	_, err := planAs(t, "aarch64", files)
	const want = `28.0.0 cannot be had for linux/arm64: it is there for linux/amd64 alone; the catalogue of 2026-11-28 has 26.7.0, `
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v", err)
	}
}
