package source

import (
	"testing"
	"testing/fstest"
)

func TestLine(t *testing.T) {
	tree, err := New(fstest.MapFS{
		"Gemfile":      {Data: []byte("source 'x'\r\ngem 'pg'\n")},
		"package.json": {Data: []byte("{\n  \"name\": \"engines\",\n  \"engines\": {\n    \"node\": \">=20\"\n  }\n}\n")},
		"broken.json":  {Data: []byte("{\n  \"a\" 1")},
	}, "app", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what string
		got  int
		want int
	}{
		{"text", tree.Line("Gemfile", "pg"), 2},
		{"text that is not there", tree.Line("Gemfile", "mysql"), 0},
		{"a file that is not there", tree.Line("none", "x"), 0},
		{"a key", tree.LineOf("package.json", "engines", "node"), 4},
		{"a key of the same name as a value", tree.LineOf("package.json", "engines"), 3},
		{"a key that is not there", tree.LineOf("package.json", "engines", "npm"), 0},
		{"a file that is no JSON", tree.LineOf("broken.json", "b"), 0},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: line %d, want %d", tt.what, tt.got, tt.want)
		}
	}
}
