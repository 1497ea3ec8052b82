package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// A webCase is an app in the newest edition, and what becomes of it.
type webCase struct {
	name         string
	files        repo
	vars         plan.Vars
	user         string // the start command that the user gives, "" for none
	build, start string // "" for none; "files" is the server of files
	dir          string // of the files
	warns        string // part of a warning, "" for none that is not about lockfiles
}

func testWeb(t *testing.T, table []webCase) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			app := newest(t, tt.files, tt.vars)
			if tt.user != "" {
				app.UserStart = &tt.user
			}
			out := mustPlan(t, nodeProvider, app)
			start := ""
			if out.Plan.Start != nil {
				start = *out.Plan.Start.Cmd
			}
			if start == caddyStart {
				start = "files"
			}
			diffOf(t, "start", tt.start, start)
			diffOf(t, "build", tt.build, strings.Join(out.Plan.Phases["build"].Cmds, " && "))
			diffOf(t, "folder", tt.dir, out.Plan.Variables[staticOutput])
			warnings := ""
			for _, w := range out.Warnings {
				if !strings.HasSuffix(w, "; commit one") {
					warnings += w + "\n"
				}
			}
			if (tt.warns == "") != (warnings == "") || !strings.Contains(warnings, tt.warns) {
				t.Errorf("warnings %q, want one with %q", warnings, tt.warns)
			}
			explained(t, out)
		})
	}
}

func TestNothingIsGuessedForAUserWhoGivesTheStart(t *testing.T) {
	vite := `{"dependencies": {"react": "19", "vite": "8"}}`
	testWeb(t, []webCase{
		{name: "a server beside files", user: "node api.js", files: repo{"package.json": vite}, build: "vite build"},
		{name: "the server of files", user: "sleep 1; caddy run --config /assets/Caddyfile", files: repo{"package.json": vite}, build: "vite build", dir: "dist"},
		{name: "a framework without a server", user: "node api.js", files: repo{"package.json": `{"dependencies": {"@sveltejs/kit": "2"}}`}, build: "vite build"},
		{name: "nothing that could be guessed", user: "node api.js", files: repo{"package.json": `{"scripts": {"start": "ng serve"}}`}},
		{name: "two frameworks", user: "node api.js", files: repo{"package.json": `{"dependencies": {"gatsby": "5", "@docusaurus/core": "3"}}`}, build: "gatsby build"},
		{name: "a standalone server", user: "node .next/standalone/server.js", build: "next build && cp -r .next/static .next/standalone/.next/", files: repo{
			"package.json": `{"dependencies": {"next": "16"}}`, "next.config.js": `module.exports = { output: "standalone" }`,
		}},
		{name: "the folder of the user", user: "run", vars: plan.Vars{"NIXPACKS_SPA_OUT_DIR": "out"}, files: repo{"package.json": vite}, dir: "out", start: "files"},
	})
}

func TestBunRunsWhatNoScriptStarts(t *testing.T) {
	testWeb(t, []webCase{
		{name: "bun init", files: repo{"package.json": `{"module": "index.ts"}`, "bun.lock": "", "index.ts": ""}, start: "bun index.ts"},
		{name: "another module", files: repo{"package.json": `{"module": "a b.ts"}`, "bun.lock": "", "a b.ts": "", "index.ts": ""}, start: "bun 'a b.ts'"},
		{name: "a module that is built", files: repo{"package.json": `{"module": "src/index.js"}`, "bun.lock": "", "src/index.ts": ""}, start: "bun src/index.ts"},
		{name: "a module that is no text", files: repo{"package.json": `{"module": true}`, "bunfig.toml": "", "server.ts": ""}, start: "bun server.ts"},
		{name: "Bun for the start alone", files: repo{"package.json": `{"scripts": {"start": "bun run src/index.ts"}}`, "package-lock.json": "{}"}, start: "npm run start"},
		{name: "Node", files: repo{"package.json": `{"module": "index.ts"}`, "index.ts": ""}},
	})
}

