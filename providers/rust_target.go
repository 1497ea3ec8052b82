package providers

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/ranges"
)

const (
	cargoConfig  = ".cargo/config.toml"
	rustWasm     = "wasm32-wasi"
	rustWasmEnd  = "1.84"   // has it no more
	rustWasmLast = "1.83.0" // has it
	withoutMusl  = ", so musl is not used"
	rustRunImage = "ubuntu:noble" // for a binary that needs no library
)

// rustWasmTarget is looked for in the text, comments included.
var rustWasmTarget = lazyregexp.New(`target\s*=\s*"wasm32-wasi"`)

// aim sets what to build for: WebAssembly, or the C library musl, or what the toolchain does by itself.
func (r *rustApp) aim() error {
	if err := r.findOpenSSL(); err != nil {
		return err
	}
	r.findLibraries()
	file, match, err := r.Tree.Match(rustWasmTarget, cargoConfig)
	if err != nil {
		return err
	}
	switch {
	case file != "":
		r.target, r.suffix = rustWasm, ".wasm"
		r.targetCause = byLine(r.App, file, match[0], "the target is "+rustWasm)
		if r.chosen != nil && ranges.Compare(r.chosen.version, rustWasmEnd) >= 0 {
			r.chooseForWasm(file)
		} else if r.pkg == rustPackage(rustLatest) {
			r.warn("%s asks for %s, which Rust has no more since %s, and no version is asked for; set NIXPACKS_RUST_VERSION to %s", file, rustWasm, rustWasmEnd, rustWasmLast)
		}
	case r.Vars.Truthy("NO_MUSL"):
		r.targetCause = byVariable(r.App, "NO_MUSL")
	case r.toolchain != "":
		r.targetCause = byFile(r.toolchain, "it names the toolchain"+withoutMusl)
	case r.openssl != nil:
		r.targetCause = *r.openssl
		r.targetCause.why += withoutMusl
	case r.library != nil:
		r.targetCause = *r.library
		r.targetCause.why += withoutMusl
	default:
		r.target, r.musl = r.Arch+"-unknown-linux-musl", true
		r.targetCause = byDefault("no other C library is asked for, and a binary linked with musl needs no library at all")
		return r.chooseForMusl()
	}
	return nil
}

// findOpenSSL looks for openssl among the dependencies and for that text in the lock file.
func (r *rustApp) findOpenSSL() error {
	const name = "openssl"
	m := r.manifest
	for _, deps := range []map[string]any{m.Dependencies, m.DevDependencies, m.BuildDependencies} {
		if _, ok := deps[name]; ok {
			r.openssl = new(r.at(name, "openssl is a dependency"))
			return nil
		}
	}
	if !r.Tree.HasFile(cargoLock) {
		return nil
	}
	text, err := r.Tree.Read(cargoLock)
	if err != nil {
		return err
	}
	if strings.Contains(text, name) {
		r.openssl = new(byLine(r.App, cargoLock, name, "a dependency has openssl in its name"))
	}
	return nil
}
