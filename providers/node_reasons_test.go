package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// why is where and why a fact is in the plan.
type why struct {
	file string
	line int
	why  string
}

func TestNodeReasons(t *testing.T) {
	setup := func(pkg string) plan.Fact { return plan.Fact{Phase: "setup", Field: "nix", Value: pkg} }
	install := func(cmd string) plan.Fact { return plan.Fact{Phase: "install", Field: "cmd", Value: cmd} }
	build := func(cmd string) plan.Fact { return plan.Fact{Phase: "build", Field: "cmd", Value: cmd} }
	start := func(cmd string) plan.Fact { return plan.Fact{Phase: "start", Field: "cmd", Value: cmd} }
	cache := func(phase, dir string) plan.Fact { return plan.Fact{Phase: phase, Field: "cache", Value: dir} }
	archive := plan.Fact{Phase: "setup", Field: "nixpkgs"}
	output := func(dir string) plan.Fact { return plan.Fact{Field: "variable NIXPACKS_SPA_OUTPUT_DIR", Value: dir} }
	const (
		vite    = "{\n\"devDependencies\": {\n\"vite\": \"5\",\n\"react\": \"18\"}}"
		noStart = "there is no script start"
	)
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		fact  plan.Fact
		want  why
	}{
		{"no version", repo{}, nil, setup("nodejs_18"), why{"", 0, "no version is asked for"}},
		{"an engine", repo{"package.json": "{\"engines\": {\n\"node\": \">=20\"}}"}, nil, setup("nodejs_22"), why{"package.json", 2, `engines.node is ">=20"`}},
		{"a variable", repo{}, plan.Vars{"NIXPACKS_NODE_VERSION": "20"}, setup("nodejs_20"), why{"", 0, `the variable NIXPACKS_NODE_VERSION is "20"`}},
		{".nvmrc", repo{".nvmrc": "\nlts/iron\n"}, nil, setup("nodejs_20"), why{".nvmrc", 2, `it asks for "lts/iron"`}},
		{".node-version", repo{".node-version": "v20\n"}, nil, setup("nodejs_20"), why{".node-version", 1, `it asks for "v20"`}},
		{"the archive", repo{}, nil, archive, why{"", 0, "it has the newest versions of Node"}},
		{"the old archive", repo{".nvmrc": "16"}, nil, archive, why{".nvmrc", 1, `it asks for "16"`}},
		{"Bun's archive", repo{"bun.lock": ""}, nil, archive, why{"bun.lock", 0, "it is a lockfile of bun"}},

		{"no lockfile", repo{}, nil, setup("npm-9_x"), why{"", 0, "there is no lockfile"}},
		{"npm's lockfile", repo{"package-lock.json": "{}"}, nil, setup("npm-9_x"), why{"package-lock.json", 0, "it is a lockfile of npm"}},
		{"npm's old lockfile", repo{"package-lock.json": "{\n\"lockfileVersion\": 1}"}, nil, setup("npm-6_x"), why{"package-lock.json", 2, `it has "lockfileVersion": 1`}},
		{"pnpm's lockfile", repo{"pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, nil, setup("pnpm-7_x"), why{"pnpm-lock.yaml", 1, "it has lockfileVersion: 5.4"}},
		{"packageManager", repo{"package.json": "{\n\"packageManager\": \"yarn@3\"}", "pnpm-lock.yaml": ""}, nil, setup("yarn-1_x"), why{"package.json", 2, `packageManager is "yarn@3"`}},

		{"a word for a package", repo{"package.json": "{}", "yarn.lock": "a\nprisma"}, nil, setup("openssl"), why{"yarn.lock", 2, "it contains the word prisma"}},
		{"a word for a library", repo{"package.json": "{\n\"name\": \"sharp\"}"}, nil, plan.Fact{Phase: "setup", Field: "nix-lib", Value: "gcc-unwrapped"}, why{"package.json", 2, "it contains the word sharp"}},
		{"a word for Debian's packages", repo{"package.json": "{\"name\": \"puppeteer\"}"}, nil, plan.Fact{Phase: "setup", Field: "apt", Value: "libnss3"}, why{"package.json", 1, "it contains the word puppeteer"}},

		{"npm ci", repo{"package-lock.json": ""}, nil, install("npm ci"), why{"package-lock.json", 0, "npm installs what it lists"}},
		{"npm i", repo{}, nil, install("npm i"), why{"", 0, "there is no package-lock.json"}},
		{"Bun's install", repo{"bun.lockb": ""}, nil, install("bun i --no-save"), why{"bun.lockb", 0, "Bun installs what it lists"}},
		{"pnpm's install", repo{"pnpm-lock.yaml": ""}, nil, install("pnpm i --frozen-lockfile"), why{"pnpm-lock.yaml", 0, "it is a lockfile of pnpm"}},
		{"Yarn's install", repo{"yarn.lock": ""}, nil, install("yarn install --frozen-lockfile"), why{"yarn.lock", 0, "it is a lockfile of yarn"}},
		{"Berry's install", repo{"yarn.lock": "", ".yarnrc.yml": ""}, nil, install("yarn install --check-cache"), why{".yarnrc.yml", 0, "it is of Yarn 2 or newer"}},
		{"Corepack", repo{"package.json": `{"packageManager": "pnpm@9"}`}, nil, install(nodeCorepack), why{"package.json", 1, `packageManager is "pnpm@9"`}},
		{"the manager's cache", repo{"yarn.lock": ""}, nil, cache("install", "/usr/local/share/.cache/yarn/v6"), why{"yarn.lock", 0, "it is a lockfile of yarn"}},
		{"Cypress", repo{"e2e/package.json": "{\"devDependencies\": {\n\"cypress\": \"13\"}}"}, nil, cache("install", cypressCache), why{"e2e/package.json", 2, "devDependencies has cypress"}},

		{"a script", repo{"package.json": "{\"scripts\": {\n\"build\": \"tsc\",\n\"start\": \"node .\"}}"}, nil, build("npm run build"), why{"package.json", 2, `scripts.build is "tsc"`}},
		{"Next", repo{"web/package.json": "{\n\"dependencies\": {\"next\": \"14\"}}"}, nil, cache("build", "web/.next/cache"), why{"web/package.json", 2, "dependencies has next"}},
		{"own caches", repo{"package.json": "{\n\"cacheDirectories\": [\"c\"]}"}, nil, cache("build", "c"), why{"package.json", 2, "cacheDirectories lists it"}},
		{"TypeScript", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true}}`, "tsconfig.tsbuildinfo": ""}, nil, cache("build", "tsconfig.tsbuildinfo"), why{"tsconfig.json", 0, "incremental TypeScript keeps its state there"}},

		{"a start script", repo{"package.json": "{\"scripts\": {\n\"build\": \"tsc\",\n\"start\": \"node .\"}}"}, nil, start("npm run start"), why{"package.json", 3, `scripts.start is "node ."`}},
		{"main", repo{"package.json": "{\n\"main\": \"a.js\"}", "a.js": ""}, nil, start("node a.js"), why{"package.json", 2, `main is "a.js"`}},
		{"index.js", repo{"index.js": ""}, nil, start("node index.js"), why{"index.js", 0, noStart}},
		{"index.ts", repo{"index.ts": "", "bun.lock": ""}, nil, start("bun index.ts"), why{"index.ts", 0, noStart}},
		{"Vite", repo{"package.json": vite}, nil, start(caddyStart), why{"package.json", 4, "Vite builds an app of react without a server of its own"}},
		{"Vite by a dependency", repo{"package.json": "{\"dependencies\": {\"vite\": \"5\",\n\"vue\": \"3\"}}"}, nil, plan.Fact{Phase: "caddy", Field: "nix"}, why{"package.json", 2, "Vite builds an app of vue without a server of its own"}},
		{"Vite by a variable", repo{"package.json": `{"devDependencies": {"vite": "5"}}`}, plan.Vars{"NIXPACKS_SPA_OUT_DIR": "out"}, start(caddyStart), why{"", 0, `the variable NIXPACKS_SPA_OUT_DIR is "out"`}},
		{"Vite's output by a variable", repo{"package.json": vite}, plan.Vars{"NIXPACKS_SPA_OUT_DIR": "out"}, output("out"), why{"", 0, `the variable NIXPACKS_SPA_OUT_DIR is "out"`}},
		{"Vite's output by its configuration", repo{"package.json": vite, "vite.config.ts": "\nbuild: { outDir: 'out' }"}, nil, output("out"), why{"vite.config.ts", 2, `outDir is "out"`}},
		{"Vite's output by the script", repo{"package.json": "{\"scripts\": {\n\"build\": \"vite build --outDir out\"}}"}, nil, output("out"), why{"package.json", 2, `scripts.build is "vite build --outDir out"`}},
		{"Vite's own output", repo{"package.json": vite}, nil, output("dist"), why{"", 0, "Vite builds to it unless it is told otherwise"}},

		{"moon", repo{".moon/workspace.yml": ""}, plan.Vars{"NIXPACKS_MOON_APP_NAME": "web"}, build("npx @moonrepo/cli run web:build"), why{"", 0, `the variable NIXPACKS_MOON_APP_NAME is "web"`}},
		{"moon's cache", repo{".moon/workspace.yml": ""}, plan.Vars{"NIXPACKS_MOON_APP_NAME": "web"}, cache("build", moonCache), why{"", 0, `the variable NIXPACKS_MOON_APP_NAME is "web"`}},
		{"Nx", repo{"nx.json": `{"defaultProject": "web"}`, "apps/web/project.json": `{"targets": {"build": {"executor": "x"}}}`}, nil, build("npx nx run web:build:production"), why{"nx.json", 0, `the default project is "web"`}},
		{"Nx by a variable", repo{"nx.json": `{}`, "apps/web/project.json": `{"targets": {"build": {"executor": "x"}}}`}, plan.Vars{"NIXPACKS_NX_APP_NAME": "web"}, start("node dist/apps/web/index.js"), why{"", 0, `the variable NIXPACKS_NX_APP_NAME is "web"`}},
		{"Turborepo", repo{"turbo.json": `{"tasks": {"build": {}, "start": {}}}`}, nil, start("npx turbo run start"), why{"turbo.json", 0, "Turborepo runs its tasks"}},
		{"a variable", repo{}, nil, plan.Fact{Field: "variable CI", Value: "true"}, why{"", 0, "it is set for every Node app"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, ok := tt.files["package.json"]; !ok {
				tt.files["package.json"] = "{}"
			}
			got := reasonOf(t, mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars)), tt.fact)
			if w := (why{got.File, got.Line, got.Why}); w != tt.want {
				t.Errorf("%v: got %+v, want %+v", tt.fact, w, tt.want)
			}
		})
	}
}

// Every fact that the plan itself decides has a reason, so that none is left unexplained.
func TestNodeExplainsEveryFact(t *testing.T) {
	out := mustPlan(t, nodeProvider, appOf(t, repo{
		"package.json": `{"packageManager": "pnpm@9", "cacheDirectories": ["c"], "scripts": {"build": "vite build"},
			"dependencies": {"vite": "5", "react": "18", "next": "1", "cypress": "1", "prisma": "1", "sharp": "1", "canvas": "1", "puppeteer": "1"}}`,
	}, nil))
	for _, fact := range plan.Facts(out.Plan) {
		if fact.Field == "after" {
			continue
		}
		found := false
		for _, r := range out.Reasons {
			field := plan.Fact{Phase: fact.Phase, Field: fact.Field}
			found = found || r.Fact == fact || r.Fact == field
		}
		if !found {
			t.Errorf("nothing explains %+v", fact)
		}
	}
}

func TestNodeWarnsOfMissingLockfiles(t *testing.T) {
	missing := func(name string) []string {
		return []string{"there is no " + name + ", so each build may install other versions; commit one"}
	}
	for _, tt := range []struct {
		name  string
		files repo
		want  []string
	}{
		{"dependencies", repo{"package.json": `{"dependencies": {"a": "1"}}`}, missing("package-lock.json")},
		{"development dependencies", repo{"package.json": `{"devDependencies": {"a": "1"}}`}, missing("package-lock.json")},
		{"workspaces", repo{"package.json": `{"workspaces": ["a"]}`}, missing("package-lock.json")},
		{"no dependencies", repo{"package.json": `{}`}, nil},
		{"a lockfile", repo{"package.json": `{"dependencies": {"a": "1"}}`, "package-lock.json": "{}"}, nil},
		{"a shrinkwrap", repo{"package.json": `{"dependencies": {"a": "1"}}`, "npm-shrinkwrap.json": "{}"}, nil},
		{"another manager's lockfile", repo{"package.json": `{"packageManager": "pnpm@9", "dependencies": {"a": "1"}}`, "package-lock.json": "{}"}, missing("pnpm-lock.yaml")},
		{"Bun", repo{"package.json": `{"packageManager": "bun@1", "dependencies": {"a": "1"}}`}, missing("bun.lock")},
		{"Yarn", repo{"package.json": `{"dependencies": {"a": "1"}}`, "yarn.lock": ""}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			diffOf(t, "warnings", tt.want, mustPlan(t, nodeProvider, appOf(t, tt.files, nil)).Warnings)
		})
	}
}
