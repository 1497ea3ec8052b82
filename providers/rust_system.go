package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// rustCrates reads the lockfile and says where it has a crate. A crate without a lockfile is nowhere, as only Cargo knows what others bring along.
func (r *rustApp) rustCrates() func(name string, direct bool) (cause, bool) {
	text, _ := r.Tree.Read(cargoLock)
	lines := map[string]int{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), `name = "`); ok {
			lines[strings.TrimSuffix(name, `"`)] = number
		}
	}
	return func(name string, _ bool) (cause, bool) {
		line, ok := lines[name]
		return cause{cargoLock, line, "it has " + name}, ok
	}
}

// findLibraries notes the first crate that links with a library of the system, which musl does not.
func (r *rustApp) findLibraries() {
	if !r.choosesVersions() {
		return
	}
	crates := r.rustCrates()
	for i := range systemNeeds {
		need := &systemNeeds[i]
		if why, ok := need.asked(cratesIO, crates); ok && len(need.run.libs) > 0 {
			r.library = &why
			return
		}
	}
}

// addSystem adds to a setup what the app's crates need of the system.
func (r *rustApp) addSystem(p *plan.Phase) {
	if !r.choosesVersions() {
		return
	}
	added := addSystem(r.App, cratesIO, systemKind{nix: true}, p, r.rustCrates())
	r.reasons = append(r.reasons, added.reasons...)
	r.pkgConfig = slices.Contains(p.NixPkgs, "pkg-config")
}

// variables are the variables of the plan.
func (r *rustApp) variables() map[string]string {
	const address, anywhere = "ROCKET_ADDRESS", "0.0.0.0"
	r.because(byDefault("every Rust app has it, so that Rocket can be reached from outside"), "", "variable "+address, anywhere)
	vars := map[string]string{address: anywhere}
	if r.pkgConfig {
		vars[rubyPkgConfig] = rubyPkgConfigDir
		r.because(byDefault("it is where the libraries for crates say how to link to them"), "", "variable "+rubyPkgConfig, rubyPkgConfigDir)
	}
	return vars
}

// opensSQLite says where the app asks for a crate that opens databases of SQLite. The lockfile has that crate, or Cargo.toml the feature of another.
func (r *rustApp) opensSQLite() func(driver string) (cause, bool) {
	crates := r.rustCrates()
	return func(driver string) (cause, bool) {
		if why, ok := crates(driver, false); ok {
			return why, true
		}
		for _, crate := range sqliteCrates {
			table, _ := r.manifest.Dependencies[crate].(map[string]any)
			features, _ := table["features"].([]any)
			if slices.Contains(features, any("sqlite")) {
				return r.at(crate, "its crate %s has the feature sqlite", crate), true
			}
		}
		return cause{}, false
	}
}
