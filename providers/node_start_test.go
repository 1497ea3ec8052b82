package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// A commandCase is a table's line: an app and how it is built and started, "" for not at all.
type commandCase struct {
	name         string
	files        repo
	vars         plan.Vars
	build, start string
	warns        string // part of the one warning that is not about lockfiles, "" for none
}

func testCommands(t *testing.T, table []commandCase) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			if _, ok := tt.files["package.json"]; !ok {
				tt.files["package.json"] = "{}"
			}
			out := mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars))
			diffOf(t, "build", tt.build, strings.Join(out.Plan.Phases["build"].Cmds, "\n"))
			start := ""
			if out.Plan.Start != nil {
				start = *out.Plan.Start.Cmd
			}
			diffOf(t, "start", tt.start, start)
			others := slices.DeleteFunc(out.Warnings, func(w string) bool { return strings.HasSuffix(w, "; commit one") })
			if warnings := strings.Join(others, "\n"); (warnings != "") != (tt.warns != "") || !strings.Contains(warnings, tt.warns) {
				t.Errorf("warnings %q, want one with %q", warnings, tt.warns)
			}
		})
	}
}

func TestNodeStart(t *testing.T) {
	testCommands(t, []commandCase{
		{name: "nothing", files: repo{}},
		{name: "scripts", files: repo{"package.json": `{"scripts": {"build": "", "start": "x"}, "main": "a.js"}`, "a.js": "", "yarn.lock": ""}, build: "yarn run build", start: "yarn run start"},
		{name: "main", files: repo{"package.json": `{"main": "src/a.js"}`, "src/a.js": "", "index.js": ""}, start: "node src/a.js"},
		{name: "main that is absent", files: repo{"package.json": `{"main": "a.js"}`, "index.js": ""}, start: "node index.js"},
		{name: "main outside", files: repo{"package.json": `{"main": "../a.js"}`}},
		{name: "main that is a directory", files: repo{"package.json": `{"main": "src"}`, "src/index.js": ""}},
		{name: "index.js by Bun", files: repo{"index.js": "", "index.ts": "", "bun.lock": ""}, start: "bun index.js"},
		{name: "index.ts by Bun", files: repo{"index.ts": "", "bun.lock": ""}, start: "bun index.ts"},
		{name: "index.ts", files: repo{"index.ts": ""}},
	})
}

func TestMoonCommands(t *testing.T) {
	repository := repo{".moon/workspace.yml": "", "turbo.json": `{"tasks": {"build": {}, "start": {}}}`}
	testCommands(t, []commandCase{
		{name: "no app", files: repo{".moon/workspace.yml": ""}},
		{name: "no repository", files: repo{}, vars: plan.Vars{"NIXPACKS_MOON_APP_NAME": "web"}},
		{name: "before turborepo", files: repository, vars: plan.Vars{"NIXPACKS_MOON_APP_NAME": "web"}, build: "npx @moonrepo/cli run web:build", start: "npx @moonrepo/cli run web:start"},
		{
			name:  "tasks",
			files: repo{".moon/workspace.yml": "", "pnpm-lock.yaml": ""},
			vars:  plan.Vars{"NIXPACKS_MOON_APP_NAME": "web", "NIXPACKS_MOON_BUILD_TASK": "b", "NIXPACKS_MOON_START_TASK": "s"},
			build: "pnpx @moonrepo/cli run web:b", start: "pnpx @moonrepo/cli run web:s",
		},
	})
}

func TestNxCommands(t *testing.T) {
	project := func(text string) repo {
		return repo{"nx.json": `{"defaultProject": "web"}`, "apps/web/project.json": `{"targets": ` + text + `}`}
	}
	const build = "npx nx run web:build:production"
	testCommands(t, []commandCase{
		{name: "index", files: project(`{"build": {"executor": "x"}}`), build: build, start: "node dist/apps/web/index.js"},
		{name: "main", files: project(`{"build": {"executor": "x", "options": {"outputPath": "out", "main": "src/main.server.ts"}}}`), build: build, start: "node out/main.server.js"},
		{name: "a hidden main", files: project(`{"build": {"executor": "x", "options": {"main": "src/.main"}}}`), build: build, start: "node dist/apps/web/.main.js"},
		{name: "main that is no file", files: project(`{"build": {"executor": "x", "options": {"main": "src/.."}}}`), build: build, start: "node dist/apps/web/index.js"},
		{name: "a path that is an object", files: project(`{"build": {"executor": "x", "options": {"outputPath": {"base": "x"}}}}`), build: build, start: "node dist/apps/web/index.js"},
		{name: "Next", files: project(`{"build": {"executor": "@nx/next:build", "options": {"outputPath": "out", "main": "a.ts"}}}`), build: build, start: "cd out && npm run start"},
		{name: "old Next", files: project(`{"build": {"executor": "@nrwl/next:build"}}`), build: build, start: "cd dist/apps/web && npm run start"},
		{name: "a start target", files: project(`{"build": {"executor": "x"}, "start": {"executor": "y"}}`), build: build, start: "npx nx run web:start"},
		{name: "a start target for production", files: project(`{"build": {"executor": "x"}, "start": {"executor": "y", "configurations": {"production": {}}}}`), build: build, start: "npx nx run web:start:production"},
		{name: "null for production", files: project(`{"build": {"executor": "x"}, "start": {"executor": "y", "configurations": {"production": null}}}`), build: build, start: "npx nx run web:start"},
		{name: "no executor", files: project(`{"build": {}}`)},
		{name: "no build", files: project(`{"start": {"executor": "y"}}`)},
		{name: "no executor of start", files: project(`{"build": {"executor": "x"}, "start": {}}`)},
		{name: "a wrong type", files: project(`{"build": {"executor": "x", "options": {"main": 1}}}`)},
		{name: "no project", files: repo{"nx.json": `{"defaultProject": "web"}`}},
		{name: "no name", files: repo{"nx.json": `{}`, "apps/web/project.json": `{"targets": {"build": {"executor": "x"}}}`}},
		{name: "a setting that is not JSON", files: repo{"nx.json": `{} // x`}},
		{name: "an app outside", files: repo{"nx.json": `{"defaultProject": "../../x"}`}},
		{
			name:  "a variable",
			files: repo{"nx.json": "", "yarn.lock": "", "apps/api/project.json": `{"targets": {"build": {"executor": "x"}}}`},
			vars:  plan.Vars{"NIXPACKS_NX_APP_NAME": "api"},
			build: "yarn nx run api:build:production", start: "node dist/apps/api/index.js",
		},
		{name: "a variable without nx.json", files: repo{"apps/api/project.json": `{"targets": {"build": {"executor": "x"}}}`}, vars: plan.Vars{"NIXPACKS_NX_APP_NAME": "api"}},
	})
}

