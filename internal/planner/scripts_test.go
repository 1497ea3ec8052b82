package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestScriptsAreFollowed(t *testing.T) {
	files := map[string]string{
		"package.json": `{"scripts": {
			"start": "node server.js", "prestart": "npm run -s check", "check": "node check.js", "postinstall": "node-gyp rebuild",
			"build": "npm run build:css && npm run build", "build:css": "tailwind"
		}}`,
		"web/package.json": `{"scripts": {"start": "vite"}}`,
		"composer.json":    `{"scripts": {"post-install-cmd": ["@php artisan key", "@assets"], "assets": "artisan assets"}}`,
		"deno.json":        `{"tasks": {"go": "deno run x.ts"}}`,
		"Makefile":         "CC := gcc\n.PHONY: all\nall: lib ## everything\n\t$(CC) main.c\n\nlib:\n\techo lib\nX = 1\n",
		"pyproject.toml":   "[project.scripts]\nserve = \"app:main\"\n[tool.pdm.scripts]\nweb = {cmd = \"gunicorn app\"}\n",
		"Pipfile":          "[scripts]\nserve = \"python app.py\"\n",
	}
	for cmd, want := range map[string]string{
		"npm start":                         "prestart: npm run -s check; check: node check.js; start: node server.js",
		"NODE_ENV=x npm run start --silent": "prestart: npm run -s check; check: node check.js; start: node server.js",
		"yarn start":                        "prestart: npm run -s check; check: node check.js; start: node server.js",
		"cd web && npm run start":           "start: vite",
		"cd $X && npm run start":            "",
		"npm run start --workspace web":     "",
		"npm ci":                            "postinstall: node-gyp rebuild",
		"npm ci --ignore-scripts":           "",
		"npm i -g corepack@1 && corepack x": "",
		"pnpm build":                        "build: npm run build:css && npm run build; build:css: tailwind",
		`sh -c "npm run check"`:             "check: node check.js",
		"composer install --no-dev":         "post-install-cmd: @php artisan key\n@assets; assets: artisan assets",
		"deno task go":                      "go: deno run x.ts",
		"make":                              "all: all: lib\n$(CC) main.c; lib: lib:\necho lib",
		"make -j4 lib":                      "lib: lib:\necho lib",
		"make -C sub":                       "",
		"pdm run web":                       "web: gunicorn app",
		"uv run serve":                      "serve: app:main",
		"pipenv run serve":                  "serve: python app.py",
		"node server.js":                    "",
	} {
		var got []string
		for _, s := range Scripts(plan.Plan{Start: &plan.Start{Cmd: &cmd}}, tree(t, files)) {
			got = append(got, s.Name+": "+s.Text)
			if s.Line < 1 || s.Phase != "start" || s.Command != cmd {
				t.Errorf("%s: %+v", cmd, s)
			}
		}
		if d := cmp.Diff(want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%s: (-want +got)\n%s", cmd, d)
		}
	}
}

// TestManyCallsOfManyScriptsAreFollowedOnce is about a plan of a few kilobytes: each of its commands, or of its phases, runs all scripts.
func TestManyCallsOfManyScriptsAreFollowedOnce(t *testing.T) {
	const many = 1000
	var scripts strings.Builder
	for i := range many {
		fmt.Fprintf(&scripts, "\n%q: \"npm run s%d\",", fmt.Sprint("s", i), i+1)
	}
	app := tree(t, map[string]string{"package.json": `{"scripts": {` + scripts.String() + `"last": ""}}`})
	one, each := plan.Phase{}, map[string]plan.Phase{}
	for i := range many {
		cmd := fmt.Sprint("npm run s0 -- ", i)
		one.Cmds = append(one.Cmds, cmd)
		each[fmt.Sprintf("p%04d", i)] = plan.Phase{Cmds: []string{cmd}}
	}
	start := "npm run s0"
	for name, tt := range map[string]struct {
		phases map[string]plan.Phase
		most   int
	}{"one phase": {map[string]plan.Phase{"build": one}, 2 * many}, "a phase each": {each, maxRepeated + 2*many}} {
		list := Scripts(plan.Plan{Phases: tt.phases, Start: &plan.Start{Cmd: &start}}, app)
		names, starts := map[string]bool{}, 0
		for _, s := range list {
			names[s.Name] = true
			if s.Phase == "start" {
				starts++
			}
			if want := fmt.Sprintf("s%d", s.Line-2); s.Name != want {
				t.Fatalf("%s: %s is on line %d", name, s.Name, s.Line)
			}
		}
		if len(list) > tt.most || len(names) != many || starts != many {
			t.Errorf("%s: %d scripts of %d names are listed, %d of the start", name, len(list), len(names), starts)
		}
	}
}

func TestScriptsOfBrokenManifestsAreNone(t *testing.T) {
	cmd := "npm start; composer install; deno task x; make; pdm run x; pipenv run x"
	broken := tree(t, map[string]string{"package.json": "{", "composer.json": "[", "deno.json": "{", "Makefile": "\xff", "pyproject.toml": "[", "Pipfile": "["})
	for _, p := range []plan.Plan{{Start: &plan.Start{Cmd: &cmd}}, {}, {Phases: map[string]plan.Phase{"a": {DependsOn: []string{"a"}, Cmds: []string{cmd}}}}} {
		if got := Scripts(p, broken); got != nil {
			t.Errorf("%+v", got)
		}
	}
	if got := Scripts(plan.Plan{Start: &plan.Start{Cmd: &cmd}}, nil); got != nil {
		t.Errorf("without files: %+v", got)
	}
}
