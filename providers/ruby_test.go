package providers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// rubyFiles are those of the smallest app, its version one that needs no other package, and more over them.
func rubyFiles(more repo) repo {
	files := repo{"Gemfile": "source 'https://gems.example'\n", "Gemfile.lock": "GEM\n", ".ruby-version": "2.7.8\n"}
	for name, text := range more {
		files[name] = text
	}
	return files
}

func TestDetectRuby(t *testing.T) {
	testDetect(t, rubyProvider, []detection{
		{repo{"Gemfile": ""}, "Gemfile"},
		{repo{"a/Gemfile": "", "gems.rb": "", "app.rb": ""}, ""},
	})
}

func TestRubyPlan(t *testing.T) {
	const setup = `curl -fsSL https://github.com/rbenv/rbenv-installer/raw/HEAD/bin/rbenv-installer | bash -s stable && ` +
		`printf '\neval "$(~/.rbenv/bin/rbenv init -)"' >> /root/.profile && . /root/.profile && ` +
		`rbenv install 2.7.8 && rbenv global 2.7.8 && gem install bundler`
	out := mustPlan(t, rubyProvider, appOf(t, rubyFiles(nil), nil))
	diffOf(t, "plan", plan.Plan{
		Variables: map[string]string{
			"BUNDLE_GEMFILE": "/app/Gemfile", "MALLOC_ARENA_MAX": "2",
			"GEM_HOME": "/usr/local/rvm/gems/2.7.8", "GEM_PATH": "/usr/local/rvm/gems/2.7.8:/usr/local/rvm/gems/2.7.8@global",
		},
		Phases: map[string]plan.Phase{
			"setup": {
				AptPkgs: []string{
					"procps", "git", "curl", "autoconf", "bison", "build-essential", "libssl-dev", "libyaml-dev", "libreadline6-dev",
					"zlib1g-dev", "libncurses5-dev", "libffi-dev", "libgdbm6", "libgdbm-dev", "libdb-dev",
				},
				Cmds:             []string{setup},
				OnlyIncludeFiles: []string{},
				Paths:            []string{"$HOME/.rbenv/bin"},
			},
			"install": {
				DependsOn:        []string{"setup"},
				Cmds:             []string{"bundle install"},
				OnlyIncludeFiles: []string{"Gemfile", "Gemfile.lock"},
				CacheDirectories: []string{"/root/.bundle/cache"},
				Paths: []string{
					"/usr/local/rvm/rubies/2.7.8/bin", "/usr/local/rvm/gems/2.7.8/bin", "/usr/local/rvm/gems/2.7.8@global/bin",
				},
			},
			"build": {DependsOn: []string{"install"}},
		},
	}, out.Plan)
	diffOf(t, "warnings", []string(nil), out.Warnings)
}

func TestRubyLibrariesOfGems(t *testing.T) {
	for _, tt := range []struct {
		name, gemfile, lock string
		apt, nix            []string
	}{
		{name: "pg", gemfile: "gem 'pg'", apt: []string{"libpq-dev"}},
		{name: "pg and mysql count in the Gemfile only", lock: "pg mysql2"},
		{name: "mysql", gemfile: "gem 'mysql2'", apt: []string{"default-libmysqlclient-dev"}},
		{name: "magick", lock: "rmagick", apt: []string{"libmagickwand-dev"}, nix: []string{"imagemagick"}},
		{name: "vips", gemfile: "gem 'ruby-vips'", apt: []string{"libvips-dev"}},
		{name: "ICU", lock: "charlock_holmes", apt: []string{"libicu-dev"}},
		{
			name: "in the order of the list", gemfile: "charlock_holmes vips magick mysql pg",
			apt: []string{"libpq-dev", "default-libmysqlclient-dev", "libmagickwand-dev", "libvips-dev", "libicu-dev"}, nix: []string{"imagemagick"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, rubyProvider, appOf(t, rubyFiles(repo{"Gemfile": tt.gemfile, "Gemfile.lock": tt.lock}), nil))
			setup := out.Plan.Phases["setup"]
			diffOf(t, "Debian packages", slices.Concat([]string{"procps"}, tt.apt, rubyCompiler), setup.AptPkgs)
			diffOf(t, "Nix packages", tt.nix, setup.NixPkgs)
			if (setup.NixOverlays != nil) != (tt.nix != nil) {
				t.Errorf("overlays %#v", setup.NixOverlays)
			}
		})
	}
}

