package providers

import (
	"slices"
	"testing"
)

// A started is a table's line: an app, and what of its plan says how it is built and started.
type started struct {
	name     string
	provider Provider
	files    repo
	user     string // the start command that the user gives
	build    []string
	start    string
	noStart  string
	warnings int // beside those of versions and lockfiles
}

// check plans the app in the newest edition.
func (tt started) check(t *testing.T) {
	t.Helper()
	app := newest(t, tt.files, nil)
	if tt.user != "" {
		app.UserStart = &tt.user
	}
	out := mustPlan(t, tt.provider, app)
	diffOf(t, "build", tt.build, out.Plan.Phases["build"].Cmds)
	start := ""
	if out.Plan.Start != nil && out.Plan.Start.Cmd != nil {
		start = *out.Plan.Start.Cmd
	}
	diffOf(t, "start", tt.start, start)
	diffOf(t, "no start", tt.noStart, out.NoStart)
	if len(out.Warnings) != tt.warnings {
		t.Errorf("warnings %q, want %d", out.Warnings, tt.warnings)
	}
}

func checkStarts(t *testing.T, table []started) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.provider.Name+": "+tt.name, tt.check)
	}
}

const (
	goMain = "package main\n\nfunc main() {}\n"
	goLib  = "package shop\n"
	goMod  = "module example.org/shop/v2\n\ngo 1.26\n"
)