func TestAMemberOfAWorkspaceIsStartedFromItsRoot(t *testing.T) {
	web := plan.Vars{"NIXPACKS_WORKSPACE_APP": "apps/web"}
	root := `{"workspaces": ["apps/*"], "scripts": {"build": "turbo build", "start": "node gone.js"}, "devDependencies": {"turbo": "2"}}`
	testWeb(t, []webCase{
		{name: "files", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`},
			build: "cd apps/web && npm run build", start: "files", dir: "apps/web/dist"},
		{name: "files beside the member", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`,
			"apps/web/vite.config.ts": `export default { build: { outDir: "../../dist/web" } }`},
			build: "cd apps/web && npm run build", start: "files", dir: "dist/web"},
		{name: "files outside", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"dependencies": {"vite": "8"}}`,
			"apps/web/vite.config.ts": `export default { build: { outDir: "../../../x" } }`},
			build: "cd apps/web && vite build", start: "files", dir: "apps/web/dist", warns: `apps/web: vite.config.ts:1: the folder "../../../x" cannot be served`},
		{name: "its start script", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"scripts": {"start": "node a.js"}}`}, start: "cd apps/web && npm run start"},
		{name: "a framework's server", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"dependencies": {"next": "16"}}`},
			build: "cd apps/web && next build", start: "cd apps/web && next start"},
		{name: "a standalone server", vars: web, files: repo{"package.json": root, "apps/web/package.json": `{"dependencies": {"next": "16"}, "scripts": {"build": "next build"}}`,
			"apps/web/next.config.mjs": `export default { output: "standalone" }`, "apps/web/public/a": ""},
			build: "cd apps/web && npm run build && cd apps/web && cp -r .next/static .next/standalone/apps/web/.next/ && cd apps/web && cp -r public .next/standalone/apps/web/",
			start: "cd apps/web && HOSTNAME=0.0.0.0 node .next/standalone/apps/web/server.js"},
		{name: "a user's start", vars: web, user: "node x.js", files: repo{"package.json": root, "apps/web/package.json": `{"dependencies": {"next": "16"}}`}, build: "cd apps/web && next build"},
		{name: "the packages of the root", vars: web, files: repo{"package.json": `{"dependencies": {"next": "16", "vite": "8"}}`, "apps/web/package.json": `{}`, "apps/web/vite.config.ts": ""},
			build: "cd apps/web && vite build", start: "files", dir: "apps/web/dist"},
		{name: "no such member", vars: plan.Vars{"NIXPACKS_WORKSPACE_APP": "apps/none"}, files: repo{"package.json": `{"scripts": {"start": "node a.js"}}`},
			start: "npm run start", warns: `NIXPACKS_WORKSPACE_APP names "apps/none", which is no directory with a package.json`},
		{name: "outside", vars: plan.Vars{"NIXPACKS_WORKSPACE_APP": "../x"}, files: repo{"package.json": `{"scripts": {"start": "node a.js"}}`},
			start: "npm run start", warns: "which is no directory"},
		{name: "the root", vars: plan.Vars{"NIXPACKS_WORKSPACE_APP": "./"}, files: repo{"package.json": `{"scripts": {"start": "node a.js"}}`}, start: "npm run start"},
	})
}

func TestTheOneAppOfNxIsStarted(t *testing.T) {
	const vite, next = `{"devDependencies": {"nx": "22", "vite": "8"}}`, `{"dependencies": {"next": "16"}, "devDependencies": {"nx": "22", "vite": "8"}, "scripts": {"start": "nx serve"}}`
	testWeb(t, []webCase{
		{name: "inferred by Vite", files: repo{"package.json": vite, "nx.json": `{"plugins": ["@nx/vite/plugin"]}`, "apps/web/package.json": `{"name": "@org/web"}`,
			"apps/web/vite.config.ts": "", "apps/web-e2e/package.json": "{}"}, build: "npx nx run @org/web:build", start: "files", dir: "apps/web/dist"},
		{name: "inferred by Next.js", files: repo{"package.json": next, "nx.json": "{}", "apps/web/project.json": `{"name": "site"}`, "apps/web/next.config.js": ""},
			build: "npx nx run site:build", start: "cd apps/web && next start"},
		{name: "of pnpm", files: repo{"package.json": next, "nx.json": "{}", "apps/web/package.json": "{}", "apps/web/next.config.js": "", "pnpm-lock.yaml": ""},
			build: "pnpm exec nx run web:build", start: "cd apps/web && next start"},
		{name: "of pnpm, which is to fetch Nx", files: repo{"package.json": "{}", "nx.json": "{}", "apps/web/package.json": `{"dependencies": {"next": "16"}}`, "pnpm-lock.yaml": ""},
			build: "pnpx nx run web:build", start: "cd apps/web && next start"},
		{name: "two apps", files: repo{"package.json": vite, "nx.json": "{}", "apps/a/package.json": "{}", "apps/b/package.json": "{}", "apps/b/vite.config.ts": ""}, start: "files", build: "vite build", dir: "dist"},
		{name: "two apps and a name", vars: plan.Vars{"NIXPACKS_NX_APP_NAME": "b"}, build: "npx nx run b:build", start: "files", dir: "apps/b/dist",
			files: repo{"package.json": vite, "nx.json": "{}", "apps/a/package.json": "{}", "apps/b/package.json": "{}", "apps/b/vite.config.ts": ""}},
		{name: "the default project", build: "npx nx run b:build", start: "files", dir: "apps/b/dist",
			files: repo{"package.json": vite, "nx.json": `{"defaultProject": "b"}`, "apps/a/package.json": "{}", "apps/b/package.json": "{}", "apps/b/vite.config.ts": ""}},
		{name: "a start script", files: repo{"package.json": `{"scripts": {"start": "node a.js"}}`, "nx.json": "{}", "apps/b/package.json": "{}"}, start: "npm run start"},
	})
}

func TestAServerThatTheBuildDoesNotMakeIsNotStarted(t *testing.T) {
	router := `{"dependencies": {"@react-router/serve": "8"}, "devDependencies": {"@react-router/dev": "8"},
		"scripts": {"build": "react-router build", "start": "react-router-serve ./build/server/index.js"}}`
	const start, lock = `{"dependencies": {"@tanstack/react-start": "1"}, "scripts": {"build": "vite build"}}`, `{"packages": {"": {}, "node_modules/@tanstack/react-start": {"version": "1.2.3"}`
	testWeb(t, []webCase{
		{name: "React Router renders", files: repo{"package.json": router, "react-router.config.ts": "export default { ssr: true }"}, build: "npm run build", start: "npm run start"},
		{name: "React Router makes a page", files: repo{"package.json": router, "react-router.config.ts": "export default { ssr: false }"},
			build: "npm run build", start: "files", dir: "build/client"},
		{name: "srvx comes along", files: repo{"package.json": start, "package-lock.json": lock + `, "node_modules/srvx": {"version": "0.11.22"}}}`},
			build: "npm run build", start: "srvx --prod -s ../client dist/server/server.js"},
		{name: "srvx only develops", files: repo{"package.json": start, "package-lock.json": lock + `, "node_modules/srvx": {"version": "0.11.22", "dev": true}}}`},
			build: "npm run build", warns: "which is no server by itself"},
		{name: "srvx lies deeper", files: repo{"package.json": start, "package-lock.json": lock + `, "node_modules/a/node_modules/srvx": {"version": "0.11.22"}}}`},
			build: "npm run build", warns: "which is no server by itself"},
	})
}

func TestSvelteKitsAdapterMayBeInVitesConfiguration(t *testing.T) {
	kit := `{"devDependencies": {"@sveltejs/kit": "2", "vite": "8"}, "scripts": {"build": "vite build"}}`
	config := func(adapter, call string) string {
		return `import adapter from '` + adapter + `'; export default defineConfig({ plugins: [sveltekit({ adapter: adapter(` + call + `) })] })`
	}
	testWeb(t, []webCase{
		{name: "node", files: repo{"package.json": kit, "vite.config.ts": config("@sveltejs/adapter-node", "{ out: 'out' }")}, build: "npm run build", start: "node out"},
		{name: "static", files: repo{"package.json": kit, "vite.config.ts": config("@sveltejs/adapter-static", "{ pages: 'site', fallback: '200.html' }")}, build: "npm run build", start: "files", dir: "site"},
		{name: "beside another file", files: repo{"package.json": kit, "svelte.config.js": "export default {}", "vite.config.ts": config("@sveltejs/adapter-node", "")}, build: "npm run build", start: "node build"},
		{name: "auto", files: repo{"package.json": kit, "vite.config.ts": config("@sveltejs/adapter-auto", "")}, build: "npm run build", start: "node build",
			warns: "installs @sveltejs/adapter-node in the build"},
		{name: "auto with the adapter", files: repo{"package.json": strings.Replace(kit, `"vite"`, `"@sveltejs/adapter-node": "5", "vite"`, 1), "vite.config.ts": config("@sveltejs/adapter-auto", "")},
			build: "npm run build", start: "node build"},
		{name: "Bun", files: repo{"package.json": kit, "svelte.config.js": "import adapter from 'svelte-adapter-bun'"}, build: "npm run build", start: "bun build/index.js"},
	})
}

func TestAStandaloneServerLiesAsDeepAsItsAppIsTraced(t *testing.T) {
	for config, want := range map[string]string{
		`path.join(__dirname, "../../")`: ".next/standalone/app/server.js",
		`__dirname`:                      ".next/standalone/server.js",
		`path.join(__dirname, "lib")`:    ".next/standalone/server.js",
	} {
		app := appOf(t, repo{"package.json": `{"dependencies": {"next": "16"}}`, "next.config.js": `module.exports = { output: "standalone", outputFileTracingRoot: ` + config + ` }`}, nil)
		app.Edition = rules.Newest
		diffOf(t, config, "HOSTNAME=0.0.0.0 node "+want, *mustPlan(t, nodeProvider, app).Plan.Start.Cmd)
	}
}

func TestWhatIsNoServiceIsSaid(t *testing.T) {
	const library, extension = "so that it is a library", "so that it is a browser extension"
	for _, tt := range []struct {
		name  string
		files repo
		want  string // in the reason why nothing is started, "" for none
	}{
		{"a command line tool", repo{"package.json": `{"bin": {"x": "x.js"}, "main": "x.js"}`, "x.js": ""}, "has bin and no script start, so that it is a command line tool"},
		{"a library", repo{"package.json": `{"main": "index.js", "exports": {}}`, "index.js": ""}, library},
		{"a library with types", repo{"package.json": `{"main": "index.js", "types": "a.d.ts"}`, "index.js": ""}, library},
		{"a library of Vite", repo{"package.json": `{"exports": {}, "scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`,
			"vite.config.ts": "export default { build: { lib: { entry: 'a' } } }"}, library},
		{"a plugin", repo{"package.json": `{"peerDependencies": {"vite": "8"}}`, "index.js": ""}, library},
		{"an extension", repo{"package.json": `{"dependencies": {"react": "19", "vite": "8"}, "scripts": {"build": "vite build"}}`, "public/manifest.json": `{"manifest_version": 3}`}, extension},
		{"an extension by its tool", repo{"package.json": `{"devDependencies": {"wxt": "1"}, "scripts": {"build": "wxt build"}}`}, extension},
		{"a workspace", repo{"package.json": `{"workspaces": ["a/*"], "scripts": {"build": "turbo build"}}`}, "the root of a workspace"},
		{"a workspace of pnpm", repo{"package.json": `{"private": true}`, "pnpm-workspace.yaml": "packages: ['a/*']\n"}, "the root of a workspace"},
		{"a desktop app", repo{"package.json": `{"devDependencies": {"electron": "39"}}`}, "for desktops"},

		{"a private package", repo{"package.json": `{"private": true, "exports": {}, "main": "a.js"}`, "a.js": ""}, ""},
		{"with a start script", repo{"package.json": `{"bin": "a.js", "scripts": {"start": "node a.js"}}`}, ""},
		{"a site that has an entry", repo{"package.json": `{"exports": {}, "dependencies": {"astro": "5"}}`}, ""},
		{"a web manifest", repo{"package.json": `{"dependencies": {"vite": "8"}}`, "public/manifest.json": `{"name": "x"}`}, ""},
		{"settings of pnpm", repo{"package.json": `{"main": "a.js"}`, "a.js": "", "pnpm-workspace.yaml": "onlyBuiltDependencies: [x]\n"}, ""},
		{"an app of a workspace's root", repo{"package.json": `{"workspaces": ["a/*"], "main": "a.js"}`, "a.js": ""}, ""},
	} {
		app := appOf(t, tt.files, nil)
		app.Edition = rules.Newest
		out := mustPlan(t, nodeProvider, app)
		if (out.Plan.Start == nil) != (tt.want != "") || !strings.Contains(out.NoStart, tt.want) || tt.want == "" && out.NoStart != "" {
			t.Errorf("%s: start %v, %q", tt.name, out.Plan.Start, out.NoStart)
		}
		app.Edition = rules.Nixpacks
		if out := mustPlan(t, nodeProvider, app); out.NoStart != "" {
			t.Errorf("%s: edition 1.39 says %q", tt.name, out.NoStart)
		}
	}
}

