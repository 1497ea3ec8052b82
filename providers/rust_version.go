package providers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

const (
	rustLatest  = "latest"
	rustArchive = "ef56e777fedaa4da8c66a150081523c5de1e0171"
	rustOverlay = "https://github.com/oxalica/rust-overlay/archive/master.tar.gz"
)

// rustToolchainFiles are rustup's, in its order.
var rustToolchainFiles = []string{"rust-toolchain", "rust-toolchain.toml"}

var (
	rustVersionText = lazyregexp.New(`^[0-9A-Za-z][0-9A-Za-z._+-]*$`) // ends no Nix string
	rustRelease     = lazyregexp.New(`^(\d+\.\d+\.\d+|latest)$`)      // what the overlay has
	rustMinor       = lazyregexp.New(`^\d+\.\d+$`)                    // as rust-version often is
)

// A rustWish is what an app asks for.
type rustWish struct {
	version string // "" if pkg does without
	pkg     string
	from    string // what asks, as the subject of a sentence
	cause
}

// choose sets the Nix package of Rust, without a target.
func (r *rustApp) choose() error {
	wish, err := r.wish()
	if err != nil {
		return err
	}
	r.pkg, r.pkgCause = wish.pkg, wish.cause
	if wish.version == "" {
		return nil
	}
	if !rustVersionText.MatchString(wish.version) {
		return wish.error(fmt.Errorf("%.40q is no version of Rust", wish.version))
	}
	if rustMinor.MatchString(wish.version) {
		r.minor, r.minorFrom = wish.version, wish.from
	} else if !rustRelease.MatchString(wish.version) {
		r.warn("%s asks for Rust %.40s, but a release has three numbers, so the build will not find it; write one such as 1.83.0", wish.from, wish.version)
	}
	r.pkg = rustPackage(`"` + wish.version + `"`)
	return nil
}

func rustPackage(version string) string { return "rust-bin.stable." + version + ".default" }

// wish looks at the variable, the toolchain file and the manifest, in this order.
func (r *rustApp) wish() (rustWish, error) {
	const variable = "NIXPACKS_RUST_VERSION"
	if v, _ := r.Vars.Config("RUST_VERSION"); v != "" {
		return rustWish{version: v, from: variable, cause: byVariable(r.App, "RUST_VERSION")}, nil
	}
	if r.toolchain != "" {
		return rustWish{
			pkg:   "(rust-bin.fromRustupToolchainFile ../" + r.toolchain + ")",
			cause: byFile(r.toolchain, "it names the toolchain"),
		}, nil
	}
	version, err := r.manifestVersion()
	if version == "" {
		return rustWish{pkg: rustPackage(rustLatest), cause: byDefault("no version is asked for")}, err
	}
	return rustWish{version: version, from: "rust-version in " + cargoFile, cause: r.at("rust-version", "rust-version is %q", version)}, nil
}

// manifestVersion returns rust-version, "" if there is none. Nixpacks panics if the package inherits it.
func (r *rustApp) manifestVersion() (string, error) {
	if r.manifest.Package == nil {
		return "", nil
	}
	switch v := r.manifest.Package.RustVersion.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case map[string]any:
		if w := r.manifest.Workspace; v["workspace"] == true && w != nil && w.Package.RustVersion != "" {
			return w.Package.RustVersion, nil
		}
		return "", r.versionError(errors.New("rust-version is inherited, but there is none in [workspace.package]"))
	}
	return "", r.versionError(errors.New("rust-version must be a string"))
}

func (r *rustApp) versionError(err error) error {
	return rustWish{cause: r.at("rust-version", "")}.error(err)
}

// error says where the wish is.
func (w rustWish) error(err error) error {
	const hint = `write a version such as "1.83.0"`
	if w.file == "" {
		return fmt.Errorf("reading the variable %s: %w; %s", w.from, err, hint)
	}
	return &source.Error{Op: "reading", Name: w.file, Line: w.line, Err: err, Hint: hint}
}

// release asks for the first release of a version of two numbers, among the packages of the plan.
func (r *rustApp) release(pkgs []string) []Fix {
	if r.minor == "" {
		return nil
	}
	full := r.minor + ".0"
	over := make([]string, len(pkgs))
	for i, pkg := range pkgs {
		over[i] = strings.ReplaceAll(pkg, rustPackage(`"`+r.minor+`"`), rustPackage(`"`+full+`"`))
	}
	return []Fix{{
		Rule: "rust-release",
		Over: plan.Plan{Phases: map[string]plan.Phase{"setup": {NixPkgs: over}}},
		Why:  fmt.Sprintf("%s asks for Rust %s, and the release of that version is %s", r.minorFrom, r.minor, full),
		Warning: fmt.Sprintf("%s asks for Rust %s, but a release has three numbers, so the build will not find it; write %s",
			r.minorFrom, r.minor, full),
	}}
}

// rustRuntime is Rust.
var rustRuntime = Runtime{Name: "Rust", Packages: patterns(`^\(rust-bin\.[a-z]+\."?(\d+)\.(\d+)\.(\d+)"?`, `^\(rust-bin\.`)}
