package test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/test/manual"
)

// A variable is a case of one NIXPACKS_ variable: in the app, it changes the plan so that its text has the line.
type variable struct {
	name, value string
	app         string // of variableApps
	line        string
	with        string // another variable that it needs, NAME=VALUE
}

// providerVariables are those of nixpacks-1.39.md A.1. They may also stand in a configuration file.
var providerVariables = []variable{
	{name: "GO_BIN", value: "tool", app: "go", line: "phase build: cmd go build -ldflags=-s -o out ./cmd/tool"},
	{name: "NODE_VERSION", value: "22", app: "node", line: "phase setup: release node@22."},
	{name: "NX_APP_NAME", value: "web", app: "nx", line: "phase build: cmd npx nx run web:build:production"},
	{name: "WORKSPACE_APP", value: "web", app: "workspace", line: "start: cmd cd web && npm run start"}, // ours
	{name: "TURBO_APP_NAME", value: "web", app: "turborepo", line: "phase build: cmd npx turbo run web:build"},
	{name: "MOON_APP_NAME", value: "web", app: "moon", line: "phase build: cmd npx @moonrepo/cli run web:build"},
	{name: "MOON_BUILD_TASK", value: "pack", app: "moon", with: "MOON_APP_NAME=web", line: "phase build: cmd npx @moonrepo/cli run web:pack"},
	{name: "MOON_START_TASK", value: "serve", app: "moon", with: "MOON_APP_NAME=web", line: "start: cmd npx @moonrepo/cli run web:serve"},
	{name: "SPA_OUT_DIR", value: "site", app: "spa", line: "variable NIXPACKS_SPA_OUTPUT_DIR=site"},
	{name: "SPA_CADDY", value: "false", app: "spa", line: "start: cmd vite"},
	{name: "PYTHON_VERSION", value: "3.12", app: "python", line: "phase setup: release python@3.12."},
	{name: "PYTHON_PACKAGE_MANAGER", value: "skip", app: "python", line: "!phase install: cmd "},
	{name: "RUBY_VERSION", value: "3.2.1", app: "ruby", line: "variable GEM_HOME=/usr/local/rvm/gems/3.2.1"},
	{name: "STATICFILE_ROOT", value: "site", app: "staticfile", line: "asset nginx.conf: 494 bytes"},
	{name: "JDK_VERSION", value: "21", app: "java", line: "phase setup: nix jdk21"},
	{name: "GRADLE_VERSION", value: "7", app: "java", line: "phase gradle:setup: nix gradle_7"},
	{name: "JDK_VERSION", value: "11", app: "scala", line: "start: run image eclipse-temurin:11-jre"},
	{name: "JDK_VERSION", value: "11", app: "clojure", line: "phase setup: nix jdk11"},
	{name: "RUST_VERSION", value: "1.70.0", app: "rust", line: `phase setup: nix (rust-bin.stable."1.70.0".default.override`},
	{name: "RUST_BIN", value: "second", app: "rust", line: "start: cmd ./bin/second"},
	{name: "NO_MUSL", value: "1", app: "rust", line: "!phase setup: nix musl"},
	{name: "CARGO_WORKSPACE", value: "member", app: "rust", line: "start: cmd ./bin/member"},
	{name: "CSHARP_SDK_VERSION", value: "8.0", app: "csharp", line: "phase setup: release dotnet@8.0."},
	{name: "ELIXIR_VERSION", value: "1.14", app: "elixir", line: "phase setup: nix elixir_1_14"},
	{name: "COBOL_COMPILE_ARGS", value: "-x -O2 -o", app: "cobol", line: "phase build: cmd cobc -x -O2 -o "},
	{name: "COBOL_APP_NAME", value: "second", app: "cobol", line: "start: cmd ./second"},

	// They act in the container alone, where the user's win.
	{name: "POETRY_VERSION", value: "9", app: "poetry", line: "variable NIXPACKS_POETRY_VERSION=9"},
	{name: "PDM_VERSION", value: "9", app: "pdm", line: "variable NIXPACKS_PDM_VERSION=9"},
	{name: "UV_VERSION", value: "9", app: "uv", line: "variable NIXPACKS_UV_VERSION=9"},
	{name: "SPA_OUTPUT_DIR", value: "other", app: "spa", line: "variable NIXPACKS_SPA_OUTPUT_DIR=other"},
	{name: "PHP_ROOT_DIR", value: "/app/web", app: "php", line: "variable NIXPACKS_PHP_ROOT_DIR=/app/web"},
	{name: "PHP_FALLBACK_PATH", value: "/index.php", app: "php", line: "variable NIXPACKS_PHP_FALLBACK_PATH=/index.php"},
}

// globalVariables are those of nixpacks-1.39.md 1.5, which act only when they are declared.
var globalVariables = []variable{
	{name: "PKGS", value: "ffmpeg, sox", app: "go", line: "phase setup: nix sox"},
	{name: "APT_PKGS", value: "sl,cowsay", app: "go", line: "phase setup: apt cowsay"},
	{name: "LIBS", value: "zlib cairo", app: "go", line: "phase setup: nix-lib cairo"},
	{name: "INSTALL_CMD", value: "make deps", app: "go", line: "phase install: cmd make deps"},
	{name: "INSTALL_CACHE_DIRS", value: "/b,/a", with: "INSTALL_CMD=make deps", app: "go", line: "phase install: cache /a"},
	{name: "BUILD_CMD", value: "make", app: "go", line: "phase build: cmd make"},
	{name: "BUILD_CACHE_DIRS", value: "/b /a", with: "BUILD_CMD=make", app: "go", line: "phase build: cache /b"},
	{name: "START_CMD", value: "./run", app: "go", line: "start: cmd ./run"},
	{name: "CONFIG_FILE", value: "other.toml", app: "go", line: "start: cmd other"},
	{name: "DEBIAN", value: "1", app: "go", line: "build image: " + plan.DebianImage},
}

