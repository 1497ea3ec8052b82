package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

const haskellPackage = "name: shop\nexecutables:\n  web-exe:\n    main: Main.hs\n  api:\n    main: Api.hs\n"

func TestDetectHaskell(t *testing.T) {
	testDetect(t, haskellProvider, []detection{
		{repo{"package.yaml": "", "app/Main.hs": "", "Setup.hs": ""}, "package.yaml and Setup.hs"},
		{repo{"package.yaml": ""}, ""},
		{repo{"stack.yaml": "", "Main.hs": ""}, ""},
	})
	if _, err := haskellProvider.Detect(brokenWalk(t, repo{"package.yaml": "", "b": ""})); err == nil {
		t.Error("got no error for an app with too many files")
	}
}

func TestHaskellPlan(t *testing.T) {
	app := appOf(t, repo{"package.yaml": haskellPackage, "stack.yaml": "resolver: lts-21.0\n", "Main.hs": ""}, nil)
	want := plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:     []string{"stack"},
				NixOverlays: []string{},
				AptPkgs:     []string{"libgmp-dev", "gcc", "binutils", "make", "zlib1g-dev"},
			},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"stack setup"}, CacheDirectories: []string{"/root/.stack"}},
			"build": {
				DependsOn:        []string{"install"},
				Cmds:             []string{"stack install"},
				CacheDirectories: []string{".stack-work", "/root/.stack"},
			},
		},
		Start: &plan.Start{Cmd: new("/root/.local/bin/api")},
	}
	out := mustPlan(t, haskellProvider, app)
	diffOf(t, "plan", want, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
	why := Reason{
		Fact: plan.Fact{Phase: "start", Field: "cmd", Value: "/root/.local/bin/api"},
		File: "package.yaml", Line: 5, Why: "the first of executables in byte order",
	}
	diffOf(t, "reason for the start", why, reasonOf(t, out, why.Fact))

	app.Arch = "aarch64"
	setup := want.Phases["setup"]
	setup.AptPkgs = append(setup.AptPkgs,
		"libnuma1", "libnuma-dev", "libtinfo-dev", "libtinfo5", "libc6-dev", "libtinfo6", "llvm-11", "clang", "ninja-build", "zlib1g-dev")
	want.Phases["setup"] = setup
	out = mustPlan(t, haskellProvider, app)
	diffOf(t, "plan for aarch64", want, out.Plan)
	diffOf(t, "reason for clang", "GHC needs it on aarch64", reasonOf(t, out, plan.Fact{Phase: "setup", Field: "apt", Value: "clang"}).Why)
}

func TestHaskellWarnsWithoutStackFile(t *testing.T) {
	out := mustPlan(t, haskellProvider, appOf(t, repo{"package.yaml": haskellPackage}, nil))
	diffOf(t, "warnings", []string{"there is no stack.yaml, so each build may use another compiler and other versions; commit one"}, out.Warnings)
}

func TestHaskellProgram(t *testing.T) {
	for content, want := range map[string]string{
		"executables: {b: {}, a: {}, Z: {}}":           "Z",
		"executables:\n  my_app-1.0+x: {}":             "my_app-1.0+x",
		"c: &c {x: 1}\nexecutables: {a: *c}":           "a",
		"x: &all\n  web: {}\nexecutables:\n  <<: *all": "web",
	} {
		out := mustPlan(t, haskellProvider, appOf(t, repo{"package.yaml": content}, nil))
		diffOf(t, content, "/root/.local/bin/"+want, *out.Plan.Start.Cmd)
	}
	const none = "reading package.yaml: it has no executables; "
	for content, want := range map[string]string{
		"name: a":                            none,
		"executables:":                       none,
		"executables: {}":                    none,
		"name: a\nexecutables: [a]":          "reading package.yaml:2: executables is not a table; ",
		"executables:\n  \"a; id\": {}":      `reading package.yaml:2: "a; id" is not the name of an executable; `,
		"executables:\n  \"$(id)\": {}":      `reading package.yaml:2: "$(id)" is not the name of an executable; `,
		"executables:\n  ../../bin/sh: {}":   `reading package.yaml:2: "../../bin/sh" is not the name of an executable; `,
		"executables:\n  \"a\\nRUN id\": {}": `reading package.yaml:2: "a\nRUN id" is not the name of an executable; `,
		"executables: {a: {}, a: {}}":        "reading package.yaml:1: executables is not a table; ",
		"a: [":                               "parsing package.yaml",
	} {
		_, err := haskellProvider.Plan(appOf(t, repo{"package.yaml": content}, nil))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", content, err, want)
		}
	}
}