func TestRubyCommands(t *testing.T) {
	const (
		rails     = "module Shop\n  class Application < Rails::Application\n"
		server    = "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e $RAILS_ENV"
		assets    = "bundle exec rake assets:precompile"
		bootsnap  = "bundle exec bootsnap precompile app/ lib/"
		gemBoot   = "bundle exec bootsnap precompile --gemfile"
		rackup    = "bundle exec rackup config.ru -p ${PORT:-3000}"
		oldServer = "bundle exec ruby script/server -p ${PORT:-3000}"
	)
	for _, tt := range []struct {
		name           string
		files          repo
		install, build []string
		start          string
	}{
		{name: "nothing", files: repo{}},
		{name: "Rails without assets", files: repo{"config/application.rb": rails, "config.ru": ""}, start: server},
		{name: "Rails with a program in the root", files: repo{"config/application.rb": rails, "rails": ""}, start: "bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}"},
		{name: "sprockets", files: repo{"config/application.rb": rails, "Gemfile": "sprockets"}, build: []string{assets}, start: server},
		{
			name: "propshaft and bootsnap", files: repo{"config/application.rb": rails, "Gemfile.lock": "propshaft bootsnap"},
			install: []string{gemBoot}, build: []string{assets, bootsnap}, start: server,
		},
		{name: "assets without Rails", files: repo{"config/application.rb": "App", "Gemfile": "sprockets bootsnap"}, install: []string{gemBoot}},
		{name: "an old Rails", files: repo{"config/environment.rb": "", "script/server": "", "config.ru": ""}, start: oldServer},
		{name: "an environment without scripts", files: repo{"config/environment.rb": "", "config.ru": ""}, start: rackup},
		{name: "Rack", files: repo{"config.ru": "", "Rakefile": ""}, start: rackup},
		{name: "Rake", files: repo{"Rakefile": ""}, start: "bundle exec rake"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, rubyProvider, appOf(t, rubyFiles(tt.files), nil)).Plan
			diffOf(t, "install", slices.Concat([]string{"bundle install"}, tt.install), p.Phases["install"].Cmds)
			diffOf(t, "build", tt.build, p.Phases["build"].Cmds)
			got := ""
			if p.Start != nil {
				got = *p.Start.Cmd
			}
			diffOf(t, "start", tt.start, got)
			logs := ""
			if strings.Contains(tt.files["config/application.rb"], "Rails::") {
				logs = "enabled"
			}
			diffOf(t, "variable of Rails", logs, p.Variables["RAILS_LOG_TO_STDOUT"])
		})
	}
}

func TestRubyInstallSeesTheAppForALocalGem(t *testing.T) {
	for _, files := range []repo{{"Gemfile": "gem 'local', path: 'libs/local'"}, {"Gemfile.lock": "    localize (1.0)"}} {
		p := mustPlan(t, rubyProvider, appOf(t, rubyFiles(files), nil)).Plan
		diffOf(t, "files", []string(nil), p.Phases["install"].OnlyIncludeFiles)
	}
}

