package providers

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

// withManifest returns the files and a package.json in the root.
func withManifest(text string, files repo) repo {
	r := maps.Clone(files)
	if r == nil {
		r = repo{}
	}
	r["package.json"] = text
	return r
}

func TestNodeInstallFiles(t *testing.T) {
	testInstallFiles(t, nodeProvider, []installCase{
		{name: "a manifest", files: repo{"package.json": "{}", "index.js": "", "a/package.json": "{"}, want: []string{"package.json"}},
		{name: "no manifest", files: repo{"index.js": ""}, blocker: "there is no package.json"},
		{
			name: "locks and settings",
			files: repo{
				"package.json": "{}", "package-lock.json": "", "npm-shrinkwrap.json": "", "yarn.lock": "", "pnpm-lock.yaml": "", "bun.lock": "",
				"bun.lockb": "", ".npmrc": "", ".yarnrc": "", ".yarnrc.yml": "{}", ".nvmrc": "", ".node-version": "", "bunfig.toml": "",
				"pnpm-workspace.yaml": "packages: []", "src/yarn.lock": "", ".yarnclean": "",
			},
			want: []string{
				".node-version", ".npmrc", ".nvmrc", ".yarnclean", ".yarnrc", ".yarnrc.yml", "bun.lock", "bun.lockb", "bunfig.toml",
				"npm-shrinkwrap.json", "package-lock.json", "package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "yarn.lock",
			},
		},
		{
			name:  "what Yarn keeps",
			files: repo{"package.json": "{}", ".yarn/releases/yarn.cjs": "", ".yarn/patches/a.patch": "", ".pnp.cjs": "", ".yarnrc.yml": "yarnPath: .yarn/releases/yarn.cjs"},
			want:  []string{".pnp.cjs", ".yarn", ".yarnrc.yml", "package.json"},
		},
		{name: "installed packages", files: repo{"package.json": "{}", "node_modules/a/index.js": ""}, blocker: "node_modules is part of the source"},
		{name: "ignored packages", files: repo{"package.json": "{}", "node_modules/a/index.js": "", ".gitignore": "node_modules\n"}, want: []string{"package.json"}},
		{name: "a hook of pnpm", files: repo{"package.json": "{}", ".pnpmfile.cjs": ""}, blocker: ".pnpmfile.cjs runs on install"},
		{name: "a native addon", files: repo{"package.json": "{}", "binding.gyp": ""}, blocker: "binding.gyp is compiled on install"},
		{name: "a setting of msw", files: repo{"package.json": `{"msw": {"workerDirectory": "public"}}`}, blocker: "package.json has the setting msw, which writes into the app on install"},
		{name: "harmless scripts", files: repo{"package.json": `{"scripts": {"build": "x", "start": "x", "test": "x", "prepublishOnly": "x"}}`}, want: []string{"package.json"}},
		{name: "a harmless variable", files: repo{"package.json": "{}"}, vars: plan.Vars{"NPM_CONFIG_REGISTRY": "https://r.example", "PORT": "1"}, want: []string{"package.json"}},
		{name: "options of Node", files: repo{"package.json": "{}"}, vars: plan.Vars{"NODE_OPTIONS": "-r ./a.js"}, blocker: "the variable NODE_OPTIONS may change what the install reads"},
		{name: "a setting of npm", files: repo{"package.json": "{}"}, vars: plan.Vars{"npm_config_userconfig": "a"}, blocker: "the variable npm_config_userconfig may change what the install reads"},
		{name: "a setting of pnpm", files: repo{"package.json": "{}"}, vars: plan.Vars{"pnpm_config_pnpmfile": "a"}, blocker: "the variable pnpm_config_pnpmfile may change what the install reads"},
		{name: "a setting of Yarn", files: repo{"package.json": "{}"}, vars: plan.Vars{"YARN_RC_FILENAME": "a"}, blocker: "the variable YARN_RC_FILENAME may change what the install reads"},
	})
}

func TestNodeInstallReadsAllForLifecycleScripts(t *testing.T) {
	var table []installCase
	for _, script := range nodeLifecycle {
		table = append(table, installCase{
			name: script, files: repo{"package.json": `{"scripts": {"` + script + `": "x"}}`},
			blocker: "package.json has a " + script + " script",
		}, installCase{
			name:    script + " of a workspace",
			files:   repo{"package.json": `{"workspaces": ["p/*"]}`, "p/a/package.json": `{"scripts": {"` + script + `": "x"}}`},
			blocker: "p/a/package.json has a " + script + " script",
		})
	}
	testInstallFiles(t, nodeProvider, table)
}

