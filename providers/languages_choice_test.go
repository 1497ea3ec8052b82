package providers

import (
	"slices"
	"testing"
)

// TestVersionsOfOtherLanguagesOfTheNewestEdition has, of each language whose tools are in one phase, what its places give.
func TestVersionsOfOtherLanguagesOfTheNewestEdition(t *testing.T) {
	project := func(framework string) repo {
		return repo{"App.csproj": "<Project><PropertyGroup><TargetFramework>" + framework + "</TargetFramework></PropertyGroup></Project>"}
	}
	with := func(files repo, name, text string) repo {
		files[name] = text
		return files
	}
	mix := func(requirement string) repo {
		return repo{"mix.exs": "phoenix\nelixir: \"" + requirement + "\"\n", "mix.lock": ""}
	}
	const net8 = "dotnet 8 ended on 2026-11-10 and gets no fixes; the newest that is advised is 10.0.302"
	for _, tt := range []struct {
		name     string
		provider Provider
		files    repo
		pkg, why string
		warnings []string
	}{
		{".NET, nothing", csharpProvider, repo{"App.csproj": "<Project/>"}, "dotnet@10.0.302", "no version is asked for, which gives 10.0.302", nil},
		{".NET, a project", csharpProvider, project("net10.0"), "dotnet@10.0.302", `TargetFramework is "net10.0", which gives 10.0.302`, nil},
		{".NET, an old project", csharpProvider, project("net8.0"), "dotnet@8.0.423", `TargetFramework is "net8.0", which gives 8.0.423`, []string{net8}},
		{".NET, global.json", csharpProvider, with(project("net8.0"), globalJSON, `{"sdk": {"version": "8.0.100", "rollForward": "latestFeature"}}`), "dotnet@8.0.423",
			`sdk is "8.0.100, latestFeature", which gives 8.0.423; it goes before App.csproj (TargetFramework), "net8.0"`, []string{net8}},
		{".NET, a band that is none", csharpProvider, with(project("net10.0"), globalJSON, `{"sdk": {"version": "10.0.290"}}`), "dotnet@10.0.302",
			`sdk is "10.0.290", which gives 10.0.302; it goes before App.csproj (TargetFramework), "net10.0"`,
			[]string{"global.json (sdk) asks for .NET SDK 10.0.290, which cannot be had; 10.0.302 is given, which dotnet refuses unless rollForward is latestFeature"}},
		{"F#", fsharpProvider, repo{"App.fsproj": "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"}, "dotnet@10.0.302",
			`TargetFramework is "net10.0", which gives 10.0.302`, nil},
		{"Elixir, nothing", elixirProvider, repo{"mix.exs": "phoenix", "mix.lock": ""}, "elixir_1_19", "no version is asked for, which gives 1.19.6", nil},
		{"Elixir, a requirement", elixirProvider, mix("~> 1.18.0"), "elixir_1_18", `elixir is "~> 1.18.0", which gives 1.18.5`, nil},
		{"Elixir and Erlang", elixirProvider, with(mix("~> 1.18"), ".tool-versions", "erlang 27.3\nelixir 1.18.4-otp-27\n"), "(beam.packages.erlang_27.elixir_1_18)",
			`elixir is "1.18.4-otp-27", which gives 1.18.4; it goes before mix.exs (elixir), "~> 1.18", on Erlang 27.3.4.16, as .tool-versions (erlang) asks for`, nil},
		{"Zig, nothing", zigProvider, repo{"build.zig": ""}, "zig_0_15", "no version is asked for, which gives 0.15.2", nil},
		{"Zig, the least", zigProvider, repo{"build.zig": "", "build.zig.zon": ".minimum_zig_version = \"0.13.0\""}, "zig_0_13", `minimum_zig_version is "0.13.0", which gives 0.13.0`, nil},
		{"Crystal", crystalProvider, repo{"shard.yml": "name: a\ncrystal: '>= 1.6'\ntargets: {a: {main: a.cr}}\n"}, "crystal", `crystal is ">= 1.6", but no version of crystal can be chosen`, nil},
		{"Dart", dartProvider, repo{"pubspec.yaml": "name: a\nenvironment:\n  sdk: ^3.5.0\n", "bin/a.dart": ""}, "dart", `environment.sdk is "^3.5.0", but no version of dart can be chosen`, nil},
		{"Gleam", gleamProvider, repo{"gleam.toml": "name = 'a'\ngleam = '>= 1.5.0'\n", "manifest.toml": ""}, "gleam", `gleam is ">= 1.5.0", but no version of gleam can be chosen`, nil},
		{"Swift", swiftProvider, repo{"Package.swift": "// swift-tools-version:5.9\n", "Sources/a/main.swift": ""}, "swift", `swift-tools-version is "5.9", but no version of swift can be chosen`, nil},
		{"Deno, nothing", denoProvider, repo{"deno.json": "{}"}, "deno", "no version of deno can be chosen", nil},
		{"Deno, a version", denoProvider, repo{"deno.json": "{}", ".deno-version": "2.1.4"}, "deno", `it asks for "2.1.4", but no version of deno can be chosen`,
			[]string{".deno-version asks for deno 2.1.4, but no version can be chosen: the one in the archive of the edition is used"}},
	} {
		app := newest(t, tt.files, nil)
		out := mustPlan(t, tt.provider, app)
		setup := out.Plan.Phases["setup"]
		if got := slices.Concat(setup.Releases, setup.NixPkgs)[0]; len(setup.Releases) == 0 {
			diffOf(t, tt.name, tt.pkg, got)
			diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "nix", got))
		} else {
			diffOf(t, tt.name, []string{tt.pkg}, setup.ReleaseNames())
			diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "release", got))
			diffOf(t, tt.name+": apt", []string{"libicu74"}, setup.AptPkgs)
		}
		diffOf(t, tt.name+": warnings", tt.warnings, out.Warnings)
	}
}
