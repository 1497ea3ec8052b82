package providers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestRustVersion(t *testing.T) {
	stable := func(version string) string { return fmt.Sprintf("rust-bin.stable.%q.default", version) }
	short := func(from, version string) []string {
		return []string{from + " asks for Rust " + version + ", but a release has three numbers, so the build will not find it; write " + version + ".0"}
	}
	const (
		latest   = "rust-bin.stable.latest.default"
		fromFile = "(rust-bin.fromRustupToolchainFile ../rust-toolchain)"
		fromTOML = "(rust-bin.fromRustupToolchainFile ../rust-toolchain.toml)"
		manifest = "rust-version in Cargo.toml"
		variable = "NIXPACKS_RUST_VERSION"
	)
	for _, tt := range []struct {
		name, manifest string
		files          repo
		variable       string
		want           string
		file           string // of toolchain
		warnings       []string
	}{
		{name: "none", manifest: shopManifest, want: latest},
		{name: "no package", manifest: "[workspace.package]\nrust-version = \"1.80.0\"\n", want: latest},
		{name: "the manifest", manifest: shopManifest + "rust-version = \"1.80.0\"\n", want: stable("1.80.0")},
		{name: "two numbers", manifest: shopManifest + "rust-version = \"1.80\"\n", want: stable("1.80"), warnings: short(manifest, "1.80")},
		{name: "an empty one", manifest: shopManifest + "rust-version = \"\"\n", want: latest},
		{name: "inherited", manifest: shopManifest + "rust-version = { workspace = true }\n[workspace.package]\nrust-version = \"1.79.0\"\n", want: stable("1.79.0")},
		{name: "a file before the manifest", manifest: shopManifest + "rust-version = \"1.80.0\"\n", files: repo{"rust-toolchain.toml": ""}, want: fromTOML, file: "rust-toolchain.toml"},
		{name: "the old file first", manifest: shopManifest, files: repo{"rust-toolchain.toml": "", "rust-toolchain": ""}, want: fromFile, file: "rust-toolchain"},
		{name: "the variable first", manifest: shopManifest, files: repo{"rust-toolchain": ""}, variable: "1.54.0", want: stable("1.54.0"), file: "rust-toolchain"},
		{name: "the variable instead of what is inherited", manifest: shopManifest + "rust-version.workspace = true\n", variable: "1.54.0", want: stable("1.54.0")},
		{name: "the latest by the variable", manifest: shopManifest, variable: "latest", want: stable("latest")},
		{name: "two numbers of the variable", manifest: shopManifest, variable: "1.54", want: stable("1.54"), warnings: short(variable, "1.54")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			vars := plan.Vars{"NIXPACKS_NO_MUSL": "1"}
			if tt.variable != "" {
				vars[variable] = tt.variable
			}
			out := mustPlan(t, rustProvider, appOf(t, rustRepo(tt.manifest, plus(repo{"src/bin/shop.rs": ""}, tt.files)), vars))
			setup := out.Plan.Phases["setup"]
			diffOf(t, "packages", []string{"binutils", "gcc", tt.want}, setup.NixPkgs)
			if tt.file != "" {
				diffOf(t, "files", []string{tt.file}, setup.OnlyIncludeFiles)
			} else {
				diffOf(t, "files", []string(nil), setup.OnlyIncludeFiles)
			}
			diffOf(t, "warnings", tt.warnings, unfixed(out))
		})
	}
}

func TestRustVersionErrors(t *testing.T) {
	const hint = `; write a version such as "1.83.0"`
	for _, tt := range []struct{ name, line, variable, want string }{
		{"inherited from nowhere", "rust-version.workspace = true", "", "reading Cargo.toml:4: rust-version is inherited, but there is none in [workspace.package]" + hint},
		{"inherited from a workspace without one", "rust-version.workspace = true\n[workspace]", "", "reading Cargo.toml:4: rust-version is inherited, but there is none in [workspace.package]" + hint},
		{"a number", "rust-version = 1.8", "", "reading Cargo.toml:4: rust-version must be a string" + hint},
		{"a table of something else", "rust-version = { x = 1 }", "", "rust-version is inherited"},
		{"one that ends the string", `rust-version = '1"'`, "", `reading Cargo.toml:4: "1\"" is no version of Rust` + hint},
		{"one that interpolates", `rust-version = '${x}'`, "", `is no version of Rust`},
		{"one of the variable", "", "1.8 0", `reading the variable NIXPACKS_RUST_VERSION: "1.8 0" is no version of Rust` + hint},
	} {
		t.Run(tt.name, func(t *testing.T) {
			vars := plan.Vars{}
			if tt.variable != "" {
				vars["NIXPACKS_RUST_VERSION"] = tt.variable
			}
			_, err := rustProvider.Plan(appOf(t, rustRepo(shopManifest+tt.line+"\n", rustMainRepo), vars))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