// variableApps are the apps, in whose plans each variable makes a difference.
var variableApps = map[string]map[string]string{
	"go":         {"go.mod": "module example.com/app\n", "main.go": "package main\n", "other.toml": "[start]\ncmd = 'other'\n"},
	"node":       {"package.json": `{"scripts": {"start": "node ."}}`},
	"nx":         {"package.json": `{}`, "nx.json": `{}`, "apps/web/project.json": `{"targets": {"build": {"executor": "@nx/js:tsc"}}}`},
	"workspace":  {"package.json": `{"workspaces": ["web"]}`, "web/package.json": `{"scripts": {"start": "node ."}}`},
	"turborepo":  {"package.json": `{}`, "turbo.json": `{}`},
	"moon":       {"package.json": `{}`, ".moon/workspace.yml": "projects: []\n"},
	"spa":        {"package.json": `{"scripts": {"build": "vite build", "start": "vite"}, "dependencies": {"vite": "5", "vue": "3"}}`},
	"python":     {"main.py": "", "requirements.txt": "flask\n"},
	"poetry":     {"main.py": "", "pyproject.toml": "", "poetry.lock": ""},
	"pdm":        {"main.py": "", "pyproject.toml": "", "pdm.lock": ""},
	"uv":         {"main.py": "", "pyproject.toml": "", "uv.lock": ""},
	"ruby":       {"Gemfile": "source 'https://rubygems.example'\nruby '3.1.0'\n", "Gemfile.lock": ""},
	"staticfile": {"index.html": ""},
	"cobol":      {"first.cbl": "", "second.cbl": ""},
	"elixir":     {"mix.exs": ""},
	"csharp":     {"App.csproj": "<Project/>"},
	"rust":       {"Cargo.toml": "[package]\nname = 'app'\n", "src/bin/first.rs": "", "src/bin/second.rs": ""},
	"clojure":    {"project.clj": ""},
	"scala":      {"build.sbt": ""},
	"java":       {"gradlew": "", "build.gradle": ""},
	"php":        {"index.php": "", "composer.json": "{}", "artisan": ""},
}

func TestVariablesOfProvidersChangeThePlan(t *testing.T) {
	for _, v := range providerVariables {
		t.Run(v.app+" "+v.name, func(t *testing.T) {
			declared := v.try(t)
			file := "[variables]\n"
			for name, value := range v.vars() {
				file += name + " = '" + value + "'\n"
			}
			written := planOf(t, v.app, file, nil)
			if diff := cmp.Diff(plan.Text(declared), plan.Text(written)); diff != "" {
				t.Errorf("in a configuration file it does something else (-declared +written):\n%s", diff)
			}
		})
	}
}

func TestGlobalVariablesChangeThePlan(t *testing.T) {
	for _, v := range globalVariables {
		t.Run(v.app+" "+v.name, func(t *testing.T) { v.try(t) })
	}
}

// try plans with the variable and without it.
func (v variable) try(t *testing.T) plan.Plan {
	t.Helper()
	with, without := planOf(t, v.app, "", v.vars()), v.vars()
	delete(without, "NIXPACKS_"+v.name)
	line, absent := strings.CutPrefix(v.line, "!")
	if has(planOf(t, v.app, "", without), line) != absent {
		t.Errorf("the plan is so without the variable: %s", v.line)
	}
	if has(with, line) == absent {
		t.Errorf("no %q in\n%s", v.line, plan.Text(with))
	}
	return with
}

func (v variable) vars() plan.Vars {
	vars := plan.Vars{"NIXPACKS_" + v.name: v.value}
	if name, value, ok := strings.Cut(v.with, "="); ok {
		vars["NIXPACKS_"+name] = value
	}
	return vars
}

// has reports whether a plan has a line that begins so.
func has(p plan.Plan, line string) bool { return strings.Contains("\n"+plan.Text(p), "\n"+line) }

func planOf(t *testing.T, app, configuration string, vars plan.Vars) plan.Plan {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range variableApps[app] {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	tree, err := source.New(fsys, app, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	in := planner.Input{Tree: tree, Env: vars, Arch: "x86_64"}
	if configuration != "" {
		in.Config = &config.Explicit{Name: "variables.toml", Data: []byte(configuration)}
	}
	result, err := planner.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	return result.Plan
}

func TestCgoOfGoNeedsTheBuildImage(t *testing.T) {
	if !has(planOf(t, "go", "", nil), "start: base "+plan.StaticBase) {
		t.Error("a static program stands on a distribution")
	}
	if has(planOf(t, "go", "", plan.Vars{"CGO_ENABLED": "1"}), "start: base ") {
		t.Error("a program with C code is run without its libraries")
	}
}

// TestTheListOfVariablesIsWhole compares the names that a mistyped one is compared with to the names that the documentation tells of.
func TestTheListOfVariablesIsWhole(t *testing.T) {
	pages, err := manual.Pages("..")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, page := range pages {
		named = append(named, regexp.MustCompile(`NIXPACKS_[A-Z]+(?:_[A-Z]+)*`).FindAllString(page.Text, -1)...)
	}
	for _, v := range slices.Concat(providerVariables, globalVariables) {
		named = append(named, "NIXPACKS_"+v.name)
	}
	slices.Sort(named)
	if diff := cmp.Diff(slices.Compact(named), slices.Sorted(slices.Values(project.Variables()))); diff != "" {
		t.Errorf("the list of internal/project differs (-named +listed):\n%s", diff)
	}
}
