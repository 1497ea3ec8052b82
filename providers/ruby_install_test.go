package providers

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestRubyInstallFiles(t *testing.T) {
	lock := "GEM\n"
	both := repo{"Gemfile": "gem 'rack'\n", "Gemfile.lock": lock}
	names := []string{"Gemfile", "Gemfile.lock"}
	with := func(name, text string) repo { return repo{"Gemfile": "", "Gemfile.lock": lock, name: text} }
	testInstallFiles(t, rubyProvider, []installCase{
		{name: "both files", files: both, want: names},
		{name: "no lock", files: repo{"Gemfile": ""}, want: []string{"Gemfile"}},
		{name: "what rbenv reads", files: with(".ruby-version", "3.2.1"), want: []string{".ruby-version", "Gemfile", "Gemfile.lock"}},
		{name: "no Gemfile", files: repo{}, blocker: "there is no Gemfile"},
		{name: "settings", files: with(".bundle/config", ""), blocker: ".bundle/config changes which files the install reads"},
		{name: "gems in the app", files: with("vendor/cache/rack.gem", ""), blocker: "vendor/cache holds gems that the install takes"},
		{name: "a folder in the lock", files: with("Gemfile.lock", "GIT\n\nPATH\n  remote: libs\n"), blocker: "Gemfile.lock line 3 has gems from the app itself"},
		{name: "a plugin in the lock", files: with("Gemfile.lock", "PLUGIN SOURCE\n"), blocker: "Gemfile.lock line 1 has gems from the app itself"},
		{name: "a Gemfile that is not text", files: with("Gemfile", "\n\xff"), blocker: "Gemfile line 2 is not understood"},
		{name: "a lock that is not text", files: with("Gemfile.lock", "\xff"), blocker: "Gemfile.lock line 1 is not understood"},
		{name: "a large Gemfile", files: with("Gemfile", strings.Repeat("#\n", 1<<20)), blocker: "Gemfile has more than 1048576 bytes"},
		{name: "a file of the version", files: repo{"Gemfile": "ruby file: '.tool-versions'\n", ".tool-versions": ""}, want: []string{".tool-versions", "Gemfile"}},
		{name: "one that is listed already", files: repo{"Gemfile": "ruby :file => \".ruby-version\"\n", ".ruby-version": ""}, want: []string{".ruby-version", "Gemfile"}},
		{name: "a file that is not there", files: with("Gemfile", "ruby file: '.tool-versions'\n"), blocker: "Gemfile names .tool-versions, which is not in the app"},
		{name: "the Gemfile by the variable", files: both, vars: plan.Vars{"BUNDLE_GEMFILE": "/app/Gemfile"}, want: names},
		{name: "another Gemfile", files: both, vars: plan.Vars{"BUNDLE_GEMFILE": "/app/x"}, blocker: "the variable BUNDLE_GEMFILE changes which files the install reads"},
		{name: "a folder by a variable", files: both, vars: plan.Vars{"BUNDLE_LOCAL__RACK": "x"}, blocker: "the variable BUNDLE_LOCAL__RACK changes which files the install reads"},
		{name: "options of Ruby", files: both, vars: plan.Vars{"RUBYOPT": "-r./x"}, blocker: "the variable RUBYOPT changes which files the install reads"},
		{name: "harmless variables", files: both, vars: plan.Vars{"RUBYOPT": "", "BUNDLE_WITHOUT": "test"}, want: names},
	})
}

func TestPlainGemfile(t *testing.T) {
	for _, text := range []string{
		"",
		"\ufeff# a comment with eval\n",
		"source 'https://gems.example'\r\nsource \"https://gems.example\" do\n  gem('rack', \"~> 3.0\", '>= 3.0.1')\nend\n",
		"source :rubygems",
		`git_source(:github) { |repo| "https://github.com/#{repo}.git" }`,
		"git_source(:x) do |repo_name|\n  \"https://x.example/#{repo_name}\"\nend",
		"gem 'a', git: 'https://x.example/a.git', branch: \"main\", require: false, platforms: %i[ mri mingw ]",
		"gem 'a', :git => 'git@x.example:a', :require => %w(a b), :group => [:test, :development]",
		"gem 'a',\n  github: 'x/a'",
		"group :test, :path do\n  gem 'a'\nend\ngroup :ci, optional: true do\nend",
		"platforms :mri do\n  gem 'a'\nend",
		"ruby '3.2.1', patchlevel: '12'\nruby '3.1.0', engine: 'jruby', engine_version: \"9.4\"",
	} {
		if files, blocker := gemfileReads(text); blocker != "" || files != nil {
			t.Errorf("%s: got %q, %q", text, files, blocker)
		}
	}
}

func TestGemfileThatMayReadTheApp(t *testing.T) {
	const plain = "is no plain declaration"
	for text, want := range map[string]string{
		"gem 'a', path: 'libs/a'":                    "has path:",
		"gem 'a', :path => 'libs/a'":                 "has :path =>",
		"gem 'a', 'path' => 'libs/a'":                "has 'path' =>",
		"gem 'a', \"path\":libs":                     "has :libs",
		"gem 'a', 'path':libs":                       "has :libs",
		"gem 'a', \"path\": 'libs'":                  plain,
		"gem 'a', **opts":                            plain,
		"path 'libs' do":                             "has path",
		"gemspec":                                    "has gemspec",
		"eval_gemfile 'x'":                           "has eval_gemfile",
		"require_relative 'x'":                       "has require_relative",
		"require './x'":                              "has require",
		"require('./x')":                             "has require",
		"load 'x'":                                   "has load",
		"plugin 'x'":                                 "has plugin",
		"instance_eval File.read('x')":               "has instance_eval",
		"ruby File.read('.ruby-version')":            "has File",
		"ruby file: File.join('x')":                  "has File",
		"ruby file: '../x'":                          "has file '../x'",
		"ruby file: %w[x]":                           "has file",
		"ruby file: 3":                               "has file",
		"gem 'a' if ENV['X']":                        "has if",
		"gem 'a', git: './a'":                        "has git './a'",
		"git 'file:///app/a' do":                     "has git 'file:///app/a'",
		"source 'vendor/gems'":                       "has source 'vendor/gems'",
		"git_source(:a) { |repo| \"/app/#{repo}\" }": "has repo \"/app/#{repo}\"",
		"gem \"#{File.read('x')}\"":                  plain,
		"gem \"#{repo.x}\"":                          plain,
		"gem `cat x`":                                plain,
		"gem %x(cat x)":                              plain,
		"gem %w[#{x}] + %W[#{x}]":                    plain,
		"gem <<~A\n#{load 'x'}\nA":                   plain,
		"=begin\n=end":                               plain,
		"gem 'a'\n__END__":                           "has __END__",
		"gem 'a":                                     plain,
		"send(:eval_gemfile, 'x')":                   "has send",
		"gem x ? 'a' : 'b'":                          "has x",
		"gem 'a', glob: 'x'":                         "has glob:",
		"gem :path:":                                 "has :path:",
	} {
		_, blocker := gemfileReads("\n" + text)
		if line, what, _ := strings.Cut(strings.TrimPrefix(blocker, "Gemfile line "), " "); what != want || line != "2" && want != "has __END__" {
			t.Errorf("%s: got %q, want %q", text, blocker, want)
		}
	}
}