func TestTurborepoCommands(t *testing.T) {
	web := plan.Vars{"NIXPACKS_TURBO_APP_NAME": "web"}
	const (
		both   = `{"tasks": {"build": {}, "start": {}}}`
		spaces = `{"workspaces": ["packages/*", "apps/*"], "scripts": {"build": "b", "start": "s"}}`
	)
	testCommands(t, []commandCase{
		{name: "tasks", files: repo{"turbo.json": both, "yarn.lock": ""}, build: "npx turbo run build", start: "npx turbo run start"},
		{name: "a pipeline", files: repo{"turbo.json": `{"pipeline": {"build": {}}}`, "package.json": spaces}, build: "npx turbo run build", start: "npm run start"},
		{name: "comments", files: repo{"turbo.json": both + " // x", "package.json": spaces}, build: "npm run build", start: "npm run start"},
		{name: "a wrong type", files: repo{"turbo.json": `{"tasks": []}`, "package.json": spaces}, build: "npm run build", start: "npm run start"},
		{name: "no task", files: repo{"turbo.json": `{}`, "package.json": spaces}, build: "npm run build", start: "npm run start"},
		{name: "an app by npm", files: repo{"turbo.json": both, "package.json": spaces, "apps/web/a": ""}, vars: web, build: "npx turbo run build", start: "npm --workspace web run start"},
		{name: "an app without tasks", files: repo{"turbo.json": `{}`, "package.json": spaces, "apps/web/a": ""}, vars: web, build: "npx turbo run web:build", start: "npm --workspace web run start"},
		{name: "an app by Yarn", files: repo{"turbo.json": both, "package.json": spaces, "apps/web/a": "", "yarn.lock": ""}, vars: web, build: "npx turbo run build", start: "yarn workspace web run start"},
		{name: "an app by Bun", files: repo{"turbo.json": both, "package.json": spaces, "apps/web/a": "", "bun.lock": ""}, vars: web, build: "npx turbo run build", start: "bun --workspace web run start"},
		{
			name:  "an app by pnpm",
			files: repo{"turbo.json": `{}`, "apps/web/a": "", "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: ['apps/*']"},
			vars:  web, build: "pnpx turbo run web:build", start: "pnpm --filter web run start",
		},
		{
			name:  "pnpm without workspaces",
			files: repo{"turbo.json": both, "apps/web/a": "", "pnpm-lock.yaml": ""},
			vars:  web, build: "npx turbo run build",
		},
		{
			name:  "an app of two parts",
			files: repo{"turbo.json": both, "package.json": spaces, "apps/web/a": ""},
			vars:  plan.Vars{"NIXPACKS_TURBO_APP_NAME": "apps/web"}, build: "npx turbo run build", start: "npm --workspace apps/web run start",
		},
		{
			name:  "no such app",
			files: repo{"turbo.json": both, "package.json": spaces, "apps/my-web/a": ""},
			vars:  web, build: "npx turbo run build", start: "npx turbo run start", warns: `"web"`,
		},
		{
			name:  "workspaces that are no list",
			files: repo{"turbo.json": both, "package.json": `{"workspaces": {"packages": ["apps/*"]}}`, "apps/web/a": ""},
			vars:  web, build: "npx turbo run build", start: "npx turbo run start", warns: `"web"`,
		},
		{
			name:  "workspaces that are not all text",
			files: repo{"turbo.json": both, "package.json": `{"workspaces": ["apps/*", 1]}`, "apps/web/a": ""},
			vars:  web, build: "npx turbo run build", start: "npx turbo run start", warns: `"web"`,
		},
		{
			name:  "a pattern that is none",
			files: repo{"turbo.json": both, "package.json": `{"workspaces": ["apps/{"]}`, "apps/web/a": ""},
			vars:  web, build: "npx turbo run build",
		},
	})
}
