package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestDetectElixir(t *testing.T) {
	testDetect(t, elixirProvider, []detection{{repo{"mix.exs": ""}, "mix.exs"}, {repo{"apps/a/mix.exs": ""}, ""}})
}

func TestElixirPlan(t *testing.T) {
	mix := "[app: :shop,\n elixir: \"~> 1.14\",\n deps: [{:phoenix_ecto, \"~> 4\"},\n {:postgrex, \">= 0\"}],\n aliases: [\"assets.deploy\": [\"x\"]]]\n"
	out := mustPlan(t, elixirProvider, appOf(t, repo{"mix.exs": mix, "mix.lock": ""}, nil))
	diffOf(t, "output", Output{
		Plan: plan.Plan{
			Variables: map[string]string{"ELIXIR_ERL_OPTIONS": "+fnu", "MIX_ENV": "prod"},
			Phases: map[string]plan.Phase{
				"setup": {
					NixPkgs:        []string{"elixir_1_14", "gcc"},
					NixLibs:        []string{"stdenv.cc.cc.lib"},
					NixOverlays:    []string{},
					NixpkgsArchive: new("c5702bd28cbde41a191a9c2a00501f18941efbd0"),
				},
				"install": {DependsOn: []string{"setup"}, Cmds: []string{"mix local.hex --force", "mix local.rebar --force", "mix deps.get --only prod"}},
				"build":   {DependsOn: []string{"install"}, Cmds: []string{"mix compile", "mix assets.deploy", "mix ecto.setup"}},
			},
			Start: &plan.Start{Cmd: new("mix phx.server")},
		},
		Warnings: []string{"the build runs mix ecto.setup, which fails without a database that the build reaches"},
		Reasons: []Reason{
			{Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "mix assets.deploy"}, File: "mix.exs", Line: 5, Why: "mix.exs has assets.deploy"},
			{Fact: plan.Fact{Phase: "build", Field: "cmd", Value: "mix ecto.setup"}, File: "mix.exs", Line: 4, Why: "mix.exs has postgrex and ecto"},
			{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "elixir_1_14"}, File: "mix.exs", Line: 2, Why: `elixir is "~> 1.14"`},
			{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "gcc"}, Why: "many packages compile C"},
			{Fact: plan.Fact{Phase: "setup", Field: "nixpkgs"}, Why: "the archive that has Elixir 1.9 to 1.17"},
			{Fact: plan.Fact{Phase: "start", Field: "cmd"}, Why: "every Elixir app is taken for one of Phoenix"},
		},
	}, out)
}

func TestElixirVersion(t *testing.T) {
	mix := func(line string) repo { return repo{"mix.exs": "phoenix\n " + line + "\n"} }
	with := func(version string) repo {
		return repo{"mix.exs": "phoenix elixir: \"~> 1.9\"", ".elixir-version": version}
	}
	const form = `, which is not understood in this form; the default version is used`
	const known = `, which is none of the known releases (1.9 to 1.17); the default version is used`
	for _, tt := range []struct {
		files   repo
		vars    plan.Vars
		want    string
		warning string
	}{
		{mix(`elixir: "~> 1.14",`), nil, "elixir_1_14", ""},
		{mix(`elixir: "~> 1.9"`), nil, "elixir_1_9", ""},
		{mix(`elixir: "~> 1.17.2"`), nil, "elixir_1_17", ""},
		{mix(`elixir: "~> 1.13-dev"`), nil, "elixir_1_13", ""},
		{mix(`elixir: "1.12",`), nil, "elixir", `mix.exs asks for Elixir "1.12"` + form},
		{mix(`elixir: "~> 1.12", # of the servers`), nil, "elixir", `mix.exs asks for Elixir "~> 1.12"` + form},
		{mix(`elixir: ">= 1.10.0 and < 1.15.0"`), nil, "elixir_1_15", "mix.exs asks for an Elixir below 1.15.0, but elixir_1_15 is used"},
		{mix(`elixir: "~> 1.18"`), nil, "elixir", `mix.exs asks for Elixir "1.18"` + known},
		{mix(`elixir: "~> 1.8"`), nil, "elixir", `mix.exs asks for Elixir "1.8"` + known},
		{mix(`elixir: "~> 1.14 or ~> 1|2"`), nil, "elixir", `mix.exs asks for Elixir "1|2"` + known},
		{mix(`app: :shop`), nil, "elixir", ""},
		{with("1.16.0-otp-26\n"), nil, "elixir", `.elixir-version asks for Elixir "1.16.0-otp-26"` + known},
		{with("1.16.0\n"), nil, "elixir_1_16", ""},
		{with("v1.10"), nil, "elixir_1_10", ""},
		{with("1.16"), plan.Vars{"NIXPACKS_ELIXIR_VERSION": "1.11"}, "elixir_1_11", ""},
		{with("1.16"), plan.Vars{"NIXPACKS_ELIXIR_VERSION": "2.1"}, "elixir", `NIXPACKS_ELIXIR_VERSION asks for Elixir "2.1"` + known},
	} {
		out := mustPlan(t, elixirProvider, appOf(t, tt.files, tt.vars))
		name := tt.files["mix.exs"] + tt.files[".elixir-version"]
		diffOf(t, name, tt.want, out.Plan.Phases["setup"].NixPkgs[0])
		diffOf(t, name, tt.warning, strings.Join(out.Warnings, "\n"))
	}
}

