package providers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// member is a package of a workspace with these files and more in its manifest.
func member(dir, manifest string, names ...string) repo {
	r := repo{dir + "/Cargo.toml": fmt.Sprintf("[package]\nname = \"the-%s\"\n%s", strings.ReplaceAll(dir, "/", "-"), manifest)}
	for _, name := range names {
		r[dir+"/"+name] = ""
	}
	return r
}

func TestRustWorkspace(t *testing.T) {
	lib, app, other := member("lib", "", "src/lib.rs"), member("app", "", "src/main.rs"), member("other", "", "src/main.rs")
	all := plus(plus(lib, app), other)
	none := func(name string) []string {
		return []string{"the build copies a binary " + name + ", but package " + name + " in app has none of its own name"}
	}
	for _, tt := range []struct {
		name      string
		workspace string
		files     repo
		vars      plan.Vars
		want      string // "" if no member is chosen
		warnings  []string
	}{
		{name: "the first program", workspace: `members = ["lib", "app", "other"]`, files: all, want: "the-app"},
		{name: "the default members first", workspace: "members = [\"app\"]\ndefault-members = [\"lib\", \"other\"]", files: all, want: "the-other"},
		{name: "all members if no default one is a program", workspace: "members = [\"lib\", \"app\"]\ndefault-members = [\"lib\"]", files: all, want: "the-app"},
		{name: "without the excluded", workspace: "members = [\"app\", \"other\"]\ndefault-members = [\"app\"]\nexclude = [\"app\"]", files: all, want: "the-other"},
		{name: "excluded ones are not read", workspace: "members = [\"gone\", \"app\"]\nexclude = [\"gone\"]", files: all, want: "the-app"},
		{name: "exclusion is by equal text", workspace: "members = [\"a*\"]\nexclude = [\"app\"]", files: all, want: "the-app"},
		{name: "a glob", workspace: `members = ["*"]`, files: all, want: "the-app"},
		{name: "a glob of one letter", workspace: `members = ["ap?"]`, files: all, want: "the-app"},
		{name: "a glob of default members", workspace: "members = [\"app\"]\ndefault-members = [\"o*\"]", files: all, want: "the-other"},
		{name: "a glob meets folders in folders", workspace: `members = ["crates/*"]`, files: plus(member("crates/a", "", "src/lib.rs"), member("crates/a/tool", "", "src/main.rs")), want: "the-crates-a-tool"},
		{name: "a glob of nothing", workspace: `members = ["crates/*"]`, files: all},
		{name: "the variable", workspace: `members = ["app"]`, files: all, vars: plan.Vars{"NIXPACKS_CARGO_WORKSPACE": "any"}, want: "any"},
		{name: "libraries only", workspace: `members = ["lib", "lib"]`, files: all},
		{name: "a workspace within", workspace: `members = ["sub", "app"]`, files: plus(all, repo{"sub/Cargo.toml": "[workspace]\n"}), want: "the-app"},
		{name: "the root itself", workspace: `members = ["."]`, files: all},
		{name: "neither library nor program", workspace: `members = ["app"]`, files: member("app", ""), want: "the-app", warnings: none("the-app")},
		{name: "a library elsewhere", workspace: `members = ["app"]`, files: member("app", "[lib]\npath = \"lib.rs\"\n")},
		{name: "a library and a program", workspace: `members = ["app"]`, files: member("app", "", "src/lib.rs", "src/main.rs"), want: "the-app"},
		{name: "a library and a declared program", workspace: `members = ["app"]`, files: member("app", "[[bin]]\nname = \"the-app\"\npath = \"x.rs\"\n", "src/lib.rs"), want: "the-app"},
		{name: "a library and a declaration without a file", workspace: `members = ["app"]`, files: member("app", "[[bin]]\nname = \"x\"\n", "src/lib.rs")},
		{name: "a library and a file of src/bin", workspace: `members = ["app"]`, files: member("app", "", "src/lib.rs", "src/bin/the-app.rs"), want: "the-app"},
		{name: "a library and a folder of src/bin", workspace: `members = ["app"]`, files: member("app", "", "src/lib.rs", "src/bin/the-app/main.rs"), want: "the-app"},
		{name: "a program of another name", workspace: `members = ["app"]`, files: member("app", "", "src/lib.rs", "src/bin/x.rs"), want: "the-app", warnings: none("the-app")},
		{name: "a library and another file of src/bin", workspace: `members = ["app"]`, files: member("app", "", "src/lib.rs", "src/bin/README", "src/bin/x/lib.rs")},
		{name: "a program that is not looked for", workspace: `members = ["app"]`, files: member("app", "autobins = false\n", "src/lib.rs", "src/main.rs")},
		{name: "a program that is declared", workspace: `members = ["app"]`, files: member("app", "autobins = false\n[[bin]]\nname = \"the-app\"\n", "src/lib.rs"), want: "the-app"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, rustProvider, appOf(t, rustRepo("[workspace]\n"+tt.workspace+"\n", tt.files), tt.vars))
			build := out.Plan.Phases["build"]
			if tt.want == "" {
				diffOf(t, "commands", []string{"mkdir -p bin"}, build.Cmds)
				diffOf(t, "start", (*plan.Start)(nil), out.Plan.Start)
				return
			}
			const target = "x86_64-unknown-linux-musl"
			diffOf(t, "commands", []string{
				"mkdir -p bin",
				"cargo build --release --package " + tt.want + " --target " + target,
				"cp target/" + target + "/release/" + tt.want + " bin",
			}, build.Cmds)
			binary := "./bin/" + tt.want
			diffOf(t, "start", &plan.Start{Cmd: &binary, RunImage: new("ubuntu:noble"), OnlyIncludeFiles: []string{binary}}, out.Plan.Start)
			diffOf(t, "caches", []string{"/root/.cargo/git", "/root/.cargo/registry"}, build.CacheDirectories)
			diffOf(t, "warnings", tt.warnings, out.Warnings)
		})
	}
}