func TestNodeInstallFilesOfWorkspaces(t *testing.T) {
	packages := repo{
		"p/a/package.json": `{"name": "a", "bin": "cli.js"}`, "p/a/cli.js": "", "p/a/lib.js": "",
		"p/b/package.json": `{"bin": {"b": "./bin/b.js", "c": "dist/c.js"}, "directories": {"bin": "tools"}}`, "p/b/bin/b.js": "", "p/b/tools/t": "", "p/b/.npmrc": "",
		"p/node_modules/x/package.json": "{", "q/package.json": "{",
	}
	all := []string{"p/a/cli.js", "p/a/package.json", "p/b/.npmrc", "p/b/bin/b.js", "p/b/package.json", "p/b/tools", "package.json"}
	with := func(root string, more repo) repo {
		r := withManifest(root, packages)
		maps.Copy(r, more)
		return r
	}
	testInstallFiles(t, nodeProvider, []installCase{
		{name: "a list", files: with(`{"workspaces": ["./p/*"]}`, nil), want: all},
		{name: "an object", files: with(`{"workspaces": {"packages": ["p/a/", "p/b", "!p/c"], "nohoist": ["x"]}}`, nil), want: all},
		{name: "twice", files: with(`{"workspaces": ["p/*", "p/a"]}`, nil), want: all},
		{name: "pnpm", files: with(`{}`, repo{"pnpm-workspace.yaml": "packages:\n  - p/*\n"}), want: slices.Concat(all, []string{"pnpm-workspace.yaml"})},
		{name: "pnpm without a list", files: with(`{}`, repo{"pnpm-workspace.yaml": "hoist: true"}), blocker: `q/package.json is not understood (parsing q/package.json:1:2: unexpected EOF)`},
		{name: "not a list", files: with(`{"workspaces": "p/*"}`, nil), blocker: "package.json has workspaces that are no list of paths"},
		{name: "a pattern beyond ours", files: with(`{"workspaces": ["p/@(a|b)"]}`, nil), blocker: `the workspace "p/@(a|b)" is not understood`},
		{name: "a pattern that is none", files: with(`{"workspaces": ["p/{"]}`, nil), blocker: `the workspace "p/{" is not understood`},
		{name: "outside", files: with(`{"workspaces": ["../p"]}`, nil), blocker: `the workspace "../p" is not understood`},
		{name: "a manifest of another kind", files: with(`{"workspaces": ["p/*"]}`, repo{"p/c/package.yaml": ""}), blocker: "p/c/package.yaml is not understood"},
		{name: "workspaces in one", files: with(`{"workspaces": ["p/*"]}`, repo{"p/c/package.json": `{"workspaces": ["x"]}`}), blocker: "p/c/package.json has workspaces of its own"},
		{name: "a native addon", files: with(`{"workspaces": ["p/*"]}`, repo{"p/a/binding.gyp": ""}), blocker: "p/a/binding.gyp is compiled on install"},
		{name: "settings", files: with(`{"workspaces": ["p/*"]}`, repo{"p/b/.npmrc": "node-options=-r ./x"}), blocker: "p/b/.npmrc line 1 has a setting that may read files"},
		{name: "sources that are copied", files: with(`{"workspaces": ["p/*"], "dependenciesMeta": {"a": {"injected": true}}}`, nil), blocker: "package.json has the source of a copied"},
	})
}

