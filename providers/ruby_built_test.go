package providers

import "testing"

func TestRubyOfTheNewestEdition(t *testing.T) {
	const rbenv = "which rbenv compiles, as nixpkgs has not built it"
	lock := "RUBY VERSION\n   ruby 3.4.2p0\n\nBUNDLED WITH\n   2.6.1\n"
	for _, tt := range []struct {
		name     string
		files    repo
		home     string
		pkgs     []string // without what compiles gems
		cmds     int
		why      string
		warnings []string
	}{
		{"nothing", repo{"Gemfile": "", "Gemfile.lock": ""}, "4.0.7", []string{"ruby_4_0"}, 0, "no version is asked for, which gives 4.0.7", nil},
		{"a requirement", repo{"Gemfile": "ruby '>= 3.2', '< 3.4'", "Gemfile.lock": ""}, "3.3.10", []string{"ruby_3_3"}, 0,
			`ruby is ">= 3.2, < 3.4", which gives 3.3.10`, nil},
		{"a lock", repo{"Gemfile": "ruby '>= 3.2'\ngem 'pg'", "Gemfile.lock": lock}, "3.4.9", []string{"ruby_3_4", "(postgresql.pg_config or postgresql)"}, 1,
			`ruby is ">= 3.2", which gives 3.4.9; it goes before Gemfile.lock (RUBY VERSION), "~> 3.4.2"`, nil},
		{"a lock that only records", repo{"Gemfile": "", "Gemfile.lock": lock, "mise.toml": "[tools]\nruby = \"3.3\"\n"}, "3.3.10", []string{"ruby_3_3"}, 1,
			`tools.ruby is "3.3", which gives 3.3.10; it goes before Gemfile.lock (RUBY VERSION), "~> 3.4.2"`, nil},
		{"exactly what nixpkgs has", repo{"Gemfile": "ruby '3.4.7'", "Gemfile.lock": ""}, "3.4.7", []string{"ruby_3_4"}, 0, `ruby is "3.4.7", which gives 3.4.7`, nil},
		{"exactly what it has not", repo{"Gemfile": "ruby '3.2.7'", "Gemfile.lock": ""}, "3.2.7", nil, 1, `ruby is "3.2.7", ` + rbenv, nil},
		{"older than what it has", repo{"Gemfile": "", ".ruby-version": "2.4.1", "Gemfile.lock": ""}, "2.4.1", nil, 1, `it asks for "2.4.1", ` + rbenv, nil},
	} {
		out := mustPlan(t, rubyProvider, newest(t, tt.files, nil))
		setup := out.Plan.Phases["setup"]
		diffOf(t, tt.name+": home", rubyHome+tt.home, out.Plan.Variables["GEM_HOME"])
		if tt.pkgs != nil {
			diffOf(t, tt.name+": packages", append(append(tt.pkgs[:1:1], rubyTools...), tt.pkgs[1:]...), setup.NixPkgs)
			diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "nix", tt.pkgs[0]))
		} else {
			diffOf(t, tt.name+": why", tt.why, whyOf(out, "setup", "cmd", setup.Cmds[0]))
		}
		if len(setup.Cmds) != tt.cmds {
			t.Errorf("%s: commands %q", tt.name, setup.Cmds)
		}
		diffOf(t, tt.name+": warnings", tt.warnings, out.Warnings)
	}
}
