package providers

import (
	"regexp"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

// rubySafe is the setup command with any version in it.
var rubySafe = regexp.MustCompile(` && rbenv install ([A-Za-z0-9._+@-]+) && rbenv global ([A-Za-z0-9._+@-]+) && gem install bundler(:[A-Za-z0-9._-]+)?$`)

// FuzzRubyVersion sees to it that no text of the app becomes a command.
func FuzzRubyVersion(f *testing.F) {
	f.Add("3.2.1\n", "ruby '3.2.1'\n", "ruby 3.2.1p1\nBUNDLED WITH\n  2.4.9\n", "3.1.0")
	f.Add("", "ruby '~> 3.2', \">= 1\" \n", "ruby 3.2.1 \nBUNDLED WITH\n  $(id)\n", "")
	f.Fuzz(func(t *testing.T, version, gemfile, lock, variable string) {
		files := repo{"Gemfile": gemfile, "Gemfile.lock": lock}
		if version != "" {
			files[".ruby-version"] = version
		}
		vars := plan.Vars{}
		if variable != "" {
			vars["NIXPACKS_RUBY_VERSION"] = variable
		}
		out, err := rubyProvider.Plan(appOf(t, files, vars))
		if err != nil {
			if text := err.Error(); strings.Contains(text, "\n") || len(text) > 1000 {
				t.Errorf("the error is no line: %q", text)
			}
			return
		}
		m := rubySafe.FindStringSubmatch(out.Plan.Phases["setup"].Cmds[0])
		if m == nil || m[1] != m[2] || strings.HasPrefix(m[1], "-") {
			t.Errorf("setup runs %q", out.Plan.Phases["setup"].Cmds)
		}
	})
}

// FuzzGemfile sees to it that a Gemfile that is taken for plain has no word in it that could read a file.
func FuzzGemfile(f *testing.F) {
	for _, s := range []string{
		"source 'https://gems.example'\ngem 'a', '~> 1', require: false\n", "ruby file: '.ruby-version'",
		"git_source(:a) { |repo| \"https://a.example/#{repo}\" }", "gem 'a', :group => %i[a b] # c", "gem 'a', path: 'b'",
	} {
		f.Add(s)
	}
	text := regexp.MustCompile(`'[^']*'|"[^"]*"|#.*`)
	reader := regexp.MustCompile(`\b(eval\w*|File|IO|Dir|load|require_relative|gemspec|plugin|path:|send|instance_eval|open|read)\b|[` + "`" + `<*&;=]`)
	f.Fuzz(func(t *testing.T, gemfile string) {
		files, blocker := gemfileReads(gemfile)
		if blocker != "" {
			if files != nil || strings.ContainsAny(blocker, "\n") {
				t.Errorf("files %q with the blocker %q", files, blocker)
			}
			return
		}
		code := strings.ReplaceAll(text.ReplaceAllString(gemfile, " "), "=>", " ")
		if word := reader.FindString(regexp.MustCompile(`%[wi](\[[^\]]*\]|\([^)]*\))|:\w+`).ReplaceAllString(code, " ")); word != "" {
			t.Errorf("%q is plain in spite of %q", gemfile, word)
		}
		for _, name := range files {
			if !plainName.MatchString(name) {
				t.Errorf("the file %q", name)
			}
		}
	})
}
