package providers

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// A rubyLibrary is what edition 1.39 installs for a gem with an extension in C. Later ones go by [systemNeeds].
type rubyLibrary struct {
	text     string // that shows the gem
	locked   bool   // the lock is searched for it as well
	apt, nix string
}

var rubyLibraries = []rubyLibrary{
	{"pg", false, "libpq-dev", ""},
	{"mysql", false, "default-libmysqlclient-dev", ""},
	{"magick", true, "libmagickwand-dev", "imagemagick"},
	{"vips", true, "libvips-dev", ""},
	{"charlock_holmes", true, "libicu-dev", ""},
}

// addLibraries adds what the app's gems need.
func (r *rubyApp) addLibraries(p *plan.Phase) {
	if r.choosesVersions() {
		added := addSystem(r.App, rubygems, systemKind{distribution: r.chosen == nil, nix: r.chosen != nil}, p, r.installs)
		r.reasons, r.buildOnly = append(r.reasons, added.reasons...), append(r.buildOnly, added.buildOnly...)
		return
	}
	for _, lib := range rubyLibraries {
		why := findText(lib.text, r.gemfile)
		if lib.locked {
			why = r.uses(lib.text)
		}
		if why.file == "" {
			continue
		}
		p.AptPkgs = append(p.AptPkgs, lib.apt)
		r.because(why, "setup", "apt", lib.apt)
		if lib.nix != "" {
			p.NixPkgs = append(p.NixPkgs, lib.nix)
			r.because(why, "setup", "nix", lib.nix)
		}
	}
}

// installs is where the app asks for a gem: in the Gemfile, or in the lock with what it brings along.
func (r *rubyApp) installs(name string, direct bool) (cause, bool) {
	for _, mark := range []string{`gem "` + name + `"`, "gem '" + name + "'", `gem("` + name + `"`, "gem('" + name + "'"} {
		if why := findText(mark, r.gemfile); why.file != "" {
			why.why = "it names " + name
			return why, true
		}
	}
	if why := findText("\n    "+name+" (", r.lock); !direct && why.file != "" {
		return cause{why.file, why.line + 1, "it installs " + name}, true
	}
	return cause{}, false
}

// rubyCompiler is what rbenv compiles Ruby with.
var rubyCompiler = []string{
	"git", "curl", "autoconf", "bison", "build-essential", "libssl-dev", "libyaml-dev", "libreadline6-dev",
	"zlib1g-dev", "libncurses5-dev", "libffi-dev", "libgdbm6", "libgdbm-dev", "libdb-dev",
}

// rubySetup installs rbenv, and by it one version of Ruby, and by that one Bundler.
const rubySetup = `curl -fsSL https://github.com/rbenv/rbenv-installer/raw/HEAD/bin/rbenv-installer | bash -s stable ` +
	`&& printf '\neval "$(~/.rbenv/bin/rbenv init -)"' >> /root/.profile ` +
	`&& . /root/.profile ` +
	`&& rbenv install %[1]s ` +
	`&& rbenv global %[1]s ` +
	`&& gem install %[2]s`

func (r *rubyApp) setupPhase() plan.Phase {
	if r.chosen != nil {
		return r.builtSetup()
	}
	p := plan.Phase{
		AptPkgs:          []string{"procps"},
		Cmds:             []string{fmt.Sprintf(rubySetup, r.version.number(), r.bundler.gem)},
		OnlyIncludeFiles: []string{}, // Ruby is compiled again only if its version changes
		Paths:            []string{"$HOME/.rbenv/bin"},
	}
	r.because(r.version.cause, "setup", "cmd", p.Cmds[0])
	r.because(r.bundler.cause, "setup", "cmd", p.Cmds[0])
	r.addLibraries(&p)
	if r.version.compilesRust() {
		p.NixPkgs = append(p.NixPkgs, rubyRust)
		r.because(cause{r.version.file, r.version.line, "from 3.1 Ruby's compiler YJIT is written in Rust"}, "setup", "nix", rubyRust)
	}
	p.AptPkgs = slices.Concat(p.AptPkgs, rubyCompiler)
	r.because(byDefault("rbenv compiles Ruby"), "setup", "apt", "")
	if p.NixPkgs != nil {
		p.NixOverlays = []string{}
	}
	return p
}

const rubyRust = "rustc"

// rubyHome is where gems lie, for a version.
const rubyHome = "/usr/local/rvm/gems/"

func (r *rubyApp) variables() map[string]string {
	home := rubyHome + r.version.text
	vars := map[string]string{
		"BUNDLE_GEMFILE":   rubyGemfile,
		"GEM_HOME":         home,
		"GEM_PATH":         home + ":" + home + "@global",
		"MALLOC_ARENA_MAX": "2",
	}
	if r.chosen != nil {
		vars[rubyPkgConfig] = rubyPkgConfigDir
		r.because(byDefault("it is where the libraries for gems say how to link to them"), "", "variable "+rubyPkgConfig, rubyPkgConfigDir)
	}
	for _, name := range []string{"GEM_HOME", "GEM_PATH"} {
		r.because(r.version.cause, "", "variable "+name, vars[name])
	}
	if r.rails.file != "" {
		vars["RAILS_LOG_TO_STDOUT"] = "enabled"
		vars["RAILS_SERVE_STATIC_FILES"] = "1"
		for _, name := range []string{"RAILS_LOG_TO_STDOUT", "RAILS_SERVE_STATIC_FILES"} {
			r.because(r.rails, "", "variable "+name, vars[name])
		}
	}
	return vars
}

// rubyGemfile is the Gemfile in the image.
const rubyGemfile = "/app/Gemfile"
