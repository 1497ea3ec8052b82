package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	got, err := Read("testdata")
	if err != nil {
		t.Fatal(err)
	}
	want := []Example{
		{Name: "greets", Dir: "testdata/greets", Cases: []Case{
			{
				Output: Texts{"greetings", `from "//here"`},
				Env:    map[string]string{"PLACE": `"//here"`, "RAILPACK_PACKAGES": "jq", "RAILPACK_NODE_VERSION": "22"},
			},
			{Output: Texts{"greetings"}, Platform: "linux/s390x"},
			{Config: "railpack.other.json", Fails: true},
		}},
		{Name: "waits", Dir: "testdata/waits", Start: "node serve.js", Services: map[string]string{"db": "postgres"}, Cases: []Case{
			{HTTP: &HTTP{Port: 8080, Path: "/missing", Status: 404}, Stderr: true},
			{HTTP: &HTTP{Port: 8080, Body: Texts{"a page"}}, Env: map[string]string{"DATABASE_URL": "postgres://db"}, SkipArch: []string{"arm64"}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatACaseMeans(t *testing.T) {
	list, err := Read("testdata")
	if err != nil {
		t.Fatal(err)
	}
	greets, waits := list[0], list[1]
	for _, tt := range []struct {
		example    Example
		number     int
		skip       string
		build, run []string
	}{
		{greets, 0, "", []string{"NIXPACKS_NODE_VERSION=22", "NIXPACKS_PKGS=jq"}, []string{`PLACE="//here"`}},
		{greets, 1, "it is for another platform", nil, nil},
		{greets, 2, "it is about a configuration of Railpack", nil, nil},
		{waits, 0, "", nil, []string{"PORT=8080"}},
		{waits, 1, "it needs the service db of its docker-compose.yml", nil, []string{"DATABASE_URL=postgres://db", "PORT=8080"}},
	} {
		c := tt.example.Cases[tt.number]
		got := []any{tt.example.Skip(c, "amd64"), c.Build(), c.Run()}
		if diff := cmp.Diff([]any{tt.skip, tt.build, tt.run}, got); diff != "" {
			t.Errorf("%s, case %d (-want +got):\n%s", tt.example.Name, tt.number, diff)
		}
	}
	if why := waits.Skip(waits.Cases[1], "amd64", "postgres"); why != "" {
		t.Errorf("with the service: %s", why)
	}
	moved, err := waits.Cases[1].At(map[string]string{"db": "postgresql://ada:secret@127.0.0.1:5433/app"})
	if want := []string{"DATABASE_URL=postgres://ada:secret@127.0.0.1:5433/app", "PORT=8080"}; err != nil || !cmp.Equal(moved.Run(), want) {
		t.Errorf("with the address of the service: %q, %v, want %q", moved.Run(), err, want)
	}
	for _, tt := range []struct {
		c    Case
		port int
		run  []string
	}{
		{Case{}, 0, nil},
		{Case{HTTP: &HTTP{Port: 80}}, 0, nil},
		{Case{HTTP: &HTTP{Port: 80}, Env: map[string]string{"PORT": "80"}}, 80, []string{"PORT=80"}},
		{Case{HTTP: &HTTP{Port: 1024}}, 1024, []string{"PORT=1024"}},
	} {
		if got := tt.c.Port(); got != tt.port || !cmp.Equal(tt.c.Run(), tt.run) {
			t.Errorf("%+v: port %d, variables %q", tt.c, got, tt.c.Run())
		}
	}
	own := Case{Output: Texts{"starting server loop"}, Env: map[string]string{"A": "b"}}
	if got, ok := own.AnyServer(); !ok || !cmp.Equal(got, Case{HTTP: &HTTP{Port: 80}, Env: own.Env}) {
		t.Errorf("a line of Railpack's server becomes %+v", got)
	}
	for _, c := range []Case{greets.Cases[0], waits.Cases[0]} {
		if got, ok := c.AnyServer(); ok || !cmp.Equal(got, c) {
			t.Errorf("%+v becomes %+v", c, got)
		}
	}
	if got := (Texts{"a", "b", "c"}).Missing("b"); !cmp.Equal(got, []string{"a", "c"}) {
		t.Errorf("missing %q", got)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[{"expectedOutput": "a", "more": 1}]`:                        `unknown field "more"`,
		`[{"envs": {}}]`:                                              "case 0 expects nothing",
		`[{"httpCheck": {"path": "/"}}]`:                              "case 0 needs internalPort",
		`[{"httpCheck": {"internalPort": 1}, "expectedOutput": "a"}]`: "case 0 needs internalPort, and no expectedOutput",
		`[{"expectedOutput": "a`:                                      "unexpected EOF",
		`[{"expectedOutput": 1}]`:                                     "cannot unmarshal number",
		"[\"a\" /* without an end":                                    "unexpected EOF",
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "app"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "app", expectations), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := Read("testdata/greets"); err == nil || !strings.Contains(err.Error(), "no folder in it has a test.json") {
		t.Error(err)
	}
}
