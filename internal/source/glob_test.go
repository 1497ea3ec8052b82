package source

import (
	"runtime"
	"strings"
	"testing"
)

func TestGlobMatches(t *testing.T) {
	tests := []struct {
		pattern string
		yes, no []string
	}{
		{"*.csproj", []string{"a.csproj", "a/b.csproj", ".csproj"}, []string{"a.csproj.bak", "csproj"}},
		{"**/x", []string{"x", "a/x", "a/b/x"}, []string{"ax", "a/bx", "x/a"}},
		{"/**/*.py", []string{"a.py", "a/b.py"}, []string{"a.pyc"}},
		{"./a/*", []string{"a/b", "a/b/c"}, []string{"a", "ab"}},
		{"cmd/*", []string{"cmd/a", "cmd/a/b"}, []string{"cmd", "a/cmd/b"}},
		{"cmd/*/main.go", []string{"cmd/a/main.go", "cmd/a/b/main.go"}, []string{"cmd/main.go", "main.go"}},
		{"a/**/b", []string{"a/b", "a/x/b", "a/x/y/b"}, []string{"a/xb", "ab"}},
		{"a/**", []string{"a/b", "a/b/c"}, []string{"a", "b"}},
		{"**", []string{"a", "a/b"}, nil},
		{"a**b", []string{"ab", "a/b", "axyb"}, []string{"a", "b"}},
		{"?at", []string{"cat", "/at", "äat"}, []string{"at", "ccat"}},
		{"[a-c]x", []string{"ax", "cx"}, []string{"dx", "x"}},
		{"[!a-c]x", []string{"dx"}, []string{"ax", "x"}},
		{"[]]x", []string{"]x"}, []string{"x"}},
		{"[z-a]x", nil, []string{"zx", "ax", "mx", "x"}},
		{"*.{js,ts}", []string{"a.js", "d/a.ts"}, []string{"a.jsx", "a.{js,ts}"}},
		{"{a,b{c,d}}e", []string{"ae", "bce", "bde"}, []string{"be", "abce"}},
		{"a{,.b}", []string{"a", "a.b"}, []string{"a.", "ab"}},
		{"[{,]x", []string{"{x", ",x"}, []string{"x"}},
		{`\*\{a`, []string{"*{a"}, []string{"xa", `\*\{a`}},
		{"a.b", []string{"a.b"}, []string{"axb"}},
		{"", nil, []string{"a"}},
		{"a*a", []string{"aa", "aba"}, []string{"a"}},
	}
	for _, tt := range tests {
		g, err := parseGlob(tt.pattern)
		if err != nil {
			t.Errorf("%q: %v", tt.pattern, err)
			continue
		}
		for _, s := range tt.yes {
			if !g.match(s) {
				t.Errorf("%q does not match %q", tt.pattern, s)
			}
		}
		for _, s := range tt.no {
			if g.match(s) {
				t.Errorf("%q matches %q", tt.pattern, s)
			}
		}
	}
}

func TestGlobRefusesBadPatterns(t *testing.T) {
	tests := map[string]string{
		"[a":                         "a [ has no ]",
		"{[a,b}":                     "a [ has no ]",
		"{a":                         "a { has no }",
		"a}":                         "a } has no {",
		`a\`:                         "nothing follows the last backslash",
		strings.Repeat("a", 1025):    "longer than 1024 bytes",
		strings.Repeat("{a,b}", 100): "more than 64 alternatives",
		strings.Repeat("{", 1024):    "a { has no }",
	}
	tree := mapTree(t, map[string]string{"a": ""}, Limits{})
	for pattern, want := range tests {
		for _, list := range []func(string) ([]string, error){tree.Files, tree.Dirs} {
			_, err := list(pattern)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "matching the pattern ") {
				t.Errorf("%.20q: %v, want %q", pattern, err, want)
			}
		}
	}
}

func TestHostileGlobsAreLinear(t *testing.T) {
	name := strings.Repeat("a", 1000) + "b"
	tree := mapTree(t, map[string]string{name: ""}, Limits{})
	for _, pattern := range []string{strings.Repeat("*a", 400) + "c", strings.Repeat("**/", 300) + "c*", strings.Repeat("?*", 500) + "c", strings.Repeat("[a-z]*", 150) + "c"} {
		if got, err := tree.Files(pattern); err != nil || len(got) > 0 {
			t.Errorf("%.20q: %v, %v", pattern, got, err)
		}
	}
}

func FuzzGlob(f *testing.F) {
	for _, s := range []string{"**/{a,b}*", "[!a-z]?", `\*`, "{{a},b}", "[[:alpha:]]", "a/**"} {
		f.Add(s, "a/b")
	}
	f.Fuzz(func(_ *testing.T, pattern, name string) {
		if g, err := parseGlob(pattern); err == nil {
			g.match(name)
		}
		if r, ok := parseRule(pattern); ok {
			r.match(name, name, true)
		}
	})
}

func TestPatternsOfManyPartsAreCheap(t *testing.T) {
	for _, part := range []string{"(", `\a`, "?", "*?", "a?", "**/", "**/*/", "*a", "[a-z]", "[", "{", "{a,", "a,", "}", "/", "!", "é"} {
		text := strings.Repeat(part, ignoreBytes/len(part))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		name := strings.Repeat("a/", 30) + "b"
		if rules, err := parseIgnore(".gitignore", []byte(text)); err == nil {
			for i := range rules {
				rules[i].match(name, "b", false)
			}
		}
		if g, err := parseGlob(text); err == nil {
			g.match(name)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%q, repeated to %d bytes, takes %d MiB", part, len(text), used>>20)
		}
	}
}
