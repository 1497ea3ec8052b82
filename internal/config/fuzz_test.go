package config

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/source"
)

func FuzzProcfile(f *testing.F) {
	for _, s := range []string{"web: a\nrelease: b #c\n", "web: &x a\nworker: *x\n", "a: {b: c}", "web: |\n a\n", "\ufeffweb: a", "- a", "<<: {web: a}", "? [a]\n: b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, compat139 := range []bool{true, false} {
			first, err := Procfile(tree(t, map[string]string{"Procfile": text}), compat139)
			second, again := Procfile(tree(t, map[string]string{"Procfile": text}), compat139)
			if d := cmp.Diff(first, second); d != "" || (err == nil) != (again == nil) {
				t.Errorf("compat139 %v: once %v, then %v\n%s", compat139, err, again, d)
			}
			if err != nil {
				wantNamed(t, err, "Procfile")
			} else if s := first.Plan.Start; s != nil && s.Cmd == nil {
				t.Errorf("compat139 %v: a start without a command", compat139)
			}
		}
	})
}

// wantNamed fails unless the error is a line that names the file.
func wantNamed(t *testing.T, err error, name string) {
	t.Helper()
	own, foreign := (*Error)(nil), (*source.Error)(nil)
	named := errors.As(err, &own) && own.File == name || errors.As(err, &foreign) && foreign.Name == name
	if !named {
		t.Fatalf("error %v is not about %s", err, name)
	}
	if text := err.Error(); strings.Contains(text, "\n") || len(text) > 1000 || !utf8.ValidString(text) {
		t.Fatalf("the error is no line: %q", text)
	}
}

func FuzzFile(f *testing.F) {
	for _, s := range []string{`{"phases": {"setup": {"nixPkgs": ["...", "go"]}}}`, "[phases.setup]\nnixPkgs = ['...', 'go']\n", "", "\ufeff{}", "provider = 1", "[[phases]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"nixpacks.toml", "nixpacks.json"} {
			layer, err := File(tree(t, map[string]string{name: text}), nil, nil)
			if err != nil {
				wantNamed(t, err, name)
				continue
			}
			if d := cmp.Diff(string(layer.Plan.JSON()), string(plan.Merge(layer.Plan, plan.Plan{}).JSON())); layer.Plan.Phases != nil && d != "" {
				t.Errorf("%s: laying nothing over it changes it:\n%s", name, d)
			}
		}
	})
}

func FuzzParseEnv(f *testing.F) {
	for _, s := range []string{"A=1", "A", "A=", "=x", "A.B=1", "é=1", "A==\n"} {
		f.Add(s, "inherited")
	}
	f.Fuzz(func(t *testing.T, arg, inherited string) {
		lookup := func(string) (string, bool) { return inherited, inherited != "" }
		vars, warnings := ParseEnv([]string{arg}, lookup)
		if len(vars)+len(warnings) == 0 || len(vars) > 1 {
			t.Fatalf("%q gives %q and %q", arg, vars, warnings)
		}
		for name, value := range vars {
			if value == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
				t.Fatalf("%q gives %q", arg, vars)
			}
			again, warnings := ParseEnv([]string{name + "=" + value}, lookup)
			if !maps.Equal(vars, again) || len(warnings) > 0 {
				t.Fatalf("%q gives %q, and then %q, %q", arg, vars, again, warnings)
			}
		}
	})
}
