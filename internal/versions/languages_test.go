package versions

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

// TestPlacesOfOtherLanguages has every place of a tool, in its order.
func TestPlacesOfOtherLanguages(t *testing.T) {
	files := repo{
		".php-version":  "8.4\n",
		"composer.json": "{\n\"require\": {\"php\": \">=8.1\"},\n\"config\": {\"platform\": {\"php\": \"8.3.4\"}}}",
		".ruby-version": "ruby-3.4.1\n",
		"Gemfile":       "source \"https://x.example\"\nruby \">= 3.2\", '< 4' # new\n",
		"Gemfile.lock":  "GEM\n  specs:\n\nRUBY VERSION\n   ruby 3.3.0p0\n\nBUNDLED WITH\n   2.5.3\n",
		"mise.toml":     "[tools]\nphp = '8.2'\njava = 'temurin-21.0.4'\nmaven = '3.9'\n",

		"global.json":           "{ // new\n\"sdk\": {\"version\": \"9.0.100\", \"rollForward\": \"latestFeature\"}}",
		"src/App.csproj":        "<Project>\n<TargetFrameworks>net8.0;net9.0-windows;net48</TargetFrameworks>\n</Project>",
		"App.fsproj":            "<TargetFramework>net10.0</TargetFramework>",
		"Directory.Build.props": "<TargetFramework>net8.0</TargetFramework>",
		".elixir-version":       "1.18.4-otp-27\n",
		"mix.exs":               "defmodule A do\n  # elixir: \"1\"\n  [elixir: \"~> 1.15\"]\nend\n",
		".erlang-version":       "27.1\n",
		".deno-version":         "2.1.4\n",
		".dvmrc":                "v2.0.0\n",
		".zigversion":           "0.14.1\n",
		"build.zig.zon":         ".{\n    .minimum_zig_version = \"0.14.0\",\n}\n",

		".crystal-version": "1.6.2\n",
		"shard.yml":        "name: a\ncrystal: \">= 1.0, < 2\"\n",
		"pubspec.yaml":     "name: a\nenvironment:\n  sdk: '>=3.0.0 <4.0.0'\ndependencies:\n  flutter:\n    sdk: flutter\n",
		"gleam.toml":       "name = \"a\"\ngleam = \">= 1.5.0\"\n",
		".swift-version":   "swift-5.10.1-RELEASE\n",
		"Package.swift":    "// swift-tools-version: 5.9\nimport PackageDescription\n",

		"rust-toolchain":      "# old\n1.80.1-x86_64-unknown-linux-gnu\n",
		"rust-toolchain.toml": "[toolchain]\ncomponents = ['clippy']\nchannel = \"1.83\"\n",
		".rust-version":       "1.82.0\n",
		"Cargo.toml":          "[package]\nname = \"a\"\nrust-version = \"1.70\"\n",

		".java-version":     "21\n",
		".jdk-version":      "17\n",
		".sdkmanrc":         "# new\njava=21.0.4-tem\ngradle = 8.5\nmaven=3.9.6\n",
		"system.properties": "maven.version=3.8\njava.runtime.version=17\n",
		"build.gradle":      "java {\n  sourceCompatibility = JavaVersion.VERSION_1_8\n  toolchain { languageVersion = JavaLanguageVersion.of(17) }\n}\n",
		"build.gradle.kts":  "kotlin { jvmToolchain(21) }\n",
		"pom.xml":           "<java.version>11</java.version>\n<!-- <release>8</release> -->\n<maven.compiler.release>${java.version}</maven.compiler.release>\n<release>17</release>\n",

		"gradle/wrapper/gradle-wrapper.properties": "distributionBase=X\ndistributionUrl=https\\://x.example/gradle-8.2.1-bin.zip\n",
		".tool-versions": "ruby 3.3.4\nelixir 1.17.3-otp-27\nerlang 27.0\n",
		"devbox.json":    "{\"packages\": [\"ruby@3.2\"]}",
	}
	vars := plan.Vars{"NIXPACKS_PHP_VERSION": "8.5", "NIXPACKS_RUBY_VERSION": "ruby-3.4", "NIXPACKS_JDK_VERSION": "25", "NIXPACKS_RUST_VERSION": "stable", "NIXPACKS_CSHARP_SDK_VERSION": "10.0"}
	for tool, want := range map[string][]string{
		"php": {
			"the variable NIXPACKS_PHP_VERSION 0 8.5", ".php-version 1 8.4", "composer.json (config.platform.php) 3 8.3.4",
			"composer.json (require.php) 2 >=8.1", "mise.toml (tools.php) 2 8.2",
		},
		"ruby": {
			"the variable NIXPACKS_RUBY_VERSION 0 ruby-3.4", ".ruby-version 1 ruby-3.4.1", "Gemfile (ruby) 2 >= 3.2, < 4",
			".tool-versions (ruby) 1 3.3.4", "devbox.json (packages.ruby) 1 3.2", "Gemfile.lock (RUBY VERSION) 5 ~> 3.3.0",
		},
		"java": {
			"the variable NIXPACKS_JDK_VERSION 0 25", ".java-version 1 21", ".jdk-version 1 17", ".sdkmanrc (java) 2 21.0.4-tem",
			"system.properties (java.runtime.version) 2 17", "build.gradle (toolchain) 3 17", "build.gradle.kts (toolchain) 1 21",
			"pom.xml (release) 4 17", "build.gradle (sourceCompatibility) 2 8", "mise.toml (tools.java) 3 temurin-21.0.4",
		},
		"rust": {
			"the variable NIXPACKS_RUST_VERSION 0 stable", "rust-toolchain 2 1.80.1-x86_64-unknown-linux-gnu", "rust-toolchain.toml (toolchain.channel) 3 1.83",
			".rust-version 1 1.82.0", "Cargo.toml (package.rust-version) 3 1.70",
		},
		"dotnet": {
			"the variable NIXPACKS_CSHARP_SDK_VERSION 0 10.0", "global.json (sdk) 2 9.0.100, latestFeature", "src/App.csproj (TargetFramework) 2 net8.0;net9.0-windows;net48",
			"App.fsproj (TargetFramework) 1 net10.0", "Directory.Build.props (TargetFramework) 1 net8.0",
		},
		"elixir":  {".elixir-version 1 1.18.4-otp-27", "mix.exs (elixir) 3 ~> 1.15", ".tool-versions (elixir) 2 1.17.3-otp-27"},
		"erlang":  {".erlang-version 1 27.1", ".tool-versions (erlang) 3 27.0"},
		"deno":    {".deno-version 1 2.1.4", ".dvmrc 1 v2.0.0"},
		"zig":     {".zigversion 1 0.14.1", "build.zig.zon (minimum_zig_version) 2 0.14.0"},
		"crystal": {".crystal-version 1 1.6.2", "shard.yml (crystal) 2 >= 1.0, < 2"},
		"dart":    {"pubspec.yaml (environment.sdk) 3 >=3.0.0 <4.0.0"},
		"gleam":   {"gleam.toml (gleam) 2 >= 1.5.0"},
		"swift":   {".swift-version 1 swift-5.10.1-RELEASE", "Package.swift (swift-tools-version) 1 5.9"},
		"gradle":  {"gradle/wrapper/gradle-wrapper.properties (distributionUrl) 2 8.2.1", ".sdkmanrc (gradle) 3 8.5"},
		"maven":   {".sdkmanrc (maven) 4 3.9.6", "mise.toml (tools.maven) 4 3.9"},
	} {
		got, err := Read(files.tree(t), vars, tool)
		if err != nil || len(got.Warnings) > 0 {
			t.Errorf("%s: %v, %v", tool, err, got.Warnings)
		}
		if diff := cmp.Diff(want, places(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tool, diff)
		}
	}
}

