package providers

import (
	"github.com/org/npx-action/internal/plan"
)

// rubyTools compile gems with an extension in C. A gem finds libraries by pkg-config.
var rubyTools = []string{"gcc", "gnumake", "pkg-config", "(libyaml.dev or libyaml)", "(openssl.dev or openssl)", "(zlib.dev or zlib)"}

// rubyPkgConfig is the variable with the directory in which pkg-config looks.
const (
	rubyPkgConfig    = "PKG_CONFIG_PATH"
	rubyPkgConfigDir = "/root/.nix-profile/lib/pkgconfig"
)

// chooseBuilt takes, in editions after 1.39, the Ruby that nixpkgs has built. A version that is asked for exactly and that it has not is left to
// rbenv, which compiles it, because Bundler refuses another one.
func (r *rubyApp) chooseBuilt() error {
	found, err := r.asks("ruby")
	if err != nil {
		return err
	}
	c, err := choose(r.App, "ruby")
	if len(found.Asks) > 0 {
		exact := found.Asks[0].Range.Exact()
		if exact != "" && (err != nil || c.version != exact) && isRubyName(exact) {
			a := found.Asks[0]
			r.version = rubyVersion{exact, cause{a.File, a.Line, a.Why() + ", which rbenv compiles, as nixpkgs has not built it"}}
			r.choiceWarnings = found.Warnings
			return nil
		}
	}
	if err != nil {
		return err
	}
	r.version, r.chosen, r.choiceWarnings = rubyVersion{c.version, c.why}, &c, c.warnings
	return nil
}

// builtSetup installs a built Ruby and what compiles gems.
func (r *rubyApp) builtSetup() plan.Phase {
	p := r.chosen.install(plan.Phase{NixPkgs: rubyTools, AptPkgs: []string{"procps"}, OnlyIncludeFiles: []string{}})
	r.reasons = append(r.reasons, r.chosen.reasons()...)
	r.because(byDefault("every Ruby app gets it"), "setup", "apt", "procps")
	for _, pkg := range rubyTools {
		r.because(byDefault("gems may have a part in C"), "setup", "nix", pkg)
	}
	if r.bundler.file != "" {
		r.run(&p, r.bundler.cause, "setup", "gem install --no-document "+r.bundler.gem)
	}
	r.addLibraries(&p)
	return p
}
