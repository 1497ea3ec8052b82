package report

import (
	"fmt"
	"strings"
	"testing"
)

// TestANewSourceOfPackagesIsToldAtOnce has a lockfile of which another host is all that changes: the versions are as before.
func TestANewSourceOfPackagesIsToldAtOnce(t *testing.T) {
	r := sample()
	r.Plan, r.Scripts, r.Warnings = r.Base.Plan, r.Base.Scripts, r.Base.Warnings
	r.Dependencies, r.Build = nil, nil
	r.NewKey = &[]string{"package-lock.json"}
	r.Places = []Place{{Name: "evil.example", Files: []string{"package-lock.json"}, Packages: []string{"a", "b", "left-pad", "x", "y"}}}
	text := r.Comment(Limit)
	seen := folded.ReplaceAllString(text, "")
	for _, want := range []string{
		"🔄 **Packages from `evil.example`**", "> Look at: **packages now come from** `evil.example`",
		"| ⚠️ new source of packages | `evil.example` for `a`, `b`, `left-pad` and 2 more<br><sub>`package-lock.json`</sub> |",
	} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q is missing in\n%s", want, seen)
		}
	}
	for level := range Levels {
		if got := r.AtLevel(level); !strings.Contains(got, "**packages now come from** `evil.example`") {
			t.Errorf("level %d does not tell:\n%s", level, got)
		}
	}
	if r.NewKey = nil; r.State() != Differs {
		t.Errorf("state %v without a key", r.State())
	}
	if r.Places = nil; strings.Contains(r.Comment(Limit), "packages now come") {
		t.Error("told without a place")
	}
}

func TestManyNewSourcesAreCounted(t *testing.T) {
	r := sample()
	for i := range 200 {
		r.Places = append(r.Places, Place{Name: fmt.Sprintf("h%03d.example", i), Files: []string{"yarn.lock"}})
	}
	text := folded.ReplaceAllString(r.Comment(Limit), "")
	for _, want := range []string{"`h004.example` and 195 more", "| ⚠️ new sources of packages | 195 more |"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%.3000s", want, text)
		}
	}
	if strings.Contains(text, "h005.example") {
		t.Errorf("too many are named:\n%.3000s", text)
	}
}

func TestTheNameOfASourceDisturbsNothing(t *testing.T) {
	r := sample()
	r.Places = []Place{{Name: "a`|<b>\u202e.example", Files: []string{"x`|y"}, Packages: []string{"@team", "p|q`"}}}
	text := r.Comment(Limit)
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| ⚠️ new source of packages |") {
			if strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 3 || strings.Contains(line, "\u202e") {
				t.Errorf("the row is %q", line)
			}
			return
		}
	}
	t.Errorf("no row in\n%s", text)
}
