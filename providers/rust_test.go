package providers

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

const (
	shopManifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n"
	noLock       = "there is no Cargo.lock, so each build may install other versions; commit one"
)

// plus returns all the files; of equal names the last counts.
func plus(parts ...repo) repo {
	all := repo{}
	for _, r := range parts {
		maps.Copy(all, r)
	}
	return all
}

// rustRepo is an app with a lock file, and more.
func rustRepo(manifest string, files repo) repo {
	return plus(repo{"Cargo.toml": manifest, "Cargo.lock": "version = 4\n"}, files)
}

var rustMainRepo = repo{"src/main.rs": ""}

func TestDetectRust(t *testing.T) {
	testDetect(t, rustProvider, []detection{
		{repo{"Cargo.toml": ""}, "Cargo.toml"},
		{repo{"Cargo.lock": "", "src/main.rs": ""}, ""},
		{repo{"sub/Cargo.toml": ""}, ""},
	})
}

func TestRustPlan(t *testing.T) {
	const binary = "./bin/shop"
	out := mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest, rustMainRepo), nil))
	diffOf(t, "plan", plan.Plan{
		Variables: map[string]string{"ROCKET_ADDRESS": "0.0.0.0"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs: []string{
					"binutils", "gcc",
					`(rust-bin.stable.latest.default.override { targets = ["x86_64-unknown-linux-musl"]; })`,
					"musl", "musl.dev",
				},
				NixOverlays:    []string{"https://github.com/oxalica/rust-overlay/archive/master.tar.gz"},
				NixpkgsArchive: new("ef56e777fedaa4da8c66a150081523c5de1e0171"),
			},
			"build": {
				DependsOn: []string{"setup"},
				Cmds: []string{
					"mkdir -p bin",
					"cargo build --release --target x86_64-unknown-linux-musl",
					"cp target/x86_64-unknown-linux-musl/release/shop bin",
				},
				CacheDirectories: []string{"/root/.cargo/git", "/root/.cargo/registry", "target"},
			},
		},
		Start: &plan.Start{Cmd: new(binary), RunImage: new("ubuntu:noble"), OnlyIncludeFiles: []string{binary}},
	}, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
}

func TestRustPlanDoesNotShareItsParts(t *testing.T) {
	app := appOf(t, rustRepo("[workspace]\n", nil), nil)
	caches := mustPlan(t, rustProvider, app).Plan.Phases["build"].CacheDirectories
	caches = append(caches, "x")
	caches[0] = "changed"
	diffOf(t, "caches", []string{"/root/.cargo/git", "/root/.cargo/registry"},
		mustPlan(t, rustProvider, app).Plan.Phases["build"].CacheDirectories)
	diffOf(t, "caches of a package", []string{"/root/.cargo/git", "/root/.cargo/registry", "target"},
		mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest, nil), nil)).Plan.Phases["build"].CacheDirectories)
}

func TestRustNamedForAnotherApp(t *testing.T) {
	out := mustPlan(t, rustProvider, appOf(t, repo{"main.py": ""}, nil))
	diffOf(t, "build", plan.Phase{DependsOn: []string{"install"}}, out.Plan.Phases["build"])
	if out.Plan.Start != nil {
		t.Errorf("it starts with %+v", out.Plan.Start)
	}
}

