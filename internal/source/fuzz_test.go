package source

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// fuzzedName is the one file of the trees that the targets read.
const fuzzedName = "app/file"

func fuzzedTree(t *testing.T, data []byte) *Tree {
	t.Helper()
	tree, err := New(fstest.MapFS{fuzzedName: {Data: data, Mode: 0o644}}, "app", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// FuzzPattern holds the short cuts of patterns against their definition.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"**/a*", "a*b", "*", "[!a-z]?", `\*x`, "a/**", "a/**/b", "**", "[[:alpha:]]*", "a**b*c", "é?*"} {
		f.Add(s, "a/b")
		f.Add(s, "axxb")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 64 || len(name) > 64 || !utf8.ValidString(text) || !utf8.ValidString(name) {
			return
		}
		for _, d := range []dialect{{slash: true}, {slash: false}} {
			tokens, err := d.tokens(text)
			if err != nil {
				continue
			}
			free := d.slash || !strings.Contains(name, "/")
			want := matchTokens(d, tokens, name)
			if d.slash {
				tokens = mergeStars(tokens)
			}
			p, err := d.compile(tokens, free)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.match(name); got != want {
				t.Errorf("%+v: does %q match %q? %v, want %v", d, text, name, got, want)
			}
		}
	})
}

// matchTokens is what the tokens of a pattern say, one after the other.
func matchTokens(d dialect, tokens []token, name string) bool {
	if len(tokens) == 0 {
		return name == ""
	}
	rest := tokens[1:]
	one := func() (string, bool) {
		r, n := utf8.DecodeRuneInString(name)
		return name[n:], name != "" && (d.slash || r != '/')
	}
	switch t := tokens[0]; t.kind {
	case literal:
		tail, ok := strings.CutPrefix(name, t.text)
		return ok && matchTokens(d, rest, tail)
	case anyOne:
		tail, ok := one()
		return ok && matchTokens(d, rest, tail)
	case class:
		_, n := utf8.DecodeRuneInString(name)
		return name != "" && regexp.MustCompile(`(?s)\A`+t.text+`\z`).MatchString(name[:n]) && matchTokens(d, rest, name[n:])
	case star:
		if matchTokens(d, rest, name) {
			return true
		}
		tail, ok := one()
		return ok && matchTokens(d, tokens, tail)
	case anyDirs:
		for i := -1; i < len(name); i++ {
			if (i < 0 || name[i] == '/') && matchTokens(d, rest, name[i+1:]) {
				return true
			}
		}
		return false
	}
	for i := range len(name) + 1 {
		if matchTokens(d, rest, name[i:]) {
			return true
		}
	}
	return false
}

// FuzzIgnore reads a file as rules, which leave out a file or do not, in a walk too.
func FuzzIgnore(f *testing.F) {
	for _, s := range []string{"", "/app\n!file", "*.x\r\n\\#a\n[a-\n", "**/file/", "\ufeffapp/*"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{".gitignore": {Data: data}, "app/.ignore": {Data: data}, fuzzedName: {}, "b": {}}
		tree, err := New(fsys, "app", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		names, err := tree.Files("**")
		if err != nil {
			wantNamed(t, err, ".gitignore", "app/.ignore", "")
			return
		}
		for _, name := range names {
			if _, ok := fsys[name]; !ok {
				t.Errorf("the walk finds %q", name)
			}
		}
	})
}

// wantNamed fails unless the error is one of this package, of one line, about one of the names.
func wantNamed(t *testing.T, err error, names ...string) {
	t.Helper()
	e := (*Error)(nil)
	if !errors.As(err, &e) || !slices.Contains(names, e.Name) {
		t.Fatalf("error %v is not about %q", err, names)
	}
	if text := err.Error(); strings.Contains(text, "\n") || len(text) > 1000 || !utf8.ValidString(text) {
		t.Fatalf("the error is no line: %q", text)
	}
}

// FuzzDecode decodes a text as each format twice, into fields and into anything.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"name": "a", "size": 1, "engines": {"a": "b"}, "files": ["x"], "tool": {"name": null}}`,
		"{ // x\n \"ratio\": 1e400 /* y */ }",
		"name = 'a'\nsize = 1\n[engines]\na = 'b'\n[[tool]]\n",
		"tool.name = 1979-05-27T07:32:00Z\nname = inf\n",
		"name: a\nsize: 0x10\nengines: &x {a: b}\ntool: *x\n--- \n",
		"main: !!binary aGk=\nfiles: [~, 1, a]\n<<: {a: b}\n",
		"\ufeff", "[[[[", "&a [*a, *a]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := fuzzedTree(t, data)
		accepted := map[string]manifest{}
		for _, format := range []struct {
			name   string
			decode func(string, any) error
		}{{"json", tree.JSON}, {"jsonc", tree.JSONC}, {"toml", tree.TOML}, {"yaml", tree.YAML}} {
			var first, second manifest
			err := format.decode(fuzzedName, &first)
			if again := format.decode(fuzzedName, &second); text(err) != text(again) || !reflect.DeepEqual(first, second) && !hasNaN(first) {
				t.Errorf("%s: once %+v and %v, then %+v and %v", format.name, first, err, second, again)
			}
			if err != nil {
				wantNamed(t, err, fuzzedName)
			} else {
				accepted[format.name] = first
			}
			if err := format.decode(fuzzedName, new(any)); err != nil {
				wantNamed(t, err, fuzzedName)
			}
		}
		if m, ok := accepted["json"]; ok && !reflect.DeepEqual(m, accepted["jsonc"]) {
			t.Errorf("JSON gives %+v, JSON with comments %+v", m, accepted["jsonc"])
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func hasNaN(m manifest) bool { return m.Ratio != m.Ratio }

// FuzzLineOf looks for places in texts that may be no JSON.
func FuzzLineOf(f *testing.F) {
	f.Add([]byte("{\n\"a\": {\"b\":\n 1}}"), "a", "b")
	f.Add([]byte("\ufeff[1,\n{\"a\": 2}]"), "1", "a")
	f.Fuzz(func(t *testing.T, data []byte, key, more string) {
		tree := fuzzedTree(t, data)
		lines := 1 + strings.Count(string(data), "\n")
		for _, line := range []int{tree.LineOf(fuzzedName, key), tree.LineOf(fuzzedName, key, more), tree.Line(fuzzedName, key)} {
			if line < 0 || line > lines {
				t.Errorf("line %d of %d", line, lines)
			}
		}
	})
}
