package planner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
)

const (
	someCommit = "0123456789abcdef0123456789abcdef01234567"
	someHash   = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// rubyRow is a row of a version that nobody else knows.
func rubyRow(header, version string) string {
	return header + "\ntool = \"ruby\"\nversion = \"" + version + "\"\nattribute = \"ruby_3_4\"\ncommit = \"" + someCommit + "\"\ndate = 2026-08-16\n" +
		"nar = \"sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs=\"\n"
}

const asksForRuby = "[phases.setup]\nnixPkgs = [\"ruby@3.4.99\"]\n"

func TestAConfigurationMayBringRowsOfTheCatalogue(t *testing.T) {
	for _, g := range []given{
		{files: map[string]string{"start.sh": "", "nixpacks.toml": asksForRuby + rubyRow("[[catalogue.package]]", "3.4.99")}},
		{files: map[string]string{"start.sh": "", "nixpacks.json": `{"phases": {"setup": {"nixPkgs": ["ruby@3.4.99"]}}, "catalogue": {"package": [{"tool": "ruby", "version": "3.4.99",
			"attribute": "ruby_3_4", "commit": "` + someCommit + `", "nar": "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="}]}}`}},
		// Of the only sub-directory, the configuration above holds too.
		{files: map[string]string{"nixpacks.toml": rubyRow("[[catalogue.package]]", "3.4.99"), "app/start.sh": "", "app/nixpacks.toml": asksForRuby}},
	} {
		result, err := wishing(t, g)
		if err != nil {
			t.Error(err)
			continue
		}
		setup := result.Plan.Phases["setup"]
		if setup.NixpkgsArchive == nil || !strings.HasPrefix(*setup.NixpkgsArchive, someCommit+"#") || !slices.Equal(setup.NixPkgs, []string{"ruby_3_4"}) {
			t.Errorf("%v: %+v", g.files, setup)
		}
	}
}

// An option's row replaces the same row of a configuration.
func TestOptionsGoBeforeTheConfigurationsCatalogue(t *testing.T) {
	const other = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	row := rubyRow("[[package]]", "3.4.99")
	file, err := catalogue.ParseFile("options.toml", []byte(row[:strings.Index(row, "nar = ")]+"nar = \""+other+"\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := catalogue.Open(catalogue.Options{Files: []*catalogue.File{file}})
	if err != nil {
		t.Fatal(err)
	}
	in := given{files: map[string]string{"start.sh": "", "nixpacks.toml": asksForRuby + rubyRow("[[catalogue.package]]", "3.4.99")}}.input(t)
	in.Providers, in.Catalogue = nil, all
	result, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := *result.Plan.Phases["setup"].NixpkgsArchive; got != someCommit+"#"+other {
		t.Errorf("the archive is %s", got)
	}
}

func TestAConfigurationMayBeStrict(t *testing.T) {
	g := func(strict string) given {
		return given{files: map[string]string{"start.sh": "", "nixpacks.toml": strict + "\n[phases.setup]\nnixPkgs = ['ruby@3.4.0']\n"}}
	}
	result, err := wishing(t, g("strict-versions = false"))
	if err != nil || !slices.ContainsFunc(result.Warnings, func(w string) bool { return strings.HasPrefix(w, "ruby 3.4.0 was asked for and ") }) {
		t.Errorf("%v, %q", err, result.Warnings)
	}
	if _, err = wishing(t, g("strict-versions = true")); err == nil || !strings.Contains(err.Error(), "3.4.0 cannot be had") {
		t.Error(err)
	}
}

func TestFaultsOfSettings(t *testing.T) {
	for _, tt := range []struct{ name, toml, want string }{
		{"a date that is none", "catalogue-date = 'soon'", `nixpacks.toml:1: catalogue-date: reading catalogue date "soon": it is not a day such as `},
		{"a date before the first", "catalogue-date = 2020-01-01", `nixpacks.toml:1: catalogue-date: reading catalogue date 2020-01-01: the catalogue begins on 2026-11-28`},
		{"a date to come", "catalogue-date = '2999-01-01'", `nixpacks.toml:1: catalogue-date: reading catalogue date 2999-01-01: this program's catalogue is of `},
		{"a number", "catalogue-date = 2026", `nixpacks.toml:1: catalogue-date: want a string, got a number`},
		{"words", "strict-versions = 'yes'", `nixpacks.toml:1: strict-versions: want a boolean, got a string`},
		{"no tables", "catalogue = 'x'", `nixpacks.toml:1: catalogue: want a map, got a string`},
		{"no list", "[catalogue]\nrelease = 'x'", `nixpacks.toml:2: catalogue.release: want a list of tables, got a string`},
		{"no list but a table", "[catalogue.release]\ntool = 'x'", `nixpacks.toml:1: catalogue.release: want a list of tables, got a map`},
		{"another kind", "[[catalogue.lock]]\n", `nixpacks.toml:1: catalogue: unknown table "lock": there are `},
		{"another key", "[[catalogue.release]]\ntool = 'node'\nsum = 'x'", `nixpacks.toml:3: catalogue: unknown key "sum" of a release`},
		{"a number in a row", "[[catalogue.release]]\nversion = 1", `nixpacks.toml:2: catalogue.release.version: want a string, got a number`},
		{"no tool", "[[catalogue.release]]\nversion = '1.0.0'", `nixpacks.toml:1: catalogue: a release has no tool`},
		{"a tool that is a path", "[[catalogue.release]]\ntool = '../../etc'", `nixpacks.toml:2: catalogue: tool "../../etc": it is not a tool's name`},
		{"another scheme", "[[catalogue.release]]\naddress = 'file:///etc/passwd'", `nixpacks.toml:2: catalogue: address "file:///etc/passwd": it is not a URL of http or https`},
		{"a login", "[[catalogue.release]]\naddress = 'https://me:word@h.example/a'", `nixpacks.toml:2: catalogue: address "https://me:word@h.example/a": it is not a URL`},
		{"a short hash", "[[catalogue.release]]\nhash = 'sha256:00'", `nixpacks.toml:2: catalogue: hash "sha256:00": it is no hash`},
		{"a weak hash", "[[catalogue.release]]\nhash = 'md5:" + strings.Repeat("0", 32) + "'", `it is no hash`},
		{"code in a URL", "[[catalogue.release]]\naddress = 'https://h.example/$(id)'", ""},
		{"twice", rubyRow("[[catalogue.package]]", "3.4.99") + rubyRow("[[catalogue.package]]", "3.4.99"), `nixpacks.toml:8: catalogue: this package is given twice`},
		{"a value without end", "[[catalogue.release]]\ntool = '" + strings.Repeat("a", 1<<20) + "'", `nixpacks.toml:2: catalogue: "tool" has more than 2048 bytes`},
		{"too many rows", strings.Repeat("[[catalogue.line]]\n", 1001), `nixpacks.toml:1001: catalogue.line: a configuration has at most 1000 tables of a catalogue`},
	} {
		_, err := wishing(t, given{files: map[string]string{"package.json": "{}", "nixpacks.toml": tt.toml}})
		wrong, ok := errors.AsType[*config.Error](err)
		if !ok || wrong.ExitStatus() != 2 || !strings.HasPrefix(err.Error(), tt.want) && !strings.Contains(err.Error(), "it is no hash") || len(err.Error()) > 600 {
			t.Errorf("%s: %.700v", tt.name, err)
		}
	}
}

// What Nixpacks does not know stays unknown to its edition, and so do mistakes in it. No other file than a configuration has settings.
func TestSettingsThatDoNotCount(t *testing.T) {
	toml := "catalogue-date = 7\nstrict-versions = 'x'\n[[catalogue.release]]\n"
	result, err := wishing(t, given{edition: "1.39", files: map[string]string{"package.json": "{}", "nixpacks.toml": toml}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nixpacks.toml:1: unknown key catalogue-date is ignored", "nixpacks.toml:2: unknown key strict-versions is ignored", "nixpacks.toml:3: unknown key catalogue is ignored"} {
		if !slices.Contains(result.Warnings, want) {
			t.Errorf("there is no %q in %q", want, result.Warnings)
		}
	}
	result, err = wishing(t, given{json: `{"catalogue-date": "2026-11-28"}`, files: map[string]string{"package.json": "{}"}})
	if err != nil || !slices.Contains(result.Warnings, "--json-plan:1: unknown key catalogue-date is ignored") {
		t.Errorf("%v, %q", err, result.Warnings)
	}
}

func TestDownloadsThatOnlyTheAppKnows(t *testing.T) {
	all, err := catalogue.Open(catalogue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	node, err := all.Tool("node")
	if err != nil {
		t.Fatal(err)
	}
	row, _ := node.Release("22.14.0", "linux/amd64")
	release := func(version, address, hash string) string {
		return fmt.Sprintf("[phases.setup]\nreleases = ['node@%s linux/amd64 %s %s']\n", version, address, hash)
	}
	for _, tt := range []struct {
		name, toml string
		want       []Download
	}{
		{"the catalogue's", release("22.14.0", row.Address, row.Hash), nil},
		{"another host", release("22.14.0", "https://evil.example/node.tar.gz", row.Hash), []Download{{"node", "https://evil.example/node.tar.gz", "nixpacks.toml"}}},
		{"another file", release("22.14.0", row.Address, someHash), []Download{{"node", row.Address, "nixpacks.toml"}}},
		{"another version", release("99.0.0", row.Address, row.Hash), []Download{{"node", row.Address, "nixpacks.toml"}}},
	} {
		result, err := wishing(t, given{files: map[string]string{"start.sh": "", "nixpacks.toml": tt.toml}})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, result.Downloads); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
