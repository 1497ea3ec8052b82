package discover

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/source"
)

// starting says that a directory can be started if it has a file of that name.
func starting(tree *source.Tree, _ []string) (string, error) {
	for _, name := range []string{"main.py", "main.go", "start", "index.html"} {
		if tree.HasFile(name) {
			return name, nil
		}
	}
	return "", nil
}

type repository map[string]string

func (r repository) tree(t testing.TB) *source.Tree {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range r {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if len(files) == 0 {
		files["README"] = &fstest.MapFile{}
	}
	tree, err := source.New(files, "checkout", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func (r repository) find(t testing.TB) Result {
	t.Helper()
	found, err := Find(r.tree(t), Options{Name: "shop", Images: []string{"r.example/shop"}, Starts: starting})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// names are the apps with their contexts.
func names(r Result) string {
	var list []string
	for _, a := range r.Apps {
		list = append(list, a.Name+" in "+a.Context)
	}
	return strings.Join(list, ", ")
}

func TestFind(t *testing.T) {
	const start = `{"name": "%s", "scripts": {"start": "node ."}}`
	pkg := func(name string) string { return fmt.Sprintf(start, name) }
	for _, tt := range []struct {
		name  string
		files repository
		want  string
	}{
		{"nothing", repository{"README.md": ""}, ""},
		{"an app in the root that no manifest tells", repository{"index.html": ""}, "shop in ."},
		{"such a file elsewhere", repository{"site/index.html": "", "a/requirements.txt": "", "a/main.py": ""}, "a in a"},
		{"a manifest that nothing starts", repository{"tool/package.json": "{}"}, ""},
		{"several directories", repository{"b/go.mod": "module b", "b/main.go": "package main", "a/Gemfile": "", "a/start": ""}, "a in a, b in b"},
		{"the root and one in it", repository{"Gemfile": "", "start": "", "client/package.json": pkg("client"), "client/start": ""}, "shop in ., client in client"},
		{"a module of the app around it", repository{"pom.xml": "", "start": "", "core/pom.xml": "", "core/start": ""}, "shop in ."},
		{"an app in an app with a lockfile of its own", repository{"package.json": "{}", "start": "", "client/package.json": "{}", "client/start": "", "client/yarn.lock": ""}, "shop in ., client in client"},
		{"a root that only holds tools", repository{"package.json": "{}", "a/package.json": "{}", "a/start": "", "b/package.json": "{}", "b/start": ""}, "a in a, b in b"},
		{"a Go library", repository{"lib/go.mod": "module lib", "lib/start": "", "lib/lib.go": "package lib"}, ""},
		{"a Node library", repository{"lib/package.json": `{"main": "index.js"}`, "lib/start": "", "cli/package.json": `{"bin": "x", "scripts": {"start": "x"}}`, "cli/start": ""}, "cli in cli"},
		{"a library with a Procfile", repository{"lib/package.json": `{"main": "index.js"}`, "lib/Procfile": "", "lib/start": ""}, "lib in lib"},
		{"a package in the root", repository{"package.json": `{"main": "index.js"}`, "start": ""}, "shop in ."},
		{"a module in the root that is a library", repository{"go.mod": "module x", "x.go": "package x", "start": ""}, ""},
		{"a PHP library", repository{"lib/composer.json": `{"type": "library"}`, "lib/start": "", "web/composer.json": `{}`, "web/start": ""}, "web in web"},
		{".NET projects", repository{
			"Shop.sln": "", "src/Api/Api.csproj": `<Project Sdk="Microsoft.NET.Sdk.Web">`, "src/Api/start": "",
			"src/Lib/Lib.csproj": `<Project Sdk="Microsoft.NET.Sdk">`, "src/Lib/start": "",
			"src/Api.Checks/x.csproj": `<OutputType>Exe</OutputType><PackageReference Include="Microsoft.NET.Test.Sdk" />`, "src/Api.Checks/start": "",
		}, "api in src/Api"},
		{"a Go program in cmd", repository{"api/go.mod": "module api", "api/start": "", "api/api.go": "package api", "api/cmd/api/x.go": "package main"}, "api in api"},
		{"aside and foreign", repository{
			"examples/a/package.json": "{}", "examples/a/start": "", "x/TestData/package.json": "{", "vendor/a/Gemfile": "", "vendor/a/start": "",
			"node_modules/x/package.json": "{", ".cache/package.json": "{", "a/node_modules/b/package.json": "{",
		}, ""},
		{"workspaces as a table", repository{"package.json": `{"workspaces": {"packages": ["a"]}}`, "a/package.json": pkg("a")}, "a in ."},
		{"a star stops at a slash", repository{"package.json": `{"workspaces": ["p/*"]}`, "p/a/package.json": pkg("a"), "p/a/x/package.json": "{}"}, "a in ."},
		{"braces and two stars", repository{"package.json": `{"workspaces": ["./{a,b}/**/"]}`, "a/package.json": pkg("a"), "b/c/package.json": pkg("c")}, "a in ., c in ."},
		{"a workspace that is not the root", repository{"js/package.json": `{"workspaces": ["*"]}`, "js/a/package.json": pkg("a")}, "a in js"},
		{"two workspaces", repository{
			"x/package.json": `{"workspaces": ["*"]}`, "x/a/package.json": pkg("a"),
			"y/package.json": `{"workspaces": ["*"]}`, "y/a/package.json": pkg("a"),
		}, "x-a in x, y-a in y"},
		{"a workspace of libraries with an app in the root", repository{"package.json": `{"workspaces": ["l"]}`, "start": "", "l/package.json": `{"name": "l"}`}, "shop in ."},
		{"a workspace that has apps has none in the root", repository{"package.json": `{"workspaces": ["a"]}`, "start": "", "nixpacks.toml": "", "a/package.json": pkg("a")}, "a in ."},
		{"settings of pnpm are no workspace", repository{"package.json": "{}", "start": "", "pnpm-workspace.yaml": "onlyBuiltDependencies: [x]\n"}, "shop in ."},
		{"another language in a member", repository{"package.json": `{"workspaces": ["*"]}`, "api/package.json": `{"name": "api"}`, "api/go.mod": "module api", "api/main.go": "package main"}, "api in api"},
		{"a member with a configuration", repository{"package.json": `{"workspaces": ["*"]}`, "api/package.json": `{"name": "api"}`, "api/nixpacks.toml": ""}, "api in ."},
		{"a crate with the workspace", repository{
			"Cargo.toml": "[package]\nname = 'top'\n[workspace]\nmembers = ['lib']\nexclude = ['lib/old']\n", "src/main.rs": "",
			"lib/Cargo.toml": "[package]\nname = 'lib'\n",
		}, "shop in ."},
		{"crates by path and by section bin", repository{
			"Cargo.toml":   "[workspace]\nmembers = ['a']\n[workspace.dependencies]\nb = { path = 'b' }\n",
			"a/Cargo.toml": "[package]\nname = 'a'\n[[bin]]\nname = 'a'\npath = 'x.rs'\n[target.'cfg(unix)'.dependencies]\nb.workspace = true\n",
			"b/Cargo.toml": "[package]\nname = 'b'\n", "b/src/bin/b.rs": "",
			"c/Cargo.toml": "[package]\nname = 'c'\n", "c/start": "",
		}, "a in ., b in ., c in c"},
		{"a Go workspace with a module in the root", repository{
			"go.work": "use (\n.\n./api\n)\n", "go.mod": "module x", "x.go": "package x",
			"api/go.mod": "module x/api\nrequire x v0.0.0\n", "api/main.go": "package main",
		}, "api in ."},
		{"a Go workspace whose modules do without each other", repository{"go.work": "use ./api", "api/go.mod": "module api", "api/main.go": "package main"}, "api in api"},
		{"names that fall together", repository{"a/b-c/Gemfile": "", "a/b-c/start": "", "a-b/c/Gemfile": "", "a-b/c/start": "", "x/c/Gemfile": "", "x/c/start": ""},
			"a-b-c in a-b/c, b-c in a/b-c, x-c in x/c"},
		{"paths that fall together", repository{
			"p/q-r/Gemfile": "", "p/q-r/start": "", "p-q/r/Gemfile": "", "p-q/r/start": "", "z/q-r/Gemfile": "", "z/q-r/start": "", "z/r/Gemfile": "", "z/r/start": "",
		}, "p-q-r-eb8359d1 in p-q/r, p-q-r-f552bdde in p/q-r, z-q-r in z/q-r, z-r in z/r"},
		{"names that are none", repository{"Ünï/Gemfile": "", "Ünï/start": "", "日本/Gemfile": "", "日本/start": ""}, "n in Ünï, cf2abf0c in 日本"},
		{"a list", repository{"nixpacks.toml": "apps = ['examples/*', '!examples/b', 'plain']", "examples/a/Gemfile": "", "examples/a/start": "", "examples/b/Gemfile": "", "examples/b/start": "", "c/Gemfile": "", "c/start": "", "plain/README": ""}, "a in examples/a, plain in plain"},
		{"an empty list", repository{"nixpacks.json": `{"apps": []}`, "a/Gemfile": "", "a/start": ""}, ""},
		{"a table over what is found", repository{
			"nixpacks.json": `{"apps": {"web": {"directory": "a"}}}`, "package.json": `{"workspaces": ["*"]}`, "a/package.json": pkg("a"), "b/package.json": pkg("b"),
		}, "web in ."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(tt.files.find(t)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A pnpm-workspace.yaml decides only where the plan's edition lets it: else the commands are those of what the plan installs.
func TestCommandsFitThePlanOfTheEdition(t *testing.T) {
	const npm, pnpm, yarn = "npm run start --workspace=app", "pnpm --filter=app run start", "yarn workspace app run start"
	for _, tt := range []struct {
		name        string
		files       repository
		exact       bool // edition 1.39
		start, word string
	}{
		{"nothing else", nil, false, pnpm, ""},
		{"nothing else in 1.39", nil, true, npm, "pnpm-workspace.yaml is not read by npm"},
		{"its lockfile in 1.39", repository{"pnpm-lock.yaml": ""}, true, pnpm, ""},
		{"packageManager in 1.39", repository{"package.json": `{"packageManager": "pnpm@9.1.0"}`}, true, pnpm, ""},
		{"the lockfile of another", repository{"yarn.lock": ""}, false, yarn, "pnpm-workspace.yaml is not read by yarn"},
		{"another packageManager", repository{"package.json": `{"packageManager": "npm@10.0.0"}`}, false, npm, "pnpm-workspace.yaml is not read by npm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := repository{
				"package.json": "{}", "pnpm-workspace.yaml": "packages: [app, other]\n",
				"app/package.json":   `{"name": "app", "scripts": {"start": "a"}}`,
				"other/package.json": `{"name": "other", "scripts": {"start": "a"}}`,
			}
			for name, text := range tt.files {
				files[name] = text
			}
			r, err := Find(files.tree(t), Options{Name: "shop", After139: func(*source.Tree, string) bool { return !tt.exact }})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Apps[0].StartCmd; got != tt.start {
				t.Errorf("the start command is %q, want %q", got, tt.start)
			}
			if text := strings.Join(r.Warnings, "\n"); !strings.HasPrefix(text, tt.word) || tt.word == "" && text != "" || strings.Contains(text, "\n") {
				t.Errorf("the warnings are %q, want one that begins with %q", text, tt.word)
			}
		})
	}
}

func TestCommandsFitThePackageManager(t *testing.T) {
	for _, tt := range []struct {
		name         string
		files        repository
		build, start string
	}{
		{"npm", nil, "npm run build --workspace=lib && npm run build --workspace=@x/app", "npm run start --workspace=@x/app"},
		{"pnpm by its lockfile", repository{"pnpm-lock.yaml": ""}, "pnpm --filter=lib run build && pnpm --filter=@x/app run build", "pnpm --filter=@x/app run start"},
		{"Yarn", repository{"yarn.lock": ""}, "yarn workspace lib run build && yarn workspace @x/app run build", "yarn workspace @x/app run start"},
		{"Bun", repository{"bun.lock": ""}, "bun run --filter=lib build && bun run --filter=@x/app build", "bun run --filter=@x/app start"},
		{"packageManager before lockfiles", repository{"yarn.lock": "", "package.json": `{"workspaces": ["*"], "packageManager": "pnpm@10.1.0"}`}, "pnpm --filter=lib run build && pnpm --filter=@x/app run build", "pnpm --filter=@x/app run start"},
		{"Turborepo", repository{"turbo.json": "{}"}, "npx turbo run build --filter=@x/app", "npm run start --workspace=@x/app"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := repository{
				"package.json":     `{"workspaces": ["*"]}`,
				"app/package.json": `{"name": "@x/app", "scripts": {"start": "a", "build": "b"}, "dependencies": {"mid": "workspace:^"}}`,
				"mid/package.json": `{"name": "mid", "devDependencies": {"alias": "npm:lib@1", "app": "1"}, "peerDependencies": {"@x/app": "*"}}`,
				"lib/package.json": `{"name": "lib", "scripts": {"build": "b"}}`,
			}
			for name, text := range tt.files {
				files[name] = text
			}
			a := files.find(t).Apps[0]
			if diff := cmp.Diff([]string{tt.build, tt.start}, []string{a.BuildCmd, a.StartCmd}); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakesAreThoseOfAFile(t *testing.T) {
	many := func(n int, format string) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf(format, i))
		}
		return strings.Join(parts, ",")
	}
	for _, tt := range []struct {
		name  string
		files repository
		want  string
	}{
		{"an absolute workspace", repository{"package.json": `{"workspaces": ["/etc"]}`}, `reading package.json:1: the workspace "/etc" leads out of the repository`},
		{"one that leaves through a directory", repository{"package.json": `{"workspaces": ["a/../../b"]}`}, "leads out of the repository"},
		{"a pattern that is none", repository{"package.json": `{"workspaces": ["[a"]}`}, `the workspace "[a" is no pattern`},
		{"a long one", repository{"package.json": `{"workspaces": ["` + strings.Repeat("a", 300) + `"]}`}, "is longer than 256 bytes"},
		{"many braces", repository{"package.json": `{"workspaces": ["{a,b}{a,b}{a,b}{a,b}"]}`}, "has more than 3 pairs of braces"},
		{"many patterns", repository{"package.json": `{"workspaces": [` + many(101, `"a%d"`) + `]}`}, "the workspace has more than 100 globs"},
		{"a workspace of another type", repository{"package.json": `{"workspaces": [1]}`}, "package.json:1: workspaces are no list of texts"},
		{"a go.work that is none", repository{"go.work": "use (\n"}, "parsing go.work:"},
		{"a Cargo workspace that leaves", repository{"Cargo.toml": "[workspace]\nmembers = ['../x']\n"}, `reading Cargo.toml:2: the workspace "../x" leads out`},
		{"a crate without a name", repository{"Cargo.toml": "[workspace]\nmembers = ['a']\n", "a/Cargo.toml": "[package]\nname = 'a b'\n", "a/src/main.rs": ""}, `reading a/Cargo.toml:2: "a b" is no name of a package`},
		{"apps of another type", repository{"nixpacks.toml": "\napps = 1"}, "nixpacks.toml:2: apps: it is neither a list nor a table"},
		{"a list of something else", repository{"nixpacks.toml": "apps = [1]"}, "the list holds something else than texts"},
		{"a pattern outside", repository{"nixpacks.toml": "apps = ['../x']"}, `apps: "../x" leads out of the repository`},
		{"a directory that is not there", repository{"nixpacks.toml": "edition = '1.39'\napps = ['x']"}, `nixpacks.toml:2: apps: there is no directory "x"`},
		{"a context outside", repository{"nixpacks.toml": "[apps.a]\ndirectory = '.'\ncontext = '..'"}, `nixpacks.toml:3: apps: the context ".." of a is none of the repository`},
		{"a variable of two lines", repository{"nixpacks.json": `{"apps": {"a": {"directory": ".", "variables": {"X": "a\nb"}}}}`}, `the variable "X" of a is not one line of text`},
		{"a path outside", repository{"nixpacks.toml": "[apps.a]\ndirectory = '.'\npaths = ['../x']"}, `the path "../x" of a leads out of the repository`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Find(tt.files.tree(t), Options{Starts: starting})
			_, isFile := errors.AsType[*source.Error](err)
			_, isConfig := errors.AsType[*config.Error](err)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !isFile && !isConfig {
				t.Errorf("got %v (%T), want %q", err, err, tt.want)
			}
		})
	}
}

func TestWhatAnAppNeedsFromElsewhereIsSaid(t *testing.T) {
	r := repository{
		"api/api.csproj": `<OutputType>Exe</OutputType><ProjectReference Include="..\lib\Lib.csproj" /><ProjectReference Include="..\..\out\x.csproj" />`,
		"api/start":      "", "lib/Lib.csproj": "",
	}.find(t)
	want := "api depends on lib, which is outside of api: make it a member of the workspace, or set the app's context"
	if diff := cmp.Diff([]string{want}, r.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if got := len(r.Affected([]string{"lib/x.cs"}).Apps); got != 1 {
		t.Errorf("a change of lib affects %d apps", got)
	}
}

func TestAMistakeOfTheOnlyAppNamesTheFileOfTheRepository(t *testing.T) {
	files := repository{"a/Gemfile": "x"}
	_, err := Find(files.tree(t), Options{Starts: func(tree *source.Tree, _ []string) (string, error) {
		return "", tree.JSON("Gemfile", new(any))
	}})
	if err == nil || !strings.HasPrefix(err.Error(), "parsing a/Gemfile:1:1: ") {
		t.Errorf("got %v", err)
	}
}

func TestAnAppThatCannotBePlannedStandsBesideTheOthers(t *testing.T) {
	starts := func(tree *source.Tree, _ []string) (string, error) {
		if tree.HasFile("start") {
			return "start", nil
		}
		return "", tree.JSON("Gemfile", new(any))
	}
	for _, tt := range []struct {
		name  string
		files repository
		said  string
	}{
		{"by its plan", repository{"a/Gemfile": "x"}, "a cannot be planned, and its build says so: parsing a/Gemfile:1:1: "},
		{"by its manifest", repository{"a/package.json": "x"}, "a cannot be planned, and its build says so: parsing a/package.json:1:1: "},
		{"by its crate", repository{"a/Cargo.toml": "x"}, "a cannot be planned, and its build says so: parsing a/Cargo.toml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["b/Gemfile"], tt.files["b/start"] = "", ""
			if tt.files["a/Cargo.toml"] != "" { // its plan reads it, as the one of a real provider does
				starts = func(tree *source.Tree, _ []string) (string, error) {
					if tree.HasFile("Cargo.toml") {
						return "", tree.TOML("Cargo.toml", new(any))
					}
					return "start", nil
				}
			}
			r, err := Find(tt.files.tree(t), Options{Name: "shop", Starts: starts})
			if err != nil || names(r) != "a in a, b in b" || !strings.HasPrefix(r.Apps[0].Found, "nothing: its plan is an error") {
				t.Fatalf("%v %q %+v", err, names(r), r.Apps)
			}
			if len(r.Warnings) != 1 || !strings.HasPrefix(r.Warnings[0], tt.said) {
				t.Errorf("warnings %q, want %q", r.Warnings, tt.said)
			}
		})
	}
}

func TestProjectsOfNxAreAppsIfTheirPlanStartsThem(t *testing.T) {
	files := repository{
		"nx.json": "{}", "package.json": `{"workspaces": ["apps/*"]}`,
		"apps/api/package.json": `{"name": "@shop/api", "nx": {}}`, "apps/api-e2e/package.json": `{"name": "@shop/api-e2e"}`,
		"apps/site/project.json": `{"targets": {}}`, "apps/site/next.config.js": "",
		"apps/lib/project.json": `{"targets": {"build": {}}}`,
		"apps/old/project.json": `{"targets": {"build": {"executor": "x"}}}`,
		"libs/ui/project.json":  `{"targets": {}}`,
	}
	starts := func(_ *source.Tree, env []string) (string, error) {
		switch strings.Join(env, " ") {
		case "NIXPACKS_NX_APP_NAME=api", "NIXPACKS_NX_APP_NAME=site", "NIXPACKS_NX_APP_NAME=api-e2e":
			return "node because of package.json", nil
		}
		return "", nil
	}
	exact := func(*source.Tree, string) bool { return false }
	for _, tt := range []struct {
		name  string
		after func(*source.Tree, string) bool
		want  string
	}{{"the newest edition", nil, "api in ., old in ., site in ."}, {"1.39", exact, "old in ."}} {
		r, err := Find(files.tree(t), Options{Name: "shop", Starts: starts, After139: tt.after})
		if err != nil || names(r) != tt.want {
			t.Errorf("%s: %v: got %q, want %q", tt.name, err, names(r), tt.want)
		}
	}
}

func TestAProjectOfDotnetIsBuiltWhereAllItNeedsIs(t *testing.T) {
	const web, exe = `<Project Sdk="Microsoft.NET.Sdk.Web">`, `<OutputType>Exe</OutputType><AssemblyName>Shop.Worker</AssemblyName>`
	refers := func(path string) string { return `<ProjectReference Include="..\` + path + `" />` }
	files := repository{
		"src/Api/Api.csproj": web + refers(`Core\Core.csproj`), "src/Core/Core.csproj": refers(`..\libs\Data\Data.csproj`), "libs/Data/Data.csproj": "",
		"src/Work/Work.csproj": exe + refers(`Core\Core.csproj`),
		"src/Host/Host.csproj": exe + `<IsAspireHost>true</IsAspireHost>` + refers(`Api\Api.csproj`),
		"alone/Alone.csproj":   web, "props/one/One.csproj": web, "props/Directory.Build.props": "",
	}
	starts := func(*source.Tree, []string) (string, error) { return "c# because of a project", nil }
	r, err := Find(files.tree(t), Options{Name: "shop", Starts: starts})
	if err != nil || len(r.Warnings) > 0 {
		t.Fatal(err, r.Warnings)
	}
	const server = "ASPNETCORE_URLS=http://0.0.0.0:${PORT:-3000} ./out/"
	var got [][]string
	for _, a := range r.Apps {
		got = append(got, []string{a.Directory, a.Context, a.BuildCmd, a.StartCmd})
	}
	want := [][]string{
		{"alone", "alone", "", ""},
		{"props/one", "props", "dotnet publish one/One.csproj -c Release -o out", server + "One"},
		{"src/Api", ".", "dotnet publish src/Api/Api.csproj -c Release -o out", server + "Api"},
		{"src/Work", ".", "dotnet publish src/Work/Work.csproj -c Release -o out", "./out/Shop.Worker"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := names(r.Affected([]string{"libs/Data/x.cs"})); got != "api in ., work in ." {
		t.Errorf("a change of what both need affects %q", got)
	}
	if got := names(r.Affected([]string{"props/Directory.Build.props"})); got != "one in props" {
		t.Errorf("a change of the settings affects %q", got)
	}
}

func TestMembersOfWorkspacesThatProvidersKnowAreApps(t *testing.T) {
	gradle := func(more repository) repository {
		files := repository{
			"gradlew": "", "settings.gradle": "include 'api', 'worker', 'core', 'test'", "build.gradle": "", "api/build.gradle": "project(':core')", "worker/build.gradle": "",
			"core/build.gradle": "", "test/build.gradle": "", "api/x.java": "",
		}
		for name, text := range more {
			files[name] = text
		}
		return files
	}
	const pom = "<project><artifactId>%s</artifactId></project>"
	// starts is as plans are: one of the root is started where the files say so, and a member where the root's file starts names it.
	starts := func(tree *source.Tree, env []string) (string, error) {
		text, _ := tree.Read("starts")
		if len(env) == 0 {
			if strings.Contains(text, "root") {
				return "java because of gradlew", nil
			}
			return "", nil
		}
		dir := strings.TrimPrefix(env[0], "NIXPACKS_WORKSPACE_APP=")
		switch {
		case strings.Contains(text, "!"+dir+" "):
			return "", errors.New("it is broken")
		case strings.Contains(text, dir+" "):
			return "java because of " + dir, nil
		}
		return "", nil
	}
	for _, tt := range []struct {
		name  string
		files repository
		want  string
	}{
		{"projects of Gradle", gradle(repository{"starts": "api worker test "}), "api in ., worker in ."},
		{"one project is the root's app", gradle(repository{"starts": "api root"}), "shop in ."},
		{"one project that the root does not start", gradle(repository{"starts": "api "}), "api in ."},
		{"two and a root that starts one", gradle(repository{"starts": "api worker root"}), "api in ., worker in ."},
		{"the user's Procfile", gradle(repository{"starts": "api worker root", "Procfile": "web: java -jar x.jar\n"}), "shop in ."},
		{"the user's start", gradle(repository{"starts": "api worker root", "nixpacks.toml": "[start]\ncmd = 'java -jar x.jar'\n"}), "shop in ."},
		{"a broken one", gradle(repository{"starts": "api !worker "}), "api in ., worker in ."},
		{"modules of Maven below", repository{
			"back/pom.xml": "<project><modules><module>a</module><module>b</module></modules></project>", "back/a/pom.xml": fmt.Sprintf(pom, "a"), "back/b/pom.xml": fmt.Sprintf(pom, "b"),
			"back/starts": "a b ", "front/package.json": `{"name": "front", "scripts": {"start": "x"}}`, "front/starts": "root",
		}, "a in back, b in back, front in front"},
		{"members of uv", repository{
			"pyproject.toml": "[tool.uv.workspace]\nmembers = ['apps/*']\n", "uv.lock": "", "apps/a/pyproject.toml": "", "apps/b/pyproject.toml": "", "apps/b/requirements.txt": "", "starts": "apps/a ",
		}, "a in ."},
		{"members of Deno", repository{
			"deno.json": `{"workspace": ["a", "b"]}`, "a/deno.json": "{}", "b/deno.json": "{}", "b/package.json": "{}", "b/starts": "root", "starts": "a ",
		}, "a in ., b in b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Find(tt.files.tree(t), Options{Name: "shop", Starts: starts})
			if got := names(r); err != nil || got != tt.want {
				t.Errorf("%v: got %q, want %q", err, got, tt.want)
			}
		})
	}
	r, err := Find(gradle(repository{"starts": "api worker "}).tree(t), Options{Name: "shop", Starts: starts})
	if err != nil {
		t.Fatal(err)
	}
	diff := cmp.Diff([]string{"NIXPACKS_WORKSPACE_APP=api", "api is a member of settings.gradle, and its plan starts it"}, append(r.Apps[0].Env, r.Apps[0].Found))
	if diff != "" {
		t.Error(diff)
	}
	for file, want := range map[string]string{
		"core/x.java": "api in .", "worker/x.java": "worker in .", "settings.gradle": "api in ., worker in .", "gradle/libs.versions.toml": "api in ., worker in .", "README.md": "", "test/x.java": "",
	} {
		if got := names(r.Affected([]string{file})); got != want {
			t.Errorf("a change of %s affects %q, want %q", file, got, want)
		}
	}
	if r, err = Find(gradle(repository{"starts": "api worker root"}).tree(t), Options{Name: "shop", Starts: starts, After139: func(*source.Tree, string) bool { return false }}); err != nil || names(r) != "shop in ." {
		t.Errorf("edition 1.39: %v %q", err, names(r))
	}
}

func TestARepositoryWithoutAppsIsToldWhy(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repository
		want  string
	}{
		{"no manifest", repository{"README": ""}, "no app is found, as no directory has a manifest"},
		{"nothing starts", repository{"a/Gemfile": ""}, "no app is found, as no plan of a directory starts anything: npx-action plan says of each directory why, such as of a"},
		{"examples alone", repository{"examples/a/Gemfile": "", "examples/b/Gemfile": "", "Templates/c/Gemfile": ""},
			`no app is found, as directories called Templates and examples are passed over: list those to build under apps in nixpacks.toml, such as apps = ["Templates/c"]`},
		{"an empty list", repository{"nixpacks.toml": "apps = []", "examples/a/Gemfile": ""}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(tt.files.find(t).Warnings, "\n"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAThousandAppsAreFoundInSeconds is about time that grows with more than the number of packages: each depends on all before it.
func TestAThousandAppsAreFoundInSeconds(t *testing.T) {
	files := repository{"package.json": `{"workspaces": ["p/*"]}`}
	var deps []string
	for i := range 4000 {
		start := ""
		if i >= 3000 {
			start = `"start": "x", `
		}
		files[fmt.Sprintf("p/%04d/package.json", i)] = fmt.Sprintf(`{"name": "p%d", "scripts": {%s"build": "b"}, "dependencies": {%s}}`, i, start, strings.Join(deps, ","))
		deps = []string{fmt.Sprintf(`"p%d": "*"`, i)}
		if i%50 == 0 {
			deps = nil
		}
	}
	began := time.Now()
	r := files.find(t)
	if took := time.Since(began); len(r.Apps) != 1000 || took > 20*time.Second {
		t.Errorf("%d apps in %v", len(r.Apps), took)
	}
	if _, err := r.Matrix(); err == nil || !strings.Contains(err.Error(), "1000 apps, and GitHub runs at most 256") {
		t.Errorf("the matrix: %v", err)
	}
	if _, err := r.Pipeline("c"); err == nil || !strings.Contains(err.Error(), "at most 150") {
		t.Errorf("the pipeline: %v", err)
	}
	files["p/more/package.json"] = `{"name": "more", "scripts": {"start": "x"}}`
	if _, err := Find(files.tree(t), Options{Starts: starting}); err == nil || !strings.Contains(err.Error(), "more than 1000") {
		t.Errorf("one more: %v", err)
	}
}

func TestTooManyDirectoriesToPlan(t *testing.T) {
	files := repository{}
	for i := range maxTried + 1 {
		files[fmt.Sprintf("d%d/Gemfile", i)] = ""
	}
	if _, err := Find(files.tree(t), Options{Starts: starting}); err == nil || !strings.Contains(err.Error(), "more than 1000 directories have a manifest") {
		t.Errorf("got %v", err)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	for link, target := range map[string]string{"loop": ".", "out": "/etc", "up": ".."} {
		if err := os.Symlink(target, dir+"/"+link); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(dir+"/package.json", []byte(`{"workspaces": ["*", "**", "loop/**", "up/*"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	tree, err := source.Open(dir, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if r, err := Find(tree, Options{Starts: starting}); err != nil || len(r.Apps) > 0 {
		t.Errorf("%v %v", r.Apps, err)
	}
}

func TestAMemberWithoutAStartIsAnAppIfItsPlanStartsWhatItBuilds(t *testing.T) {
	build := func(name, more string) string {
		return `{"name": "` + name + `", "scripts": {"build": "make"` + more + `}}`
	}
	files := repository{
		"package.json":            `{"workspaces": ["packages/*"]}`,
		"packages/a/package.json": build("a", ""), "packages/a/start": "",
		"packages/b/package.json": build("b", `, "start": "vite --host"`), "packages/b/start": "",
		"packages/c/package.json": build("c", ""),                         // its plan starts nothing
		"packages/d/package.json": build("d", ""), "packages/d/start": "", // another uses it
		"packages/e/package.json": `{"name": "e", "scripts": {"start": "node ."}, "dependencies": {"d": "*"}}`,
		"packages/f/package.json": build("f", `}, "exports": {".": "./dist/index.js"`), // others than this workspace's use it
	}
	type app struct{ Directory, Env, Build, Start string }
	of := func(r Result) (list []app) {
		for _, a := range r.Apps {
			list = append(list, app{a.Directory, strings.Join(a.Env, " "), a.BuildCmd, a.StartCmd})
		}
		return list
	}
	found := files.find(t)
	want := []app{
		{"packages/a", "NIXPACKS_WORKSPACE_APP=packages/a", "npm run build --workspace=a", ""},
		{"packages/b", "NIXPACKS_WORKSPACE_APP=packages/b", "npm run build --workspace=b", ""},
		{"packages/e", "", "npm run build --workspace=d", "npm run start --workspace=e"},
	}
	if diff := cmp.Diff(want, of(found)); diff != "" {
		t.Error(diff)
	}
	if len(found.Warnings) != 1 || !strings.HasPrefix(found.Warnings[0], "packages/c/package.json has the script build and no script start") {
		t.Errorf("%q", found.Warnings)
	}
	found, err := Find(files.tree(t), Options{Name: "shop", Starts: starting, After139: func(*source.Tree, string) bool { return false }})
	want = []app{
		{"packages/b", "", "npm run build --workspace=b", "npm run start --workspace=b"},
		{"packages/e", "", "npm run build --workspace=d", "npm run start --workspace=e"},
	}
	if diff := cmp.Diff(want, of(found)); err != nil || diff != "" {
		t.Errorf("edition 1.39: %v\n%s", err, diff)
	}
}
