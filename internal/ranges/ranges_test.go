package ranges

import (
	"strings"
	"testing"
	"time"
)

type grammar func(string) (Range, error)

func gem(text string) (Range, error) { return Gem(text) }

func latestPatch(text string) (Range, error) { return DotNet(text, "") }

func TestExact(t *testing.T) {
	for _, c := range []struct {
		parse       grammar
		text, exact string
	}{
		{NPM, "22.14.0", "22.14.0"}, {NPM, "=v22.14.0", "22.14.0"}, {NPM, "22.14", ""}, {NPM, "^22.14.0", ""}, {NPM, "22.14.0 || 24", ""},
		{NPM, "22.0.0-rc.1", "22.0.0-rc.1"}, {NPM, "22.14.0+build", "22.14.0"},
		{PEP440, "==3.12.1", "3.12.1"}, {PEP440, "=== 3.12.1", "3.12.1"}, {PEP440, "==3.12.*", ""}, {PEP440, "==3.12.1,>3", ""}, {PEP440, ">=3.12", ""},
		{gem, "3.4.9", "3.4.9"}, {gem, "= 3.4", "3.4"}, {gem, "~> 3.4", ""}, {gem, ">= 3.4", ""},
		{Composer, "8.3.1", "8.3.1"}, {Composer, "=v8.3.1", "8.3.1"}, {Composer, "8.3.*", ""}, {Composer, "8.3.1 || 8.4", ""},
		{Elixir, "1.18.1", "1.18.1"}, {Elixir, "== 1.18.1", "1.18.1"}, {Elixir, "~> 1.18", ""}, {Elixir, "1.18.1 or 1.19.0", ""},
		{Go, "1.26.1", ""}, {Toolchain, "go1.26.1", "1.26.1"}, {Toolchain, "go1.27rc1", "1.27rc1"}, {Toolchain, "default", ""},
		{Plain, "v22.14.0", "22.14.0"}, {Plain, "22.14", ""}, {Plain, "1.27rc1", "1.27rc1"}, {Plain, "17.0.20+8", "17.0.20+8"}, {Plain, "prefix:1.2.3", ""},
		{Plain, "22.14.x", ""}, {latestPatch, "10.0.100", ""},
	} {
		r, err := c.parse(c.text)
		if err != nil || r.Exact() != c.exact {
			t.Errorf("%q: exactly %q, %v; want %q", c.text, r.Exact(), err, c.exact)
		}
	}
}

func TestGo(t *testing.T) {
	for _, c := range []struct {
		text, version string
		want          bool
	}{
		{"1.22", "1.22.0", true}, {"1.22", "1.26.7", true}, {"1.22.3", "1.22.2", false}, {"1.22.3", "1.22.3", true}, {"1.22", "1.21.13", false},
		{"1.26", "1.26rc1", true}, {"1.26.0", "1.26rc1", false}, {"1.22", "nonsense", false}, {"1", "1.20.1", true},
	} {
		r, err := Go(c.text)
		if err != nil || r.Allows(c.version) != c.want {
			t.Errorf("go %s allows %s: %t, %v", c.text, c.version, !c.want, err)
		}
	}
	exact, err := Toolchain("go1.22.3")
	if err != nil || !exact.Allows("1.22.3") || exact.Allows("1.22.4") {
		t.Errorf("toolchain: %v", err)
	}
}