func TestNodeInstallFilesOfLocalPackages(t *testing.T) {
	dep := func(v string) string { return `{"dependencies": {"a": "` + v + `"}}` }
	files := repo{
		"libs/a.tgz": "", "a.tar.gz": "", "lib/package.json": "{}", "lib/index.js": "", "empty/index.js": "",
		"x/package.json": `{"dependencies": {"y": "link:../y", "z": "file:z.tgz"}}`, "x/z.tgz": "", "y/package.json": `{"devDependencies": {"x": "portal:../x"}}`,
		"code/package.json": `{"scripts": {"prepare": "tsc"}}`, "gyp/package.json": "{}", "gyp/binding.gyp": "", "patches/a.patch": "", "p.patch": "",
	}
	var table []installCase
	for _, tt := range []struct {
		spec, blocker string
		want          []string // beside package.json
	}{
		{spec: "^1.0.0"}, {spec: "~1.2"}, {spec: "*"}, {spec: ""}, {spec: "latest"}, {spec: "npm:b@^1"}, {spec: "owner/repository#main"}, {spec: "workspace:*"},
		{spec: "https://a.example/b.tgz"}, {spec: "git+ssh://git@a.example/b.git"}, {spec: "github:a/b"}, {spec: "catalog:"}, {spec: ">=1 || .5"},
		{spec: "file:libs/a.tgz", want: []string{"libs/a.tgz"}}, {spec: "./libs/a.tgz", want: []string{"libs/a.tgz"}}, {spec: "a.tar.gz", want: []string{"a.tar.gz"}},
		{spec: "file:./libs/a.tgz::locator=x", want: []string{"libs/a.tgz"}}, {spec: "a@file:libs/a.tgz", want: []string{"libs/a.tgz"}},
		{spec: "file:lib", want: []string{"lib"}}, {spec: "./lib/", want: []string{"lib"}}, {spec: "portal:./lib", want: []string{"lib"}},
		{spec: "link:./x", want: []string{"x", "y"}},
		{spec: "file:code", blocker: "code/package.json has a prepare script"},
		{spec: "file:gyp", blocker: "gyp/binding.gyp is compiled on install"},
		{spec: "file:.", blocker: "package.json has a package at a path that is not one"},
		{spec: "file:..", blocker: "package.json has a package at a path that is not one"},
		{spec: "link:./empty", blocker: "package.json has a package at a path that is not one"},
		{spec: "file:no.tgz", blocker: "package.json has a package at a path that is not one"},
		{spec: "file:///lib", blocker: "package.json has a package at a path that is not understood"},
		{spec: "~/lib", blocker: "package.json has a package at a path that is not understood"},
		{spec: "file:li%62", blocker: "package.json has a package at a path that is not understood"},
		{spec: "git+file:lib", blocker: "package.json has a package in a local repository"},
		{spec: "exec:./make.js", blocker: "package.json has a package that a script makes (exec:)"},
		{spec: "patch:b@npm%3A1.0.0#./patches/a.patch&~/p.patch&optional!~builtin<x>::version=1", want: []string{"p.patch", "patches/a.patch"}},
		{spec: "patch:b@1#~builtin<compat/x>"},
		{spec: "patch:b@1#no.patch", blocker: "package.json names a file that is not in the app"},
	} {
		table = append(table, installCase{name: tt.spec, files: withManifest(dep(tt.spec), files), want: tt.want, blocker: tt.blocker})
		if tt.blocker == "" {
			last := &table[len(table)-1]
			last.want = slices.Sorted(slices.Values(append(tt.want, "package.json")))
		}
	}
	for _, where := range []string{
		`{"devDependencies": {"a": "file:lib"}}`, `{"optionalDependencies": {"a": "file:lib"}}`, `{"peerDependencies": {"a": "file:lib"}}`,
		`{"overrides": {"b": {"a": "file:lib"}}}`, `{"resolutions": {"a": "file:lib"}}`, `{"pnpm": {"overrides": {"a": "file:lib"}}}`,
	} {
		table = append(table, installCase{name: where, files: withManifest(where, files), want: []string{"lib", "package.json"}})
	}
	for _, where := range []string{`{"patchedDependencies": {"a@1": "p.patch"}}`, `{"pnpm": {"patchedDependencies": {"a@1": "p.patch"}, "onlyBuiltDependencies": ["a"]}}`} {
		table = append(table, installCase{name: where, files: withManifest(where, files), want: []string{"p.patch", "package.json"}})
	}
	table = append(table, installCase{
		name: "a setting of pnpm in the manifest", files: withManifest(`{"pnpm": {"configDependencies": {"a": "1"}}}`, files),
		blocker: "package.json has the setting pnpm.configDependencies, which may read files",
	})
	testInstallFiles(t, nodeProvider, table)
}