func TestHaskellInstallFiles(t *testing.T) {
	with := func(stack string) repo { return repo{"package.yaml": haskellPackage, "stack.yaml": stack} }
	files := []string{"package.yaml", "stack.yaml"}
	full := with("# by stack init\nsnapshot:\n  url: https://snapshots.example/lts/19/6.yaml\npackages:\n- .\nextra-deps:\n- acme-1.2\n- acme-missiles-0.3@sha256:ab,1\n" +
		"- https://a.example/b.tar.gz\n- git: https://git.example/a.git\n  commit: e7b331f\n- github: a/b\n  commit: e7b331f\n- archive: https://a.example/c.zip\nflags: {}\n")
	full["shop.cabal"], full["stack.yaml.lock"], full["lib/x.cabal"] = "", "", ""
	testInstallFiles(t, haskellProvider, []installCase{
		{name: "all files", files: full, want: []string{"package.yaml", "shop.cabal", "stack.yaml", "stack.yaml.lock"}},
		{name: "a snapshot", files: with("resolver: lts-21.0"), want: files},
		{name: "a nightly snapshot", files: with("resolver: nightly-2023-09-17\npackages: [./]"), want: files},
		{name: "a compiler", files: with("resolver: ghc-9.4.7\ncompiler: ghc-9.4.7"), want: files},
		{name: "the variable", files: with("resolver: lts-21.0"), vars: plan.Vars{"STACK_YAML": "x.yaml"}, blocker: "the variable STACK_YAML names another configuration of Stack"},
		{name: "no file", files: repo{"package.yaml": haskellPackage}, blocker: "there is no stack.yaml"},
		{name: "a snapshot file", files: with("resolver: ./own.yaml"), blocker: "stack.yaml line 1 has a snapshot that may be a file"},
		{name: "a snapshot file in a table", files: with("snapshot:\n  filepath: own.yaml"), blocker: "stack.yaml line 1 has a snapshot that may be a file"},
		{name: "a snapshot of an alias", files: with("user-message: &a own.yaml\nresolver: *a"), blocker: "stack.yaml line 2 has a snapshot that may be a file"},
		{name: "other packages", files: with("resolver: lts-21.0\npackages:\n- .\n- lib"), blocker: "stack.yaml line 2 has packages in other folders"},
		{name: "packages of an alias", files: with("drop-packages: &p [lib]\npackages: *p"), blocker: "stack.yaml line 2 has packages in other folders"},
		{name: "a package that is a table", files: with("packages:\n- location: lib"), blocker: "stack.yaml line 1 has packages in other folders"},
		{name: "a local dependency", files: with("extra-deps:\n- ../lib"), blocker: "stack.yaml line 1 has extra-deps that may be in the app"},
		{name: "a local archive", files: with("extra-deps:\n- archive: lib.tar.gz"), blocker: "stack.yaml line 1 has extra-deps that may be in the app"},
		{name: "a local repository", files: with("extra-deps:\n- git: ./lib"), blocker: "stack.yaml line 1 has extra-deps that may be in the app"},
		{name: "a dependency of another kind", files: with("extra-deps:\n- where: lib"), blocker: "stack.yaml line 1 has extra-deps that may be in the app"},
		{name: "Nix", files: with("nix:\n  shell-file: shell.nix"), blocker: "stack.yaml line 1 has nix, which may need other files"},
		{name: "an included file", files: with("flags: !include flags.yaml"), blocker: "stack.yaml line 1 includes another file"},
		{name: "an included file of the package", files: repo{"stack.yaml": "resolver: lts-21.0", "package.yaml": "a: b\nc: !include d.yaml"}, blocker: "package.yaml line 2 includes another file"},
		{name: "defaults", files: repo{"stack.yaml": "resolver: lts-21.0", "package.yaml": "defaults:\n  local: x.yaml"}, blocker: "package.yaml line 1 has defaults from elsewhere"},
		{name: "not a table", files: with("- x"), blocker: "stack.yaml is not understood"},
		{name: "not YAML", files: with("a: ["), blocker: "stack.yaml is not understood"},
	})
	if _, _, err := haskellProvider.InstallFiles(brokenWalk(t, with("resolver: lts-21.0"))); err == nil {
		t.Error("got no error for an app with too many files")
	}
}