func TestRangesOfOtherLanguages(t *testing.T) {
	for _, tt := range []struct {
		tool, file, text string
		yes, no          string // a version that is allowed, and one that is not
		exact            string
	}{
		{tool: "java", file: "pom.xml", text: "<maven.compiler.source>1.8</maven.compiler.source>", yes: "8u502-b07", no: "7u80"},
		{tool: "java", file: ".sdkmanrc", text: "java=17.0.9.fx-zulu", yes: "17.0.9+9", no: "17.0.8+7", exact: "17.0.9"},
		{tool: "rust", file: "rust-toolchain.toml", text: "[toolchain]\nchannel = '1.80.1'\n", yes: "1.80.1", no: "1.81.0", exact: "1.80.1"},
		{tool: "rust", file: "Cargo.toml", text: "[workspace.package]\nrust-version = '1.80'\n", yes: "1.98.1", no: "1.79.0"},
		{tool: "dotnet", file: "App.csproj", text: "<TargetFramework>net8.0</TargetFramework>", yes: "8.0.423", no: "9.0.316"},
		{tool: "dotnet", file: "App.csproj", text: "<TargetFramework>netcoreapp3.1</TargetFramework>", yes: "3.1.426", no: "3.0.103"},
		{tool: "dotnet", file: "global.json", text: `{"sdk": {"version": "9.0.100", "rollForward": "latestFeature"}}`, yes: "9.0.316", no: "10.0.302"},
		{tool: "dotnet", file: "global.json", text: `{"sdk": {"version": "9.0.100"}}`, yes: "9.0.101", no: "9.0.200"},
		{tool: "elixir", file: "mix.exs", text: "elixir: \"~> 1.15\"", yes: "1.19.5", no: "1.14.5"},
		{tool: "elixir", file: ".tool-versions", text: "elixir 1.18.4-otp-27\n", yes: "1.18.4", no: "1.18.3", exact: "1.18.4"},
		{tool: "zig", file: "build.zig.zon", text: ".minimum_zig_version = \"0.14.0\"", yes: "0.14.1", no: "0.13.0"},
		{tool: "php", file: ".php-version", text: "8.4.1", yes: "8.4.1", no: "8.4.2", exact: "8.4.1"},
		{tool: "php", file: "composer.json", text: `{"require": {"php": "^7.4|^8.0"}}`, yes: "8.5.1", no: "7.3.9"},
		{tool: "php", file: "composer.json", text: `{"config": {"platform": {"php": "8.2.0"}}}`, yes: "8.2.30", no: "8.3.0"},
		{tool: "php", file: "composer.json", text: `{"config": {"platform": {"php": "8.2"}}}`, yes: "8.2.30", no: "8.1.9"},
		{tool: "ruby", file: ".ruby-version", text: "ruby-3.4.1", yes: "3.4.1", no: "3.4.2", exact: "3.4.1"},
		{tool: "ruby", file: ".ruby-version", text: "3.4", yes: "3.4.2", no: "3.5.0"},
		{tool: "ruby", file: "Gemfile", text: "ruby '~> 3.3'\n", yes: "3.4.0", no: "4.0.0"},
		{tool: "ruby", file: "Gemfile", text: "ruby(\"3.3.1\", engine: \"ruby\")\n", yes: "3.3.1", no: "3.3.2", exact: "3.3.1"},
		{tool: "ruby", file: "Gemfile", text: "ruby \"ruby-3.3.1\"\n", yes: "3.3.1", no: "3.3.2", exact: "3.3.1"},
		{tool: "ruby", file: "Gemfile.lock", text: "RUBY VERSION\n   ruby 3.3.0p0\n", yes: "3.3.9", no: "3.4.0"},
	} {
		got, err := Read(repo{tt.file: tt.text}.tree(t), nil, tt.tool)
		if err != nil || len(got.Asks) != 1 {
			t.Errorf("%s %q: %+v, %v", tt.file, tt.text, got, err)
			continue
		}
		r := got.Asks[0].Range
		if r.Exact() != tt.exact || !r.Allows(tt.yes) || r.Allows(tt.no) {
			t.Errorf("%s %q: exact %q, allows %s: %v, allows %s: %v", tt.file, tt.text, r.Exact(), tt.yes, r.Allows(tt.yes), tt.no, r.Allows(tt.no))
		}
	}
}

