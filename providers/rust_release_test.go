package providers

import (
	"strings"
	"testing"
)

func TestRustOfTheNewestEdition(t *testing.T) {
	const overlay, file = `(rust-bin.stable."%s".default.override { targets = ["x86_64-unknown-linux-musl"]; })`, "(rust-bin.fromRustupToolchainFile ../rust-toolchain.toml)"
	of := func(version string) string { return strings.ReplaceAll(overlay, "%s", version) }
	cargo := func(files repo) repo {
		if files["Cargo.toml"] == "" {
			files["Cargo.toml"] = "[package]\nname = 'a'\n"
		}
		files["Cargo.lock"], files["src/main.rs"] = "", ""
		return files
	}
	for _, tt := range []struct {
		name     string
		files    repo
		pkg, why string
		warnings []string
	}{
		{"nothing", cargo(repo{}), of("1.98.1"), "no version is asked for, which gives 1.98.1", nil},
		{"a lower bound", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\nrust-version = '1.70'\n"}), of("1.98.1"), `package.rust-version is "1.70", which gives 1.98.1`, nil},
		{"a manager", cargo(repo{".tool-versions": "rust 1.97.1\n"}), of("1.97.1"), `rust is "1.97.1", which gives 1.97.1`,
			[]string{"rust 1.97 ended on 2026-08-20 and gets no fixes; the newest that is advised is 1.98.1"}},
		{"what nixpkgs lacks", cargo(repo{".tool-versions": "rust 1.96.0\n"}), of("1.96.0"), `rust is "1.96.0"`, nil},
		{"a toolchain", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98'\n"}), "rustc", `toolchain.channel is "1.98", which gives 1.98.1`, nil},
		{"a toolchain that nixpkgs lacks", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.96.0'\n"}), file, "it names the toolchain", nil},
		{"a toolchain with a target", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98.1'\ntargets = ['x']\n"}), file, "it names the toolchain", nil},
		{"a nightly", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'nightly'\n"}), file, "it names the toolchain", nil},
		{"a lower bound and WebAssembly", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\nrust-version = '1.70'\n", cargoConfig: "target = \"wasm32-wasi\"\n"}),
			`(rust-bin.stable."1.83.0".default.override { targets = ["wasm32-wasi"]; })`, "the target is wasm32-wasi, which Rust 1.83.0 is the last to have", nil},
		{"OpenSSL", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\n[dependencies]\nopenssl = '1'\n"}), "rustc", "no version is asked for, which gives 1.98.1", nil},
	} {
		out := mustPlan(t, rustProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		diffOf(t, tt.name, tt.pkg, setup.NixPkgs[2])
		diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "nix", tt.pkg))
		diffOf(t, tt.name+": warnings", tt.warnings, out.Warnings)
		if nix := tt.pkg == "rustc"; nix != (len(setup.NixOverlays) == 0) || !strings.Contains(*setup.NixpkgsArchive, "#sha256-") {
			t.Errorf("%s: the overlays are %q, the archive is %s", tt.name, setup.NixOverlays, *setup.NixpkgsArchive)
		}
	}
}
