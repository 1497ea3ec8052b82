package discover

import (
	"strings"
	"testing"
)

func affectedNames(r Result) string {
	var list []string
	for _, a := range r.Apps {
		list = append(list, a.Name)
	}
	return strings.Join(list, " ")
}

func TestAffected(t *testing.T) {
	const start = `"scripts": {"start": "x"}`
	files := repository{
		"package.json":               `{"workspaces": ["js/*", "js/*/nested"]}`,
		"js/web/package.json":        `{"name": "web", ` + start + `, "dependencies": {"ui": "*"}}`,
		"js/api/package.json":        `{"name": "api", ` + start + `, "dependencies": {"db": "workspace:*", "assets": "file:../../assets"}}`,
		"js/api/nested/package.json": `{"name": "nested", ` + start + `}`,
		"js/ui/package.json":         `{"name": "ui", "dependencies": {"icons": "*"}}`,
		"js/icons/package.json":      `{"name": "icons", "dependencies": {"ui": "*"}}`,
		"js/db/package.json":         `{"name": "db"}`,
		"assets/x.css":               "",
		"py/requirements.txt":        "", "py/main.py": "",
		"rust/Cargo.toml":      "[workspace]\nmembers = ['cli', 'core']\n",
		"rust/cli/Cargo.toml":  "[package]\nname = 'cli'\n[dependencies]\ncore = { path = '../core' }\n",
		"rust/cli/src/main.rs": "",
		"rust/core/Cargo.toml": "[package]\nname = 'core'\n",
		"go/go.work":           "use (\n./srv\n./lib\n./other\n)\n",
		"go/srv/go.mod":        "module x/srv\nrequire x/lib v0.0.0\n",
		"go/srv/main.go":       "package main",
		"go/lib/go.mod":        "module x/lib",
		"go/other/go.mod":      "module x/other",
		"go/other/main.go":     "package main",
	}
	r := files.find(t)
	if got := affectedNames(r); got != "other srv api nested web py cli" {
		t.Fatalf("found %q", got)
	}
	for changed, want := range map[string]string{
		"js/web/a.ts":             "web",
		"js/web":                  "web",
		"js/webby/a.ts":           "api nested web", // in no member: nobody knows who reads it
		"js/ui/a.ts":              "web",
		"js/icons/a.ts":           "web",
		"js/db/a.ts":              "api",
		"js/api/nested/a.ts":      "nested",
		"assets/x.css":            "api nested web",
		"package.json":            "api nested web",
		"package-lock.json":       "api nested web",
		"scripts/build.sh":        "api nested web",
		"README.md":               "",
		"LICENSE":                 "",
		".github/workflows/x.yml": "",
		".gitlab-ci.yml":          "",
		"docs/guide.MD":           "",
		"py/main.py":              "py",
		"py/README.md":            "py", // the image holds it
		"rust/Cargo.lock":         "cli",
		"rust/core/src/lib.rs":    "cli",
		"rust/cli/x":              "cli",
		"go/go.work":              "srv",
		"go/lib/x.go":             "srv",
		"go/other/x.go":           "other",
	} {
		if got := affectedNames(r.Affected([]string{changed})); got != want {
			t.Errorf("%s affects %q, want %q", changed, got, want)
		}
	}
	if got := affectedNames(r.Affected(nil)); got != "" {
		t.Errorf("nothing affects %q", got)
	}
	if got := r.Affected([]string{"py/z", "js/ui/b", "py/a"}); got.Apps[1].Cause != "py/a" || len(got.Apps) != 2 {
		t.Errorf("the first file by name is the cause: %+v", got.Apps)
	}
}

func TestAffectedByWhatTheConfigurationNames(t *testing.T) {
	r := repository{
		"nixpacks.toml": "[apps.a]\npaths = ['proto/**', 'data']\n[apps.b]\n", "a/x": "", "b/x": "", "proto/x": "", "data/x": "",
	}.find(t)
	for changed, want := range map[string]string{
		"a/x": "a", "b/x": "b", "proto/deep/x": "a", "data/y": "a", "database/y": "", "nixpacks.toml": "a b",
	} {
		if got := affectedNames(r.Affected([]string{changed})); got != want {
			t.Errorf("%s affects %q, want %q", changed, got, want)
		}
	}
}

func TestTheCacheKeyFollowsWhatIsInstalled(t *testing.T) {
	files := repository{
		"package.json": `{"workspaces": ["*"]}`, "package-lock.json": "1", "x.js": "1",
		"a/package.json": `{"name": "a", "scripts": {"start": "x"}, "dependencies": {"l": "*"}}`, "a/x.js": "1",
		"l/package.json": `{"name": "l"}`, "b/package.json": `{"name": "b"}`,
	}
	key := func() string { return files.find(t).Apps[0].CacheKey }
	first := key()
	for name, moves := range map[string]bool{"package-lock.json": true, "l/package.json": true, "a/package.json": true, "b/package.json": false, "x.js": false, "a/x.js": false} {
		old := files[name]
		files[name] = old + " "
		if got := key(); (got != first) != moves {
			t.Errorf("%s: the key is %s, was %s", name, got, first)
		}
		files[name] = old
	}
}
