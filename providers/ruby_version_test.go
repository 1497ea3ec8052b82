package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestRubyVersion(t *testing.T) {
	const lock = "RUBY VERSION\n   ruby 3.2.2p53\n"
	for _, tt := range []struct {
		name         string
		files        repo
		vars         plan.Vars
		text, number string
	}{
		{"the variable wins", repo{".ruby-version": "3.0.0"}, plan.Vars{"NIXPACKS_RUBY_VERSION": "3.1.1"}, "3.1.1", "3.1.1"},
		{"the file", repo{".ruby-version": " ruby-3.2.1\r\n", "Gemfile": "ruby '3.0.0'\n"}, nil, "ruby-3.2.1", "3.2.1"},
		{"a prefix twice", repo{".ruby-version": "ruby-ruby-3.2.1"}, nil, "ruby-ruby-3.2.1", "3.2.1"},
		{"another Ruby", repo{".ruby-version": "truffleruby+graalvm-23.1.0"}, nil, "truffleruby+graalvm-23.1.0", "truffleruby+graalvm-23.1.0"},
		{"a gem set", repo{".ruby-version": "2.7.8@shop"}, nil, "2.7.8@shop", "2.7.8@shop"},
		{"the Gemfile", repo{"Gemfile": "ruby '3.0.0'\n", "Gemfile.lock": lock}, nil, "ruby-3.0.0", "3.0.0"},
		{"a comment in the Gemfile", repo{"Gemfile": "# ruby \"3.0.1\" once\nruby '3.0.0'\n"}, nil, "ruby-3.0.1", "3.0.1"},
		{"nothing follows the quote", repo{"Gemfile": "ruby '3.0.0'", "Gemfile.lock": lock}, nil, "ruby-3.2.2", "3.2.2"},
		{"the lock", repo{"Gemfile": "", "Gemfile.lock": lock}, nil, "ruby-3.2.2", "3.2.2"},
		{"the lock resolves a requirement", repo{"Gemfile": "ruby '~> 3.2'\n", "Gemfile.lock": lock}, nil, "ruby-3.2.2", "3.2.2"},
		{"and several", repo{"Gemfile": "ruby \">= 3.0\", '< 4'\n", "Gemfile.lock": lock}, nil, "ruby-3.2.2", "3.2.2"},
		{"a Gemfile that is not text", repo{"Gemfile": "# \xe9\nruby '3.0.0'\n", "Gemfile.lock": lock}, nil, "ruby-3.2.2", "3.2.2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPlan(t, rubyProvider, appOf(t, tt.files, tt.vars)).Plan
			diffOf(t, "home", "/usr/local/rvm/gems/"+tt.text, p.Variables["GEM_HOME"])
			if cmd := p.Phases["setup"].Cmds[0]; !strings.Contains(cmd, "rbenv install "+tt.number+" && rbenv global "+tt.number+" && ") {
				t.Errorf("setup runs %s, want version %s", cmd, tt.number)
			}
		})
	}
}

