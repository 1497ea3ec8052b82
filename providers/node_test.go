package providers

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

func TestDetectNode(t *testing.T) {
	testDetect(t, nodeProvider, []detection{
		{repo{"package.json": "{}"}, "package.json"},
		{repo{"package.json": "not even JSON"}, "package.json"},
		{repo{"a/package.json": "{}", "index.js": ""}, ""},
		{repo{"package.json/": ""}, ""},
	})
}

func TestNodePlan(t *testing.T) {
	app := appOf(t, repo{"package.json": `{"scripts": {"build": "b", "start": "s"}}`}, nil)
	want := plan.Plan{
		Variables: map[string]string{"CI": "true", "NODE_ENV": "production", "NPM_CONFIG_PRODUCTION": "false"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"nodejs_18", "npm-9_x"},
				NixOverlays:    []string{"https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz"},
				NixpkgsArchive: new("ffeebf0acf3ae8b29f8c7049cd911b9636efd7e7"),
			},
			"install": {
				DependsOn:        []string{"setup"},
				Cmds:             []string{"npm i"},
				CacheDirectories: []string{"/root/.npm"},
				Paths:            []string{"/app/node_modules/.bin"},
			},
			"build": {
				DependsOn:        []string{"install"},
				Cmds:             []string{"npm run build"},
				CacheDirectories: []string{"node_modules/.cache"},
			},
		},
		Start: &plan.Start{Cmd: new("npm run start")},
	}
	out := mustPlan(t, nodeProvider, app)
	diffOf(t, "plan", want, out.Plan)
	if len(out.Warnings) > 0 {
		t.Errorf("warnings %q, want none", out.Warnings)
	}
	out.Plan.Variables["CI"] = "changed"
	if again := mustPlan(t, nodeProvider, app); again.Plan.Variables["CI"] != "true" {
		t.Error("a change of one plan changed the next")
	}
}

func TestNodePlanWithoutManifest(t *testing.T) {
	p := mustPlan(t, nodeProvider, appOf(t, repo{"vite.config.js": "x"}, nil)).Plan
	diffOf(t, "install", []string(nil), p.Phases["install"].Cmds)
	diffOf(t, "build", []string(nil), p.Phases["build"].Cmds)
	if p.Start != nil {
		t.Errorf("starts with %v, want nothing", p.Start)
	}
}

func TestNodePlanNamesTheFileAndLineOfAnError(t *testing.T) {
	for content, want := range map[string]string{
		"{\n  \"name\": 1\n}":                   "parsing package.json:2:11: ",
		"{\n\"engines\": [\"x\"]\n}":            "parsing package.json:2:12: ",
		"{\"engines\": {\"node\": 18}}":         "parsing package.json:1:22: ",
		"{\"dependencies\": []}":                "parsing package.json:1:18: ",
		"{\"scripts\": {\"a\": 1}}":             "parsing package.json:1:19: ",
		"{\"cacheDirectories\": \"x\"}":         "parsing package.json:1:22: ",
		"{\"packageManager\": {}}":              "parsing package.json:1:20: ",
		"{\n  // comment\n  \"name\": \"a\"\n}": "parsing package.json:2:3: ",
	} {
		_, err := nodeProvider.Plan(appOf(t, repo{"package.json": content}, nil))
		wantSourceError(t, err, "package.json")
		if err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got error %q, want %q", content, err, want)
		}
		if _, _, err := nodeProvider.InstallFiles(appOf(t, repo{"package.json": content}, nil)); err == nil {
			t.Errorf("%s: the install files have no error", content)
		}
	}
}

func TestNodePlanFailsWithTheTree(t *testing.T) {
	if _, err := nodeProvider.Plan(brokenWalk(t, repo{"package.json": "{}", "b": ""})); err == nil {
		t.Error("got no error for an app with too many files")
	}
}

