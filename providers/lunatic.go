package providers

import (
	"slices"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// lunaticProvider follows nixpacks-1.39.md 3.13: Rust whose WebAssembly the runtime Lunatic runs.
var lunaticProvider = Provider{
	Name:   "lunatic",
	Looks:  `Cargo.toml and runner = "lunatic" in .cargo/config.toml`,
	Detect: detectLunatic,
	Plan:   planLunatic,
	Covers: []string{"rust"}, // its apps are Rust
	Locks:  []string{cargoLock, cargoFile},

	Language: Language{
		Manifests: []Manifest{}, // that of Rust
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

// lunaticArchive is of nixpkgs while that had Lunatic, from before the first Rust that does not compile it, 1.80. It was removed on 2026-05-04.
var lunaticArchive = catalogue.Archive{Commit: "a58bc8ad779655e790115244571758e8de055e3d", NAR: "sha256-dFZRVSgmJkyM0bkPpaYRtG/kRMRTorUIDj8BxoOt1T4="}

// lunaticRunner is looked for in the text, comments included.
var lunaticRunner = lazyregexp.New(`runner\s*=\s*"lunatic"`)

func detectLunatic(app App) (string, error) {
	if !app.Tree.HasFile(cargoFile) {
		return "", nil
	}
	name, _, err := app.Tree.Match(lunaticRunner, cargoConfig)
	if name == "" || err != nil {
		return "", err
	}
	return "lunatic in " + name, nil
}

func planLunatic(app App) (Output, error) {
	const lunatic = "lunatic"
	r, out, err := makeRust(app)
	if err != nil {
		return Output{}, err
	}
	runner := byDefault("Lunatic runs the app")
	if file, match, err := app.Tree.Match(lunaticRunner, cargoConfig); err != nil {
		return Output{}, err
	} else if file != "" {
		runner = byLine(app, file, match[0], runner.why)
	}
	setup := out.Plan.Phases["setup"]
	setup.NixPkgs = append(setup.NixPkgs, lunatic)
	if app.choosesVersions() {
		archive, err := app.hashed(lunaticArchive)
		if err != nil {
			return Output{}, err
		}
		setup.NixpkgsArchive = &archive
		r.because(runner, "setup", "nixpkgs", archive)
	}
	out.Plan.Phases["setup"] = setup
	r.because(runner, "setup", "nix", lunatic)
	r.reasons = slices.DeleteFunc(r.reasons, func(reason Reason) bool { return reason.Fact.Phase == "start" })
	if out.Plan.Start != nil {
		out.Plan.Start = &plan.Start{Cmd: new(lunatic + " " + *out.Plan.Start.Cmd)}
		r.because(runner, "start", "cmd", *out.Plan.Start.Cmd)
	}
	out.Reasons, out.Fixes = r.reasons, r.release(setup.NixPkgs)
	return out, nil
}
