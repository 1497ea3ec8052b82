package providers

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectGo(t *testing.T) {
	testDetect(t, goProvider, []detection{
		{repo{"go.mod": ""}, "go.mod"},
		{repo{"main.go": "", "go.mod": ""}, "main.go"},
		{repo{"cmd/main.go": ""}, ""},
	})
}

func TestGoPlanOfAModule(t *testing.T) {
	out := mustPlan(t, goProvider, appOf(t, repo{"go.mod": "module m\n\ngo 1.18\n", "main.go": ""}, nil))
	cache := []string{"/root/.cache/go-build"}
	asked := cause{file: "go.mod", line: 3, why: `the go line asks for "1.18"`}
	diffOf(t, "output", Output{Plan: plan.Plan{
		Variables: map[string]string{"CGO_ENABLED": "0"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"go_1_18"},
				NixOverlays:    []string{},
				NixpkgsArchive: new("5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"),
			},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"go mod download"}, CacheDirectories: cache},
			"build":   {DependsOn: []string{"install", "setup"}, Cmds: []string{"go build -o out"}, CacheDirectories: cache},
		},
		Start: &plan.Start{Cmd: new("./out"), RunImage: new("ubuntu:noble")},
	}, Reasons: []Reason{
		asked.decided("setup", "nix", ""),
		asked.decided("setup", "nixpkgs", ""),
		{Fact: plan.Fact{Phase: "build", Field: "cmd"}, File: "main.go", Why: "the root has Go files"},
		{Fact: plan.Fact{Field: "variable CGO_ENABLED"}, Why: "the binary does without C unless a variable says otherwise"},
		{Fact: plan.Fact{Phase: "start", Field: "cmd"}, Why: "the program that the build makes"},
		{Fact: plan.Fact{Phase: "start", Field: "run image"}, Why: "the binary needs no C library"},
		{Fact: plan.Fact{Phase: "install", Field: "cmd"}, File: "go.mod", Why: "the app is a module"},
	}}, out)
}

func TestGoReasons(t *testing.T) {
	for _, tt := range []struct {
		name           string
		files          repo
		vars           plan.Vars
		version, build cause
	}{
		{
			"no module", repo{"main.go": ""}, nil,
			byDefault("no version is asked for, as there is no go.mod"), byFile("main.go", "the app is no module"),
		},
		{
			"no go line", repo{"go.mod": "module m\n", "cmd/a/main.go": ""}, nil,
			byDefault("no version is asked for"), byFile("cmd/a", "it is the first folder in cmd"),
		},
		{
			"another release", repo{"go.mod": "module m\ngo 1.21.3\n"}, nil,
			cause{"go.mod", 2, `the go line asks for "1.21.3", which has no package of its own`}, byFile("go.mod", "the app is a module"),
		},
		{
			"a variable", repo{"go.mod": "go 1.20\n"}, plan.Vars{"NIXPACKS_GO_BIN": "web"},
			cause{"go.mod", 1, `the go line asks for "1.20"`}, cause{why: `the variable NIXPACKS_GO_BIN is "web"`},
		},
	} {
		out := mustPlan(t, goProvider, appOf(t, tt.files, tt.vars))
		diffOf(t, tt.name, tt.version.decided("setup", "nix", ""), out.Reasons[0])
		diffOf(t, tt.name, tt.build.decided("build", "cmd", ""), out.Reasons[2])
	}
}

func TestGoWarnsWithoutSums(t *testing.T) {
	const mod = "module m\ngo 1.22\nrequire a.example/x v1.0.0\n"
	for _, tt := range []struct {
		name  string
		files repo
		warns bool
	}{
		{"none", repo{"go.mod": mod}, true},
		{"sums", repo{"go.mod": mod, "go.sum": ""}, false},
		{"a workspace", repo{"go.mod": mod, "go.work": ""}, false},
		{"a vendor folder", repo{"go.mod": mod, "vendor/modules.txt": ""}, false},
		{"nothing required", repo{"go.mod": "module m\ngo 1.22\n"}, false},
		{"a folder instead", repo{"go.mod": mod + "replace a.example/x => ./x\n"}, false},
		{"another module instead", repo{"go.mod": mod + "replace a.example/x => b.example/x v1.0.0\n"}, true},
		{"not understood", repo{"go.mod": mod + "what\n"}, false},
		{"no module", repo{"main.go": ""}, false},
	} {
		if out := mustPlan(t, goProvider, appOf(t, tt.files, nil)); len(out.Warnings) > 0 != tt.warns {
			t.Errorf("%s: warnings %q", tt.name, out.Warnings)
		}
	}
}