func TestNodePackagesNeedWhatTheScanFinds(t *testing.T) {
	for _, tt := range []struct {
		name            string
		files           repo
		pkgs, libs, apt []string
	}{
		{name: "nothing", files: repo{"package.json": "{}", "bun.lockb": "prisma sharp"}, pkgs: []string{"nodejs_18", "bun"}},
		{
			name:  "a manifest",
			files: repo{"package.json": `{"description": "uses prisma, html2canvas and sharp"}`},
			pkgs:  []string{"nodejs_18", "npm-9_x", "openssl"}, libs: []string{"gcc-unwrapped", "libuuid", "libGL"},
		},
		{name: "a lockfile of npm", files: repo{"package.json": "{}", "package-lock.json": "prisma"}, pkgs: []string{"nodejs_18", "npm-9_x", "openssl"}},
		{name: "a lockfile of Yarn", files: repo{"package.json": "{}", "yarn.lock": "canvas"}, pkgs: []string{"nodejs_18", "yarn-1_x"}, libs: []string{"libuuid", "libGL"}},
		{name: "a lockfile of pnpm", files: repo{"package.json": "{}", "pnpm-lock.yaml": "sharp"}, pkgs: []string{"nodejs_18", "pnpm-9_x"}, libs: []string{"gcc-unwrapped"}},
		{name: "a browser", files: repo{"package.json": "{}", "yarn.lock": "puppeteer"}, pkgs: []string{"nodejs_18", "yarn-1_x"}, apt: nodeNatives[3].apt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, nodeProvider, appOf(t, tt.files, nil)).Plan.Phases["setup"]
			diffOf(t, "packages", tt.pkgs, p.NixPkgs)
			diffOf(t, "libraries", tt.libs, p.NixLibs)
			diffOf(t, "Debian packages", tt.apt, p.AptPkgs)
		})
	}
}

func TestNodeCaches(t *testing.T) {
	const react = `{"dependencies": {"next": "1", "react": "1"}}`
	for _, tt := range []struct {
		name           string
		files          repo
		vars           plan.Vars
		install, build []string
	}{
		{name: "npm", files: repo{"package.json": "{}"}, install: []string{"/root/.npm"}, build: []string{"node_modules/.cache"}},
		{name: "yarn", files: repo{"package.json": "{}", "yarn.lock": ""}, install: []string{"/usr/local/share/.cache/yarn/v6"}, build: []string{"node_modules/.cache"}},
		{name: "pnpm", files: repo{"package.json": "{}", "pnpm-lock.yaml": ""}, install: []string{"/root/.local/share/pnpm/store/v3"}, build: []string{"node_modules/.cache"}},
		{name: "bun", files: repo{"package.json": "{}", "bun.lock": ""}, install: []string{"/root/.bun"}, build: []string{"node_modules/.cache"}},
		{
			name:    "Cypress of any package",
			files:   repo{"package.json": "{}", "b/package.json": `{"devDependencies": {"cypress": "1"}}`},
			install: []string{"/root/.cache/Cypress", "/root/.npm"}, build: []string{"node_modules/.cache"},
		},
		{
			name:    "Next of every package that is not installed",
			files:   repo{"package.json": react, "b/c/package.json": react, "node_modules/x/package.json": react, "b/node_modules/x/package.json": react},
			install: []string{"/root/.npm"}, build: []string{".next/cache", "b/c/.next/cache", "node_modules/.cache"},
		},
		{
			name:    "those of the manifest, sorted, each once",
			files:   repo{"package.json": `{"cacheDirectories": ["z", "node_modules/.cache", "a", "z"]}`},
			install: []string{"/root/.npm"}, build: []string{"a", "node_modules/.cache", "z"},
		},
		{
			name:    "moon",
			files:   repo{"package.json": "{}", ".moon/workspace.yml": ""},
			vars:    plan.Vars{"NIXPACKS_MOON_APP_NAME": "web"},
			install: []string{"/root/.npm"}, build: []string{".moon/cache/outputs", "node_modules/.cache"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, nodeProvider, appOf(t, tt.files, tt.vars)).Plan
			diffOf(t, "install", tt.install, p.Phases["install"].CacheDirectories)
			diffOf(t, "build", tt.build, p.Phases["build"].CacheDirectories)
		})
	}
}

