package providers

import (
	"slices"
	"strings"
	"testing"
)

func TestRustOfTheNewestEdition(t *testing.T) {
	const overlay, file = `(rust-bin.stable."%s".default.override { targets = ["x86_64-unknown-linux-musl"]; })`, "(rust-bin.fromRustupToolchainFile ../rust-toolchain.toml)"
	const newer = "; name a newer archive of rust-overlay in nixOverlays of the phase setup"
	of := func(version string) string { return strings.ReplaceAll(overlay, "%s", version) }
	cargo := func(files repo) repo {
		if files["Cargo.toml"] == "" {
			files["Cargo.toml"] = "[package]\nname = 'a'\n"
		}
		if _, ok := files["Cargo.lock"]; !ok {
			files["Cargo.lock"] = ""
		}
		files["src/main.rs"] = ""
		return files
	}
	for _, tt := range []struct {
		name     string
		files    repo
		pkg, why string
		warnings []string
	}{
		{"nothing", cargo(repo{}), of("1.98.0"), "no version is asked for, which gives 1.98.0, the newest of rust-overlay", nil},
		{"a lower bound", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\nrust-version = '1.70'\n"}), of("1.98.0"), `package.rust-version is "1.70", which gives 1.98.0, the newest of rust-overlay`, nil},
		{"a lower bound that the overlay lacks", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\nrust-version = '1.98.1'\n"}), "rustc", `package.rust-version is "1.98.1", which gives 1.98.1`, nil},
		{"what the overlay lacks", cargo(repo{".tool-versions": "rust 1.98.1\n"}), "rustc", `rust is "1.98.1", which gives 1.98.1`, nil},
		{"what all lack", cargo(repo{".tool-versions": "rust 1.150.0\n"}), of("1.150.0"), `rust is "1.150.0"`,
			[]string{"Rust 1.150.0 is asked for, but rust-overlay has 1.29.0 to 1.98.0, so the build will not find it" + newer}},
		{"what is too old for all", cargo(repo{".tool-versions": "rust 1.20.0\n"}), of("1.20.0"), `rust is "1.20.0"`,
			[]string{"Rust 1.20.0 is asked for, but rust-overlay has 1.29.0 to 1.98.0, so the build will not find it; ask for a later one"}},
		{"a manager", cargo(repo{".tool-versions": "rust 1.97.1\n"}), of("1.97.1"), `rust is "1.97.1", which gives 1.97.1`,
			[]string{"rust 1.97 ended on 2026-08-20 and gets no fixes; the newest that is advised is 1.98.1"}},
		{"a crate that newer ones cannot compile", cargo(repo{"Cargo.lock": "[[package]]\nname = \"time\"\nversion = \"0.3.20\"\ndependencies = [\n \"itoa\",\n]\n"}), of("1.79.0"),
			"no version is asked for, which gives 1.79.0; time 0.3.20 (Cargo.lock) needs <1.80", []string{"rust 1.79 ended on 2024-07-25 and gets no fixes; the newest that is advised is 1.98.1"}},
		{"sources for a nightly", cargo(repo{"src/lib.rs": "//! x\n#![feature(decl_macro)]\n"}), of("1.98.0"), "no version is asked for, which gives 1.98.0, the newest of rust-overlay",
			[]string{"src/lib.rs has #![feature], which no release of Rust compiles; name a toolchain in rust-toolchain.toml, such as nightly-2026-08-22"}},
		{"sources for a nightly that is named", cargo(repo{"src/lib.rs": "#![feature(decl_macro)]\n", "rust-toolchain.toml": "[toolchain]\nchannel = 'nightly-2026-08-22'\n"}), file, "it names the toolchain", nil},
		{"what nixpkgs lacks", cargo(repo{".tool-versions": "rust 1.96.0\n"}), of("1.96.0"), `rust is "1.96.0"`, nil},
		{"a toolchain", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98'\n"}), "rustc", `toolchain.channel is "1.98", which gives 1.98.1`, nil},
		{"a toolchain that nixpkgs lacks", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.96.0'\n"}), file, "it names the toolchain", nil},
		{"a toolchain with a target", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98.0'\ntargets = ['x']\n"}), file, "it names the toolchain", nil},
		{"a line with a target", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98'\ntargets = ['x']\n"}), file, "it names the toolchain", nil},
		{"a toolchain with a target that the overlay lacks", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.98.1'\ntargets = ['x']\n"}), file, "it names the toolchain",
			[]string{"Rust 1.98.1 is asked for, but rust-overlay has 1.29.0 to 1.98.0, so the build will not find it" + newer}},
		{"a toolchain that all lack", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = '1.150.0'\n"}), file, "it names the toolchain",
			[]string{"Rust 1.150.0 is asked for, but rust-overlay has 1.29.0 to 1.98.0, so the build will not find it" + newer}},
		{"a nightly", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'nightly'\n"}), file, "it names the toolchain", nil},
		{"the nightly of a day", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'nightly-2026-08-22'\n"}), file, "it names the toolchain", nil},
		{"the nightly of a later day", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'nightly-2026-08-23'\n"}), file, "it names the toolchain",
			[]string{"nightly-2026-08-23 is asked for, but rust-overlay has days from 2025-01-01 to 2026-08-22, so the build will not find it" + newer}},
		{"the beta of a day that is gone", cargo(repo{"rust-toolchain.toml": "[toolchain]\nchannel = 'beta-2024-12-31'\n"}), file, "it names the toolchain",
			[]string{"beta-2024-12-31 is asked for, but rust-overlay has days from 2025-01-01 to 2026-08-22, so the build will not find it; ask for a later one"}},
		{"a lower bound and WebAssembly", cargo(repo{"Cargo.toml": "[package]\nname = 'a'\nrust-version = '1.70'\n", cargoConfig: "target = \"wasm32-wasi\"\n"}),
			`(rust-bin.stable."1.83.0".default.override { targets = ["wasm32-wasi"]; })`, "the target is wasm32-wasi, which Rust 1.83.0 is the last to have",
			[]string{"./bin/a.wasm is WebAssembly, which does not run by itself; set a start command that runs it"}},
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
		for _, overlay := range setup.NixOverlays {
			diffOf(t, tt.name+": overlay", "https://github.com/oxalica/rust-overlay/archive/fd2ebb9cc4323d0c5a1336138dab5c3c5a5d8bd9.tar.gz"+
				"#sha256-YT4Fs2k7bi+7YzuLt93EtIRgjpwHK5ZfsQEIh5dEQSk=", overlay)
		}
	}
}

func TestWhatCratesNeedOfTheSystem(t *testing.T) {
	lock := func(names ...string) repo {
		text := "version = 4\n"
		for _, name := range names {
			text += "\n[[package]]\nname = \"" + name + "\"\nversion = \"1.0.0\"\n"
		}
		return repo{"Cargo.toml": "[package]\nname = 'a'\n", "src/main.rs": "fn main() {}", "Cargo.lock": text}
	}
	for _, tt := range []struct {
		name  string
		files repo
		pkgs  []string // beside those of every app
		libs  []string
		musl  bool
	}{
		{"none", lock("serde"), nil, nil, true},
		{"a library", lock("pq-sys"), []string{"(postgresql.pg_config or postgresql)"}, []string{"(pkgs.libpq or postgresql.lib)"}, false},
		{"one that a crate brings along", lock("pq-sys", "pq-src"), nil, nil, true},
		{"by pkg-config", lock("alsa-sys"), []string{"(alsa-lib.dev or alsa-lib)", "pkg-config"}, []string{"alsa-lib"}, false},
		{"a program of the build", lock("prost-build", "cmake"), []string{"protobuf", "cmake", "gnumake"}, nil, true},
	} {
		out := mustPlan(t, rustProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		for _, pkg := range tt.pkgs {
			if !slices.Contains(setup.NixPkgs, pkg) || whyOf(out, "setup", "nix", pkg) == "" {
				t.Errorf("%s: %s is missing in %q, or has no reason", tt.name, pkg, setup.NixPkgs)
			}
		}
		diffOf(t, tt.name+": libraries", tt.libs, setup.NixLibs)
		diffOf(t, tt.name+": pkg-config", slices.Contains(tt.pkgs, "pkg-config"), out.Plan.Variables[rubyPkgConfig] != "")
		diffOf(t, tt.name+": musl", tt.musl, slices.Contains(setup.NixPkgs, "musl"))
	}
}