func TestGoVersion(t *testing.T) {
	const (
		archive18 = "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db"
		archive20 = "1f13eabcd6f5b00fe9de9575ac52c66a0e887ce6"
		archive22 = "e89cf1c932006531f454de7d652163a9a5c86668"
		archive23 = "05bbf675397d5366259409139039af8077d695ce"
	)
	warning := func(v string) []string {
		return []string{"go.mod asks for Go " + v + ", which has no package here; Go 1.22 is used and has to download that toolchain"}
	}
	for _, tt := range []struct {
		mod, pkg, archive string
		warnings          []string
	}{
		{"module m\ngo 1.18\n", "go_1_18", archive18, nil},
		{"module m\ngo 1.19\n", "go_1_19", archive18, nil},
		{"module m\ngo 1.20\n", "go_1_20", archive20, nil},
		{"module m\ngo 1.21\n", "go_1_21", archive20, nil},
		{"module m\ngo 1.22\n", "go", archive22, nil},
		{"module m\n  go   1.23 // new\n", "go_1_23", archive23, nil},
		{"module m\r\ngo 1.23\r\n", "go_1_23", archive23, nil},
		{"module m\ngo 1.17\n", "go", archive22, nil},
		{"module m\ngo 1.21.3\n", "go", archive22, nil},
		{"module m\ngo 1.22.0\n", "go", archive22, nil},
		{"module m\ngo 1.22.1\n", "go", archive22, nil},
		{"module m\ngo 1.23.4\n", "go", archive22, warning("1.23.4")},
		{"module m\ngo 1.24\n", "go", archive22, warning("1.24")},
		{"module m\ngo newest\n", "go", archive22, nil},
		{"module m\ngodebug default=go1.21\ngo 1.18\n", "go", archive22, nil},
		{"module m\ngo\n", "go", archive22, nil},
		{"module m\n", "go", archive22, nil},
		{"", "go", archive22, nil},
	} {
		out := mustPlan(t, goProvider, appOf(t, repo{"go.mod": tt.mod}, nil))
		setup := out.Plan.Phases["setup"]
		if setup.NixPkgs[0] != tt.pkg || *setup.NixpkgsArchive != tt.archive {
			t.Errorf("%q: %s of %s, want %s of %s", tt.mod, setup.NixPkgs, *setup.NixpkgsArchive, tt.pkg, tt.archive)
		}
		diffOf(t, "warnings of "+tt.mod, tt.warnings, out.Warnings)
	}
}

func TestGoBuildCommand(t *testing.T) {
	const mod = "module m\n"
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  []string
	}{
		{"the variable", repo{"go.mod": mod, "main.go": ""}, plan.Vars{"NIXPACKS_GO_BIN": "web"}, []string{"go build -o out ./cmd/web"}},
		{"a file in the root", repo{"go.mod": mod, "x.go": "", "cmd/a/main.go": ""}, nil, []string{"go build -o out"}},
		{"a file below the root does not count", repo{"go.mod": mod, "lib/x.go": "", "cmd/a/main.go": ""}, nil, []string{"go build -o out ./cmd/a"}},
		{"the first folder", repo{"go.mod": mod, "cmd/zoo/main.go": "", "cmd/api/v1/x.go": ""}, nil, []string{"go build -o out ./cmd/api"}},
		{"main.go does not count beside cmd", repo{"main.go": "", "cmd/a/main.go": ""}, nil, []string{"go build -o out ./cmd/a"}},
		{"cmd without a folder", repo{"go.mod": mod, "cmd/main.go": ""}, nil, nil},
		{"a module without a file", repo{"go.mod": mod}, nil, []string{"go build -o out"}},
		{"no module", repo{"main.go": ""}, nil, []string{"go build -o out main.go"}},
		{"named for an app that is none", repo{"x.txt": ""}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, goProvider, appOf(t, tt.files, tt.vars))
			diffOf(t, "commands", tt.want, out.Plan.Phases["build"].Cmds)
			_, module := tt.files["go.mod"]
			if _, ok := out.Plan.Phases["install"]; ok != module {
				t.Errorf("install phase %v, want %v", ok, module)
			}
		})
	}
}