func TestTypeScriptBuildInfoIsCached(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		want  string
	}{
		{"default", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true}}`, "tsconfig.tsbuildinfo": ""}, "tsconfig.tsbuildinfo"},
		{"not there", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true}}`}, ""},
		{"not incremental", repo{"tsconfig.json": `{"compilerOptions": {"incremental": false}}`, "tsconfig.tsbuildinfo": ""}, ""},
		{"not said", repo{"tsconfig.json": `{}`, "tsconfig.tsbuildinfo": ""}, ""},
		{"with comments", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true} /* x */}`, "tsconfig.tsbuildinfo": ""}, ""},
		{"directory", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true, "outDir": "./d"}}`, "d/tsconfig.tsbuildinfo": ""}, "./d/tsconfig.tsbuildinfo"},
		{"file", repo{"tsconfig.json": `{"compilerOptions": {"incremental": true, "outDir": "d", "tsBuildInfoFile": "i"}}`, "i": ""}, "i"},
		{"inherited", repo{"tsconfig.json": `{"extends": "./base.json", "compilerOptions": {"outDir": "d"}}`, "base.json": `{"compilerOptions": {"incremental": true, "outDir": "e"}}`, "d/tsconfig.tsbuildinfo": ""}, "d/tsconfig.tsbuildinfo"},
		{"overridden", repo{"tsconfig.json": `{"extends": "base.json", "compilerOptions": {"incremental": false}}`, "base.json": `{"compilerOptions": {"incremental": true}}`, "tsconfig.tsbuildinfo": ""}, ""},
		{"two bases", repo{"tsconfig.json": `{"extends": ["a"], "compilerOptions": {"incremental": true}}`, "tsconfig.tsbuildinfo": ""}, ""},
		{"a base outside", repo{"tsconfig.json": `{"extends": "../a.json", "compilerOptions": {"incremental": true}}`, "tsconfig.tsbuildinfo": ""}, "tsconfig.tsbuildinfo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["package.json"] = "{}"
			want := []string{"node_modules/.cache"}
			switch {
			case strings.HasPrefix(tt.want, "."), strings.HasPrefix(tt.want, "d"), tt.want == "i":
				want = []string{tt.want, want[0]}
			case tt.want != "":
				want = append(want, tt.want)
			}
			diffOf(t, "caches", want, mustPlan(t, nodeProvider, appOf(t, tt.files, nil)).Plan.Phases["build"].CacheDirectories)
		})
	}
}

func TestABrokenNestedPackageIsPassedOver(t *testing.T) {
	out := mustPlan(t, nodeProvider, appOf(t, repo{
		"package.json":                "{}",
		"templates/package.json":      "{{ name }}",
		"web/package.json":            `{"dependencies": {"next": "1"}}`,
		"node_modules/a/package.json": "{",
	}, nil))
	diffOf(t, "caches", []string{"node_modules/.cache", "web/.next/cache"}, out.Plan.Phases["build"].CacheDirectories)
	if len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], "templates/package.json") {
		t.Errorf("warnings %q, want one about templates/package.json", out.Warnings)
	}
}

func TestNodeModulesAboveTheAppHideNothing(t *testing.T) {
	files := fstest.MapFS{
		"package.json":   {Data: []byte("{}")},
		"w/package.json": {Data: []byte(`{"dependencies": {"next": "1"}}`)},
		"link":           {Data: []byte("w"), Mode: fs.ModeSymlink},
	}
	tree, err := source.New(files, "node_modules", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	p := mustPlan(t, nodeProvider, App{Tree: tree}).Plan
	diffOf(t, "caches", []string{"node_modules/.cache", "w/.next/cache"}, p.Phases["build"].CacheDirectories)
}
