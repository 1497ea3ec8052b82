package providers

import (
	"fmt"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/ranges"
)

// rustProvider follows nixpacks-1.39.md 3.19.
var rustProvider = Provider{
	Name:      "rust",
	Looks:     cargoFile,
	Detect:    func(app App) (string, error) { return firstFile(app, cargoFile), nil },
	Plan:      planRust,
	Locks:     []string{cargoLock, cargoFile},
	BuildOnly: []string{"gcc", "binutils", "rustc", "cargo", "(rust-bin*", "rust-bin*", "musl", "musl.dev", "mold-wrapped", "lld", "clang", "pkg-config", "cmake", "gnumake", "perl", "protobuf"},

	Language: Language{
		Manifests: []Manifest{{File: cargoFile, Locks: []string{cargoLock}}},
		Lockfiles: []Lockfile{{cargoLock, CargoLock}},
		Settings:  []string{"rust-toolchain", "rust-toolchain.toml"},
		Caches:    []Cache{{Dir: "/app/target"}, {"/root/.cargo/git", true}, {"/root/.cargo/registry", true}},
		Runtimes:  []Runtime{rustRuntime},
		Programs:  []string{"cargo"},
	},
}

// rustCaches are Cargo's own; the third is the build's.
var rustCaches = []string{"/root/.cargo/git", "/root/.cargo/registry", "target"}

// A rustApp is what the files and variables say.
type rustApp struct {
	App
	manifest  cargoManifest
	toolchain string // rustup's file, or ""
	bins      []rustBin

	pkg      string // Rust itself, without a target
	pkgCause cause
	chosen   *choice // the release of nixpkgs, in editions after 1.39; nil if the overlay alone has what is asked for
	asked    ranges.Range
	overlay  catalogue.Overlay // in editions after 1.39

	minor     string // the version asked for, if it has two numbers only
	minorFrom string // what asks

	target      string // "" for the toolchain's own
	suffix      string // of binaries
	musl        bool
	targetCause cause

	workspace      string // the package to build, or "" for all
	workspaceCause cause
	noStart        string // as in [Output]

	linkers []rustLinker
	openssl *cause // nil if it is not used
	library *cause // a crate that links with a library of the system, in editions after 1.39; nil if none does

	pkgConfig bool // a crate looks for libraries by it
	warnings  []string
	reasons   []Reason
}

// at is the cause in the first line of Cargo.toml that contains the text.
func (r *rustApp) at(text, format string, args ...any) cause {
	return byLine(r.App, cargoFile, text, fmt.Sprintf(format, args...))
}

func (r *rustApp) warn(format string, args ...any) {
	r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
}

func (r *rustApp) because(c cause, phase, field, value string) {
	r.reasons = append(r.reasons, c.decided(phase, field, value))
}

func planRust(app App) (Output, error) {
	r, out, err := makeRust(app)
	if err != nil {
		return Output{}, err
	}
	out.Plan.Variables = r.variables()
	if r.suffix != "" && r.findsPrograms() && r.UserStart == nil && out.Plan.Start != nil {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s is WebAssembly, which does not run by itself; set a start command that runs it", *out.Plan.Start.Cmd))
	}
	out.Reasons, out.Fixes = r.reasons, r.release(out.Plan.Phases["setup"].NixPkgs)
	owned, err := ownsDriven(app, cratesIO, r.opensSQLite())
	if err != nil {
		return Output{}, err
	}
	out.Fixes = append(out.Fixes, owned...)
	return out, nil
}

// makeRust makes the plan but for the variables.
func makeRust(app App) (*rustApp, Output, error) {
	r, err := readRust(app)
	if err != nil {
		return nil, Output{}, err
	}
	setup, err := r.setup()
	if err != nil {
		return nil, Output{}, err
	}
	phases := map[string]plan.Phase{"setup": setup, "build": r.build()}
	start, err := r.start()
	if err != nil {
		return nil, Output{}, err
	}
	made := plan.Plan{Phases: phases, Start: start}
	return r, Output{Plan: made, Warnings: r.warnings, Chosen: r.chosenPackages(), NoStart: r.noStart}, nil
}

func readRust(app App) (*rustApp, error) {
	r := &rustApp{App: app, toolchain: firstFile(app, rustToolchainFiles...)}
	if r.isCargo() {
		var err error
		if r.manifest, err = readCargo(app, "."); err != nil {
			return nil, err
		}
		r.warnings = noLockfile(app, cargoLock)
	}
	choose := r.choose
	if r.choosesVersions() {
		choose = r.chooseRelease
	}
	if r.findsPrograms() {
		return r, inOrder(r.checkInherited, choose, r.aim, r.findLinkers, r.findPrograms)
	}
	if err := inOrder(choose, r.aim, r.findWorkspace); err != nil {
		return nil, err
	}
	if r.workspace != "" {
		return r, nil
	}
	if err := r.findBins(); err != nil {
		return nil, err
	}
	r.warnBins()
	return r, nil
}

// isCargo is not so if the provider is named for another app.
func (r *rustApp) isCargo() bool { return r.Tree.HasFile(cargoFile) }

func (r *rustApp) setup() (plan.Phase, error) {
	const phase = "setup"
	archive := rustArchive
	if r.choosesVersions() {
		if r.fromNixpkgs() {
			return r.releaseSetup(), nil
		}
		var err error
		if archive, err = PinnedArchive(r.App); err != nil {
			return plan.Phase{}, err
		}
	}
	pkg := r.pkg
	if r.target != "" {
		pkg = fmt.Sprintf(`(%s.override { targets = ["%s"]; })`, r.pkg, r.target)
	}
	overlay := r.overlayArchive()
	p := plan.Phase{
		NixPkgs:        []string{"binutils", "gcc", pkg},
		NixOverlays:    []string{overlay},
		NixpkgsArchive: &archive,
	}
	r.because(byDefault("every Rust app is linked with them"), phase, "nix", "")
	r.because(r.pkgCause, phase, "nix", pkg)
	r.because(byDefault("it has the releases of Rust"), phase, "nix-overlay", overlay)
	r.because(byDefault("every Rust app is built with it"), phase, "nixpkgs", archive)
	if r.musl {
		for _, name := range []string{"musl", "musl.dev"} {
			p.NixPkgs = append(p.NixPkgs, name)
			r.because(r.targetCause, phase, "nix", name)
		}
	}
	p.NixPkgs = r.linkerPackages(p.NixPkgs)
	r.addSystem(&p)
	if r.openssl != nil {
		p.NixLibs = append(p.NixLibs, "openssl", "openssl.dev")
		r.because(*r.openssl, phase, "nix-lib", "")
	}
	if r.toolchain != "" {
		p.OnlyIncludeFiles = []string{r.toolchain}
		r.because(byFile(r.toolchain, "it names the toolchain"), phase, "file", r.toolchain)
	}
	return p, nil
}

// inOrder takes steps until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