func TestNodeInstallSettings(t *testing.T) {
	const may = "setting that may read files"
	var table []installCase
	for _, tt := range []struct{ name, text, blocker string }{
		{name: ".npmrc", text: "# c\n; c\n\nregistry=https://r.example\n//r.example/:_authToken=${TOKEN}\nsave-prefix=~\nhoist-pattern[]=*x*\nfund = false\n"},
		{name: ".npmrc", text: "a=1\nnode-options = --require ./x.js", blocker: ".npmrc line 2 has a " + may},
		{name: ".npmrc", text: "install-links=true", blocker: ".npmrc line 1 has a " + may},
		{name: ".npmrc", text: "//r.example/:certfile=a.pem", blocker: ".npmrc line 1 has a " + may},
		{name: ".npmrc", text: "unknown=./secret", blocker: ".npmrc line 1 has a " + may},
		{name: ".npmrc", text: "\xff", blocker: ".npmrc is not understood (reading .npmrc:1: the file is not UTF-8; save it as UTF-8)"},
		{name: ".yarnrc", text: "# c\nregistry \"https://r.example\"\n\"@a:registry\" https://r.example\n--install.ignore-engines true\nnetwork-timeout 1\n"},
		{name: ".yarnrc", text: "yarn-path \"tools/yarn.js\"", blocker: ".yarnrc names a file that is not in the app"},
		{name: ".yarnrc", text: "yarn-offline-mirror \"./m\"", blocker: ".yarnrc line 1 has a " + may},
		{name: ".yarnrc", text: "--install.modules-folder x", blocker: ".yarnrc line 1 has a " + may},
		{name: ".yarnrc", text: "\xff", blocker: ".yarnrc is not understood (reading .yarnrc:1: the file is not UTF-8; save it as UTF-8)"},
		{name: ".yarnrc.yml", text: "nodeLinker: node-modules\nenableTelemetry: false\nnpmScopes:\n  a: {}\npackageExtensions:\n  a@*:\n    dependencies: {b: '1'}\n"},
		{name: ".yarnrc.yml", text: "yarnPath: ../yarn.cjs", blocker: ".yarnrc.yml names a file that is not in the app"},
		{name: ".yarnrc.yml", text: "plugins: [./a.cjs]", blocker: ".yarnrc.yml has a plugin that is not Yarn's own"},
		{name: ".yarnrc.yml", text: "plugins:\n  - path: .yarn/plugins/mine.cjs\n    spec: x", blocker: ".yarnrc.yml has a plugin that is not Yarn's own"},
		{name: ".yarnrc.yml", text: "plugins:\n  - path: .yarn/plugins/@yarnpkg/a.cjs", blocker: ".yarnrc.yml names a file that is not in the app"},
		{name: ".yarnrc.yml", text: "plugins: x", blocker: ".yarnrc.yml has plugins that are no list"},
		{name: ".yarnrc.yml", text: "enableConstraintsChecks: true", blocker: ".yarnrc.yml has the setting enableConstraintsChecks, which may read files"},
		{name: ".yarnrc.yml", text: "catalog: {a: 'file:no'}", blocker: ".yarnrc.yml has a package at a path that is not one"},
		{name: ".yarnrc.yml", text: "a: [", blocker: ".yarnrc.yml is not understood"},
		{name: "pnpm-workspace.yaml", text: "packages: []\ncatalog: {a: ^1}\nonlyBuiltDependencies: [a]\nnodeLinker: hoisted\n"},
		{name: "pnpm-workspace.yaml", text: "packages: []\ninjectWorkspacePackages: true", blocker: "pnpm-workspace.yaml has the setting injectWorkspacePackages, which may read files"},
		{name: "pnpm-workspace.yaml", text: "packages: []\noverrides: {a: 'link:./no'}", blocker: "pnpm-workspace.yaml has a package at a path that is not one"},
		{name: "pnpm-workspace.yaml", text: "packages: []\npatchedDependencies: {a: no.patch}", blocker: "pnpm-workspace.yaml names a file that is not in the app"},
		{name: "pnpm-workspace.yaml", text: "packages: [", blocker: "pnpm-workspace.yaml is not understood"},
		{name: "bunfig.toml", text: "telemetry = false\n[install]\nexact = true\n[install.scopes]\na = \"x\"\n[test]\npreload = [\"./x.ts\"]\n"},
		{name: "bunfig.toml", text: "preload = [\"./x.ts\"]", blocker: "bunfig.toml has the setting preload, which may read files"},
		{name: "bunfig.toml", text: "[install]\ncafile = \"x\"", blocker: "bunfig.toml has the setting install.cafile, which may read files"},
		{name: "bunfig.toml", text: "a", blocker: "bunfig.toml is not understood"},
	} {
		files := repo{"package.json": "{}", tt.name: tt.text}
		_, got, err := nodeInstallFiles(appOf(t, files, nil))
		if err != nil || (got == "") != (tt.blocker == "") || !strings.HasPrefix(got, tt.blocker) {
			t.Errorf("%s %q: got blocker %q, error %v; want %q", tt.name, tt.text, got, err, tt.blocker)
		}
	}
	table = append(table,
		installCase{
			name:  "files that settings name",
			files: repo{"package.json": "{}", ".yarnrc": "yarn-path tools/yarn.js", "tools/yarn.js": ""},
			want:  []string{".yarnrc", "package.json", "tools/yarn.js"},
		},
		installCase{
			name:  "a plugin of Yarn's own",
			files: repo{"package.json": "{}", ".yarnrc.yml": "plugins:\n  - .yarn/plugins/@yarnpkg/a.cjs\n", ".yarn/plugins/@yarnpkg/a.cjs": ""},
			want:  []string{".yarn", ".yarnrc.yml", "package.json"},
		},
		installCase{
			name:  "patches of pnpm",
			files: repo{"package.json": "{}", "pnpm-workspace.yaml": "packages: []\npatchedDependencies: {a: patches/a.patch}", "patches/a.patch": ""},
			want:  []string{"package.json", "patches/a.patch", "pnpm-workspace.yaml"},
		},
		installCase{
			name:  "variables of Bun's settings",
			files: repo{"package.json": "{}", "bunfig.toml": "[install]\nregistry = \"$R\"", ".env": "R=x", ".env.test": ""},
			want:  []string{".env", "bunfig.toml", "package.json"},
		},
	)
	testInstallFiles(t, nodeProvider, table)
}

