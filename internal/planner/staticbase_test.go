package planner

import (
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

func TestOneProgramOfGoStandsOnTheStaticBase(t *testing.T) {
	const server = "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":3000\", nil) }\n"
	const starts = "package main\n\nimport \"os/exec\"\n\nfunc main() { exec.Command(\"git\").Run() }\n"
	for name, tt := range map[string]struct {
		files  map[string]string
		static bool
	}{
		"a server":                   {map[string]string{"main.go": server}, true},
		"it starts a program":        {map[string]string{"main.go": starts}, false},
		"its tests start a program":  {map[string]string{"main.go": server, "main_test.go": starts}, true},
		"its parts start a program":  {map[string]string{"main.go": server, "vendor/x/x.go": starts}, true},
		"a shell starts it":          {map[string]string{"main.go": server, "nixpacks.toml": "[start]\ncmd = \"./out --port $PORT\"\n"}, false},
		"another package is there":   {map[string]string{"main.go": server, "nixpacks.toml": "[phases.setup]\naptPkgs = [\"...\", \"ffmpeg\"]\n"}, false},
		"C":                          {map[string]string{"main.go": server, "nixpacks.toml": "[variables]\nCGO_ENABLED = \"1\"\n"}, false},
		"the user wants the usual":   {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nruntime = \"full\"\n"}, false},
		"a path to ask for":          {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nhealthcheck = \"GET /health\"\n"}, false},
		"a program to ask by":        {map[string]string{"main.go": server, "nixpacks.toml": "[start]\nhealthcheck = \"./out health\"\n"}, true},
		"a start without its folder": {map[string]string{"main.go": server, "nixpacks.toml": "[start]\ncmd = \"out\"\n"}, false},
	} {
		tt.files["go.mod"] = "module example.org/app\n\ngo 1.26\n"
		in := given{files: tt.files}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		p := result.Plan
		static := p.Start != nil && p.Start.Base != nil && *p.Start.Base == plan.StaticBase
		if static != tt.static {
			t.Errorf("%s: static %v\n%s", name, static, plan.Text(p))
		}
	}
}

func TestOneProgramOfRustStandsOnTheStaticBaseBehindAnInit(t *testing.T) {
	const server = "use std::net::TcpListener;\n\nfn main() { TcpListener::bind(\"0.0.0.0:3000\").unwrap(); }\n"
	const starts = "use std::process::{exit, Command};\n\nfn main() { Command::new(\"git\").status().unwrap(); exit(0) }\n"
	for name, tt := range map[string]struct {
		files  map[string]string
		static bool
	}{
		"a server":                      {map[string]string{"src/main.rs": server}, true},
		"it starts a program":           {map[string]string{"src/main.rs": starts}, false},
		"its tests start a program":     {map[string]string{"src/main.rs": server, "tests/run.rs": starts, "build.rs": starts}, true},
		"it only ends":                  {map[string]string{"src/main.rs": "fn main() { std::process::exit(1) }\n"}, true},
		"the usual C library":           {map[string]string{"src/main.rs": server, "rust-toolchain": "1.83.0\n"}, false},
		"no C library in it":            {map[string]string{"src/main.rs": server, ".cargo/config.toml": "[build]\nrustflags = [\"-Ctarget-feature=-crt-static\"]\n"}, false},
		"no C library, by a variable":   {map[string]string{"src/main.rs": server, "nixpacks.toml": "[variables]\nRUSTFLAGS = \"-Ctarget-feature=-crt-static\"\n"}, false},
		"another library":               {map[string]string{"src/main.rs": server, "nixpacks.toml": "[phases.setup]\naptPkgs = [\"...\", \"ffmpeg\"]\n"}, false},
		"the user builds it":            {map[string]string{"src/main.rs": server, "nixpacks.toml": "[phases.build]\ncmds = [\"cargo build --release\", \"cp target/release/bell bin\"]\n"}, false},
		"the user starts a script":      {map[string]string{"src/main.rs": server, "run.sh": "#!/bin/sh\n", "nixpacks.toml": "[start]\ncmd = \"./run.sh\"\n"}, false},
		"a process, which has no init":  {map[string]string{"src/main.rs": server, "Procfile": "web: ./bin/bell\nworker: ./bin/bell\n"}, false},
		"the user wants the usual":      {map[string]string{"src/main.rs": server, "nixpacks.toml": "[start]\nruntime = \"full\"\n"}, false},
		"the user wants no init either": {map[string]string{"src/main.rs": server, "nixpacks.toml": "[start]\ninit = \"none\"\n"}, true},
	} {
		tt.files["Cargo.toml"] = "[package]\nname = \"bell\"\nversion = \"1.0.0\"\nedition = \"2021\"\n"
		tt.files["Cargo.lock"] = "version = 3\n\n[[package]]\nname = \"bell\"\nversion = \"1.0.0\"\n"
		in := given{files: tt.files}.input(t)
		in.Providers = providers.All()
		result, err := Make(in)
		if err != nil {
			t.Fatal(err)
		}
		start := result.Plan.Start
		static := start.Base != nil && *start.Base == plan.StaticBase
		if static != tt.static || static && start.Init == nil {
			t.Errorf("%s: static %v\n%s", name, static, plan.Text(result.Plan))
		}
	}
}