func TestRubyVersionThatIsNone(t *testing.T) {
	const one = " is not one version of Ruby; "
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  string
	}{
		{"a command in the variable", nil, plan.Vars{"NIXPACKS_RUBY_VERSION": "3.1; id"}, `reading the variable NIXPACKS_RUBY_VERSION: "3.1; id"` + one + rubyHint},
		{"an empty variable", nil, plan.Vars{"NIXPACKS_RUBY_VERSION": ""}, `reading the variable NIXPACKS_RUBY_VERSION: ""` + one + rubyHint},
		{"a command in the file", repo{".ruby-version": "3.1$(id)"}, nil, `reading .ruby-version:1: "3.1$(id)"` + one + rubyHint},
		{"an option", repo{".ruby-version": "ruby---keep"}, nil, `reading .ruby-version:1: "ruby---keep"` + one + rubyHint},
		{"two lines", repo{".ruby-version": "3.1.2\nid\n"}, nil, `reading .ruby-version:1: "3.1.2\nid"` + one + rubyHint},
		{"an empty file", repo{".ruby-version": "\n"}, nil, `reading .ruby-version:1: ""` + one + rubyHint},
		{"a path", repo{".ruby-version": "../x"}, nil, `reading .ruby-version:1: "../x"` + one + rubyHint},
		{"a file that is not text", repo{".ruby-version": "\xff"}, nil, "reading .ruby-version:1: the file is not UTF-8; save it as UTF-8"},
		{"a command in the Gemfile", repo{"Gemfile": "\nruby '`id`'\n", "Gemfile.lock": "ruby 3.2.2p1"}, nil, "reading Gemfile:2: \"`id`\"" + one + "name one version in .ruby-version"},
		{"a requirement without a lock", repo{"Gemfile": "ruby '~> 3.2'\n"}, nil, `reading Gemfile:1: "~> 3.2"` + one + "name one version in .ruby-version"},
		{"another engine", repo{"Gemfile": "ruby '3.1.0', engine: 'jruby' \n", "Gemfile.lock": "ruby 3.1.0p1"}, nil, `reading Gemfile:1: "3.1.0', engine: 'jruby"` + one + "name one version in .ruby-version"},
		{"none", repo{"Gemfile": "", "Gemfile.lock": "ruby 3.2"}, nil, "reading Gemfile: no version of Ruby is asked for; specify ruby's version in .ruby-version"},
		{"none that can be read", repo{"Gemfile": "ruby '3.2.2'\n\xff"}, nil, "reading Gemfile:2: the file is not UTF-8; save it as UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rubyProvider.Plan(appOf(t, tt.files, tt.vars))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestRubyNeedsRustFromVersion3_1(t *testing.T) {
	for version, want := range map[string]bool{
		"3.1.0": true, "3.4": true, "ruby-3.3.0": true, "4.1.0": true,
		"3.0.6": false, "2.7.8": false, "4.0.0": false, "3": false, "3.x": false, "jruby-9.4.0": false, "300.1.0": false,
	} {
		p := mustPlan(t, rubyProvider, appOf(t, repo{".ruby-version": version}, nil)).Plan
		if got := slices.Contains(p.Phases["setup"].NixPkgs, "rustc"); got != want {
			t.Errorf("%s: Rust is %v, want %v", version, got, want)
		}
	}
}

func TestBundlerVersion(t *testing.T) {
	for lock, want := range map[string]string{
		"":                                   "bundler",
		"BUNDLED WITH":                       "bundler",
		"BUNDLED WITH\n":                     "bundler",
		"BUNDLED WITH\n\n  2.3.7\n":          "bundler",
		"x\nBUNDLED WITH\n   2.3.7\n":        "bundler:2.3.7",
		"BUNDLED WITH\r\n   2.4.0.dev":       "bundler:2.4.0.dev",
		"BUNDLED WITH x\n1\nBUNDLED WITH\n2": "bundler:1",
	} {
		p := mustPlan(t, rubyProvider, appOf(t, rubyFiles(repo{"Gemfile.lock": lock}), nil)).Plan
		if cmd := p.Phases["setup"].Cmds[0]; !strings.HasSuffix(cmd, " && gem install "+want) {
			t.Errorf("%q: setup runs %s, want %s", lock, cmd, want)
		}
	}
	const want = `reading Gemfile.lock:3: "<<<<<<< HEAD" is not a version of Bundler; let Bundler write the file`
	_, err := rubyProvider.Plan(appOf(t, rubyFiles(repo{"Gemfile.lock": "\nBUNDLED WITH\n<<<<<<< HEAD\n"}), nil))
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestRubyWarnings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files repo
		vars  plan.Vars
		want  []string
	}{
		{"all agree", repo{"Gemfile": "ruby '2.7.8'\n"}, nil, nil},
		{"a requirement is no other version", repo{"Gemfile": "ruby '~> 3.0'\n"}, nil, nil},
		{
			"the variable is another version", nil, plan.Vars{"NIXPACKS_RUBY_VERSION": "3.0.0"},
			[]string{`.ruby-version asks for Ruby 2.7.8, but 3.0.0 is used, as the variable NIXPACKS_RUBY_VERSION is "3.0.0"; rbenv looks for the former`},
		},
		{
			"the Gemfile names another version", repo{"Gemfile": "ruby '3.0.0'\n"}, nil,
			[]string{`Gemfile asks for Ruby 3.0.0, but 2.7.8 is used, as .ruby-version is "2.7.8"; Bundler refuses that`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			diffOf(t, "warnings", tt.want, mustPlan(t, rubyProvider, appOf(t, rubyFiles(tt.files), tt.vars)).Warnings)
		})
	}
	out := mustPlan(t, rubyProvider, appOf(t, repo{"Gemfile": "ruby '3.0.0'\n"}, nil))
	diffOf(t, "warnings without a lock", []string{"there is no Gemfile.lock, so each build may install other versions; commit one"}, out.Warnings)
}