func TestWhatOfOtherLanguagesAsksForNothing(t *testing.T) {
	for _, tt := range []struct {
		tool  string
		files repo
	}{
		{"php", repo{"composer.json": `{"config": {"platform": {"php": false}}, "require": {"php": 8}}`}},
		{"php", repo{"composer.json": `{"require": {"php": "*"}}`}},
		{"rust", repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'nightly-2026-01-01'\n"}},
		{"rust", repo{"rust-toolchain": "[toolchain]\npath = 'here'\n", "Cargo.toml": "[package]\nrust-version.workspace = true\n"}},
		{"dotnet", repo{"a.csproj": "<TargetFramework>netstandard2.0</TargetFramework>", "global.json": "{}"}},
		{"dotnet", repo{"a.csproj": "<TargetFramework>$(Framework)</TargetFramework>"}},
		{"ruby", repo{"Gemfile": "ruby file: '.ruby-version'\nruby '3.3.0'\n"}},
		{"ruby", repo{"Gemfile": "ruby ENV['R']\n# ruby '3.3.0'\ngem 'ruby'\n"}},
		{"ruby", repo{"Gemfile.lock": "GEM\n  specs:\n    ruby (3.3.0)\n\nRUBY VERSION\n\n   ruby 3.3.0\n"}},
	} {
		if got, err := Read(tt.files.tree(t), nil, tt.tool); err != nil || len(got.Asks) > 0 {
			t.Errorf("%v: %+v, %v", tt.files, got, err)
		}
	}
}

func TestPlacesOfOtherLanguagesThatCannotBeUnderstood(t *testing.T) {
	for _, tt := range []struct {
		tool, file, text, want string
	}{
		{"php", "composer.json", "{\n\"require\": {\"php\": \"new\"}}", `reading composer.json:2: require.php: "new" is not a constraint of Composer, such as ^8.2 or >=8.1 <8.4`},
		{"php", "composer.json", "{\n", "parsing composer.json:2:1: unexpected EOF"},
		{"java", ".java-version", "new", `reading .java-version:1: "new" is not a version of Java, such as 21 or 21.0.4`},
		{"rust", "rust-toolchain.toml", "[toolchain]\nchannel = 'new!'\n", `reading rust-toolchain.toml:2: toolchain.channel: "new!" is not a version, such as 22, 22.14.0, lts or latest`},
		{"dotnet", "global.json", "{\n\"sdk\": {\"version\": \"latest\"}}", `reading global.json:2: sdk: "latest" is not the version of an SDK, such as 10.0.100`},
		{"elixir", "mix.exs", "\nelixir: \"1.14\"", `reading mix.exs:2: elixir: "1.14" is not a requirement of Elixir, such as ~> 1.18 or >= 1.17.0 and < 2.0.0`},
		{"ruby", ".ruby-version", "\njruby-9.4\n", `reading .ruby-version:2: "jruby-9.4" is another Ruby than CRuby, which alone can be had`},
		{"ruby", "Gemfile", "\nruby 'new'\n", `reading Gemfile:2: ruby: "new" is not a requirement of RubyGems, such as ~> 3.3 or >= 3.2, < 4`},
	} {
		if _, err := Read(repo{tt.file: tt.text}.tree(t), nil, tt.tool); err == nil || err.Error() != tt.want {
			t.Errorf("%s %q: %v, want %s", tt.file, tt.text, err, tt.want)
		}
	}
}

func TestPackagesOfComposerAskForPHP(t *testing.T) {
	lock := `{"packages": [{"name": "a/b", "version": "v1.2", "require": {"php": ">=8.1 <8.5"}}, {"name": "c/d", "require": []}, {"require": {"php": "new"}}],
"packages-dev": [{"name": "e/f", "require": {"php": "^7"}}]}`
	got, err := Read(repo{"composer.lock": lock}.tree(t), nil, "php")
	if err != nil || len(got.Bounds) != 1 || got.Bounds[0].From != "a/b v1.2 (composer.lock)" || got.Bounds[0].Range.Allows("8.5.1") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatRunsOnJava(t *testing.T) {
	wrapper := func(version string) repo {
		return repo{gradleWrapper: "distributionUrl=https\\://x.example/distributions/gradle-" + version + "-all.zip\n"}
	}
	scala := func(version string) repo {
		return repo{"build.sbt": "ThisBuild / scalaVersion := \"" + version + "\"\n"}
	}
	for _, tt := range []struct {
		files   repo
		yes, no string
		from    string
	}{
		{wrapper("4.10.3"), "10.0.2+13", "11.0.32+9", "Gradle 4.10.3 (gradle/wrapper/gradle-wrapper.properties)"},
		{wrapper("8.5"), "21.0.12+8", "25.0.4+7", "Gradle 8.5 (gradle/wrapper/gradle-wrapper.properties)"},
		{wrapper("8.14.4"), "24.0.2+12", "25.0.4+7", "Gradle 8.14.4 (gradle/wrapper/gradle-wrapper.properties)"},
		{wrapper("9.1.0"), "25.0.4+7", "11.0.32+9", "Gradle 9.1.0 (gradle/wrapper/gradle-wrapper.properties)"},
		{scala("2.12.15"), "17.0.20+8", "21.0.12+8", "Scala 2.12.15 (build.sbt)"},
		{scala("2.13.14"), "21.0.12+8", "25.0.4+7", "Scala 2.13.14 (build.sbt)"},
		{scala("3.3.6"), "25.0.4+7", "26+35", "Scala 3.3.6 (build.sbt)"},
		{scala("3.5.2"), "21.0.12+8", "25.0.4+7", "Scala 3.5.2 (build.sbt)"},
		{scala("3.8.1"), "25.0.4+7", "26+35", "Scala 3.8.1 (build.sbt)"},
		{scala("2.11.12"), "8u502-b07", "11.0.32+9", "Scala 2.11.12 (build.sbt)"},
	} {
		got, err := Read(tt.files.tree(t), nil, "java")
		if err != nil || len(got.Bounds) != 1 || got.Bounds[0].From != tt.from || !got.Bounds[0].Range.Allows(tt.yes) || got.Bounds[0].Range.Allows(tt.no) {
			t.Errorf("%v: %+v, %v", tt.files, got, err)
		}
	}
}