func TestRustTarget(t *testing.T) {
	const musl = "-unknown-linux-musl"
	wasm := repo{".cargo/config.toml": "[build]\ntarget   =\"wasm32-wasi\"\n", "src/main.rs": ""}
	for _, tt := range []struct {
		name     string
		manifest string
		files    repo
		vars     plan.Vars
		arch     string
		target   string
		openssl  bool
	}{
		{name: "musl", target: "x86_64" + musl},
		{name: "of the platform", arch: "aarch64", target: "aarch64" + musl},
		{name: "not by the variable", vars: plan.Vars{"NIXPACKS_NO_MUSL": "1"}},
		{name: "a variable that is not truthy", vars: plan.Vars{"NIXPACKS_NO_MUSL": "yes"}, target: "x86_64" + musl},
		{name: "not with a toolchain file", files: repo{"rust-toolchain": "1.80.0"}},
		{name: "not with openssl", manifest: "[dependencies]\nopenssl = \"0.10\"\n", openssl: true},
		{name: "not with openssl to test", manifest: "[dev-dependencies.openssl]\nversion = \"0.10\"\n", openssl: true},
		{name: "not with openssl to build", manifest: "[build-dependencies]\nopenssl = \"0.10\"\n", openssl: true},
		{name: "not with openssl in the lock file", files: repo{"Cargo.lock": "name = \"openssl-probe\""}, openssl: true},
		{name: "another name in the manifest", manifest: "[dependencies]\nopenssl-sys = \"0.9\"\n", target: "x86_64" + musl},
		{name: "WebAssembly", files: wasm, target: "wasm32-wasi"},
		{name: "WebAssembly in spite of all", files: plus(wasm, repo{"rust-toolchain": "1.80.0"}), vars: plan.Vars{"NIXPACKS_NO_MUSL": "1"}, target: "wasm32-wasi"},
		{name: "WebAssembly of a member", files: repo{"a/.cargo/config.toml": `target = "wasm32-wasi"`}, target: "x86_64" + musl},
		{name: "another WebAssembly", files: repo{".cargo/config.toml": `target = "wasm32-wasip1"`}, target: "x86_64" + musl},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := appOf(t, plus(rustRepo(shopManifest+tt.manifest, rustMainRepo), tt.files), tt.vars)
			if tt.arch != "" {
				app.Arch = tt.arch
			}
			out := mustPlan(t, rustProvider, app)
			setup, build := out.Plan.Phases["setup"], out.Plan.Phases["build"]
			suffix := map[bool]string{true: ".wasm"}[tt.target == "wasm32-wasi"]
			cmds := []string{"mkdir -p bin", "cargo build --release", "cp target/release/shop bin"}
			start := &plan.Start{Cmd: new("./bin/shop" + suffix)}
			if tt.target != "" {
				cmds[1] += " --target " + tt.target
				cmds[2] = "cp target/" + tt.target + "/release/shop" + suffix + " bin"
				start.RunImage, start.OnlyIncludeFiles = new("ubuntu:noble"), []string{"./bin/shop" + suffix}
				if want := fmt.Sprintf(`.override { targets = ["%s"]; })`, tt.target); !strings.HasSuffix(setup.NixPkgs[2], want) {
					t.Errorf("package %s does not end in %s", setup.NixPkgs[2], want)
				}
			}
			diffOf(t, "commands", cmds, build.Cmds)
			diffOf(t, "start", start, out.Plan.Start)
			if got := slices.Contains(setup.NixPkgs, "musl.dev"); got != strings.HasSuffix(tt.target, musl) {
				t.Errorf("packages %s for the target %s", setup.NixPkgs, tt.target)
			}
			if tt.openssl {
				diffOf(t, "libraries", []string{"openssl", "openssl.dev"}, setup.NixLibs)
			} else {
				diffOf(t, "libraries", []string(nil), setup.NixLibs)
			}
		})
	}
}

