package plan_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

// whole sets every field, in the order in which they are printed.
const whole = `{
  "edition": "1.39",
  "providers": [
    "...",
    "node"
  ],
  "buildImage": "image",
  "variables": {
    "A": "1",
    "B": ""
  },
  "staticAssets": {
    "dir/nginx.conf": "line\n"
  },
  "phases": {
    "build": {},
    "setup": {
      "dependsOn": [
        "x"
      ],
      "nixPkgs": [
        "nodejs_18",
        "npm-9_x"
      ],
      "nixLibs": [
        "zlib"
      ],
      "nixOverlays": [],
      "nixpkgsArchive": "abc",
      "aptPkgs": [
        "curl"
      ],
      "cmds": [
        "make"
      ],
      "onlyIncludeFiles": [
        "Makefile"
      ],
      "cacheDirectories": [
        "/root/.npm"
      ],
      "paths": [
        "/opt/bin"
      ]
    }
  },
  "start": {
    "cmd": "run",
    "runImage": "ubuntu:noble",
    "onlyIncludeFiles": [
      "bin"
    ],
    "user": "app"
  }
}
`

var wholePlan = plan.Plan{
	Edition:      new("1.39"),
	Providers:    []string{"...", "node"},
	BuildImage:   new("image"),
	Variables:    map[string]string{"A": "1", "B": ""},
	StaticAssets: map[string]string{"dir/nginx.conf": "line\n"},
	Phases: map[string]plan.Phase{
		"build": {},
		"setup": {
			DependsOn:        []string{"x"},
			NixPkgs:          []string{"nodejs_18", "npm-9_x"},
			NixLibs:          []string{"zlib"},
			NixOverlays:      []string{},
			NixpkgsArchive:   new("abc"),
			AptPkgs:          []string{"curl"},
			Cmds:             []string{"make"},
			OnlyIncludeFiles: []string{"Makefile"},
			CacheDirectories: []string{"/root/.npm"},
			Paths:            []string{"/opt/bin"},
		},
	},
	Start: &plan.Start{
		Cmd: new("run"), RunImage: new("ubuntu:noble"), OnlyIncludeFiles: []string{"bin"}, User: new("app"),
	},
}

func TestJSONOfEveryField(t *testing.T) {
	if diff := cmp.Diff(whole, string(wholePlan.JSON())); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wholePlan, mustParse(t, whole)); diff != "" {
		t.Errorf("ParseJSON (-want +got):\n%s", diff)
	}
}