func TestRubyWithNode(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		cmds  []string
	}{
		{"package.json", repo{"package.json": `{"engines": {"node": "20"}}`, "package-lock.json": "{}"}, []string{"npm ci"}},
		{"execjs", repo{"Gemfile.lock": "execjs (2.8.1)", ".nvmrc": "20"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := mustPlan(t, rubyProvider, appOf(t, rubyFiles(tt.files), nil))
			setup, install := out.Plan.Phases["node:setup"], out.Plan.Phases["node:install"]
			if len(setup.NixPkgs) != 2 || setup.NixPkgs[0] != "nodejs_20" || setup.DependsOn != nil {
				t.Errorf("node:setup is %+v", setup)
			}
			diffOf(t, "commands", tt.cmds, install.Cmds)
			diffOf(t, "node:install waits for", []string{"setup"}, install.DependsOn)
			diffOf(t, "build waits for", []string{"install", "node:install"}, out.Plan.Phases["build"].DependsOn)
			if _, ok := out.Plan.Variables["NODE_ENV"]; ok {
				t.Error("the variables of Node are taken over")
			}
		})
	}
	_, err := rubyProvider.Plan(appOf(t, rubyFiles(repo{"package.json": "{"}), nil))
	wantSourceError(t, err, "package.json")
}

func TestRubyReasonsAreOfFactsInThePlan(t *testing.T) {
	out := mustPlan(t, rubyProvider, appOf(t, rubyFiles(repo{
		".ruby-version":         "ruby-3.1.2",
		"Gemfile":               "source 'https://gems.example'\ngem 'pg'\ngem 'rmagick'\ngem 'propshaft'\n",
		"Gemfile.lock":          "GEM\n  bootsnap\n\nBUNDLED WITH\n   2.3.7\n",
		"config/application.rb": "\nRails::Application",
		"package.json":          "{}",
	}), nil))
	facts := plan.Facts(out.Plan)
	var got []string
	for _, r := range out.Reasons {
		if !slices.ContainsFunc(facts, func(f plan.Fact) bool {
			return f.Phase == r.Fact.Phase && f.Field == r.Fact.Field && (r.Fact.Value == "" || f.Value == r.Fact.Value)
		}) {
			t.Errorf("a reason is about %+v, which is not in the plan", r.Fact)
		}
		value, _, _ := strings.Cut(r.Fact.Value, " ")
		got = append(got, fmt.Sprintf("%s/%s/%s %s:%d %s", r.Fact.Phase, r.Fact.Field, value, r.File, r.Line, r.Why))
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "node:") })
	diffOf(t, "reasons", []string{
		`setup/cmd/curl .ruby-version:1 .ruby-version is "ruby-3.1.2"`,
		`setup/cmd/curl Gemfile.lock:5 Bundler 2.3.7 wrote Gemfile.lock`,
		`setup/apt/libpq-dev Gemfile:2 Gemfile contains "pg"`,
		`setup/apt/libmagickwand-dev Gemfile:3 Gemfile contains "magick"`,
		`setup/nix/imagemagick Gemfile:3 Gemfile contains "magick"`,
		`setup/nix/rustc .ruby-version:1 from 3.1 Ruby's compiler YJIT is written in Rust`,
		`setup/apt/ :0 rbenv compiles Ruby`,
		`install/path/ .ruby-version:1 .ruby-version is "ruby-3.1.2"`,
		`install/cmd/bundle Gemfile:0 the app has a Gemfile`,
		`install/cmd/bundle Gemfile.lock:2 Gemfile.lock contains "bootsnap"`,
		`build/cmd/bundle Gemfile:4 Gemfile contains "propshaft"`,
		`build/cmd/bundle Gemfile.lock:2 Gemfile.lock contains "bootsnap"`,
		`start/cmd/bundle config/application.rb:2 the app is one of Rails`,
		`/variable GEM_HOME//usr/local/rvm/gems/ruby-3.1.2 .ruby-version:1 .ruby-version is "ruby-3.1.2"`,
		`/variable GEM_PATH//usr/local/rvm/gems/ruby-3.1.2:/usr/local/rvm/gems/ruby-3.1.2@global .ruby-version:1 .ruby-version is "ruby-3.1.2"`,
		`/variable RAILS_LOG_TO_STDOUT/enabled config/application.rb:2 the app is one of Rails`,
		`/variable RAILS_SERVE_STATIC_FILES/1 config/application.rb:2 the app is one of Rails`,
		`build/after/node:install package.json:0 the app has Node packages`,
	}, got)
}