func TestPruningLooksAtTheStartOfTheUser(t *testing.T) {
	files := repo{
		"package.json":      `{"devDependencies": {"tsx": "4"}, "scripts": {"start": "node a.js"}}`,
		"package-lock.json": `{"lockfileVersion": 3, "packages": {"node_modules/tsx": {"dev": true, "bin": "x"}}}`,
		"a.js":              "",
	}
	for user, want := range map[string]string{"tsx a.ts": "the start script runs tsx, one of them", "node a.js": ""} {
		app := appOf(t, files, nil)
		app.Edition, app.UserStart = rules.Newest, &user
		cmd, blocker, err := nodeProvider.Prune(app)
		if err != nil || blocker != want || (cmd == "") != (want != "") {
			t.Errorf("%s: %q, %q, %v", user, cmd, blocker, err)
		}
	}
}

func TestAFrameworkIsSureByItsBuild(t *testing.T) {
	const build = "npm run build"
	testWeb(t, []webCase{
		{name: "in devDependencies alone, and built", build: build, start: "files", dir: "dist",
			files: repo{"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`}},
		{name: "in devDependencies alone, and not built", build: build, start: "node index.js",
			files: repo{"package.json": `{"scripts": {"build": "tsc"}, "devDependencies": {"vite": "8"}}`, "index.js": ""}},
		{name: "in devDependencies alone, and nothing else to start", build: build, start: "files", dir: "dist", warns: "scripts.build does not run vite",
			files: repo{"package.json": `{"scripts": {"build": "node make.js"}, "devDependencies": {"vite": "8"}}`}},
		{name: "the root of a workspace", build: build,
			files: repo{"package.json": `{"workspaces": ["apps/*"], "scripts": {"build": "node make.js"}, "devDependencies": {"vite": "8"}}`}},
		{name: "no build script", build: "vite build", start: "files", dir: "dist",
			files: repo{"package.json": `{"devDependencies": {"vite": "8"}}`}},
		{name: "a build by another script", build: build, start: "files", dir: "dist",
			files: repo{"package.json": `{"scripts": {"build": "run-s build:*", "build:a": "tsc", "build:b": "vite build"}, "devDependencies": {"vite": "8"}}`}},
		{name: "a build by another script with arguments", build: build, start: "files", dir: "dist",
			files: repo{"package.json": `{"scripts": {"build": "run-p check \"build-only {@}\" --", "check": "tsc", "build-only": "vite build"}, "devDependencies": {"vite": "8"}}`}},
		{name: "docs of an app", build: build, start: "files", dir: "dist",
			files: repo{"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8", "vitepress": "1"}}`}},
		{name: "a library", build: build, warns: "builds a library",
			files: repo{"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`, "vite.config.ts": "export default { build: { lib: { entry: 'x' } } }"}},
		{name: "next start without a build", build: "next build", start: "npm run start",
			files: repo{"package.json": `{"scripts": {"start": "next start"}, "dependencies": {"next": "16"}}`}},
		{name: "a server without a way to start it", build: build, start: "files", dir: "dist", warns: "lists express",
			files: repo{"package.json": `{"scripts": {"build": "vite build"}, "dependencies": {"express": "5", "vite": "8"}}`}},
		{name: "a start script, so that no guess is warned of", build: build, start: "npm run start",
			files: repo{"package.json": `{"scripts": {"build": "vite build", "start": "node server.js"}, "dependencies": {"gatsby": "1", "next": "1", "vite": "8"}}`, "vite.config.js": "export default { build: { outDir: x } }"}},
		{name: "a server that npm starts", build: build, start: "node server.js",
			files: repo{"package.json": `{"scripts": {"build": "vite build"}, "dependencies": {"express": "5", "vite": "8"}}`, "server.js": ""}},
	})
}

