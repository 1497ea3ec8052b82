package source

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type manifest struct {
	Name    string            `json:"name" toml:"name" yaml:"name"`
	Size    int               `json:"size" toml:"size" yaml:"size"`
	Private bool              `json:"private" toml:"private" yaml:"private"`
	Ratio   float64           `json:"ratio" toml:"ratio" yaml:"ratio"`
	Main    *string           `json:"main" toml:"main" yaml:"main"`
	Engines map[string]string `json:"engines" toml:"engines" yaml:"engines"`
	Files   []string          `json:"files" toml:"files" yaml:"files"`
	Tool    struct {
		Name string `json:"name" toml:"name" yaml:"name"`
	} `json:"tool" toml:"tool" yaml:"tool"`
}

type decodeTest struct {
	text string
	want manifest
	err  string // of which the beginning
}

func decodeTable(t *testing.T, decode func(*Tree, string, any) error, tests []decodeTest) {
	t.Helper()
	for _, tt := range tests {
		var got manifest
		err := decode(mapTree(t, map[string]string{"d/f": tt.text}, Limits{}), "d/f", &got)
		if tt.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), tt.err) {
				t.Errorf("%.60q: %v, want %s", tt.text, err, tt.err)
			} else {
				_ = asError(t, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%.60q: %v", tt.text, err)
		} else if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestJSON(t *testing.T) {
	main := "m"
	decodeTable(t, (*Tree).JSON, []decodeTest{
		{text: `{"name":"n","size":1,"main":"m","engines":{"a":"b"},"files":["f"]}`,
			want: manifest{Name: "n", Size: 1, Main: &main, Engines: map[string]string{"a": "b"}, Files: []string{"f"}}},
		{text: "\ufeff{\r\n\"name\": \"n\"\r\n}", want: manifest{Name: "n"}},
		{text: `{"Name":"x","NAME":"y","unknown":[{}]}`},
		{text: `{"name":"x","name":"n"}`, want: manifest{Name: "n"}},
		{text: `{"name":null,"size":null,"main":null,"engines":null,"files":null,"tool":null}`},
		{text: "{\n\"name\": 1}", err: `parsing d/f:2:9: "name" must be a string, not a number`},
		{text: "{\"ä\": 1, \"size\": \"1\"}", err: `parsing d/f:1:18: "size" must be a whole number, not a string`},
		{text: `{"size":1.5}`, err: `parsing d/f:1:9: "size" must be a whole number, not 1.5`},
		{text: `{"size":99999999999999999999}`, err: `parsing d/f:1:9: "size" is out of range`},
		{text: `{"private":"yes"}`, err: `parsing d/f:1:12: "private" must be a boolean, not a string`},
		{text: `{"ratio":true}`, err: `parsing d/f:1:10: "ratio" must be a number, not a boolean`},
		{text: `{"main":{}}`, err: `parsing d/f:1:9: "main" must be a string, not an object`},
		{text: `{"engines":["x"]}`, err: `parsing d/f:1:12: "engines" must be an object, not an array`},
		{text: `{"engines":{"a/b": 18}}`, err: `parsing d/f:1:20: "engines.a/b" must be a string, not a number`},
		{text: `{"files":{}}`, err: `parsing d/f:1:10: "files" must be an array, not an object`},
		{text: `{"files":["a",1]}`, err: `parsing d/f:1:15: "files.1" must be a string, not a number`},
		{text: `[]`, err: `parsing d/f:1:1: the value must be an object, not an array`},
		{text: ``, err: `parsing d/f:1:1: unexpected EOF`},
		{text: "{\n  \"name\": \"n\",\n}", err: `parsing d/f:2:14: invalid character ',' at start of value; JSON has no comments, and no comma`},
		{text: "{\n// c\n}", err: `parsing d/f:2:1: invalid character '/' `},
		{text: `{"name":"n"} x`, err: `parsing d/f:1:14: invalid character 'x' after top-level value`},
		{text: `{"name":'n'}`, err: `parsing d/f:1:9: invalid character '\'' `},
		{text: `{"x":` + strings.Repeat("[", 1<<20), err: `parsing d/f:1:10005: exceeded max depth`},
		{text: "{\xff}", err: `reading d/f:1: the file is not UTF-8`},
	})
}

func TestJSONC(t *testing.T) {
	decodeTable(t, (*Tree).JSONC, []decodeTest{
		{text: "\ufeff// a\n{ /* \"b\n */ \"name\": \"https://n/*x*/\" // c\r\n , /**/ \"size\": 1 } // d", want: manifest{Name: "https://n/*x*/", Size: 1}},
		{text: `{"name": "a\"//b\\", "size": 2}//`, want: manifest{Name: `a"//b\`, Size: 2}},
		{text: "{ /* a\nb */ \"name\": 1 }", err: `parsing d/f:2:14: "name" must be a string`},
		{text: "{\n /* a", err: `parsing d/f:2:2: the comment is not closed`},
		{text: "{} / x", err: `parsing d/f:1:4: invalid character '/'`},
		{text: `{"name": "a // b`, err: `parsing d/f:1:`},
		{text: `"\`, err: `parsing d/f:1:`},
		{text: "\xff", err: `reading d/f:1: the file is not UTF-8`},
	})
}

func TestTOML(t *testing.T) {
	main := "m"
	decodeTable(t, (*Tree).TOML, []decodeTest{
		{text: "\ufeffname = 'n'\r\nsize = 1\nmain = 'm'\nfiles = ['f']\nx = 1979-05-27\n[engines]\na = 'b'\n",
			want: manifest{Name: "n", Size: 1, Main: &main, Engines: map[string]string{"a": "b"}, Files: []string{"f"}}},
		{text: ""},
		{text: "name = 1", err: `parsing d/f:1:8: "name" must be a string, not an integer`},
		{text: "\nsize = 'x'", err: `parsing d/f:2:8: "size" must be a whole number, not a string`},
		{text: "private = 'x'", err: `parsing d/f:1:11: "private" must be a boolean, not a string`},
		{text: "ratio = 'x'", err: `parsing d/f:1:9: "ratio" must be a number, not a string`},
		{text: "[engines]\na = 18", err: `parsing d/f:2:5: "engines.a" must be a string, not an integer`},
		{text: "files = 'a'", err: `parsing d/f:1:9: "files" must be an array, not a string`},
		{text: "engines = 'a'", err: `parsing d/f:1:11: "engines" must be a table, not a string`},
		{text: "a = ", err: `parsing d/f:1:4: expected value`},
		{text: "name = 'a'\nname = 'b'", err: `parsing d/f:2:1: key name is already defined`},
		{text: "x = " + strings.Repeat("[", 1<<20), err: `parsing d/f:1:10005: `},
		{text: "x = 1\n" + strings.Repeat("a.", 1<<20) + "b = 1", err: `parsing d/f:2: the line has more than 10000 dots`},
		{text: "a = '\xff'", err: `reading d/f:1: the file is not UTF-8`},
	})
}

func TestYAML(t *testing.T) {
	main := "m"
	decodeTable(t, (*Tree).YAML, []decodeTest{
		{text: "\ufeffname: n\r\nsize: 1\r\nmain: m\nengines: {a: b}\nfiles:\n- f\n",
			want: manifest{Name: "n", Size: 1, Main: &main, Engines: map[string]string{"a": "b"}, Files: []string{"f"}}},
		{text: "---\nname: 1.10\nengines: {a: 18, b: yes}\n...\n", want: manifest{Name: "1.10", Engines: map[string]string{"a": "18", "b": "yes"}}},
		{text: "Name: x\nname: null\nfiles:\n"},
		{text: "name: [a]", err: `parsing d/f:1: an array where a string is wanted`},
		{text: "\nsize: x", err: "parsing d/f:2: a string `x` where a whole number is wanted"},
		{text: "a: b\n\nc: \x00", err: "parsing d/f:3: control characters are not allowed"},
		{text: "\ufeffa: b: c", err: "parsing d/f:1: mapping values"},
		{text: "name: n\nother:\n" + strings.Repeat(" a: 1\n", 9_000), err: `parsing d/f:104: mapping key "a" already defined at line 3`},
		{text: "other: {" + strings.Repeat("? [a], ", 10_001) + "}", err: "parsing d/f:1: the table has more than 10000 keys"},
		{text: "a: *b", err: "parsing d/f: unknown anchor 'b' referenced"},
		{text: "a\n\nb", err: "parsing d/f:1: a string `a b` where a table is wanted"},
		{text: "files: a", err: "parsing d/f:1: a string `a` where an array is wanted"},
		{text: "tool: [a]", err: "parsing d/f:1: an array where a table is wanted"},
		{text: "private: 2020-01-01", err: "parsing d/f:1: of type timestamp `2020-01-01` where a boolean is wanted"},
		{text: "", err: `parsing d/f: the file is empty`},
		{text: "# c\n", err: `parsing d/f: the file is empty`},
		{text: "name: a\n---\nname: b\n", err: `parsing d/f:2: there is more than one document`},
		{text: "name: a\n---\n{", err: `parsing d/f:`},
		{text: "name: a\nname: b\n", err: `parsing d/f:2: mapping key "name" already defined at line 1`},
		{text: "a: b: c", err: `parsing d/f:1: mapping values are not allowed in this context`},
		{text: strings.Repeat("[", 1<<20), err: `parsing d/f:1: exceeded max depth of 10000`},
		{text: strings.Repeat("- ", 1<<19), err: `parsing d/f:1: exceeded max depth of 10000`},
		{text: strings.Repeat("#", 2<<20+1), err: `reading d/f: 2 MiB is over the limit of 2 MiB`},
		{text: "\xff", err: `reading d/f:1: the file is not UTF-8`},
	})
}

func TestYAMLAliasesDoNotMultiply(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		item := "*" + string(c-1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat(item+",", 9) + item + "]\n"
	}
	var v any
	err := mapTree(t, map[string]string{"f": bomb}, Limits{}).YAML("f", &v)
	if err == nil || !strings.Contains(err.Error(), "excessive aliasing") {
		t.Errorf("%v", err)
	}
}

func TestDeepTOMLDoesNotExhaustTheStack(t *testing.T) {
	deep := strings.Repeat("a.", 9_999) + "a"
	var v any
	if err := mapTree(t, map[string]string{"f": "[" + deep + "]\n" + deep + " = 1\n"}, Limits{}).TOML("f", &v); err != nil {
		t.Errorf("%v", err)
	}
}

func TestDecodingNamesWhatIsMissing(t *testing.T) {
	tree := mapTree(t, nil, Limits{})
	for name, decode := range map[string]func(string, any) error{"JSON": tree.JSON, "JSONC": tree.JSONC, "TOML": tree.TOML, "YAML": tree.YAML} {
		var v manifest
		if err := decode("f", &v); err == nil || err.Error() != "reading f: file does not exist" {
			t.Errorf("%s: %v", name, err)
		}
	}
	limit := (*LimitError)(nil)
	if err := mapTree(t, map[string]string{"f": "{ }"}, Limits{FileBytes: 2}).JSON("f", new(any)); !errors.As(err, &limit) {
		t.Errorf("a large file: %v", err)
	}
}

func FuzzStripComments(f *testing.F) {
	for _, s := range []string{`{"a": "//"} // b`, "/* */", `"\`, "/", "/*/", "//"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, at := stripComments(b)
		if at < 0 && len(out) != len(b) {
			t.Errorf("%q became %q", b, out)
		}
	})
}
