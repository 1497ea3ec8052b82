package catalogue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/ranges"
)

// asOf is the embedded catalogue with another today, to see its rules at work.
func asOf(t *testing.T, day Day) *Catalogue {
	t.Helper()
	c := open(t, Options{Date: Began})
	for _, name := range c.Tools() {
		tool(t, c, name) // as of its own date
	}
	c.date = day
	return c
}

func choose(t *testing.T, c *Catalogue, text, platform string, strict bool) (Choice, error) {
	t.Helper()
	x, r, err := c.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Choose(x.Name, Ask{Range: r, Platform: platform, Strict: strict})
}

// TestTheDocumentationSaysWhatIsGiven compares the table of .github/docs/versions.md.
func TestTheDocumentationSaysWhatIsGiven(t *testing.T) {
	text, err := os.ReadFile("../../.github/docs/versions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "| tool | version | why |\n| --- | --- | --- |\n")
	if !ok {
		t.Fatal("no table")
	}
	c, n := asOf(t, Began), 0
	for line := range strings.Lines(table) {
		f := strings.Split(line, " | ")
		if len(f) < 3 {
			break
		}
		n++
		name := strings.TrimPrefix(f[0], "| ")
		got, err := choose(t, c, name, "linux/amd64", true)
		if (err != nil) != (f[1] == "none") || err == nil && got.Version != f[1] {
			t.Errorf("%s is %s, %v; documented is %s", name, got.Version, err, f[1])
		}
	}
	if n < 17 {
		t.Errorf("%d rows", n)
	}
}

// TestNothingAsked is what each tool gives on the first day of the catalogue.
func TestNothingAsked(t *testing.T) {
	c := asOf(t, Began)
	for name, want := range map[string]string{
		"node": "26.7.0", "go": "1.26.7", "python": "3.14.7", "dotnet": "10.0.302", "aspnetcore-runtime": "10.0.10", "java": "25.0.4.1+1", "ruby": "4.0.7",
		"php": "8.5.11", "elixir": "1.19.6", "erlang": "28.5.0.7", "rust": "1.98.1", "bun": "1.4.5", "deno": "2.9.6", "npm": "12.2.2", "yarn": "1.22.22", "gradle": "9.7.1", "maven": "3.9.12", "zig": "0.15.2",
		"pnpm": "11.28.11", "postgresql": "18.6",
	} {
		for _, platform := range []string{"linux/amd64", "linux/arm64"} {
			got, err := choose(t, c, name, platform, true)
			if err != nil || got.Version != want || len(got.Warnings) > 0 {
				t.Errorf("%s on %s: %s %q, %v; want %s", name, platform, got.Version, got.Warnings, err, want)
			}
		}
	}
	// Nothing living is known of these.
	for _, name := range []string{"kotlin", "cargo"} {
		_, err := choose(t, c, name, "linux/amd64", false)
		if want := "choosing " + name + ": nothing can be had for linux/amd64: the lines that the catalogue knows have ended"; err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRangesTakeTheLineThatIsAdvised(t *testing.T) {
	for _, c := range []struct {
		day       Day
		ask, want string
	}{
		{"2026-11-28", "node@>=18", "26.7.0"},
		{"2026-11-28", "node@^20.19.0 || >=22.12.0", "26.7.0"},
		{"2026-11-28", "node@>=20 <26", "24.19.0"},
		{"2026-10-27", "node@>=18", "24.19.0"}, // 26 gets long support a day later
		{"2026-10-28", "node@>=18", "26.7.0"},
		{"2026-11-28", "node@latest", "26.7.0"},
		{"2026-06-15", "node@latest", "26.7.0"},
		{"2026-06-15", "node@lts", "24.19.0"},
		{"2026-11-28", "node@lts/-1", "24.19.0"},
		{"2026-11-28", "node@lts/krypton", "24.19.0"},
		{"2026-11-28", "node@22.14.0", "22.14.0"},
		{"2026-11-28", "node@v22.14", "22.14.0"},
		{"2026-11-28", "node@22.x", "22.23.2"},
		{"2026-06-15", "node@>=26", "26.7.0"}, // neither old nor long supported, but nothing else is allowed
		{"2026-05-31", "node@25 || 26", "25.9.0"},
		{"2026-11-28", "go@>=1.22", "1.26.7"},
		{"2027-03-01", "go@>=1.22", "1.27.0"},
		{"2026-11-28", "go@1.27", "1.27.0"},
		{"2026-11-28", "python@>=3.9,<3.13", "3.12.14"},
		{"2026-11-28", "python@~=3.11", "3.14.7"},
		{"2026-11-28", "java@>=11 <24", "21.0.12.1+1"},
		{"2026-11-28", "java@17.0.20+8", "17.0.20+8"},
		{"2026-11-28", "dotnet@10.0.100", "10.0.100"},
		{"2026-11-28", "ruby@~> 3.3", "3.4.9"},
		{"2026-11-28", "php@>=7.4 <8.3", "8.2.34"},
		{"2026-11-28", "elixir@~> 1.14", "1.19.6"},
	} {
		got, err := choose(t, asOf(t, c.day), c.ask, "linux/amd64", true)
		if err != nil || got.Version != c.want || len(got.Warnings) > 0 {
			t.Errorf("%s on %s: %s %q, %v; want %s", c.ask, c.day, got.Version, got.Warnings, err, c.want)
		}
	}
}

func TestRollForward(t *testing.T) {
	c := asOf(t, Began)
	for _, x := range []struct{ version, policy, want string }{
		{"10.0.100", "", "10.0.110"}, {"10.0.100", "patch", "10.0.100"}, {"10.0.100", "feature", "10.0.110"}, {"10.0.120", "feature", "10.0.204"},
		{"10.0.100", "latestFeature", "10.0.302"}, {"10.0.100", "latestMajor", "10.0.302"}, {"6.0.100", "latestMajor", "10.0.302"}, {"10.0.302", "disable", "10.0.302"},
	} {
		r, err := ranges.DotNet(x.version, x.policy)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Choose("dotnet", Ask{Range: r, Platform: "linux/amd64"})
		if err != nil || got.Version != x.want {
			t.Errorf("%s %s: %s, %v; want %s", x.version, x.policy, got.Version, err, x.want)
		}
	}
}

func TestWhatIsWarnedOf(t *testing.T) {
	c := asOf(t, Began)
	for _, x := range []struct{ ask, version, warning string }{
		{"node@18", "18.20.8", "node 18 ended on 2025-04-30 and gets no fixes; the newest that is advised is 26.7.0"},
		{"node@<20", "18.20.8", "node 18 ended on 2025-04-30 and gets no fixes; the newest that is advised is 26.7.0"},
		{"node@lts/iron", "20.20.2", "node 20 ended on 2026-04-30 and gets no fixes; the newest that is advised is 26.7.0"},
		{"dotnet@8", "8.0.423", "dotnet 8 ended on 2026-11-10 and gets no fixes; the newest that is advised is 10.0.302"},
		{"python@3.11.2", "3.11.16", "python 3.11.2 was asked for and 3.11.16 is given: the catalogue of 2026-11-28 lacks that version, and this one is newer in the same line"},
		{"python@==3.11.2", "3.11.16", "python 3.11.2 was asked for and 3.11.16 is given: the catalogue of 2026-11-28 lacks that version, and this one is newer in the same line"},
	} {
		got, err := choose(t, c, x.ask, "linux/amd64", false)
		if err != nil || got.Version != x.version || !cmp.Equal(got.Warnings, []string{x.warning}) {
			t.Errorf("%s: %s %q, %v", x.ask, got.Version, got.Warnings, err)
		}
	}
}

func TestBounds(t *testing.T) {
	c := asOf(t, Began)
	bound := func(from, text string) Bound {
		r, err := ranges.NPM(text)
		if err != nil {
			t.Fatal(err)
		}
		return Bound{From: from, Range: r}
	}
	asked := func(from, text string) Bound {
		b := bound(from, text)
		b.Asked = true
		return b
	}
	node := tool(t, c, "node")
	for _, x := range []struct {
		ask, want string
		bounds    []Bound
		warnings  []string
	}{
		{"", "24.19.0", []Bound{bound("the lockfile", "<26")}, nil},
		{"", "24.19.0", []Bound{bound("vite", "^20.19.0 || >=22.12.0"), bound("the lockfile", "<26")}, nil},
		{">=20", "26.7.0", []Bound{bound("next", ">=20.9.0")}, nil},
		{"20", "20.20.2", []Bound{bound("engines of package.json", ">=22")}, []string{
			"node 20 ended on 2026-04-30 and gets no fixes; the newest that is advised is 26.7.0",
			"engines of package.json asks for node >=22, which 20.20.2 is not"}},
		{"22.14.0", "22.14.0", []Bound{bound("vite", ">=22.15")}, []string{"vite asks for node >=22.15, which 22.14.0 is not"}},
		{"", "26.7.0", []Bound{bound("an old package", "<20")}, []string{"an old package asks for node <20, which 26.7.0 is not"}},
		{"<20", "16.20.2", []Bound{bound("an old package", "<18")}, []string{
			"node 16 ended on 2023-09-11 and gets no fixes; the newest that is advised is 26.7.0"}},
		{"", "22.23.2", []Bound{bound("a", "<24"), bound("b", ">=24")}, []string{"b asks for node >=24, which 22.23.2 is not"}},
		{">=20", "20.20.2", []Bound{asked("mise.toml", "20")}, []string{
			"node 20 ended on 2026-04-30 and gets no fixes; the newest that is advised is 26.7.0"}},
		{">=20", "20.11.1", []Bound{asked("mise.toml", "20.11.1"), bound("vite", ">=22")}, []string{
			"node 20 ended on 2026-04-30 and gets no fixes; the newest that is advised is 26.7.0", "vite asks for node >=22, which 20.11.1 is not"}},
		{">=22", "26.7.0", []Bound{asked("mise.toml", "20")}, []string{"mise.toml asks for node 20, which 26.7.0 is not"}},
	} {
		r, err := node.Range(x.ask)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Choose("node", Ask{Range: r, Bounds: x.bounds, Platform: "linux/amd64"})
		if err != nil || got.Version != x.want || !cmp.Equal(got.Warnings, x.warnings) {
			t.Errorf("%q: %s %q, %v", x.ask, got.Version, got.Warnings, err)
		}
	}
}

// Bun's own rows are packages of npm, and nobody has said which registry.
func TestOnlyWhatCanBeInstalled(t *testing.T) {
	const own = `
[registries]
npm = "https://packages.example"
`
	file, err := ParseFile("c.toml", []byte(own))
	if err != nil {
		t.Fatal(err)
	}
	registry, err := Open(Options{Date: Began, Files: []*File{file}})
	if err != nil {
		t.Fatal(err)
	}
	without := asOf(t, Began)
	for _, x := range []struct {
		c           *Catalogue
		tool, asked string
		want        string
	}{
		{without, "node", "24.17.0", "24.17.0"}, {without, "node", "", "26.7.0"}, {without, "go", "1.26.3", "1.26.3"},
		{without, "bun", "", "1.4.2"}, {without, "bun", "1.4.5", ""}, {registry, "bun", "", "1.4.5"}, {registry, "bun", "1.4.5", "1.4.5"},
		{without, "ruby", "3.4.9", "3.4.9"},
	} {
		r, err := tool(t, x.c, x.tool).Range(x.asked)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.c.Choose(x.tool, Ask{Range: r, Platform: "linux/amd64", Installable: true})
		if (err != nil) != (x.want == "") || got.Version != x.want || len(got.Warnings) > 0 {
			t.Errorf("%s %q: %s %q, %v; want %s", x.tool, x.asked, got.Version, got.Warnings, err, x.want)
		}
	}
}

func TestWhatCannotBeHad(t *testing.T) {
	c := asOf(t, Began)
	for _, x := range []struct {
		ask, platform string
		strict        bool
		want          string
	}{
		{"node@20.99.0", "linux/amd64", false, "choosing node: 20.99.0 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 21.0.0, 20.20.2, 26.7.0, 24.19.0, 22.23.2"},
		{"node@99", "linux/amd64", false, "choosing node: 99 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"node@>=20 <19", "linux/amd64", false, "choosing node: >=20 <19 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"go@1.22.99", "linux/amd64", false, "choosing go: 1.22.99 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 1.23.0, 1.22.12, 1.27.0, 1.26.7"},
		{"python@3.11.2", "linux/amd64", true, "choosing python: 3.11.2 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 3.11.3, 3.11.1, 3.14.7, 3.13.15, 3.12.14, 3.11.16"},
		{"python@3.8.12", "linux/arm64", false, "choosing python: 3.8.12 cannot be had for linux/arm64: it is there for linux/amd64 alone; the catalogue of 2026-11-28 has 3.8.13, 3.14.7, 3.13.15, 3.12.14, 3.11.16"},
		{"python@3.15.0rc2", "linux/amd64", false, "choosing python: 3.15.0rc2 cannot be had for linux/amd64; the catalogue of 2026-11-28 has 3.14.7, 3.13.15, 3.12.14, 3.11.16"},
		{"node", "linux/s390x", false, "choosing node: nothing can be had for linux/s390x: there is nothing for linux/s390x; the catalogue of 2026-11-28 has it for linux/amd64 and linux/arm64"},
		{"node@lts/foo", "linux/amd64", false, "choosing node: lts/foo cannot be had for linux/amd64: no line has that name; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"node@lts/-40", "linux/amd64", false, "choosing node: lts/-40 cannot be had for linux/amd64: there are not so many lines with long support; the catalogue of 2026-11-28 has 26.7.0, 24.19.0, 22.23.2"},
		{"kotlin@>=1", "linux/amd64", false, "choosing kotlin: >=1 cannot be had for linux/amd64: the lines that the catalogue knows have ended"},
	} {
		got, err := choose(t, c, x.ask, x.platform, x.strict)
		if e := (*NoVersionError)(nil); !errors.As(err, &e) || err.Error() != x.want {
			t.Errorf("%s: %+v, %v", x.ask, got, err)
		}
	}
}

// An asked is a range made by chance, with the version below which none may be given; "" if it has no such.
type asked struct{ text, least string }

// ways are the forms in which ecosystems ask for at least a version, or for exactly one.
var ways = map[string][]string{
	"node": {">=%s", "^%s", "~%s", "%s", "=%s", ">=%s <99", ">%s", "%s - 99", "^%s || >=99"}, "bun": {">=%s", "^%s", "%s"}, "pnpm": {">=%s", "^%s", "%s"},
	"python": {">=%s", "~=%s", "==%s", ">=%s,<4", ">%s", "%s"}, "uv": {">=%s", "==%s"}, "poetry": {">=%s,<3", "%s"},
	"ruby": {"~> %s", ">= %s", "%s", "= %s", ">= %s, < 9"}, "php": {"^%s", ">=%s", "~%s", "%s", ">=%s <9"}, "elixir": {"~> %s", ">= %s", "== %s", ">= %s and < 9.0.0"},
}

// TestChoicesKeepTheRules asks of every tool, on days of many years, for what its ecosystem can say.
func TestChoicesKeepTheRules(t *testing.T) {
	chance := rand.New(rand.NewPCG(12, 2026))
	days := []Day{"2023-06-30", "2024-12-31", "2025-11-01", "2026-08-01", "2026-11-28", "2027-06-01", "2029-01-01"}
	total, given := 0, 0
	for _, day := range days {
		c := asOf(t, day)
		for _, name := range c.Tools() {
			x := tool(t, c, name)
			for _, ask := range askedOf(x, chance) {
				total++
				if keepsTheRules(t, c, x, ask, chance.IntN(2) == 0) {
					given++
				}
			}
		}
	}
	t.Logf("%d of %d asks got a version", given, total)
	if total < 10_000 || given < total/3 {
		t.Errorf("%d of %d", given, total)
	}
}

func askedOf(x *Tool, chance *rand.Rand) []asked {
	list := []asked{{"", ""}, {"latest", ""}}
	forms := ways[x.Name]
	if forms == nil {
		forms = []string{">=%s", "%s", ">=%s <99", ">%s"}
	}
	versions := x.Versions("linux/amd64")
	for range 36 {
		v := versions[chance.IntN(len(versions))]
		if chance.IntN(4) == 0 { // one that there may not be
			v = fmt.Sprintf("%s.%d.%d", ranges.Leading(v, 1), chance.IntN(30), chance.IntN(30))
		}
		list = append(list, asked{fmt.Sprintf(forms[chance.IntN(len(forms))], v), v})
	}
	return list
}

// keepsTheRules reports whether a version was given.
func keepsTheRules(t *testing.T, c *Catalogue, x *Tool, ask asked, strict bool) bool {
	t.Helper()
	r, err := x.Range(ask.text)
	if err != nil {
		return false // as Elixir's without three numbers
	}
	got, err := c.Choose(x.Name, Ask{Range: r, Platform: "linux/amd64", Strict: strict})
	if err != nil {
		if e := (*NoVersionError)(nil); !errors.As(err, &e) {
			t.Errorf("%s %q: %v", x.Name, ask.text, err)
		}
		return false
	}
	at := fmt.Sprintf("%s %q on %s is %s", x.Name, ask.text, c.date, got.Version)
	all := x.Versions("linux/amd64")
	allowed := r.Allows(got.Version) || r.Exact() != "" && ranges.Compare(got.Version, r.Exact()) == 0 // 17.11.0 is 17.11
	switch {
	case !slices.Contains(all, got.Version):
		t.Errorf("%s: it is not there", at)
	case ask.least != "" && ranges.Compare(got.Version, ask.least) < 0 && !ranges.Begins(got.Version, ask.least):
		t.Errorf("%s: older than asked", at)
	case ranges.Prerelease(got.Version) && got.Version != r.Exact():
		t.Errorf("%s: a prerelease", at)
	case !allowed && (strict || r.Exact() == "" || got.Line.Name != x.Line(r.Exact()).Name):
		t.Errorf("%s: not allowed", at)
	case !allowed && !strings.Contains(strings.Join(got.Warnings, ";"), "was asked for and "+got.Version+" is given"):
		t.Errorf("%s: without a warning: %q", at, got.Warnings)
	}
	if !got.Line.Dead(c.date) {
		return true
	}
	if !slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.Contains(w, "ended on "+string(got.Line.End)) }) {
		t.Errorf("%s: dead, without a warning", at)
	}
	if r.Exact() != "" || r.Word() != "" {
		return true
	}
	if r.Open() {
		t.Errorf("%s: dead, and nothing was asked", at)
	}
	for _, v := range all {
		if r.Allows(v) && !ranges.Prerelease(v) && !x.Line(v).Dead(c.date) {
			t.Errorf("%s: dead, and %s is allowed", at, v)
			break
		}
	}
	return true
}

// TestMoreRowsChangeNoPinnedChoice is what catalogue-date promises.
func TestMoreRowsChangeNoPinnedChoice(t *testing.T) {
	c, grown := open(t, Options{Date: Began}), open(t, Options{Date: Began})
	chance := rand.New(rand.NewPCG(7, 7))
	for _, name := range c.Tools() {
		r, err := own.rows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range slices.Clone(r.Releases) {
			x.Added, x.Version = "2027-01-09", x.Version+"9"
			r.Releases = append(r.Releases, x)
		}
		for _, x := range slices.Clone(r.Packages) {
			x.Added, x.Version = "2027-01-09", x.Version+"9"
			r.Packages = append(r.Packages, x)
		}
		for _, x := range slices.Clone(r.Lines) {
			x.Added, x.End = "2027-01-09", "2026-01-01"
			r.Lines = append(r.Lines, x)
		}
		grown.tools[name] = rowsTool(name, r.until(Began))
		for _, ask := range askedOf(tool(t, c, name), chance) {
			rng, err := tool(t, c, name).Range(ask.text)
			if err != nil {
				continue
			}
			a := Ask{Range: rng, Platform: "linux/arm64"}
			before, errBefore := c.Choose(name, a)
			after, errAfter := grown.Choose(name, a)
			if !cmp.Equal(before, after) || fmt.Sprint(errBefore) != fmt.Sprint(errAfter) {
				t.Errorf("%s %q: %+v %v, then %+v %v", name, ask.text, before, errBefore, after, errAfter)
			}
		}
	}
}

func TestParse(t *testing.T) {
	c := open(t, Options{})
	for text, want := range map[string]string{
		"nodejs@22.14.0": "node 22.14.0", "python@3.12": "python 3.12", "java": "java ", "jdk@>=17 <22": "java >=17 <22", "golang@1.26": "go 1.26",
		"python@>=3.12,<3.14": "python >=3.12,<3.14", "ruby@~> 3.3": "ruby ~> 3.3",
	} {
		x, r, err := c.Parse(text)
		if err != nil || x.Name+" "+r.String() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"noode@22":  `unknown tool "noode": did you mean node?`,
		"node@$(x)": `"$(x)" is not a range of npm, such as ^22.12.0 or >=20`,
		"java@^17":  `"^17" is not a range, such as 17 or >=17 <22`,
		"@1":        `unknown tool ""`,
	} {
		if _, _, err := c.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestVersioned(t *testing.T) {
	for _, text := range []string{"nodejs@22.14.0", "python@3.12", "jdk@>=17 <22", "ruby@~> 3.3", "node@lts", "node@^20 || >=22"} {
		if !Versioned(text) {
			t.Errorf("%s", text)
		}
	}
	for _, text := range []string{"ffmpeg", "nodejs_22", "python312.withPackages (p: [ p.lxml ])", "node@", "@22", "Node@22", "node@22;id", "node@$(id)", "node@22\n", "node@22'"} {
		if Versioned(text) {
			t.Errorf("%s", text)
		}
	}
}

func BenchmarkChoose(b *testing.B) {
	for b.Loop() {
		c := open(b, Options{})
		x, r, err := c.Parse("node@^20.19.0 || >=22.12.0")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Choose(x.Name, Ask{Range: r, Platform: "linux/amd64"}); err != nil {
			b.Fatal(err)
		}
	}
}