func TestTheFolderOfFiles(t *testing.T) {
	vite := func(config string) repo {
		return repo{"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`, "vite.config.ts": config}
	}
	const build = "npm run build"
	testWeb(t, []webCase{
		{name: "beside a root", files: vite(`export default { root: "web", build: { outDir: "../out" } }`), build: build, start: "files", dir: "out"},
		{name: "in a root", files: vite(`export default { root: "web" }`), build: build, start: "files", dir: "web/dist"},
		{name: "outside", files: vite(`export default { build: { outDir: "../out" } }`), build: build, start: "files", dir: "dist", warns: `"../out" cannot be served`},
		{name: "the server's own language", files: vite("export default { build: { outDir: 'a\\\n}' } }"), build: build, start: "files", dir: "dist", warns: "cannot be served"},
		{name: "with a space", files: vite("export default { build: { outDir: 'a b' } }"), build: build, start: "files", dir: "dist", warns: "cannot be served"},
		{name: "of something else", files: vite(`export default { test: { build: { outDir: "x" } } }`), build: build, start: "files", dir: "dist"},
		{name: "by the user", files: vite(""), vars: plan.Vars{"NIXPACKS_SPA_OUT_DIR": "mine"}, build: build, start: "files", dir: "mine"},
		{name: "not wanted", files: vite(""), vars: plan.Vars{"NIXPACKS_SPA_CADDY": "0"}, build: build},
		{name: "an old Remix", files: repo{"package.json": `{"dependencies": {"@remix-run/dev": "1"}}`}, build: "remix build", start: "remix-serve build/index.js"},
		{name: "Angular without its file", files: repo{"package.json": `{"dependencies": {"@angular/core": "21"}}`}, warns: "no angular.json"},
		{name: "Angular with a broken file", files: repo{"package.json": `{"dependencies": {"@angular/core": "21"}}`, "angular.json": "{"}, warns: "angular.json"},
		{name: "Angular with two apps", build: "ng build", start: "files", dir: "dist/a/browser", warns: "the applications a, b",
			files: repo{"package.json": `{"dependencies": {"@angular/core": "21"}}`, "angular.json": `{"projects": {"a": {"architect": {"build": {"builder": "x:application"}}}, "b": {}}}`}},
	})
}

func TestAStartScriptWinsUnlessItIsADevelopmentServer(t *testing.T) {
	for script, want := range map[string]bool{
		"vite": true, "vite preview": true, "vite --port 3000": true, "ng serve": true, "react-scripts start": true, "expo start": true,
		"gatsby develop": true, "docusaurus start": true, "next dev": true, "next": true, "nuxt dev": true, "astro dev": true, "nx serve": true,
		"nx run web:serve": true, "nest start": true, "nest start --watch": true, "npx vite": true, "yarn vite": true, "bunx vite": true,
		"pnpm exec vite": true, "npm exec -- vite": true, "cross-env NODE_ENV=production PORT=3 next dev": true, "dotenv -e .env -- next dev": true,
		"dotenv -- next dev": true, "env-cmd -f .env vite": true, "A=1 B=2 vite": true, "npm run dev": true, "yarn dev": true, "npm run build && npm run dev": true,
		"rm -rf x; vite": true, "set PORT=3&& vite": true, `node_modules\.bin\vite.cmd`: true, "./node_modules/.bin/vite": true,
		"node node_modules/vite/bin/vite.js": true, `concurrently "node server.js" "npm:dev"`: true, `concurrently "vite" 'node a.js'`: true,
		"run-p dev serve": true, `sh -c "vite"`: true, "exec vite": true, "eleventy --serve": true,
		`run-p "dev {@}" --`: true, "wrangler dev": true, "strapi develop": true,

		"node server.js": false, "next start": false, "next start -p $PORT": false, "vite build && node server.js": false, "nuxt start": false,
		"cross-env NODE_ENV=production node dist/main": false, "npm run serve": false, "npm run dev --prefix client": false, "serve -s build": false,
		"node vite.js": false, "echo vite": false, "nest build": false, "next build && next start": false, "nx build": false, "tsx src/index.ts": false,
		"": false, "&&": false, "'": false, "npm": false, "npm run": false, "npx": false, "cross-env": false, "dotenv --": false, "npm run loop": false,
		"react-router-serve build/server/index.js": false, "strapi start": false, "nodemon server.js": false,
	} {
		n := nodeApp{pkg: packageJSON{Scripts: map[string]string{"start": script, "dev": "vite", "serve": "node a.js", "loop": "npm run start"}}}
		if c, got := n.developServer("start"); got != want {
			t.Errorf("%q: %v (%v), want %v", script, got, c, want)
		}
	}
}

func TestQwikIsServedByItsAdapter(t *testing.T) {
	files := func(name string) repo {
		return repo{"package.json": `{"scripts": {"build": "qwik build", "start": "vite --open --mode ssr"}, "devDependencies": {"@builder.io/qwik": "1", "vite": "7"}}`, name: ""}
	}
	const build = "npm run build"
	testWeb(t, []webCase{
		{name: "none", files: files("src/entry.ssr.tsx"), build: build, warns: "Qwik has no adapter"},
		{name: "Express", files: files("src/entry.express.tsx"), build: build, start: "node server/entry.express"},
		{name: "pages", files: files("adapters/static/vite.config.ts"), build: build, start: "files", dir: "dist"},
	})
}

func TestAServerListensToAllAddresses(t *testing.T) {
	for _, tt := range []struct{ script, user, name string }{
		{"fastify start -l info app.js", "", "FASTIFY_ADDRESS"},
		{"npm run serve", "", "HOST"},
		{"fastify generate x", "", ""},
		{"node a.js", "fastify start a.js", "FASTIFY_ADDRESS"},
		{"fastify start a.js", "node a.js", ""},
	} {
		app := newest(t, repo{"package.json": `{"scripts": {"start": "` + tt.script + `", "serve": "sirv public"}}`}, nil)
		if tt.user != "" {
			app.UserStart = &tt.user
		}
		out := mustPlan(t, nodeProvider, app)
		for _, name := range []string{"FASTIFY_ADDRESS", "HOST"} {
			want := ""
			if name == tt.name {
				want = "0.0.0.0"
			}
			if got := out.Plan.Variables[name]; got != want {
				t.Errorf("%q: %s is %q, want %q", tt.script, name, got, want)
			}
		}
		explained(t, out)
	}
}

func TestAStartScriptOfWindowsIsWarnedOf(t *testing.T) {
	testWeb(t, []webCase{
		{name: "variables before a program", start: "npm run start", files: repo{"package.json": `{"scripts": {"start": "set NODE_ENV=production&& node server.js"}}`}},
		{name: "the value of a variable", start: "npm run start", warns: "has %PORT%, which only Windows replaces by the variable: write $PORT",
			files: repo{"package.json": `{"scripts": {"start": "node server.js --port %PORT%"}}`}},
		{name: "a path", start: "npm run start", warns: `has the path ".\\dist\\server.js", of which only Windows takes the backslashes: write "./dist/server.js"`,
			files: repo{"package.json": `{"scripts": {"start": "node .\\dist\\server.js"}}`}},
		{name: "a path in a folder", start: "npm run start", warns: `write "dist/server.js"`, files: repo{"package.json": `{"scripts": {"start": "node dist\\server.js"}}`}},
		{name: "signs of a shell", start: "npm run start", files: repo{"package.json": `{"scripts": {"start": "node a.js 50% \\\"x\\\" a\\ b"}}`}},
	})
}

func TestAngularsServerRefusesHostsThatNothingNames(t *testing.T) {
	files := func(security string) repo {
		return repo{"package.json": `{"scripts": {"build": "ng build"}, "dependencies": {"@angular/core": "22", "@angular/ssr": "22"}}`,
			"angular.json": `{"projects": {"a": {"architect": {"build": {"builder": "@angular/build:application",
				"options": {"outputMode": "server", "ssr": {"entry": "x"}` + security + `}}}}}}`}
	}
	const build, start = "npm run build", "node dist/a/server/server.mjs"
	testWeb(t, []webCase{
		{name: "nothing said", files: files(""), build: build, start: start},
		{name: "none", files: files(`, "security": {"allowedHosts": []}`), build: build, start: start, warns: "security.allowedHosts, so that the server refuses each request"},
		{name: "some", files: files(`, "security": {"allowedHosts": ["shop.example"]}`), build: build, start: start},
		{name: "by a variable", files: files(`, "security": {"allowedHosts": []}`), vars: plan.Vars{"NG_ALLOWED_HOSTS": "shop.example"}, build: build, start: start},
		{name: "of another type", files: files(`, "security": {"allowedHosts": true}`), build: build, start: start},
	})
}

func TestConfigValues(t *testing.T) {
	for _, tt := range []struct{ text, key, want string }{
		{`export default { output: "export" }`, "output", "export"},
		{`const c: NextConfig = { output: 'export' }; export default c`, "output", "export"},
		{"module.exports = wrap(other({ a: 1 }), { 'output': `export`, })", "output", "export"},
		{`export default { output: "export" as const }`, "output", "export"},
		{`export default { output: "export" /* "x" */ } satisfies C`, "output", "export"},
		{`// output: "export"` + "\nexport default {}", "output", ""},
		{`/* { output: "export" } */ export default {}`, "output", ""},
		{`export default { a: "{ output: 'export' }" }`, "output", ""},
		{`export default { a: /[{"']/, output: "export" }`, "output", "export"},
		{`export default { a: b / c, output: "export", d: e / f }`, "output", "export"},
		{`export default { output: process.env.X ? "export" : undefined }`, "output", "?"},
		{"export default { output: `${x}` }", "output", "?"},
		{`export default { output: x }`, "output", "?"},
		{`if (a) { module.exports = { output: "a" } } else { module.exports = { output: "b" } }`, "output", "?"},
		{`export default { ...(process.env.X ? { output: "export" } : { a() { return [{ b: 1 }] } }) }`, "output", "?"},
		{`export default { ...(x ? { a: 1 } : { output: "export" }), b: 1 }`, "output", "?"},
		{`export default { ...(process.env.X && { output: "export" }), b: "b" }`, "output", "?"},
		{`export default { ...(process.env.X && { output: "export" }), b: "b" }`, "b", "b"},
		{`module.exports = x ? { output: "export" } : {}`, "output", "?"},
		{"const x = process.env.X ? 1 : 2\nexport default { output: \"export\" }", "output", "export"},
		{"const x = process.env.X || 'y'\nmodule.exports = { output: \"export\" }", "output", "export"},
		{`const c = {}; if (x) { module.exports = { output: "export" } }`, "output", "?"},
		{`if (x) return { output: "export" }; return {}`, "output", "?"},
		{"if (!x) { throw new Error(\"no x\") } else { y() }\nmodule.exports = { output: \"export\" }", "output", "export"},
		{`export default { a: b?.c, d: x == 1, output: "export" }`, "output", "export"},
		{`export default { webpack(c) { return { output: "x" } } }`, "output", ""},
		{`export default { webpack: (c) => ({ output: "x" }) }`, "output", ""},
		{`export default { ssr: false }`, "ssr", "false"},
		{`export default { kit: { adapter: adapter({ pages: "p" }) } }`, "kit.adapter.pages", "p"},
		{`export default defineConfig(({ mode }: ConfigEnv): UserConfig => { const x = { a: 1 }; return { build: { outDir: "o" } } })`, "build.outDir", "o"},
		{`export default { build: { outDir: path.resolve(__dirname, "a", "b") } }`, "build.outDir", "a/b"},
		{`export default { build: { outDir: join(import.meta.dirname, 'o') } }`, "build.outDir", "o"},
		{`export default { build: { outDir: join(other, 'o') } }`, "build.outDir", "?"},
		{`export default { build: { outDir: "o\n" } }`, "build.outDir", "?"},
		{`}}}{{{ ]) output: "x`, "output", ""},
		{`{ output:`, "output", "?"},
	} {
		v, ok := nodeConfig{values: configValues(jsTokens(tt.text))}.value(tt.key)
		got := v.text
		switch {
		case !ok:
			got = ""
		case v.computed:
			got = "?"
		}
		if got != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.text, tt.key, got, tt.want)
		}
	}
}

