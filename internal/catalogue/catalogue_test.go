package catalogue

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func open(t testing.TB, opt Options) *Catalogue {
	t.Helper()
	c, err := Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tool(t testing.TB, c *Catalogue, name string) *Tool {
	t.Helper()
	x, err := c.Tool(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestAsksOfTheSources looks up what 300 lines, taken by chance from the sources of the first data, say.
func TestAsksOfTheSources(t *testing.T) {
	text, err := os.ReadFile("testdata/asks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	c, asked := open(t, Options{Date: Began}), 0
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		asked++
		x := tool(t, c, f[1])
		if f[0] == "release" {
			r, ok := x.Release(f[2], f[3])
			if !ok || r.Address != f[4] || r.Hash != f[5] {
				t.Errorf("%s %s on %s: %+v, want %s %s", f[1], f[2], f[3], r, f[4], f[5])
			}
			if !slices.Contains(x.Versions(f[3]), f[2]) {
				t.Errorf("%s %s is not among the versions on %s", f[1], f[2], f[3])
			}
			continue
		}
		if !slices.ContainsFunc(x.Packages(f[2]), func(p Package) bool { return p.Attribute == f[3] && p.Commit == f[4] && p.NAR == f[5] }) {
			t.Errorf("%s %s: no %s at %s", f[1], f[2], f[3], f[4])
		}
	}
	if asked != 300 {
		t.Errorf("%d asks", asked)
	}
}

// named finds the version in an address, where %2B is a plus.
func named(address, version string) bool {
	return regexp.MustCompile(`[^0-9.]`+regexp.QuoteMeta(version)+`(?:[^0-9.]|\.[^0-9]|$)`).MatchString(address) &&
		!strings.Contains(address, " ")
}

var machines = map[string]*regexp.Regexp{
	"linux/amd64": regexp.MustCompile(`amd64|x86_64|linux-x64`),
	"linux/arm64": regexp.MustCompile(`arm64|aarch64`),
}

// javaScript are the tools whose archives are for every machine.
var javaScript = map[string]bool{"npm": true, "pnpm": true, "yarn": true, "yarn-berry": true}

func TestTheFormOfEveryRow(t *testing.T) {
	// Upstream never built this one for arm64.
	alone := map[string]bool{"python 3.8.12": true}
	c := open(t, Options{})
	for _, name := range c.Tools() {
		x := tool(t, c, name)
		for _, l := range x.Lines() {
			for _, day := range []Day{l.Added, l.Released} {
				if !day.valid() {
					t.Errorf("%s %s: day %q", name, l.Name, day)
				}
			}
			if l.Long != "" && !l.Long.valid() || l.End != "" && !l.End.valid() || l.Added > c.Date() {
				t.Errorf("%s: %+v", name, l)
			}
		}
		for _, r := range x.releases {
			machine := machines[r.Platform]
			if javaScript[name] {
				machine = regexp.MustCompile(`^npm:`)
			}
			if machine == nil || !machine.MatchString(r.Address) || !named(r.Address, r.Version) {
				t.Errorf("%s: the address of %s on %s is %s", name, r.Version, r.Platform, r.Address)
			}
			if _, err := checkAddress(r.Address); err != nil {
				t.Errorf("%s %s: %v", name, r.Version, err)
			}
			algorithm, digits, _ := strings.Cut(r.Hash, ":")
			if b, err := hex.DecodeString(digits); err != nil || len(b) != sizes[algorithm] {
				t.Errorf("%s %s: hash %s", name, r.Version, r.Hash)
			}
			if len(x.Platforms(r.Version)) != 2 && !alone[name+" "+r.Version] {
				t.Errorf("%s %s is for %q alone", name, r.Version, x.Platforms(r.Version))
			}
			if !r.Added.valid() || r.Added > c.Date() || r.Added < Began {
				t.Errorf("%s %s was added on %q", name, r.Version, r.Added)
			}
			if with, version, ok := strings.Cut(r.With, "@"); ok {
				if _, known := tool(t, c, with).Release(version, r.Platform); !known {
					t.Errorf("%s %s has %s, which is not there", name, r.Version, r.With)
				}
			}
		}
		for _, o := range x.overlays {
			if checkURL(o.Address) != nil || !isNAR(o.NAR) || !o.Date.valid() || !o.Added.valid() || !o.Has(o.First) || !o.Has(o.Last) {
				t.Errorf("%s: %+v", name, o)
			}
		}
		for _, p := range x.packages() {
			testPackageForm(t, name, p)
		}
	}
}

func testPackageForm(t *testing.T, name string, p Package) {
	t.Helper()
	if _, err := checkCommit(p.Commit); err != nil || !p.Date.valid() || !p.Added.valid() {
		t.Errorf("%s: %+v", name, p)
	}
	if _, err := checkAttribute(p.Attribute); err != nil {
		t.Errorf("%s %s: attribute %s", name, p.Version, p.Attribute)
	}
	if p.NAR != "" && !isNAR(p.NAR) {
		t.Errorf("%s %s: %s", name, p.Version, p.NAR)
	}
	for _, path := range []string{p.AMD64, p.ARM64} {
		if _, err := checkPath(path); path != "" && err != nil {
			t.Errorf("%s %s: %s", name, p.Version, path)
		}
	}
	if p.NAR == "" && p.AMD64 == "" {
		t.Errorf("%s %s at %s has neither a hash nor a path", name, p.Version, p.Commit)
	}
}

func isNAR(text string) bool {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "sha256-"))
	return err == nil && len(b) == 32 && strings.HasPrefix(text, "sha256-")
}

func TestArchives(t *testing.T) {
	list, err := open(t, Options{}).Archives()
	if err != nil {
		t.Fatal(err)
	}
	want := Archive{Commit: "e5bdc4a41d4c072fe1e3787eaa0320a384741d44", Added: Began, Date: "2026-08-16",
		NAR: "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs=", Branch: "nixos-unstable"}
	if !slices.Contains(list, want) {
		t.Errorf("no %+v", want)
	}
	for i, a := range list {
		if !isNAR(a.NAR) || i > 0 && a.Date > list[i-1].Date {
			t.Errorf("%+v", a)
		}
	}
}

// TestTheTextsAreWhatIsEmbedded keeps what people review equal to what the program reads.
func TestTheTextsAreWhatIsEmbedded(t *testing.T) {
	texts, err := filepath.Glob("data/*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.Glob(data, "data/*.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) != len(entries) || len(texts) < 40 {
		t.Errorf("%d texts, %d embedded", len(texts), len(entries))
	}
	size := 0
	for _, name := range texts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := data.Open(filepath.ToSlash(name) + ".gz")
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		size += int(info.Size())
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || string(got) != string(text) {
			t.Errorf("%s.gz is not of %[1]s: run go run ./internal/catalogue/refresh -pack (%v)", name, err)
		}
	}
	if size > 2<<20 {
		t.Errorf("%d bytes are embedded", size)
	}
	t.Logf("%d bytes are embedded", size)
}

func TestUpstreamsOwnRowsAloneSayWhichVersionsThereAre(t *testing.T) {
	c := open(t, Options{Date: Began})
	node := tool(t, c, "node")
	// nixpkgs has 26.10.0 on 2026-09-28; upstream's index was read before.
	if len(node.Packages("26.10.0")) == 0 || slices.Contains(node.Versions("linux/amd64"), "26.10.0") {
		t.Error("a version of nixpkgs counts for Node")
	}
	for _, name := range []string{"java", "ruby", "php"} {
		if len(tool(t, c, name).Versions("linux/arm64")) == 0 {
			t.Errorf("no version of %s", name)
		}
	}
}

func TestVersionsAreSortedAndSingle(t *testing.T) {
	c := open(t, Options{Date: Began})
	for _, name := range c.Tools() {
		list := tool(t, c, name).Versions("linux/amd64")
		if len(list) == 0 {
			t.Errorf("no version of %s", name)
		}
		if sorted := slices.Compact(slices.Clone(list)); len(sorted) != len(list) {
			t.Errorf("%s: %d versions, %d of them different", name, len(list), len(sorted))
		}
	}
	if got := tool(t, c, "go").Versions("linux/amd64")[:3]; !cmp.Equal(got, []string{"1.27.0", "1.26.7", "1.26.6"}) {
		t.Errorf("Go: %q", got)
	}
}

func TestLines(t *testing.T) {
	c := open(t, Options{Date: Began})
	for _, want := range []struct {
		tool, version, line string
		end                 Day
	}{
		{"node", "22.14.0", "22", "2027-04-30"}, {"node", "2.0.0", "2", ""}, {"node", "99.1.0", "99", ""},
		{"go", "1.22.3", "1.22", "2025-02-11"}, {"go", "1.99.1", "1.99", ""}, {"python", "3.15.0rc1", "3.15", ""},
		{"java", "8u504-b01", "8", "2030-12-31"}, {"java", "17+35", "17", "2027-10-31"}, {"dotnet", "8.0.425", "8", "2026-11-10"},
		{"pnpm", "10.34.5", "10", ""}, {"uv", "0.12.17", "0.12", ""}, {"ruby", "3.4.9", "3.4", "2028-03-31"},
	} {
		if got := tool(t, c, want.tool).Line(want.version); got.Name != want.line || got.End != want.end {
			t.Errorf("%s %s: %+v, want %s until %s", want.tool, want.version, got, want.line, want.end)
		}
	}
}

func TestPackagesBeforeTheEndComeFirst(t *testing.T) {
	c := open(t, Options{Date: Began})
	for _, name := range c.Tools() {
		x := tool(t, c, name)
		for _, p := range x.packages() {
			end := x.Line(p.Version).End
			if list := x.Packages(p.Version); end != "" && list[0].Date >= end && p.Date < end {
				t.Errorf("%s %s: %s of %s is first, which refuses it", name, p.Version, list[0].Commit, list[0].Date)
			}
		}
	}
}

func TestNames(t *testing.T) {
	c := open(t, Options{})
	for alias, want := range map[string]string{"nodejs": "node", "golang": "go", "jdk": "java", "rust": "rust", "dotnet": "dotnet", "dotnet-sdk": "dotnet"} {
		if got := tool(t, c, alias); got.Name != want {
			t.Errorf("%s is %s", alias, got.Name)
		}
	}
	for name, want := range map[string]string{
		"nodee": `unknown tool "nodee": did you mean node?`, "pyhton": `unknown tool "pyhton": did you mean python?`,
		"postgre": `unknown tool "postgre": did you mean postgresql?`, "cobol-85": `unknown tool "cobol-85"`,
		strings.Repeat("x", 1<<20): `unknown tool "` + strings.Repeat("x", 40) + `"`,
	} {
		_, err := c.Tool(name)
		if unknown := (*UnknownError)(nil); !errors.As(err, &unknown) || err.Error() != want {
			t.Errorf("%.50s: %v", name, err)
		}
	}
	for alias, name := range aliases {
		if slices.Contains(c.Tools(), alias) || !slices.Contains(c.Tools(), name) {
			t.Errorf("alias %s of %s", alias, name)
		}
	}
}

func TestDates(t *testing.T) {
	newest, err := own.date()
	if err != nil {
		t.Fatal(err)
	}
	if !newest.valid() || newest < Began {
		t.Fatalf("the date is %q", newest)
	}
	if got := open(t, Options{Date: Began}).Date(); got != Began {
		t.Errorf("pinned to %s", got)
	}
	for date, want := range map[Day]string{
		"2026-11-27": "reading catalogue date 2026-11-27: the catalogue begins on 2026-11-28",
		"2999-01-01": "reading catalogue date 2999-01-01: this program's catalogue is of " + string(newest) + "; use a newer program or that date",
		"yesterday":  `reading catalogue date "yesterday": it is not a day such as ` + string(newest),
		"2026-02-30": `reading catalogue date "2026-02-30": it is not a day such as ` + string(newest),
	} {
		if _, err := Open(Options{Date: date}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", date, err)
		}
	}
}

func rowsTool(name string, r Rows) *Tool {
	return newTool(name, r, nil, func() []Package { return r.Packages })
}

// compareTools compares all that tools hold.
var compareTools = cmp.Comparer(func(a, b *Tool) bool {
	return a.Name == b.Name && a.own == b.own && cmp.Equal(a.lines, b.lines) && cmp.Equal(a.releases, b.releases) && cmp.Equal(a.overlays, b.overlays) && cmp.Equal(a.packages(), b.packages())
})

// TestAPinForgetsWhatWasAddedLater adds a row of each kind to every tool, as a refresh does.
func TestAPinForgetsWhatWasAddedLater(t *testing.T) {
	c := open(t, Options{})
	later := Day("9999-03-01")
	for _, name := range c.Tools() {
		old, err := own.rows(name)
		if err != nil {
			t.Fatal(err)
		}
		grown := Rows{Lines: slices.Clone(old.Lines), Releases: slices.Clone(old.Releases), Overlays: slices.Clone(old.Overlays), Packages: slices.Clone(old.Packages)}
		for _, l := range old.Lines {
			l.Added, l.End = later, "2026-01-01"
			grown.Lines = append(grown.Lines, l)
		}
		for _, r := range old.Releases {
			r.Added, r.Hash = later, "sha256:"+strings.Repeat("0", 64)
			grown.Releases = append(grown.Releases, r)
			r.Version = "9" + r.Version
			grown.Releases = append(grown.Releases, r)
		}
		for _, o := range old.Overlays {
			o.Added, o.Last = later, "9"+o.Last
			grown.Overlays = append(grown.Overlays, o)
		}
		for _, p := range old.Packages {
			p.Added, p.Version = later, "9"+p.Version
			grown.Packages = append(grown.Packages, p)
		}
		before, after := rowsTool(name, old.until(c.Date())), rowsTool(name, grown.until(c.Date()))
		if diff := cmp.Diff(before, after, compareTools); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if unpinned := rowsTool(name, grown); cmp.Equal(unpinned, before, compareTools) {
			t.Errorf("%s: nothing was added", name)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	for _, name := range []string{"node", "go", "python", "dotnet", "ruby"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c := open(b, Options{})
				x := tool(b, c, name)
				versions := x.Versions("linux/amd64")
				x.Release(versions[0], "linux/amd64")
			}
		})
	}
}

// TestTextsAreWrittenAsTheyAreRead lets a refresh change no line but those it means.
func TestTextsAreWrittenAsTheyAreRead(t *testing.T) {
	texts, err := filepath.Glob("data/*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range texts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseRows(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), r.Text()); diff != "" {
			t.Errorf("%s: %.2000s", name, diff)
		}
	}
	for text, want := range map[string]string{
		"line\t1\n":    `reading x:1: "line\t1\n" is no row`,
		"what\t1\t2\n": `reading x:1: "what\t1\t2\n" is no row`,
		"\n":           `reading x:1: "\n" is no row`,
		"line" + strings.Repeat("\t-", 6) + "\nline" + strings.Repeat("\t-", 12) + "\n": `reading x:2: "line\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n" is no row`,
	} {
		if _, err := ParseRows("x", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOverlays(t *testing.T) {
	o, ok := tool(t, open(t, Options{Date: Began}), "rust").Overlay()
	want := Overlay{Last: "1.98.0", Added: Began, Address: "https://github.com/oxalica/rust-overlay/archive/fd2ebb9cc4323d0c5a1336138dab5c3c5a5d8bd9.tar.gz",
		Date: "2026-08-22", NAR: "sha256-YT4Fs2k7bi+7YzuLt93EtIRgjpwHK5ZfsQEIh5dEQSk=", First: "1.29.0"}
	if diff := cmp.Diff(want, o); diff != "" || !ok {
		t.Errorf("%t %s", ok, diff)
	}
	for version, has := range map[string]bool{"1.29.0": true, "1.28.9": false, "1.98.0": true, "1.98": true, "1.98.1": false, "1.99": false, "1.64.0": true} {
		if o.Has(version) != has {
			t.Errorf("%s: %t", version, !has)
		}
	}
	if o, ok := tool(t, open(t, Options{}), "zig").Overlay(); ok {
		t.Errorf("zig has %+v", o)
	}
	both := rowsTool("rust", Rows{Overlays: []Overlay{{Last: "1.99.0", Added: Began}, {Last: "1.98.0", Added: "2027-01-01"}}})
	if o, _ := both.Overlay(); o.Last != "1.99.0" {
		t.Errorf("of two the overlay with %s is taken", o.Last)
	}
}
