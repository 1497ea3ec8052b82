package report

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestAReleaseIsNamedByToolAndVersion(t *testing.T) {
	const text = " linux/amd64 https://upstream.example/archive.tar.gz sha256:0"
	with := func(version string) plan.Plan {
		return plan.Pin(plan.Plan{Phases: map[string]plan.Phase{"setup": {Releases: []string{"node@" + version + text}}}}, false)
	}
	r := Report{Plan: with("24.1.0"), Base: &Base{Plan: with("22.14.0")}}.view()
	comment := r.Comment(Limit)
	if !strings.Contains(comment, "installs `node@24.1.0` |") {
		t.Errorf("the table does not say what is installed:\n%s", comment)
	}
	if got := r.amount(); !strings.Contains(got, "1 package,") {
		t.Errorf("got %q", got)
	}
	noun, _, value, ok := nameOf(plan.Change{Phase: "setup", Field: "release", Head: "node@24.1.0" + text})
	if noun != "release" || value != "`node@24.1.0`" || !ok {
		t.Errorf("in a headline: %q %q %v", noun, value, ok)
	}
}

func TestAChangeShowsNoHashes(t *testing.T) {
	node := func(version, host, hash string) string {
		return "node@" + version + " linux/amd64 https://" + host + "/node.tar.gz sha256:" + strings.Repeat(hash, 64)
	}
	commit := func(digit, hash string) string { return strings.Repeat(digit, 40) + "#sha256-" + hash }
	for _, tt := range []struct{ field, base, head, want string }{
		{"release", node("22.14.0", "a.example", "0"), node("24.1.0", "a.example", "1"), "`node@22.14.0` → `node@24.1.0`"},
		{"release", node("22.14.0", "a.example", "0"), node("24.1.0", "b.example", "1"), "`node@22.14.0` → `node@24.1.0 from b.example`"},
		{"release", "", node("24.1.0", "a.example", "1"), "added `node@24.1.0 from a.example`"},
		{"nixpkgs", commit("a", "x"), commit("b", "y"), "`aaaaaaaaaaaa` → `bbbbbbbbbbbb`"},
		{"nixpkgs", commit("a", "x"), "", "removed `aaaaaaaaaaaa`"},
	} {
		if got := change(plan.Change{Phase: "setup", Field: tt.field, Base: tt.base, Head: tt.head}); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.field, got, tt.want)
		}
	}
	// Where the rest is the same, the hashes are what changes.
	for _, c := range []plan.Change{
		{Field: "release", Base: node("24.1.0", "a.example", "0"), Head: node("24.1.0", "a.example", "1")},
		{Field: "nixpkgs", Base: commit("a", "x"), Head: commit("a", "y")},
	} {
		if got := change(c); !strings.Contains(got, "sha256") {
			t.Errorf("%s: got %s", c.Field, got)
		}
	}
}