func FuzzConfigValues(f *testing.F) {
	f.Add("export default { a: `${x}`, b: /[/]/, c() { return 1 } }")
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range configValues(jsTokens(text)) {
			if v.line < 1 || v.line > 1+strings.Count(text, "\n") || v.path == "" && !strings.Contains(text, ":") {
				t.Errorf("%q: %+v", text, v)
			}
		}
	})
}

func FuzzScriptCommands(f *testing.F) {
	f.Add(`a && "b c" | npm run start; set X=1&& y\z.cmd`)
	f.Fuzz(func(_ *testing.T, text string) {
		n := nodeApp{pkg: packageJSON{Scripts: map[string]string{"start": text, "a": "npm start"}}}
		for _, c := range n.scriptCommands("start") {
			c.develops()
		}
		n.scriptProgram("start", directDepth)
		n.warnOfWindows("start")
	})
}

func TestWhatAStartLoadsIsNotPruned(t *testing.T) {
	for _, tt := range []struct {
		name, blocker string
		files         repo
	}{
		{"TypeScript", "next start reads next.config.ts by typescript, one of them", repo{"next.config.ts": ""}},
		{"an import", "next start reads next.config.mjs, which imports bundles, one of them", repo{"next.config.mjs": "import b from 'bundles'"}},
		{"an import of an import", "next start reads config/more.js, which imports bundles, one of them", repo{"next.config.mjs": "import './config/more.js'", "config/more.js": "require('bundles')"}},
		{"nothing", "", repo{"next.config.mjs": "import path from 'node:path'"}},
	} {
		tt.files["package.json"] = `{"scripts": {"start": "npm run serve", "serve": "next start"}, "dependencies": {"next": "16"}, "devDependencies": {"bundles": "1", "typescript": "5"}}`
		tt.files["package-lock.json"] = `{"lockfileVersion": 3, "packages": {"node_modules/next": {}, "node_modules/bundles": {"dev": true}, "node_modules/typescript": {"dev": true}}}`
		cmd, blocker, err := nodePrune(appOf(t, tt.files, nil))
		if err != nil || blocker != tt.blocker || (cmd != "") != (tt.blocker == "") {
			t.Errorf("%s: got %q, %q, %v", tt.name, cmd, blocker, err)
		}
	}
}