func TestGoStart(t *testing.T) {
	out := mustPlan(t, goProvider, appOf(t, repo{"go.mod": ""}, nil))
	if out.Plan.Start != nil {
		t.Errorf("an app without Go files starts with %+v", out.Plan.Start)
	}
	out = mustPlan(t, goProvider, appOf(t, repo{"go.mod": "", "a/b/c.go": ""}, plan.Vars{"CGO_ENABLED": "1"}))
	diffOf(t, "start with cgo", &plan.Start{Cmd: new("./out")}, out.Plan.Start)
}

func TestGoPlanFailsWithTheTree(t *testing.T) {
	for _, files := range []repo{
		{"go.mod": "", "a.go": ""},
		{"main.go": "", "cmd/a/main.go": ""},
		{"main.go": "", "b.go": ""},
	} {
		if _, err := goProvider.Plan(brokenWalk(t, files)); err == nil {
			t.Errorf("%v: no error", files)
		}
	}
	_, err := goProvider.Plan(appOf(t, repo{"go.mod": "\xff"}, nil))
	wantSourceError(t, err, "go.mod")
}

func TestGoInstallFiles(t *testing.T) {
	const mod = "module m\n\ngo 1.22\n"
	both := repo{"go.mod": mod, "go.sum": ""}
	testInstallFiles(t, goProvider, []installCase{
		{name: "both files", files: both, want: []string{"go.mod", "go.sum"}},
		{name: "no sums", files: repo{"go.mod": mod}, want: []string{"go.mod"}},
		{name: "no module", files: repo{"main.go": ""}},
		{name: "a vendor folder is passed over", files: repo{"go.mod": mod, "vendor/modules.txt": ""}, want: []string{"go.mod"}},
		{name: "a replacement from elsewhere", files: repo{"go.mod": mod + "replace a.example/x => b.example/x v1.0.0\n"}, want: []string{"go.mod"}},
		{
			name:    "a replacement by a folder",
			files:   repo{"go.mod": mod + "replace (\n\ta.example/x => b.example/x v1.0.0\n\tb.example/y v1.0.0 => ./y\n)\n"},
			blocker: "go.mod line 6 replaces b.example/y by the folder ./y",
		},
		{
			name:    "a replacement by an absolute folder",
			files:   repo{"go.mod": mod + "replace a.example/x => /src/x\n"},
			blocker: "go.mod line 4 replaces a.example/x by the folder /src/x",
		},
		{name: "a syntax error", files: repo{"go.mod": "module m\nwhat\n"}, blocker: "go.mod line 2 is not understood"},
		{name: "harmless variables", files: both, vars: plan.Vars{"GOFLAGS": "-trimpath -buildvcs=false", "GOWORK": "off"}, want: []string{"go.mod", "go.sum"}},
		{name: "another module file", files: both, vars: plan.Vars{"GOFLAGS": "-trimpath --modfile=x.mod"}, blocker: "the variable GOFLAGS changes which files the install reads"},
		{name: "vendor by a variable", files: both, vars: plan.Vars{"GOFLAGS": "-mod=vendor"}, blocker: "the variable GOFLAGS changes which files the install reads"},
		{name: "a workspace by a variable", files: both, vars: plan.Vars{"GOWORK": "/app/x/go.work"}, blocker: "the variable GOWORK changes which files the install reads"},
	})
}

func TestProgramsOfGoAreStripped(t *testing.T) {
	const mod = "module example.com/shop\n"
	for _, tt := range []struct {
		name  string
		files repo
		want  string // build command of the fix; "" for none
	}{
		{"a module", repo{"go.mod": mod, "main.go": "package main"}, "go build -ldflags=-s -o out"},
		{"a folder", repo{"go.mod": mod, "cmd/web/main.go": "package main"}, "go build -ldflags=-s -o out ./cmd/web"},
		{"no module", repo{"main.go": "package main"}, "go build -ldflags=-s -o out main.go"},
		{"no program", repo{"go.mod": mod, "shop.go": "package shop"}, ""},
	} {
		got := ""
		for _, f := range mustPlan(t, goProvider, newest(t, tt.files, nil)).Fixes {
			if f.Rule == "go-strip" {
				got = f.Over.Phases["build"].Cmds[0]
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if out := mustPlan(t, goProvider, appOf(t, repo{"go.mod": mod, "main.go": "package main"}, nil)); len(out.Fixes) > 0 {
		t.Errorf("edition 1.39 has %+v", out.Fixes)
	}
}
