package providers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// undecided are apps of each provider whose start cannot be guessed, or whose guess would fail.
var undecided = map[string][]repo{
	"crystal":    {{"shard.yml": "name: shop\nversion: 0.1.0\n"}, {"shard.yml": "name: shop\ntargets:\n  a b:\n    main: a.cr\n"}},
	"c#":         {{"A.csproj": "<Project Sdk=\"Microsoft.NET.Sdk\" />"}, {"a/A.csproj": "<Project", "b/B.csproj": ""}},
	"dart":       {{"pubspec.yaml": "name: shop\n"}, {"pubspec.yaml": "name: shop\n", "bin/a.dart": "", "bin/b.dart": ""}},
	"elixir":     {{"mix.exs": ""}, {"mix.exs": "apps_path: \"apps\""}},
	"deno":       {{"deno.json": "{}"}, {"deno.json": `{"exports": "./mod.ts", "workspace": ["a"]}`}},
	"f#":         {{"A.fsproj": "<Project Sdk=\"Microsoft.NET.Sdk\" />"}},
	"clojure":    {{"project.clj": ""}, {"build.clj": ""}},
	"gleam":      {{"gleam.toml": "name = \"shop\"\n", "src/shop.gleam": ""}, {"gleam.toml": "", "manifest.toml": ""}},
	"go":         {{"go.mod": "module m\n"}, {"go.mod": "", "cmd/a/main.go": "", "cmd/b/main.go": ""}, {"main.go": ""}},
	"haskell":    {{"package.yaml": "name: shop\n", "src/A.hs": ""}, {"package.yaml": "executables:\n  a b:\n    main: A.hs\n", "A.hs": ""}},
	"scheme":     {{"haunt.scm": ""}},
	"java":       {{"pom.xml": "<project"}, {"pom.xml": "<project><packaging>war</packaging></project>"}, {"gradlew": ""}},
	"lunatic":    {{"Cargo.toml": crate("shop", ""), ".cargo/config.toml": "runner = \"lunatic\""}},
	"scala":      {{"build.sbt": ""}},
	"php":        {{"composer.json": `{"name": "a/b", "type": "library"}`}},
	"ruby":       {{"Gemfile": ""}, {"Gemfile": "gemspec", "a.gemspec": ""}},
	"node":       {{"package.json": "{}"}, {"package.json": `{"bin": "x", "workspaces": ["a/*"]}`}},
	"python":     {{"requirements.txt": ""}, {"requirements.txt": "django\n", "manage.py": ""}},
	"rust":       {{"Cargo.toml": crate("shop", "")}, {"Cargo.toml": crate("shop", ""), "src/bin/a.rs": "", "src/bin/b.rs": ""}, {"Cargo.toml": "[workspace]\nmembers = []\n"}},
	"swift":      {{"Package.swift": ""}, {"Package.swift": "", "Sources/$(id)/main.swift": ""}},
	"staticfile": {{"Staticfile": ""}, {"index.html": ""}},
	"zig":        {{"build.zig": "b.addStaticLibrary(.{});"}, {"a.zig": ""}},
	"cobol":      {{"a.cbl": ""}},
	"hugo":       {{"hugo.toml": ""}},
	"jekyll":     {{"_config.yml": "", "Gemfile": "gem 'jekyll'\n"}},
	"mkdocs":     {{"mkdocs.yml": ""}},
	"cpp":        {{"CMakeLists.txt": ""}, {"meson.build": ""}},
	"shell":      {{"start.sh": ""}, {"start.sh": "#!/opt/odd -x\n"}},
}

// TestWhatTheUserStartsNeedsNoGuess plans for each provider apps whose start nobody can guess. With a start command of the user's there is a plan,
// which says nothing of a missing start, whatever the command is.
func TestWhatTheUserStartsNeedsNoGuess(t *testing.T) {
	commands := []string{"./run", "run", "exec bin/run --x", "PORT=1 ./a b", "bundle exec x", "", " ", "=", "/app/bin/a", "a/../b", "./bin/shop", "'un closed", "b"}
	for _, p := range All() {
		apps, ok := undecided[p.Name]
		if !ok {
			t.Errorf("%s: there is no app of it here whose start is not known", p.Name)
		}
		for _, files := range apps {
			for _, cmd := range commands {
				t.Run(fmt.Sprintf("%s %q", p.Name, cmd), func(t *testing.T) {
					app := newest(t, files, plan.Vars{})
					app.UserStart = &cmd
					out, err := p.Plan(app)
					if err != nil {
						t.Fatalf("%v: %v", files, err)
					}
					for _, w := range out.Warnings {
						if strings.Contains(w, severalUndecided) || strings.Contains(w, "set a start command") {
							t.Errorf("%v: %s", files, w)
						}
					}
				})
			}
		}
	}
}