// TestDotNet has the examples by which the documentation of global.json explains its policies.
func TestDotNet(t *testing.T) {
	have := []string{"8.0.100", "8.0.101", "8.0.110", "8.0.205", "8.0.404", "8.1.100", "9.0.100", "9.0.307", "10.0.100", "11.0.100-rc.1.26425.128"}
	for _, c := range []struct{ version, policy, want string }{
		{"8.0.101", "", "8.0.101 8.0.110"},
		{"8.0.101", "patch", "8.0.101 8.0.110"},
		{"8.0.101", "latestPatch", "8.0.101 8.0.110"},
		{"8.0.101", "feature", "8.0.101 8.0.110 8.0.205 8.0.404"},
		{"8.0.101", "latestFeature", "8.0.101 8.0.110 8.0.205 8.0.404"},
		{"8.0.101", "minor", "8.0.101 8.0.110 8.0.205 8.0.404 8.1.100"},
		{"8.0.101", "latestMinor", "8.0.101 8.0.110 8.0.205 8.0.404 8.1.100"},
		{"9.0.200", "major", "9.0.307 10.0.100 11.0.100-rc.1.26425.128"},
		{"9.0.200", "latestMajor", "9.0.307 10.0.100 11.0.100-rc.1.26425.128"},
		{"8.0.101", "disable", "8.0.101"},
		{"8.0.101", "LATESTFEATURE", "8.0.101 8.0.110 8.0.205 8.0.404"},
		{"8.0.111", "latestPatch", ""},
		{"", "latestMinor", strings.Join(have, " ")},
	} {
		r, err := DotNet(c.version, c.policy)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range have {
			if r.Allows(v) {
				got = append(got, v)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: %q", c.version, c.policy, got)
		}
		if near := r.Nearest() != nil; near != (c.policy == "feature" || c.policy == "minor" || c.policy == "major") {
			t.Errorf("%s: nearest %t", c.policy, near)
		}
	}
	r, _ := DotNet("8.0.101", "major")
	if group := r.Nearest(); group("8.0.404") == group("8.0.205") || group("8.0.404") > group("10.0.100") || group("8.0.404") != group("8.0.405") {
		t.Error("feature bands are the groups, in order")
	}
	for _, c := range []struct{ version, policy, want string }{
		{"8.0.100", "newest", `rollForward "newest" is none of disable, feature, latestFeature, latestMajor, latestMinor, latestPatch, major, minor, patch`},
		{"8.x", "", `"8.x" is not the version of an SDK, such as 10.0.100`},
	} {
		if _, err := DotNet(c.version, c.policy); err == nil || err.Error() != c.want {
			t.Errorf("%s %s: %v", c.version, c.policy, err)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		text, version string
		want          bool
	}{
		{"20", "20.1.0", true}, {"20", "2.0.1", false}, {"v20.1", "20.1.9", true}, {"20.1", "20.10.0", false}, {"20.x", "20.3.1", true},
		{"3.12.*", "3.12.4", true}, {"prefix:1.2", "1.2.9", true}, {"17", "17.0.20+8", true}, {"8", "8u504-b01", true}, {"*", "1.2.3", true},
		{"3.12.4", "3.12.4", true}, {"3.12.4", "3.12.40", false},
	} {
		r, err := Plain(c.text)
		if err != nil || r.Allows(c.version) != c.want {
			t.Errorf("%q allows %s: %t, %v", c.text, c.version, !c.want, err)
		}
	}
	for text, word := range map[string]string{"lts": "lts", "lts/*": "lts", "LTS": "lts", "lts/Iron": "lts/iron", "lts/-1": "lts/-1",
		"latest": "latest", "node": "latest", "stable": "latest", "current": "latest"} {
		if r, err := Plain(text); err != nil || r.Word() != word || r.Open() {
			t.Errorf("%q: %q, %v", text, r.Word(), err)
		}
	}
	for _, text := range []string{"", "system", "ref:main", ">=18", "^20", "20 || 22", "lts/", "lts/-0", "path:/x", "20.1.0\n21", "../20", "20;id"} {
		if _, err := Plain(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestComparisons(t *testing.T) {
	for _, c := range []struct {
		text, version string
		want          bool
	}{
		{">=17", "17+35", true}, {">=17", "8u504-b01", false}, {">= 17 <22", "21.0.12+8", true}, {">=17,<22", "22.0.1-ga", false}, {"17 || 25", "25.0.4.1+1", true},
		{"<=17", "17.0.20+8", true}, {">17", "17.0.20+8", false}, {">17", "18.0.1", true}, {"!=1.22", "1.22.3", false}, {"=1.22", "1.22.3", true}, {"1.22", "1.22.3", true},
	} {
		r, err := Comparison(c.text)
		if err != nil || r.Allows(c.version) != c.want {
			t.Errorf("%q allows %s: %t, %v", c.text, c.version, !c.want, err)
		}
	}
	for _, text := range []string{"", "||", ">=", "^17", "x || ;", "lts"} {
		if _, err := Comparison(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestWhatIsNoRange(t *testing.T) {
	long := strings.Repeat("1", 1<<20)
	for name, c := range map[string]struct {
		parse grammar
		want  string
	}{
		"npm":       {NPM, `"$(id)" is not a range of npm, such as ^22.12.0 or >=20`},
		"pep440":    {PEP440, `"$(id)" is not a version specifier of PEP 440, such as >=3.11,<3.13 or ~=3.12`},
		"gem":       {gem, `"$(id)" is not a requirement of RubyGems, such as ~> 3.3 or >= 3.2, < 4`},
		"composer":  {Composer, `"$(id)" is not a constraint of Composer, such as ^8.2 or >=8.1 <8.4`},
		"elixir":    {Elixir, `"$(id)" is not a requirement of Elixir, such as ~> 1.18 or >= 1.17.0 and < 2.0.0`},
		"go":        {Go, `"$(id)" is not a version of Go, such as 1.26 or 1.26.1`},
		"toolchain": {Toolchain, `"$(id)" is not a toolchain of Go, such as go1.26.1 or default`},
		"plain":     {Plain, `"$(id)" is not a version, such as 22, 22.14.0, lts or latest`},
	} {
		if _, err := c.parse(" $(id) "); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.parse(long); err == nil || err.Error() != `"`+long[:40]+`": it has more than 1024 bytes` {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingAsked(t *testing.T) {
	for _, r := range []Range{Any(), {}} {
		if !r.Open() || !r.Allows("1.2.3") || r.Exact() != "" || r.String() != "" {
			t.Errorf("%+v", r)
		}
	}
}

func FuzzRanges(f *testing.F) {
	for _, text := range []string{"^22 || >=24.1.0 <26", ">=3.11,<3.13", "~> 3.4", "^8.2 | 7.4 - 8.0", "~> 1.18 and != 1.18.2", "go1.26.1", "lts/-1", "10.0.100"} {
		f.Add(text, "22.1.0")
	}
	f.Fuzz(func(t *testing.T, text, version string) {
		for name, parse := range map[string]grammar{"npm": NPM, "pep440": PEP440, "gem": gem, "composer": Composer, "elixir": Elixir, "go": Go,
			"toolchain": Toolchain, "plain": Plain, "comparison": Comparison, "dotnet": latestPatch} {
			r, err := parse(text)
			if err != nil {
				if strings.ContainsAny(err.Error(), "\n\r") {
					t.Errorf("%s: more than a line: %q", name, err)
				}
				continue
			}
			r.Allows(version)
			if again, err := parse(r.String()); err != nil || again.Allows(version) != r.Allows(version) {
				t.Errorf("%s %q: %v", name, text, err)
			}
		}
		if short := Leading(text, 2); !strings.HasPrefix(text, short) || !Begins(text, text) && !Prerelease(text) {
			t.Errorf("%q begins with %q", text, short)
		}
		if Compare(text, version) != -Compare(version, text) {
			t.Errorf("%q and %q follow each other", text, version)
		}
	})
}

// TestLongRangesAreQuick gives each grammar as many parts as a range may have.
func TestLongRangesAreQuick(t *testing.T) {
	for _, c := range []struct {
		parse grammar
		part  string
	}{
		{NPM, ">=1 <9||"}, {NPM, ">1 "}, {NPM, "1||"}, {NPM, "1 - 2||"}, {NPM, "^1.2.3 ~1.x "}, {PEP440, "!=3.1.*,"}, {PEP440, ">=3,"}, {gem, "!= 1, "}, {gem, "~> 1.2, "},
		{Composer, "^8 <9|"}, {Composer, "!=1 "}, {Elixir, "!= 1.1.1 and "}, {Elixir, "~> 1.1 or "}, {NPM, "9"}, {PEP440, "9"}, {gem, "9"}, {gem, "1."}, {PEP440, "~=1.1,"},
	} {
		text := strings.Repeat(c.part, maxText/len(c.part))
		for _, text := range []string{text, text + strings.TrimRight(c.part, ",|"), strings.TrimRight(text, "|, ornad")} {
			began := time.Now()
			if r, err := c.parse(text); err == nil {
				r.Allows("3.1.4")
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("%q many times: %v", c.part, took)
			}
		}
	}
}
