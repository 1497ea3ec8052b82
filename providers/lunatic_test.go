package providers

import (
	"errors"
	"testing"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

var lunaticFiles = repo{".cargo/config.toml": "[build]\ntarget = \"wasm32-wasi\"\n[target.wasm32-wasi]\nrunner  =  \"lunatic\"\n", "src/main.rs": ""}

func TestDetectLunatic(t *testing.T) {
	const config = ".cargo/config.toml"
	testDetect(t, lunaticProvider, []detection{
		{plus(repo{"Cargo.toml": ""}, lunaticFiles), "lunatic in .cargo/config.toml"},
		{repo{"Cargo.toml": "", config: `runner="lunatic"`}, "lunatic in .cargo/config.toml"},
		{repo{"Cargo.toml": "", config: `runner = "lunatic run"`}, ""},
		{repo{"Cargo.toml": "", "a/" + config: `runner = "lunatic"`}, ""},
		{repo{"Cargo.toml": "", config: "runner = \"lunatic\"\xff"}, ""},
		{repo{config: `runner = "lunatic"`}, ""},
		{repo{"Cargo.toml": ""}, ""},
	})
	_, err := lunaticProvider.Detect(brokenWalk(t, plus(repo{"Cargo.toml": ""}, lunaticFiles)))
	if e := (*source.LimitError)(nil); !errors.As(err, &e) {
		t.Errorf("got error %v, want one about a limit", err)
	}
}

func TestLunaticPlan(t *testing.T) {
	out := mustPlan(t, lunaticProvider, appOf(t, rustRepo(shopManifest+"rust-version = \"1.83.0\"\n", lunaticFiles), nil))
	diffOf(t, "plan", plan.Plan{
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"binutils", "gcc", `(rust-bin.stable."1.83.0".default.override { targets = ["wasm32-wasi"]; })`, "lunatic"},
				NixOverlays:    []string{"https://github.com/oxalica/rust-overlay/archive/master.tar.gz"},
				NixpkgsArchive: new("ef56e777fedaa4da8c66a150081523c5de1e0171"),
			},
			"build": {
				DependsOn:        []string{"setup"},
				Cmds:             []string{"mkdir -p bin", "cargo build --release --target wasm32-wasi", "cp target/wasm32-wasi/release/shop.wasm bin"},
				CacheDirectories: []string{"/root/.cargo/git", "/root/.cargo/registry", "target"},
			},
		},
		Start: &plan.Start{Cmd: new("lunatic ./bin/shop.wasm")},
	}, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
}

func TestLunaticNamedForALibrary(t *testing.T) {
	out := mustPlan(t, lunaticProvider, appOf(t, repo{"Cargo.toml": shopManifest, "src/lib.rs": ""}, nil))
	diffOf(t, "start", (*plan.Start)(nil), out.Plan.Start)
	diffOf(t, "packages", []string{
		"binutils", "gcc", `(rust-bin.stable.latest.default.override { targets = ["x86_64-unknown-linux-musl"]; })`, "musl", "musl.dev", "lunatic",
	}, out.Plan.Phases["setup"].NixPkgs)
	diffOf(t, "first warning", noLock, out.Warnings[0])
}

func TestLunaticPlanFailsAsRustDoes(t *testing.T) {
	_, err := lunaticProvider.Plan(appOf(t, repo{"Cargo.toml": "["}, nil))
	wantSourceError(t, err, "Cargo.toml")
}