func TestGoBuildsTheProgram(t *testing.T) {
	const library = "go.mod is of a module without a package main, so that it is a library"
	build := func(what string) []string { return []string{"go build -o " + what} }
	checkStarts(t, []started{
		{"the root", goProvider, repo{"go.mod": goMod, "a.go": goMain, "cmd/x/main.go": goMain}, "", build("out"), "./out", "", 0},
		{"a library", goProvider, repo{"go.mod": goMod, "a.go": goLib}, "", []string{"go build ./..."}, "", library, 0},
		{"a file that no build takes", goProvider, repo{"go.mod": goMod, "a.go": goLib, "gen.go": "//go:build ignore\n\n" + goMain}, "", []string{"go build ./..."}, "", library, 0},
		{"a file of another system", goProvider, repo{"go.mod": goMod, "a.go": goLib, "a_windows.go": goMain}, "", []string{"go build ./..."}, "", library, 0},
		{"tests and examples", goProvider, repo{"go.mod": goMod, "a.go": goLib, "a_test.go": goMain, "examples/x/main.go": goMain, "vendor/x/main.go": goMain}, "",
			[]string{"go build ./..."}, "", library, 0},
		{"another module", goProvider, repo{"go.mod": goMod, "a.go": goLib, "tool/go.mod": "", "tool/main.go": goMain}, "", []string{"go build ./..."}, "", library, 0},
		{"a library with one program", goProvider, repo{"go.mod": goMod, "a.go": goLib, "cmd/internal/a.go": goLib, "cmd/x/main.go": goMain}, "", build("out ./cmd/x"), "./out", "", 0},
		{"one elsewhere", goProvider, repo{"go.mod": goMod, "app/main.go": goMain}, "", build("out ./app"), "./out", "", 0},
		{"the server of several", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/server/main.go": goMain}, "", build("out ./cmd/server"), "./out", "", 1},
		{"the module's of several", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/shop/main.go": goMain}, "", build("out ./cmd/shop"), "./out", "", 1},
		{"the first of several", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/b/main.go": goMain}, "", build("out ./cmd/a"), "./out", "", 1},
		{"no module", goProvider, repo{"main.go": goMain, "b.go": goMain, "b_test.go": goMain}, "", build("out main.go b.go"), "./out", "", 0},
		{"the name that a Procfile calls", goProvider, repo{"go.mod": goMod, "main.go": goMain, "cmd/worker/main.go": goMain}, "shop --x", build("bin/ . ./cmd/worker"), "./out", "", 0},
		{"a path that a Procfile calls", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/b/main.go": goMain}, "./bin/b", build("bin/ ./cmd/a ./cmd/b"), "./out", "", 0},
		{"another path", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/b/main.go": goMain}, "exec ./b", build("b ./cmd/b"), "./out", "", 0},
		{"a program of nobody's", goProvider, repo{"go.mod": goMod, "cmd/a/main.go": goMain, "cmd/b/main.go": goMain}, "sh run.sh", build("out ./cmd/a"), "./out", "", 0},
	})
}

func TestGoFindsItsProgramsInPath(t *testing.T) {
	app := newest(t, repo{"go.mod": goMod, "main.go": goMain}, nil)
	app.UserStart = new("shop")
	out := mustPlan(t, goProvider, app)
	diffOf(t, "paths", []string{"/app/bin"}, out.Plan.Phases["build"].Paths)
	if out.Plan.Start.RunImage != nil {
		t.Errorf("the image %s has no profile with PATH", *out.Plan.Start.RunImage)
	}
}

// A crate is a Cargo.toml.
func crate(name, more string) string {
	return "[package]\nname = \"" + name + "\"\nversion = \"0.1.0\"\nedition = \"2024\"\n" + more
}

func TestRustBuildsThePrograms(t *testing.T) {
	const musl = "x86_64-unknown-linux-musl"
	build := func(options string, bins ...string) []string {
		cmds := []string{"mkdir -p bin", "cargo build --release" + options + " --target " + musl}
		for _, bin := range bins {
			cmds = append(cmds, "cp target/"+musl+"/release/"+bin+" bin")
		}
		return cmds
	}
	ws := func(files repo) repo {
		all := repo{"Cargo.lock": "", "Cargo.toml": "[workspace]\nmembers = [\"crates/*\"]\n"}
		for name, text := range files {
			all[name] = text
		}
		return all
	}
	checkStarts(t, []started{
		{"the name of [[bin]]", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", "[[bin]]\nname = \"serve\"\npath = \"src/main.rs\"\n"), "src/main.rs": ""}, "",
			build("", "serve"), "./bin/serve", "", 0},
		{"a path of [[bin]]", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", "[[bin]]\nname = \"serve\"\npath = \"app/x.rs\"\n"), "app/x.rs": "", "src/lib.rs": ""}, "",
			build("", "serve"), "./bin/serve", "", 0},
		{"the package's of several", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", ""), "src/main.rs": "", "src/bin/a.rs": "", "src/bin/b/main.rs": "", "src/bin/b/x.rs": ""}, "",
			build("", "shop", "a", "b"), "./bin/shop", "", 0},
		{"none of several", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", ""), "src/bin/a.rs": "", "src/bin/b.rs": ""}, "", build("", "a", "b"), "", "", 1},
		{"one behind a feature", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", "[features]\ndefault = [\"x\"]\nx = [\"on\"]\non = []\noff = []\n"+
			"[[bin]]\nname = \"a\"\nrequired-features = [\"off\"]\n[[bin]]\nname = \"b\"\nrequired-features = [\"on\"]\n"), "src/bin/a.rs": "", "src/bin/b.rs": ""}, "",
			build("", "b"), "./bin/b", "", 0},
		{"no discovery", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", "autobins = false\n[lib]\n"), "src/lib.rs": "", "src/bin/a.rs": ""}, "",
			build(""), "", "the package in Cargo.toml has no binary, so that it is a library", 0},
		{"a workspace of libraries", rustProvider, ws(repo{"crates/a/Cargo.toml": crate("a", ""), "crates/a/src/lib.rs": ""}), "",
			build(""), "", "the workspace in Cargo.toml has no package with a binary, so that it is a library", 0},
		{"a member's binary", rustProvider, ws(repo{"crates/a/Cargo.toml": crate("a", "[[bin]]\nname = \"serve\"\npath = \"src/main.rs\"\n"), "crates/a/src/main.rs": ""}), "",
			build(" --package a", "serve"), "./bin/serve", "", 0},
		{"the server of several members", rustProvider, ws(repo{"crates/a/Cargo.toml": crate("a", ""), "crates/a/src/main.rs": "", "crates/b/Cargo.toml": crate("server", ""), "crates/b/src/main.rs": ""}), "",
			build(" --package server", "server"), "./bin/server", "", 1},
		{"a member and a tool", rustProvider, ws(repo{"crates/xtask/Cargo.toml": crate("xtask", ""), "crates/xtask/src/main.rs": "", "crates/z/Cargo.toml": crate("z", ""), "crates/z/src/main.rs": ""}), "",
			build(" --package z", "z"), "./bin/z", "", 0},
		{"the root before a member", rustProvider, repo{"Cargo.lock": "", "Cargo.toml": crate("shop", "[workspace]\nmembers = [\"a\"]\n"), "src/main.rs": "", "a/Cargo.toml": crate("a", ""), "a/src/main.rs": ""}, "",
			build("", "shop"), "./bin/shop", "", 0},
		{"the member that the user starts", rustProvider, ws(repo{"crates/a/Cargo.toml": crate("a", ""), "crates/a/src/main.rs": "", "crates/b/Cargo.toml": crate("b", ""), "crates/b/src/main.rs": ""}), "./bin/b",
			build(" --package b", "b"), "", "", 0},
	})
}

func TestRustInstallsTheLinker(t *testing.T) {
	for _, tt := range []struct {
		name, config string
		want         []string
	}{
		{"of every target", "[build]\nrustflags = [\"-C\", \"link-arg=-fuse-ld=mold\"]\n", []string{"mold-wrapped"}},
		{"in one text", "[build]\nrustflags = \"-Clink-arg=-fuse-ld=lld\"\n", []string{"lld"}},
		{"of the target that is built", "[target.x86_64-unknown-linux-musl]\nrustflags = [\"-C\", \"linker=clang\"]\n", []string{"clang"}},
		{"of scripts that build", "[target.x86_64-unknown-linux-gnu]\nlinker = \"/usr/bin/clang\"\nrustflags = [\"-C\", \"link-arg=-fuse-ld=mold\"]\n", []string{"clang"}},
		{"by a condition", "[target.'cfg(target_os = \"linux\")']\nlinker = \"clang\"\n", []string{"clang"}},
		{"of another system", "[target.'cfg(windows)']\nlinker = \"clang\"\n[target.aarch64-apple-darwin]\nlinker = \"lld\"\n", nil},
		{"that is always there", "[build]\nrustflags = [\"-C\", \"linker=cc\"]\n", nil},
	} {
		out := mustPlan(t, rustProvider, newest(t, repo{"Cargo.toml": crate("shop", ""), "Cargo.lock": "", "src/main.rs": "", ".cargo/config.toml": tt.config}, nil))
		pkgs := slices.DeleteFunc(slices.Clone(out.Plan.Phases["setup"].NixPkgs), func(p string) bool {
			return !slices.Contains([]string{"mold-wrapped", "lld", "clang"}, p)
		})
		if !slices.Equal(pkgs, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, pkgs, tt.want)
		}
	}
}

