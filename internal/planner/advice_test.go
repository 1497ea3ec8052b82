package planner

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/providers"
)

func TestEndOfLife(t *testing.T) {
	tests := []struct {
		phase plan.Phase
		want  string // "" for no warning
	}{
		{plan.Phase{NixPkgs: []string{"nodejs_18", "npm-9_x"}}, "Node.js 18 has had no security fixes since 2025-04-30"},
		{plan.Phase{NixPkgs: []string{"nodejs_22"}}, ""},
		{plan.Phase{NixPkgs: []string{"nodejs"}}, ""},
		{plan.Phase{NixPkgs: []string{"jdk"}, NixpkgsArchive: new("59dc10b5a6f2a592af36375c68fda41246794b86")}, "Java 19 has had"},
		{plan.Phase{NixPkgs: []string{"jdk"}, NixpkgsArchive: new("another")}, ""},
		{plan.Phase{NixPkgs: []string{"(php81.withExtensions (pe: pe.enabled ++ []))"}}, "PHP 8.1 has had"},
		{plan.Phase{NixPkgs: []string{"(sbt.override { jre = jdk20; })"}}, "Java 20 has had"},
		{plan.Phase{Cmds: []string{"x && rbenv install 3.1.2 && y"}}, "Ruby 3.1 has had"},
		{plan.Phase{Cmds: []string{"rbenv install 3.4.1"}}, ""},
	}
	for _, tt := range tests {
		got := endOfLife(plan.Plan{Phases: map[string]plan.Phase{"setup": tt.phase, "again": tt.phase}}, nil)
		switch {
		case tt.want == "" && len(got) > 0:
			t.Errorf("%v: unexpected %q", tt.phase, got)
		case tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tt.want)):
			t.Errorf("%v: got %q, want one that begins with %q", tt.phase, got, tt.want)
		}
	}
}

func TestLocalhost(t *testing.T) {
	scripts := map[string]string{"package.json": `{"scripts": {"start": "vite preview --host 127.0.0.1", "ok": "vite preview --host 0.0.0.0", "odd": 1}}`}
	for _, tt := range []struct {
		name  string
		start string
		vars  map[string]string
		want  int
	}{
		{"an option", "gunicorn app --bind localhost:8000", nil, 1},
		{"an option with an equals sign", "serve --host=127.0.0.1", nil, 1},
		{"an option with a URL", "puma -b tcp://127.0.0.1:3000", nil, 1},
		{"a server's argument", "python manage.py runserver 127.0.0.1:8000", nil, 1},
		{"the script that it runs", "npm run start", nil, 1},
		{"a variable", "./server", map[string]string{"HOST": "localhost"}, 1},
		{"a variable with a URL", "./server", map[string]string{"ASPNETCORE_URLS": "http://localhost:3000"}, 1},
		{"every interface", "gunicorn app --bind 0.0.0.0:8000", map[string]string{"HOST": "0.0.0.0"}, 0},
		{"a script that is right", "npm run ok", nil, 0},
		{"a script that is no text", "npm run odd", nil, 0},
		{"a script that is not there", "npm run none", nil, 0},
		{"a database on localhost", "./server --database postgres://localhost/x", nil, 0},
		{"another host", "./server --host localhost.example", nil, 0},
		{"no start command", "", nil, 0},
	} {
		p := plan.Plan{Variables: tt.vars}
		if tt.start != "" {
			p.Start = &plan.Start{Cmd: &tt.start}
		}
		if got := localhost(p, tree(t, scripts)); len(got) != tt.want {
			t.Errorf("%s: %q, want %d warnings", tt.name, got, tt.want)
		}
	}
}

func TestRivalsAreNamed(t *testing.T) {
	covering, fallback := fake("fox"), fake("gnu")
	covering.Covers, fallback.Fallback = []string{"bee"}, true
	for _, tt := range []struct {
		name  string
		files []string
		toml  string
		want  []string
	}{
		{"another provider", []string{"ant", "bee"}, "", []string{`bee matches too (bee), but only ant plans this app; for both, set providers = ["...", "bee"]`}},
		{"none", []string{"ant"}, "", nil},
		{"one that the first covers", []string{"fox", "elk"}, "", []string{`elk matches too (elk), but only fox plans this app; for both, set providers = ["...", "elk"]`}},
		{"a fallback", []string{"ant", "gnu"}, "", nil},
		{"after a fallback", []string{"gnu", "elk"}, "", nil},
		{"a choice of the user's", []string{"ant", "bee"}, "providers = ['ant']", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"nixpacks.toml": tt.toml}
			for _, name := range tt.files {
				files[name] = ""
			}
			in := given{files: files}.input(t)
			in.Providers = []providers.Provider{fake("ant"), covering, fallback, fake("bee"), fake("elk")}
			got, err := Make(in)
			if err != nil {
				t.Fatal(err)
			}
			rivals := slices.DeleteFunc(got.Warnings, func(w string) bool { return !strings.Contains(w, "matches too") })
			if d := cmp.Diff(tt.want, rivals, cmpNilEmpty); d != "" {
				t.Error(d)
			}
		})
	}
}

// cmpNilEmpty takes no warnings for no warnings.
var cmpNilEmpty = cmp.Transformer("nil", func(list []string) string { return strings.Join(list, "\n") })