func TestRustBinaries(t *testing.T) {
	several := repo{"src/main.rs": "", "src/bin/a.rs": "", "src/bin/b.rs": ""}
	odd := func(files string) []string {
		return []string{files + ": each file in src/bin is taken for a binary of its name, which Cargo may not make; keep only files such as src/bin/name.rs there"}
	}
	for _, tt := range []struct {
		name, manifest string
		files          repo
		vars           plan.Vars
		want           []string
		start          string
		warnings       []string
	}{
		{name: "the package", files: rustMainRepo, want: []string{"shop"}, start: "shop"},
		{name: "one in src/bin", files: repo{"src/bin/web.rs": ""}, want: []string{"web"}, start: "web"},
		{name: "the variable does not choose one of one", files: rustMainRepo, vars: plan.Vars{"NIXPACKS_RUST_BIN": "x"}, want: []string{"shop"}, start: "shop"},
		{
			name: "several", files: several, want: []string{"shop", "a", "b"},
			warnings: []string{"the app has several binaries (shop, a, b) and nothing says which one to start; set NIXPACKS_RUST_BIN, or default-run in Cargo.toml"},
		},
		{name: "the variable", manifest: "default-run = \"a\"\n", files: several, vars: plan.Vars{"NIXPACKS_RUST_BIN": "b"}, want: []string{"shop", "a", "b"}, start: "b"},
		{name: "default-run", manifest: "default-run = \"a\"\n", files: several, want: []string{"shop", "a", "b"}, start: "a"},
		{
			name: "default-run of another", manifest: "default-run = \"c\"\n", files: several, want: []string{"shop", "a", "b"}, start: "c",
			warnings: []string{"default-run in Cargo.toml is c, which is none of the binaries that the build copies: shop, a, b"},
		},
		{
			name: "a folder in src/bin", files: repo{"src/bin/web/main.rs": ""}, want: []string{"main"}, start: "main",
			warnings: odd("src/bin/web/main.rs"),
		},
		{
			name: "a file without a dot", files: repo{"src/bin/README": "", "src/bin/web.rs": ""}, vars: plan.Vars{"NIXPACKS_RUST_BIN": "web"},
			want: []string{"", "web"}, start: "web", warnings: odd("src/bin/README"),
		},
		{name: "the last dot", files: repo{"src/bin/web.v1.rs": ""}, want: []string{"web.v1"}, start: "web.v1"},
		{
			name: "a library", files: repo{"src/lib.rs": ""},
			warnings: []string{"there is neither src/main.rs with a package nor a file in src/bin, so nothing is built"},
		},
		{
			name: "declared elsewhere", manifest: "[[bin]]\nname = \"shop\"\n[[bin]]\nname = \"x\"\npath = \"x.rs\"\n", files: rustMainRepo,
			want: []string{"shop"}, start: "shop",
			warnings: []string{`what [[bin]] in Cargo.toml declares is not copied unless it is src/main.rs or in src/bin: "x"`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			vars := plus(repo{"NIXPACKS_NO_MUSL": "1"}, repo(tt.vars))
			out := mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest+tt.manifest, tt.files), plan.Vars(vars)))
			cmds := []string{"mkdir -p bin"}
			if len(tt.want) > 0 {
				cmds = append(cmds, "cargo build --release")
			}
			for _, name := range tt.want {
				cmds = append(cmds, "cp target/release/"+name+" bin")
			}
			diffOf(t, "commands", cmds, out.Plan.Phases["build"].Cmds)
			if tt.start == "" {
				diffOf(t, "start", (*plan.Start)(nil), out.Plan.Start)
			} else {
				diffOf(t, "start", &plan.Start{Cmd: new("./bin/" + tt.start)}, out.Plan.Start)
			}
			diffOf(t, "warnings", tt.warnings, out.Warnings)
		})
	}
}

func TestRustWarningsAreShort(t *testing.T) {
	files := repo{}
	for i := range 100 {
		files[fmt.Sprintf("src/bin/d/%02d", i)] = ""
	}
	for _, w := range mustPlan(t, rustProvider, appOf(t, rustRepo(shopManifest, files), nil)).Warnings {
		if len(w) > 400 {
			t.Errorf("%d bytes: %s", len(w), w)
		}
	}
}

func TestRustReasons(t *testing.T) {
	manifest := "[package]\nname = \"shop\"\nrust-version = \"1.80.0\"\ndefault-run = \"a\"\n"
	files := repo{"src/main.rs": "", "src/bin/a.rs": "", "Cargo.lock": "version = 4\n[[package]]\nname = \"openssl-sys\"\n"}
	out := mustPlan(t, rustProvider, appOf(t, rustRepo(manifest, files), nil))
	for _, want := range []Reason{
		{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: `rust-bin.stable."1.80.0".default`}, File: "Cargo.toml", Line: 3, Why: `rust-version is "1.80.0"`},
		{Fact: plan.Fact{Phase: "setup", Field: "nix-lib"}, File: "Cargo.lock", Line: 3, Why: "a dependency has openssl in its name"},
		{Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "cp target/release/a bin"}, File: "src/bin/a.rs", Why: "it is a binary"},
		{Fact: plan.Fact{Phase: "start", Field: "cmd", Value: "./bin/a"}, File: "Cargo.toml", Line: 4, Why: `default-run is "a"`},
	} {
		if !slices.Contains(out.Reasons, want) {
			t.Errorf("no %+v in\n%+v", want, out.Reasons)
		}
	}
}