func TestDotnetStartsTheProgram(t *testing.T) {
	project := func(sdk, more string) string {
		return "<Project Sdk=\"Microsoft.NET.Sdk" + sdk + "\"><PropertyGroup><TargetFramework>net10.0</TargetFramework>" + more + "</PropertyGroup></Project>"
	}
	tests := `<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="xunit" Version="2" /></ItemGroup></Project>`
	publish := func(file string) []string {
		return []string{"dotnet publish " + file + "--no-restore -c Release -o out"}
	}
	library := func(file string) string {
		return "no project, such as " + file + ", is for the web, a worker or of the OutputType Exe, so that it is a library"
	}
	const urls = "ASPNETCORE_URLS=${ASPNETCORE_URLS:-http://0.0.0.0:${PORT:-3000}} "
	checkStarts(t, []started{
		{"the only project", csharpProvider, repo{"A.csproj": project(".Web", "")}, "", publish(""), urls + "./out/A", "", 0},
		{"by the name of its program", csharpProvider, repo{"A.csproj": project(".Web", "<AssemblyName>shop</AssemblyName>")}, "", publish(""), urls + "./out/shop", "", 0},
		{"a worker", csharpProvider, repo{"A.csproj": project(".Worker", "")}, "", publish(""), "./out/A", "", 0},
		{"the one for the web", csharpProvider, repo{"A.sln": "", "a/A.csproj": project("", ""), "b/B.csproj": project("", "<OutputType>Exe</OutputType>"),
			"c/C.csproj": tests, "d/D.csproj": project(".Web", "")}, "", publish("d/D.csproj "), urls + "./out/D", "", 0},
		{"the server of several", fsharpProvider, repo{"a/A.fsproj": project(".Web", ""), "b/Shop.Api.fsproj": project(".Web", "")}, "",
			publish("b/Shop.Api.fsproj "), urls + "./out/Shop.Api", "", 1},
		{"the one that the user starts", csharpProvider, repo{"a/A.csproj": project(".Web", ""), "b/B.csproj": project(".Web", "")}, "./out/B", publish("b/B.csproj "), urls + "./out/B", "", 0},
		{"a library", csharpProvider, repo{"A.csproj": project("", "")}, "", publish(""), "", library("A.csproj"), 0},
		{"what another file says", csharpProvider, repo{"A.csproj": project("", ""), "Directory.Build.props": "<Project><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>"}, "",
			publish(""), "./out/A", "", 0},
	})
}

func TestAManifestInTheRootDecides(t *testing.T) {
	for _, tt := range []struct {
		provider Provider
		files    repo
		want     string
	}{
		{csharpProvider, repo{"extra/X.csproj": "", "package.json": `{"scripts": {"start": "node ."}}`}, ""},
		{csharpProvider, repo{"src/X.csproj": "", "package.json": `{"devDependencies": {"prettier": "3"}}`}, "src/X.csproj"},
		{csharpProvider, repo{"src/X.csproj": "", "go.mod": ""}, ""},
		{csharpProvider, repo{"src/X.csproj": "", "X.sln": "", "package.json": `{"scripts": {"build": "x"}}`}, "src/X.csproj"},
		{csharpProvider, repo{"a/X.csproj": "", "Y.csproj": ""}, "Y.csproj"},
		{zigProvider, repo{".github/x.zig": ""}, ""},
		{zigProvider, repo{"build.zig": "", "package.json": `{"scripts": {"start": "x"}}`}, "build.zig"},
		{cobolProvider, repo{"samples/x.cbl": "", "pom.xml": ""}, ""},
	} {
		got, err := tt.provider.Newest(newest(t, tt.files, nil))
		if err != nil || got != tt.want {
			t.Errorf("%s in %v: %q, %v; want %q", tt.provider.Name, tt.files, got, err, tt.want)
		}
	}
}