func TestRustWorkspaceBeforeTheBinariesOfTheRoot(t *testing.T) {
	files := plus(member("app", "", "src/main.rs"), repo{"src/main.rs": ""})
	out := mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest+"[workspace]\nmembers = [\"app\"]\n", files), nil))
	diffOf(t, "start", "./bin/the-app", *out.Plan.Start.Cmd)
	out = mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest+"[workspace]\n", files), nil))
	diffOf(t, "start without members", "./bin/shop", *out.Plan.Start.Cmd)
}

func TestRustWorkspaceWithoutATarget(t *testing.T) {
	files := member("app", "", "src/main.rs")
	app := appOf(t, rustRepo("[workspace]\nmembers = [\"app\"]\n", files), plan.Vars{"NIXPACKS_NO_MUSL": "true"})
	out := mustPlan(t, rustProvider, app)
	diffOf(t, "commands", []string{"mkdir -p bin", "cargo build --release --package the-app", "cp target/release/the-app bin"}, out.Plan.Phases["build"].Cmds)
	diffOf(t, "start", &plan.Start{Cmd: new("./bin/the-app")}, out.Plan.Start)
}

func TestRustWorkspaceOfWebAssemblyStartsWithoutASuffix(t *testing.T) {
	files := plus(member("app", "", "src/main.rs"), repo{".cargo/config.toml": `target = "wasm32-wasi"`})
	out := mustPlan(t, rustProvider, appOf(t, rustRepo("[workspace]\nmembers = [\"app\"]\n", files), nil))
	diffOf(t, "commands", []string{
		"mkdir -p bin", "cargo build --release --package the-app --target wasm32-wasi", "cp target/wasm32-wasi/release/the-app.wasm bin",
	}, out.Plan.Phases["build"].Cmds)
	diffOf(t, "start", "./bin/the-app", *out.Plan.Start.Cmd)
	diffOf(t, "warnings", []string{
		".cargo/config.toml asks for wasm32-wasi, which Rust has no more since 1.84, and no version is asked for; set NIXPACKS_RUST_VERSION to 1.83.0",
		"Cargo makes the-app.wasm, but the start command is ./bin/the-app; set one that runs WebAssembly",
	}, out.Warnings)
}

func TestRustWorkspaceErrors(t *testing.T) {
	var globs []string
	for i := range 101 {
		globs = append(globs, fmt.Sprintf("%q", fmt.Sprintf("crates/%d*", i)))
	}
	for _, tt := range []struct {
		name, members string
		files         repo
		want          string
	}{
		{"no manifest", `"gone"`, nil, `reading Cargo.toml:2: the member "gone" of the workspace has no Cargo.toml; take it out of members or exclude it`},
		{"outside", `"../x"`, nil, "reading ../x/Cargo.toml: the path leads out of the app"},
		{"absolute", `"/etc"`, nil, "reading /etc/Cargo.toml: the path is absolute"},
		{"a bad glob", `"a*["`, nil, "matching"},
		{"a manifest that is broken", `"a"`, repo{"a/Cargo.toml": "["}, "parsing a/Cargo.toml:1"},
		{"a name that runs a command", `"a"`, repo{"a/Cargo.toml": "[package]\nname = \"a;b\"\n"}, `reading a/Cargo.toml:2: the package's name is "a;b"`},
		{"too many globs", strings.Join(globs, ", "), nil, "reading Cargo.toml:2: the workspace has more than 100 globs; set NIXPACKS_CARGO_WORKSPACE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rustProvider.Plan(appOf(t, rustRepo("[workspace]\nmembers = ["+tt.members+"]\n", tt.files), nil))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}