func TestElixirWarnings(t *testing.T) {
	for _, tt := range []struct {
		mix  string
		want []string
	}{
		{`deps: [{:phoenix, "~> 1.7"}]`, []string{"there is no mix.lock, so each build may install other versions; commit one"}},
		{`deps: []`, []string{"the app is started by mix phx.server, but mix.exs does not name phoenix; set a start command"}},
		{`apps_path: "apps", deps: []`, nil},
	} {
		diffOf(t, tt.mix, tt.want, mustPlan(t, elixirProvider, appOf(t, repo{"mix.exs": tt.mix}, nil)).Warnings)
	}
}

func TestElixirErrors(t *testing.T) {
	_, err := elixirProvider.Plan(appOf(t, repo{"mix.exs": "\xff"}, nil))
	wantSourceError(t, err, "mix.exs")
	_, err = elixirProvider.Plan(appOf(t, repo{"mix.exs": "", ".elixir-version": "\xff"}, nil))
	wantSourceError(t, err, ".elixir-version")
	if _, _, err := elixirInstallFiles(brokenWalk(t, repo{"mix.exs": "", "a": ""})); err == nil {
		t.Error("no error for the files of a broken walk")
	}
}

func TestElixirInstallFiles(t *testing.T) {
	const mix = "defmodule Shop.MixProject do\n  use Mix.Project\n  def project, do: [app: :shop, deps: deps(), aliases: [setup: [\"deps.get\"]]]\n" +
		"  def application, do: [mod: {Shop.Application, []}]\n  defp elixirc_paths(_), do: [\"lib\"]\n  defp deps, do: [{:a, \"~> 1.0\"}]\n"
	base := repo{"mix.exs": mix, "mix.lock": "%{}", "lib/shop.ex": "File.read!"}
	program := func(text string) repo { return over(base, repo{"mix.exs": mix + text}) }
	config := func(text string) repo { return over(base, repo{"config/config.exs": "import Config\n" + text}) }
	reads := func(name, line, part string) string {
		return name + " line " + line + " has " + part + " and may read files"
	}
	testInstallFiles(t, elixirProvider, []installCase{
		{name: "program and lock", files: base, want: []string{"mix.exs", "mix.lock"}},
		{name: "settings", files: over(config("import_config \"#{config_env()}.exs\"\n"), repo{"config/prod.exs": "use Mix.Config\n"}), want: []string{"config/config.exs", "config/prod.exs", "mix.exs", "mix.lock"}},
		{name: "settings that name folders", files: config("config :esbuild, cd: __DIR__, args: ~w(--outdir=../priv)"), want: []string{"config/config.exs", "mix.exs", "mix.lock"}},
		{name: "settings from elsewhere", files: config(`import_config "../apps/*/config/config.exs"`), blocker: reads("config/config.exs", "2", `"import_config \"../"`)},
		{name: "settings that read", files: config(`File.read!("key")`), blocker: reads("config/config.exs", "2", `"File"`)},
		{name: "settings that are no text", files: config("\xff"), blocker: "config/config.exs line 2 is not understood"},
		{name: "a version in a file", files: program("@version File.read!(\"VERSION\")"), blocker: reads("mix.exs", "7", `"File"`)},
		{name: "a package of the app", files: program(`{:money, path: "money"}`), blocker: reads("mix.exs", "7", `"path"`)},
		{name: "an umbrella", files: program(`apps_path: "apps"`), blocker: reads("mix.exs", "7", `"apps_path"`)},
		{name: "another program", files: program(`System.cmd("git", [])`), blocker: reads("mix.exs", "7", `"System.cmd"`)},
		{name: "Erlang's functions", files: program(`:file.read_file("x")`), blocker: reads("mix.exs", "7", `":file."`)},
		{name: "another task by that name", files: program(`"deps.get": ["x"]`), blocker: reads("mix.exs", "7", `"\"deps.get\":"`)},
		{name: "another module", files: program("use Shop.Helpers"), blocker: reads("mix.exs", "7", `"use Shop.Helpers"`)},
		{name: "another program file", files: base, vars: plan.Vars{"MIX_EXS": "x.exs"}, blocker: "the variable MIX_EXS changes which files the install reads"},
	})
}