func TestNodeInstallReadsAllForSomeDependencies(t *testing.T) {
	const kit = "the install script of @sveltejs/kit reads the app"
	testInstallFiles(t, nodeProvider, []installCase{
		{name: "listed", files: repo{"package.json": `{"devDependencies": {"@sveltejs/kit": "2"}}`}, blocker: kit},
		{name: "locked by npm", files: repo{"package.json": "{}", "package-lock.json": `{"packages": {"node_modules/@sveltejs/kit": {}}}`}, blocker: kit},
		{name: "locked by npm 6", files: repo{"package.json": "{}", "package-lock.json": `{"dependencies": {"@sveltejs/kit": {}}}`}, blocker: kit},
		{name: "locked by Yarn", files: repo{"package.json": "{}", "yarn.lock": "\"@sveltejs/kit@^2\":\n"}, blocker: kit},
		{name: "locked by pnpm", files: repo{"package.json": "{}", "pnpm-lock.yaml": "  '@sveltejs/kit@2.0.0':\n"}, blocker: kit},
		{name: "locked by pnpm 6", files: repo{"package.json": "{}", "pnpm-lock.yaml": "  /@sveltejs/kit/2.0.0:\n"}, blocker: kit},
		{name: "locked by Bun", files: repo{"package.json": "{}", "bun.lock": `"@sveltejs/kit": ["@sveltejs/kit@2"]`}, blocker: kit},
		{name: "a wish of another", files: repo{"package.json": "{}", "package-lock.json": `{"peerDependencies": {"@sveltejs/kit": "2"}}`}, want: []string{"package-lock.json", "package.json"}},
		{name: "a similar name", files: repo{"package.json": `{"dependencies": {"nx-fake": "1"}}`, "yarn.lock": "my-nx@1:\n"}, want: []string{"package.json", "yarn.lock"}},
		{name: "of a workspace", files: repo{"package.json": `{"workspaces": ["a"]}`, "a/package.json": `{"dependencies": {"nx": "1"}}`}, blocker: "the install script of nx reads the app"},
		{name: "puppeteer", files: repo{"package.json": `{"dependencies": {"puppeteer": "1"}}`}, want: []string{"package.json"}},
		{name: "puppeteer with settings", files: repo{"package.json": `{"dependencies": {"puppeteer": "1"}}`, ".puppeteerrc.cjs": ""}, blocker: "the install script of puppeteer reads the app"},
	})
}