func TestEveryFactOfRustHasAReason(t *testing.T) {
	wasm := repo{".cargo/config.toml": "runner = \"lunatic\"\ntarget = \"wasm32-wasi\"\n", "src/main.rs": ""}
	for _, tt := range []struct {
		provider Provider
		files    repo
		vars     plan.Vars
	}{
		{rustProvider, rustMainRepo, nil},
		{rustProvider, plus(rustMainRepo, repo{"rust-toolchain": "1.80.0"}), nil},
		{rustProvider, rustMainRepo, plan.Vars{"NIXPACKS_NO_MUSL": "1", "NIXPACKS_RUST_VERSION": "1.80.0"}},
		{rustProvider, rustMainRepo, plan.Vars{"NIXPACKS_CARGO_WORKSPACE": "x"}},
		{lunaticProvider, wasm, nil},
	} {
		out := mustPlan(t, tt.provider, appOf(t, rustRepo(shopManifest, tt.files), tt.vars))
		facts := plan.Facts(out.Plan)
		for _, f := range facts {
			covers := func(r Reason) bool {
				return r.Why != "" && (r.Fact == f || r.Fact == plan.Fact{Phase: f.Phase, Field: f.Field})
			}
			if f.Field != "after" && f.Value != "mkdir -p bin" && !slices.ContainsFunc(out.Reasons, covers) {
				t.Errorf("%s has no reason for %+v", tt.provider.Name, f)
			}
		}
		for _, r := range out.Reasons {
			if !slices.ContainsFunc(facts, func(f plan.Fact) bool {
				return f.Phase == r.Fact.Phase && f.Field == r.Fact.Field && (r.Fact.Value == "" || r.Fact.Value == f.Value)
			}) {
				t.Errorf("%s has a reason for %+v, which is not in the plan", tt.provider.Name, r.Fact)
			}
		}
	}
}

func TestRustErrors(t *testing.T) {
	two := repo{"src/bin/a.rs": "", "src/bin/b.rs": ""}
	for _, tt := range []struct {
		name, manifest string
		files          repo
		vars           plan.Vars
		want           string
	}{
		{"no TOML", "[package", nil, nil, "parsing Cargo.toml:1:"},
		{"a wrong type", "[package]\nname = 1\n", nil, nil, `"package.name" must be a string, not an integer`},
		{"no name", "\n[package]\nversion = \"1\"\n", nil, nil, `reading Cargo.toml:2: the package has no name; give it one: name = "app"`},
		{"a name that runs a command", "[package]\nname = \"$(id)\"\n", nil, nil, `reading Cargo.toml:2: the package's name is "$(id)", which is no name of Cargo's; use letters, digits, - and _`},
		{"a name that is an option", "[package]\nname = \"-f\"\n", nil, nil, "no name of Cargo's"},
		{"a name in another folder", "[package]\nname = \"../f\"\n", nil, nil, "no name of Cargo's"},
		{"a file that runs a command", shopManifest, repo{"src/bin/a;id;.rs": ""}, nil, "reading src/bin/a;id;.rs: the file's name is no name of a binary"},
		{"default-run", shopManifest + "default-run = \"a b\"\n", two, nil, `reading Cargo.toml:4: default-run is "a b"`},
		{"no such binary", shopManifest, two, plan.Vars{"NIXPACKS_RUST_BIN": "c"}, "reading the variable NIXPACKS_RUST_BIN: Could not find binary named c; it is one of a, b"},
		{"the package by variable", shopManifest, nil, plan.Vars{"NIXPACKS_CARGO_WORKSPACE": "a b"}, `reading the variable NIXPACKS_CARGO_WORKSPACE: "a b" is no name of a package`},
		{"a lock file that is no text", shopManifest, repo{"Cargo.lock": "\xff"}, nil, "reading Cargo.lock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rustProvider.Plan(appOf(t, rustRepo(tt.manifest, tt.files), tt.vars))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestRustPlanFailsWithTheTree(t *testing.T) {
	for _, files := range []repo{
		rustRepo(shopManifest, nil),
		rustRepo(shopManifest, repo{"src/bin/a.rs": ""}),
		rustRepo("[workspace]\nmembers = [\"*\"]\n", nil),
	} {
		_, err := rustProvider.Plan(brokenWalk(t, files))
		if e := (*source.LimitError)(nil); !errors.As(err, &e) {
			t.Errorf("%v: error %v", files, err)
		}
	}
	// What is not there is no limit.
	tree := treeApp(t, fstest.MapFS{"Cargo.toml": {Data: []byte(strings.Repeat("#", 2000)), Mode: 0o644}}, source.Limits{FileBytes: 1000}, nil)
	_, err := rustProvider.Plan(tree)
	wantSourceError(t, err, "Cargo.toml")
}