func TestJSONKeepsEmptyAndOmitsAbsent(t *testing.T) {
	tests := []struct {
		p    plan.Plan
		want string
	}{
		{plan.Plan{}, "{}\n"},
		{plan.Plan{Phases: map[string]plan.Phase{}, Start: &plan.Start{}}, "{\n  \"phases\": {},\n  \"start\": {}\n}\n"},
		{plan.Plan{Providers: []string{}, Variables: map[string]string{}}, "{\n  \"providers\": [],\n  \"variables\": {}\n}\n"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, string(tt.p.JSON())); diff != "" {
			t.Errorf("JSON (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(tt.p, mustParse(t, tt.want)); diff != "" {
			t.Errorf("ParseJSON (-want +got):\n%s", diff)
		}
	}
}

func TestJSONStrings(t *testing.T) {
	tests := []struct{ text, want string }{
		{`<a href="x">&</a>`, `"<a href=\"x\">&</a>"`},
		{`back\slash/`, `"back\\slash/"`},
		{"\b\f\n\r\t", `"\b\f\n\r\t"`},
		{"\x00\x1b\x1f", `"\u0000\u001b\u001f"`},
		{"\x7fé\u2028\U0001f600", "\"\x7fé\u2028\U0001f600\""},
		{"bad\xff", "\"bad\ufffd\""},
	}
	for _, tt := range tests {
		got := string(plan.Plan{BuildImage: &tt.text}.JSON())
		if want := "{\n  \"buildImage\": " + tt.want + "\n}\n"; got != want {
			t.Errorf("JSON of %q = %s, want %s", tt.text, got, want)
		}
	}
}

func TestParseJSONAccepts(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{
			"aliases", `{"phases":{"x":{"nixPackages":["a"],"nixLibraries":["b"],"aptPackages":["c"],"commands":["d"],"envPaths":["e"]}}}`,
			`{"phases":{"x":{"nixPkgs":["a"],"nixLibs":["b"],"aptPkgs":["c"],"cmds":["d"],"paths":["e"]}}}`,
		},
		{"a phase's name, which is dropped", `{"phases":{"x":{"name":"y"},"z":{"name":null}}}`, `{"phases":{"x":{},"z":{}}}`},
		{
			"null as absence",
			`{"edition":null,"providers":null,"buildImage":null,"variables":null,"phases":{"x":{"cmds":null,"nixpkgsArchive":null}},"start":null}`,
			`{"phases":{"x":{}}}`,
		},
		{"a null start field", `{"phases":null,"start":{"cmd":null}}`, `{"start":{}}`},
		{"escapes", `{"buildImage":"\u00e9\ud83d\ude00\n"}`, "{\"buildImage\":\"é\U0001f600\\n\"}"},
		{"CRLF and blanks around", "\r\n {\r\n\"providers\" : [ ]\r\n}\t\r\n", `{"providers":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(mustParse(t, tt.want), mustParse(t, tt.in)); diff != "" {
				t.Errorf("ParseJSON (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseJSONRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{``, "line 1, column 1: no JSON value; an empty plan is {}"},
		{" \n", "line 2, column 1: no JSON value; an empty plan is {}"},
		{`[]`, "line 1, column 1: want a map, got a list"},
		{`null`, "line 1, column 1: want a map, got null; leave it out"},
		{`{`, "line 1, column 2: unexpected EOF"},
		{`{"x":`, "line 1, column 6: unexpected EOF"},
		{`{"x":["a"`, "line 1, column 10: unexpected EOF"},
		{`{"x":[`, "line 1, column 7: unexpected EOF"},
		{`{1:2}`, "line 1, column 2: object member name must be a string"},
		{"{\n  \"x\": 1,\n}", "line 2, column 9: invalid character ',' at start of value; there may be a comma too many"},
		{"{\"x\":1 // y\n}", "line 1, column 8: invalid character '/' after object value (expecting ',' or '}'); JSON has no comments"},
		{`{} x`, "line 1, column 4: invalid character 'x' at start of value"},
		{"{}\n{}", "line 2, column 1: text after the end of the object; keep one object"},
		{"\ufeff{}", "line 1, column 1: byte order mark before the JSON text; save the file without it"},
		{"{\n\"a\":\"é\xff\"}", "line 2, column 8: invalid UTF-8; save the file as UTF-8"},
		{`{"x":"\ud800"}`, "line 1, column 7: invalid surrogate pair `\\ud800\"}` in string"},

		{`{"variables":{"A":1}}`, "line 1, column 19: variables.A: want a string, got a number; put it in quotes"},
		{`{"variables":{"A":null}}`, "line 1, column 19: variables.A: want a string, got null; leave it out"},
		{`{"variables":{"A":"1","A":"1"}}`, "line 1, column 23: variables.A: given twice, first on line 1; keep one"},
		{`{"staticAssets":[]}`, "line 1, column 17: staticAssets: want a map, got a list"},
		{`{"buildImage":true}`, "line 1, column 15: buildImage: want a string, got a boolean; put it in quotes"},
		{`{"edition":1.39}`, "line 1, column 12: edition: want a string, got a number; put it in quotes"},
		{`{"start":"npm start"}`, "line 1, column 10: start: want a map, got a string"},
		{`{"start":{"cmd":["a"]}}`, "line 1, column 17: start.cmd: want a string, got a list"},
		{`{"phases":[]}`, "line 1, column 11: phases: want a map, got a list"},
		{`{"phases":{"a":null}}`, "line 1, column 16: phases.a: want a map, got null; leave it out"},
		{`{"phases":{"a":{},"a":{}}}`, "line 1, column 19: phases.a: given twice, first on line 1; keep one"},
		{`{"phases":{"a":{"name":1}}}`, "line 1, column 24: phases.a.name: want a string, got a number; put it in quotes"},
		{`{"phases":{"node:a":{"nixPkgs":"x"}}}`, "line 1, column 32: phases.\"node:a\".nixPkgs: want a list of strings, got a string; put it in square brackets"},
		{`{"phases":{"a":{"cmds":["x",null]}}}`, "line 1, column 29: phases.a.cmds[1]: want a string, got null; leave it out"},
		{`{"phases":{"a":{"cmds":{}}}}`, "line 1, column 24: phases.a.cmds: want a list of strings, got a map"},
		{
			"{\"phases\":{\"a\":{\n\"nixPkgs\":null,\n\"nixPackages\":[]}}}",
			"line 3, column 1: phases.a.nixPackages: given twice, first on line 2; keep one",
		},
		{
			`{"providers":["...` + strings.Repeat(`","@auto`, 64) + `"]}`,
			`line 1, column 14: providers: 65 entries that stand for the rest, more than 64; write "..." once`,
		},
		{strings.Repeat(`[`, 1000), "line 1, column 129: nested too deeply"},
		{strings.Repeat(`{"a":`, 1000), "line 1, column 641: nested too deeply"},
	}
	for _, tt := range tests {
		p, warnings, err := plan.ParseJSON([]byte(tt.in))
		var syntax *plan.SyntaxError
		if !errors.As(err, &syntax) || err.Error() != tt.want {
			t.Errorf("ParseJSON(%.60q)\n got %v\nwant %s", tt.in, err, tt.want)
		}
		if diff := cmp.Diff(plan.Plan{}, p); diff != "" || warnings != nil {
			t.Errorf("ParseJSON(%.60q) gives %v and a plan with its error:\n%s", tt.in, warnings, diff)
		}
	}
}

func TestParseJSONWarnsOfUnknownKeys(t *testing.T) {
	const text = `{
  "$id": "https://example.org", "Phases": 1, "editions": "x",
  "phases": {"build": {"cmd": ["x"], "aptPackage": [],
    "env.path": {"cmds": 1, "cmds": 2}}},
  "start": {"command": "x", "usr": "y"},
  "` + "a_very_long_key_that_nobody_can_have_meant_to_write" + `": 0
}`
	want := []string{
		`line 2: unknown key "$id" is ignored`,
		`line 2: unknown key Phases is ignored, did you mean phases?`,
		`line 2: unknown key editions is ignored, did you mean edition?`,
		`line 3: unknown key phases.build.cmd is ignored, did you mean cmds?`,
		`line 3: unknown key phases.build.aptPackage is ignored, did you mean aptPackages?`,
		`line 4: unknown key phases.build."env.path" is ignored, did you mean envPaths?`,
		`line 5: unknown key start.command is ignored`,
		`line 5: unknown key start.usr is ignored, did you mean user?`,
		`line 6: unknown key a_very_long_key_that_nobody_can_have_meant_to_write is ignored`,
	}
	p, warnings, err := plan.ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range warnings {
		got = append(got, w.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(mustParse(t, `{"phases":{"build":{}},"start":{}}`), p); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestSyntaxErrorWithoutPlace(t *testing.T) {
	cause := errors.New("cause")
	for _, tt := range []struct {
		err  *plan.SyntaxError
		want string
	}{
		{&plan.SyntaxError{Err: cause}, "cause"},
		{&plan.SyntaxError{Line: 3, Key: "a.b", Err: cause}, "line 3: a.b: cause"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("Error() = %q, want %q", got, tt.want)
		}
		if !errors.Is(tt.err, cause) {
			t.Error("the cause is lost")
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"phases":{"a":{"commands":["x\r\n'''"],"x":[{}]}},"start":null}`))
	f.Add([]byte(`[[[[`))
	for seed := range uint64(20) {
		f.Add(randomPlan(seed).JSON())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, _, err := plan.ParseJSON(data)
		if err != nil {
			return
		}
		roundTrip(t, p)
	})
}

// roundTrip checks that both formats give the plan back, byte for byte and without warnings.
func roundTrip(t *testing.T, p plan.Plan) {
	t.Helper()
	asJSON, asTOML := p.JSON(), p.TOML()
	q, warnings, err := plan.ParseJSON(asJSON)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("parsing our own JSON: %v %v\n%s", err, warnings, asJSON)
	}
	if again := q.JSON(); !bytes.Equal(asJSON, again) {
		t.Fatalf("JSON changes:\n%s", cmp.Diff(string(asJSON), string(again)))
	}
	q, warnings, err = plan.ParseTOML(asTOML)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("parsing our own TOML: %v %v\n%s", err, warnings, asTOML)
	}
	if again := q.TOML(); !bytes.Equal(asTOML, again) {
		t.Fatalf("TOML changes:\n%s", cmp.Diff(string(asTOML), string(again)))
	}
	if again := q.JSON(); !bytes.Equal(asJSON, again) {
		t.Fatalf("TOML loses something:\n%s", cmp.Diff(string(asJSON), string(again)))
	}
}

func TestRandomPlansRoundTrip(t *testing.T) {
	for seed := range uint64(2000) {
		roundTrip(t, randomPlan(seed))
	}
}