func TestNodeInstallGeneratesPrismaClient(t *testing.T) {
	const client = `{"dependencies": {"@prisma/client": "5"}}`
	const schema = "generator client {\n  provider = \"prisma-client-js\"\n}\ndatasource db {\n  provider=\"postgresql\"\n}\n"
	const moved = "the schema of Prisma is not at its default place"
	testInstallFiles(t, nodeProvider, []installCase{
		{name: "a schema", files: repo{"package.json": client, "prisma/schema.prisma": schema, "prisma/migrations/a.sql": ""}, want: []string{"package.json", "prisma"}},
		{name: "a schema in the root", files: repo{"package.json": client, "schema.prisma": schema, ".env": ""}, want: []string{".env", "package.json", "schema.prisma"}},
		{name: "for development", files: repo{"package.json": `{"devDependencies": {"@prisma/client": "5"}, "prisma": {"seed": "x"}}`, "prisma/schema.prisma": schema}, want: []string{"package.json", "prisma"}},
		{name: "the command alone", files: repo{"package.json": `{"devDependencies": {"prisma": "5"}}`, "prisma/schema.prisma": "x"}, want: []string{"package.json"}},
		{name: "elsewhere", files: repo{"package.json": `{"dependencies": {"@prisma/client": "5"}, "prisma": {"schema": "db/s.prisma"}}`}, blocker: moved},
		{name: "by code", files: repo{"package.json": client, "prisma.config.ts": ""}, blocker: moved},
		{name: "another generator", files: repo{"package.json": client, "prisma/schema.prisma": "generator x {\n  provider = \"node ./gen.js\"\n}"}, blocker: "prisma/schema.prisma has a provider that may read more than the schema"},
		{name: "one that reads tsconfig.json", files: repo{"package.json": client, "prisma/a/b.prisma": "provider = \"prisma-client\""}, blocker: "prisma/a/b.prisma has a provider that may read more than the schema"},
		{name: "a variable", files: repo{"package.json": client, "schema.prisma": "provider = env(\"P\")"}, blocker: "schema.prisma has a provider that may read more than the schema"},
		{name: "no text", files: repo{"package.json": client, "schema.prisma": "\xff"}, blocker: "schema.prisma is not understood (reading schema.prisma:1: the file is not UTF-8; save it as UTF-8)"},
		{name: "of a dependency", files: repo{"package.json": "{}", "yarn.lock": "\"@prisma/client@^5\":\n"}, blocker: "the install script of @prisma/client reads the app"},
		{name: "with workspaces", files: repo{"package.json": `{"workspaces": ["a"], "dependencies": {"@prisma/client": "5"}}`, "a/package.json": "{}"}, blocker: "the install script of @prisma/client reads the app"},
	})
}

func TestNodeInstallReadsAllBehindLinks(t *testing.T) {
	link := func(to string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink} }
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for _, tt := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"a manifest", fstest.MapFS{"package.json": link("a.json"), "a.json": file("{}")}, "package.json is a symlink"},
		{"a lockfile", fstest.MapFS{"package.json": file("{}"), "yarn.lock": link("a"), "a": file("")}, "yarn.lock is a symlink"},
		{"a directory", fstest.MapFS{"package.json": file("{}"), ".yarn": link("y"), "y/a": file("")}, ".yarn is a symlink"},
		{"a file in a directory", fstest.MapFS{"package.json": file("{}"), ".yarn/a/b": link("../../x"), "x": file("")}, ".yarn/a/b is a symlink"},
		{"a directory above", fstest.MapFS{"package.json": file(`{"dependencies": {"a": "file:l/a.tgz"}}`), "l": link("m"), "m/a.tgz": file("")}, "l is a symlink"},
		{"a workspace", fstest.MapFS{"package.json": file(`{"workspaces": ["w"]}`), "w": link("m"), "m/package.json": file("{}")}, "w is a symlink"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := nodeInstallFiles(treeApp(t, tt.files, source.Limits{}, nil))
			if err != nil || got != tt.want {
				t.Errorf("got blocker %q, error %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestNodeInstallFilesStopsAtDeepDirectories(t *testing.T) {
	name := ".yarn/" + strings.Repeat("a/", maxNodeDepth+1) + "b"
	_, got, err := nodeInstallFiles(appOf(t, repo{"package.json": "{}", name: ""}, nil))
	if err != nil || !strings.HasSuffix(got, "lies deeper than 32 directories") {
		t.Errorf("got blocker %q, error %v", got, err)
	}
}

func TestNodeInstallFilesStopsAtTheLimitsOfTheTree(t *testing.T) {
	app := brokenWalk(t, repo{"package.json": "{}", "prisma/schema.prisma": ""})
	if _, got, err := nodeInstallFiles(app); err != nil || got == "" {
		t.Errorf("got blocker %q, error %v; want a blocker", got, err)
	}
}
