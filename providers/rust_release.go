package providers

import (
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/versions"
)

// rustFileKeys are the settings of a rust-toolchain.toml beside the channel, by which it is more than a version.
var rustFileKeys = []string{"components", "path", "targets"}

// chooseRelease is [rustApp.choose] for editions after 1.39. The overlay has exactly the release that is asked for, and nixpkgs has not.
// A file of rustup that asks for more than a release is left to the overlay whole.
func (r *rustApp) chooseRelease() error {
	found, err := r.asks("rust")
	if err == nil {
		err = r.findOverlay()
	}
	if err != nil {
		return err
	}
	var ask versions.Ask
	open := len(found.Asks) == 0
	if open {
		if _, err := r.manifestVersion(); err != nil {
			return err
		}
	} else {
		ask = found.Asks[0]
	}
	r.asked = ask.Range
	if err := r.warnOfNightly(); err != nil {
		return err
	}
	whole := r.toolchain != "" && (open || ask.File == r.toolchain)
	if whole && (open || r.asksForMore()) {
		return r.takeFile(ask)
	}
	c, err := choose(r.App, "rust")
	if exact := ask.Range.Exact(); rustRelease.MatchString(exact) && (err != nil || c.version != exact && r.overlay.Has(exact)) {
		r.warnings = append(r.warnings, found.Warnings...)
		if whole {
			return r.takeFile(ask)
		}
		r.pkg, r.pkgCause = rustPackage(`"`+exact+`"`), cause{ask.File, ask.Line, ask.Why()}
		r.warnOfRelease(ask)
		return nil
	}
	if err != nil {
		return err
	}
	r.chosen, r.pkg, r.pkgCause = &c, rustPackage(`"`+c.version+`"`), c.why
	r.warnings = append(r.warnings, c.warnings...)
	return nil
}

// rustFeature is how sources ask for what only a nightly Rust has.
var rustFeature = lazyregexp.New(`(?m)^#!\[feature\(`)

// warnOfNightly warns of sources that no release of Rust compiles, in an app that names no toolchain.
func (r *rustApp) warnOfNightly() error {
	if r.toolchain != "" {
		return nil
	}
	file, found, err := r.Tree.Match(rustFeature, "src/*.rs")
	if err == nil && found != nil {
		r.warn("%s has #![feature], which no release of Rust compiles; name a toolchain in rust-toolchain.toml, such as nightly-%s", file, r.overlay.Date)
	}
	return err
}

// takeFile leaves the file of rustup to the overlay.
func (r *rustApp) takeFile(ask versions.Ask) error {
	r.pkg, r.pkgCause = rustFilePackage(r.toolchain), byFile(r.toolchain, "it names the toolchain")
	r.warnOfRelease(ask)
	return r.warnOfDay()
}

// chooseForWasm takes the last Rust that has the target of a file, if the app allows it.
func (r *rustApp) chooseForWasm(file string) {
	if !r.asked.Allows(rustWasmLast) {
		r.warn("%s asks for %s, which Rust has no more since %s, and Rust %s is used; ask for %s", file, rustWasm, rustWasmEnd, r.chosen.version, rustWasmLast)
		return
	}
	r.chosen, r.pkg, r.pkgCause = nil, rustPackage(`"`+rustWasmLast+`"`), r.targetCause
	r.pkgCause.why += ", which Rust " + rustWasmLast + " is the last to have"
}

func rustFilePackage(file string) string { return "(rust-bin.fromRustupToolchainFile ../" + file + ")" }

// asksForMore reports whether the file of rustup names more than a release. One that cannot be read does.
func (r *rustApp) asksForMore() bool {
	var file struct {
		Toolchain map[string]any `toml:"toolchain"`
	}
	if r.Tree.TOML(r.toolchain, &file) != nil {
		return false // a channel alone, which has been understood
	}
	return slices.ContainsFunc(rustFileKeys, func(key string) bool { return file.Toolchain[key] != nil })
}

// fromNixpkgs reports whether Rust comes from nixpkgs, which has it for the C library of Nix alone.
func (r *rustApp) fromNixpkgs() bool { return r.chosen != nil && r.target == "" }

// chosenPackages are as in [Output].
func (r *rustApp) chosenPackages() []string {
	if !r.fromNixpkgs() {
		return nil
	}
	return []string{r.chosen.pkg}
}

// releaseSetup installs a release of nixpkgs.
func (r *rustApp) releaseSetup() plan.Phase {
	const phase = "setup"
	p := plan.Phase{
		NixPkgs:        []string{"binutils", "gcc", r.chosen.pkg, "cargo"},
		NixOverlays:    []string{},
		NixpkgsArchive: &r.chosen.archive,
	}
	r.because(byDefault("every Rust app is linked with them"), phase, "nix", "")
	r.because(r.chosen.why, phase, "nix", r.chosen.pkg)
	r.because(r.chosen.why, phase, "nix", "cargo")
	r.because(r.chosen.why, phase, "nixpkgs", "")
	p.NixPkgs = r.linkerPackages(p.NixPkgs)
	r.addSystem(&p)
	if r.openssl != nil {
		p.NixLibs = append(p.NixLibs, "openssl", "openssl.dev")
		r.because(*r.openssl, phase, "nix-lib", "")
	}
	return p
}
