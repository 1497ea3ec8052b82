package tags

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// called makes the names of an event by rules, separated by semicolons.
func called(t *testing.T, src Source, rules string) ([]string, error) {
	t.Helper()
	s, err := Parse(Inputs{Images: []string{"r.io/acme/shop"}, Tags: lines(rules)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Make(src)
	return r.Names, err
}

func TestABranchOrAGitTagTakesNoNameThatHasAnOwner(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for _, tt := range []struct {
		src    Source
		prefix string
	}{
		{branch("npx1-c-linux-amd64-" + hash[:32]), "branch-npx1-c-"},
		{branch("latest"), "branch-latest-"},
		{branch("v1.2.3"), "branch-v1.2.3-"},
		{branch("pr-7"), "branch-pr-7-"},
		{branch("sha256-" + hash + ".sig"), "branch-sha256-"},
		{branch("shop-linux-amd64-" + hash[:32]), "branch-shop-linux-"},
		{tag("npx1-c-linux-amd64-" + hash[:32]), "tag-npx1-c-"},
		{tag("main"), "tag-main-"},
		{tag("sha256-" + hash), "tag-sha256-"},
	} {
		tt.src.Reserved = []string{"shop-"}
		for _, rules := range []string{"", "type=ref,event=branch; type=ref,event=tag", "{{branch}}{{tag}}"} {
			names, err := called(t, tt.src, rules)
			if err != nil || !strings.HasPrefix(names[0], tt.prefix) || !valid(names[0]) {
				t.Errorf("%s by %q: %v, %v", tt.src.Ref, rules, names, err)
			}
		}
	}
	if names, err := called(t, branch("main"), ""); err != nil || names[0] != "main" {
		t.Errorf("the default branch: %v, %v", names, err)
	}
	a, _ := called(t, branch("latest"), "")
	b, _ := called(t, branch(a[0]), "")
	if slices.Equal(a, b) {
		t.Errorf("two branches are called %v", a)
	}
}

func TestAnInputTakesNoNameOfOurs(t *testing.T) {
	for _, rules := range []string{"npx1-x", "type=raw,value=npx1-c-linux-amd64-0", "r.io/a/b:npx1-x", "type=sha,prefix=npx1-", "shop-x", "type=raw,{{date 'YYYY'}},prefix=npx1-"} {
		src := branch("main")
		src.Reserved = []string{"shop-"}
		if names, err := called(t, src, rules); err == nil || !strings.Contains(err.Error(), "belongs to") {
			t.Errorf("%s: %v, %v", rules, names, err)
		}
	}
	for _, rules := range []string{"latest", "1.2.3", "nightly", "pr-7"} {
		if names, err := called(t, branch("main"), rules); err != nil || names[0] != rules {
			t.Errorf("%s: %v, %v", rules, names, err)
		}
	}
}

func TestNamesWithLettersOutsideOfASCIIStayApart(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"日本", "中文", "feature/日本", "feature/中文", "é", "è"} {
		names, err := called(t, branch(name), "")
		if err != nil || !valid(names[0]) || seen[names[0]] != "" {
			t.Errorf("%s is called %v as %s is, %v", name, names, seen[names[0]], err)
		}
		seen[names[0]] = name
	}
}

func TestOnlyTheNewestStableReleaseMovesLatest(t *testing.T) {
	for _, tt := range []struct {
		tag, rules string
		existing   []string
		err        error
		latest     bool
	}{
		{"v2.0.0", "", []string{"v1.0.8", "latest"}, nil, true},
		{"v1.0.9", "", []string{"v2.0.0", "latest"}, nil, false},
		{"v2.0.0-rc.1", "", nil, nil, false},
		{"1.2.3rc4", "", nil, nil, false},
		{"v2.0.1", "", []string{"v3.0.0-rc.1", "v2.0.0"}, nil, true},
		{"nightly-7", "", []string{"v2.0.0"}, nil, true},
		{"v2.0.0-rc.1", "type=ref,event=tag", nil, nil, true},
		{"v1.0.9", "type=ref,event=tag", []string{"v2.0.0"}, errors.New("not asked"), true},
	} {
		src := tag(tt.tag)
		src.Existing = func(string) ([]string, error) { return tt.existing, tt.err }
		names, err := called(t, src, tt.rules)
		if err != nil || slices.Contains(names, "latest") != tt.latest {
			t.Errorf("%s by %q: %v, %v", tt.tag, tt.rules, names, err)
		}
	}
	src := tag("v1.0.9")
	src.Existing = func(string) ([]string, error) { return nil, errors.New("the registry is down") }
	if names, err := called(t, src, ""); err == nil {
		t.Errorf("without the registry: %v", names)
	}
}

func TestAScheduleOfAnotherBranchMovesNoLatest(t *testing.T) {
	const rules = "type=raw,value=latest,enable={{is_default_branch}}; type=ref,event=branch"
	for ref, want := range map[string]string{"refs/heads/main": "main latest", "refs/heads/feat": "feat"} {
		names, err := called(t, on("schedule", ref), rules)
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s: %s, %v", ref, got, err)
		}
	}
}
