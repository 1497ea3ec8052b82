package plan_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"github.com/org/npx-action/internal/plan"
)

func TestTOMLOfEveryField(t *testing.T) {
	const want = `edition = '1.39'
providers = [
    '...',
    'node',
]
buildImage = 'image'

[variables]
A = '1'
B = ''

[staticAssets]
"dir/nginx.conf" = '''
line
'''
[phases.build]

[phases.setup]
dependsOn = ['x']
nixPkgs = [
    'nodejs_18',
    'npm-9_x',
]
nixLibs = ['zlib']
nixOverlays = []
nixpkgsArchive = 'abc'
aptPkgs = ['curl']
cmds = ['make']
onlyIncludeFiles = ['Makefile']
cacheDirectories = ['/root/.npm']
paths = ['/opt/bin']

[start]
cmd = 'run'
runImage = 'ubuntu:noble'
onlyIncludeFiles = ['bin']
user = 'app'

`
	if diff := cmp.Diff(want, string(wholePlan.TOML())); diff != "" {
		t.Errorf("TOML (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wholePlan, mustParseTOML(t, want)); diff != "" {
		t.Errorf("ParseTOML (-want +got):\n%s", diff)
	}
}

func TestTOMLLayout(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", `{}`, "\n"},
		{"no phase", `{"providers":[],"phases":{}}`, "providers = []\n\n[phases]\n\n"},
		{"tables alone", `{"variables":{},"phases":{},"start":{}}`, "[variables]\n\n[phases]\n\n[start]\n\n"},
		{"phases first", `{"phases":{"a":{},"b":{}}}`, "[phases.a]\n\n[phases.b]\n\n"},
		{"phases after a key", `{"buildImage":"x","phases":{"a":{}}}`, "buildImage = 'x'\n[phases.a]\n\n"},
		{
			"keys that are not bare", `{"variables":{"":"1",".h":"2","A_-9":"3","a\"\n\u0001":"4","é":"5"},"phases":{"node:x":{}}}`,
			"[variables]\n\"\" = '1'\n\".h\" = '2'\nA_-9 = '3'\n\"a\\\"\\n\\u0001\" = '4'\n\"é\" = '5'\n[phases.\"node:x\"]\n\n",
		},
		{"long lists quote each element", `{"providers":["it's","a\nb"]}`, "providers = [\n    '''it's''',\n    '''\na\nb''',\n]\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, string(mustParse(t, tt.in).TOML())); diff != "" {
				t.Errorf("TOML (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTOMLStrings(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, `''`},
		{`a "b" \c`, `'a "b" \c'`},
		{"tab\t", "'tab\t'"},
		{`it's`, `'''it's'''`},
		{`''a`, `'''''a'''`},
		{`a'''b`, `"a'''b"`},
		{`a'`, `"a'"`},
		{"a\nb", "'''\na\nb'''"},
		{"\n", "'''\n\n'''"},
		{"it's\n", "'''\nit's\n'''"},
		{"a\n'''\"\\", "\"\"\"\na\n'''\\\"\\\\\"\"\""},
		{"a\n'", "\"\"\"\na\n'\"\"\""},
		{"a\r\nb\t", "\"\"\"\na\\r\nb\\t\"\"\""},
		{"\b\f\r\"", `"\b\f\r\""`},
		{"\x00\x0b\x1f\x7f", `"\u0000\u000B\u001F\u007F"`},
		{"é\u2028\U0001f600", "'é\u2028\U0001f600'"},
	}
	for _, tt := range tests {
		got := string(plan.Plan{BuildImage: &tt.text}.TOML())
		if want := "buildImage = " + tt.want + "\n\n"; got != want {
			t.Errorf("TOML of %q = %q, want %q", tt.text, got, want)
		}
		if p := mustParseTOML(t, got); *p.BuildImage != tt.text {
			t.Errorf("%q comes back as %q", tt.text, *p.BuildImage)
		}
	}
}

func TestParseTOMLAccepts(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", `{}`},
		{"a byte order mark and CRLF", "\ufeffbuildImage = '''\r\nx\r\ny'''\r\n", `{"buildImage":"x\ny"}`},
		{"aliases", "[phases.x]\nnixPackages=['a']\ncommands=['d']\nname='y'", `{"phases":{"x":{"nixPkgs":["a"],"cmds":["d"]}}}`},
		{
			"dotted keys and inline tables", "variables.A='1'\nphases.x.cmds=['a']\nphases.y={paths=['p'],'cmds'=[]}\nstart={cmd='x'}",
			`{"variables":{"A":"1"},"phases":{"x":{"cmds":["a"]},"y":{"paths":["p"],"cmds":[]}},"start":{"cmd":"x"}}`,
		},
		{
			"tables in any order, and one made by its child",
			"[start]\ncmd='x'\n[phases.x]\n[phases]\ny={}\n[variables]\n", `{"variables":{},"phases":{"x":{},"y":{}},"start":{"cmd":"x"}}`,
		},
		{
			"tables that are made in steps", "[phases.x]\npaths=['p']\n[start]\n[phases]\ny.cmds=['c']\ny.paths=[]\n[phases.z]\ncmds=[]",
			`{"phases":{"x":{"paths":["p"]},"y":{"cmds":["c"],"paths":[]},"z":{"cmds":[]}},"start":{}}`,
		},
		{"comments", "# x\nbuildImage = \"\\u00e9\" # y\nproviders = [ # z\n 'a', # z\n]", `{"buildImage":"é","providers":["a"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(mustParse(t, tt.want), mustParseTOML(t, tt.in)); diff != "" {
				t.Errorf("ParseTOML (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseTOMLRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a", "line 1, column 1: expected '=' after key"},
		{"a =", "line 1, column 3: expected value, not end of input"},
		{"a = 1\n[b", "line 2, column 2: expected ']' to close table name"},
		{"a=1\r\nx=[[[", "line 2, column 5: array is incomplete"},
		{"a='x' b='y'", "line 1, column 7: expected newline but got U+0062 'b'"},

		{"x=1\nx=2", "line 2, column 1: x is already defined on line 1; define it once"},
		{"x={a=1,b=2,a=3}", "line 1, column 12: a is already defined on line 1; define it once"},
		{"[a]\n[a]", "line 2, column 2: a is already defined on line 1; define it once"},
		{"[a]\n[[a]]", "line 2, column 3: a is already defined on line 1; define it once"},
		{"[[a]]\n[a]", "line 2, column 2: a is already defined on line 1; define it once"},
		{"a=[]\n[[a]]", "line 2, column 3: a is already defined on line 1; define it once"},
		{"[[a]]\n[a.b]\n[a.b]", "line 3, column 4: b is already defined on line 2; define it once"},
		{"x=1\n[x.y]", "line 2, column 2: x is already defined on line 1; define it once"},
		{"x=1\n[[x.y]]", "line 2, column 3: x is already defined on line 1; define it once"},
		{"x=[{}]\n[x.y]", "line 2, column 2: x is already defined on line 1; define it once"},
		{"x={}\nx.y=1", "line 2, column 1: x is already defined on line 1; define it once"},
		{"x={}\n[x.y]", "line 2, column 2: x is already defined on line 1; define it once"},
		{"x.y=1\nx.y.z=1", "line 2, column 3: y is already defined on line 1; define it once"},
		{"[a]\nb.c=1\n[a.b]", "line 3, column 4: b is already defined on line 2; define it once"},
		{"[a.b.c]\n[a]\nb.d=1", "line 3, column 1: b is already defined on line 1; define it once"},
		{"[a.b]\n[a]\nb=1", "line 3, column 1: b is already defined on line 1; define it once"},
		{"a='\xff'", "line 1, column 4: invalid UTF-8; save the file as UTF-8"},

		{"[variables]\nA=1", "line 2, column 3: variables.A: want a string, got a number; put it in quotes"},
		{"[variables]\nA=1.5", "line 2, column 3: variables.A: want a string, got a number; put it in quotes"},
		{"variables.A = true", "line 1, column 15: variables.A: want a string, got a boolean; put it in quotes"},
		{"[variables]\nD=1979-01-01", "line 2, column 3: variables.D: want a string, got a date; put it in quotes"},
		{"[variables.A]", "line 1, column 12: variables.A: want a string, got a map"},
		{"variables = []", "line 1, column 1: variables: want a map, got a list"},
		{"providers='a'", "line 1, column 11: providers: want a list of strings, got a string; put it in square brackets"},
		{"providers=[\n'a',\n{}]", "line 3, column 1: providers[1]: want a string, got a map"},
		{"[[phases]]\n[phases.a]\n[[phases]]", "line 1, column 3: phases: want a map, got a list"},
		{"[phases]\nx=[]", "line 2, column 1: phases.x: want a map, got a list"},
		{"start={cmd=1}", "line 1, column 12: start.cmd: want a string, got a number; put it in quotes"},
		{
			"[phases.install]\naptPkgs=[]\naptPackages=[]",
			"line 3, column 1: phases.install.aptPackages: given twice, first on line 2; keep one",
		},
		{"x = " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "line 1, column 1: nested too deeply"},
		{"x = " + strings.Repeat("{a=", 200) + "1" + strings.Repeat("}", 200), "line 1, column 384: nested too deeply"},
		{"[x" + strings.Repeat(".y", 200) + "]", "line 1, column 256: nested too deeply"},
		{"x" + strings.Repeat(".y", 200) + "=1", "line 1, column 255: nested too deeply"},
	}
	for _, tt := range tests {
		p, warnings, err := plan.ParseTOML([]byte(tt.in))
		var syntax *plan.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != tt.want {
			t.Errorf("ParseTOML(%.60q)\n got %v\nwant %s", tt.in, err, tt.want)
		}
		if diff := cmp.Diff(plan.Plan{}, p); diff != "" || warnings != nil {
			t.Errorf("ParseTOML(%.60q) gives %v and a plan with its error:\n%s", tt.in, warnings, diff)
		}
	}
}

func TestParseTOMLWarnsOfUnknownKeys(t *testing.T) {
	const text = `
variable.A = 1
[phases.setup]
nixpkgs = ["x"]
[[other.list]]
a = 1
[[other.list]]
[other.list.deep]
x.y = 1979-13-01
[other.list.deep.x.z]
[[other.list.deep.list]]
[start]
run_image = "x"
`
	want := []plan.Warning{
		{Line: 2, Key: "variable", Nearest: "variables"},
		{Line: 4, Key: "phases.setup.nixpkgs", Nearest: "nixPkgs"},
		{Line: 5, Key: "other"},
		{Line: 13, Key: "start.run_image", Nearest: "runImage"},
	}
	_, warnings, err := plan.ParseTOML([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// A decoder that is only asked whether the document is valid has the last word on which tables may be defined where.
func TestParseTOMLAgreesOnWhatIsDefinedTwice(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	valid := 0
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(5) {
			key := string("ab"[r.IntN(2)])
			for r.IntN(2) > 0 {
				key += "." + string("abc"[r.IntN(3)])
			}
			formats := []string{"[%s]\n", "[[%s]]\n", "%s = 1\n", "%s = {}\n", "%s = [{}]\n", "%s = {a.b = 1, a.c = {b = 1}}\n", "%s = {a = 1, a.b = 1}\n"}
			fmt.Fprintf(&b, formats[r.IntN(len(formats))], key)
		}
		text := b.String()
		want := toml.Unmarshal([]byte(text), &map[string]any{})
		_, _, err := plan.ParseTOML([]byte(text))
		if (want == nil) != (err == nil) {
			t.Fatalf("ParseTOML says %v, the decoder %v, of\n%s", err, want, text)
		}
		if err == nil {
			valid++
		}
	}
	if valid < 1000 {
		t.Errorf("only %d of the documents are valid", valid)
	}
}

func mustParseTOML(t *testing.T, text string) plan.Plan {
	t.Helper()
	p, warnings, err := plan.ParseTOML([]byte(text))
	if err != nil || len(warnings) > 0 {
		t.Fatalf("parsing %s: %v %v", text, err, warnings)
	}
	return p
}

func FuzzParseTOML(f *testing.F) {
	f.Add(wholePlan.TOML())
	f.Add([]byte("a.b=1\n[[x.y]]\n[x.y.z]\n[phases.\"a\"]\nname=''\ncommands=[\"\"\"\n\\\n x\"\"\"]"))
	f.Add([]byte("x=[{a=[{}]}]"))
	for seed := range uint64(20) {
		f.Add(randomPlan(seed).TOML())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, _, err := plan.ParseTOML(data)
		if err != nil {
			return
		}
		roundTrip(t, p)
	})
}
