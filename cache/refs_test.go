package cache

import (
	"regexp"
	"strings"
	"testing"
)

func TestRepository(t *testing.T) {
	tests := map[string]string{
		"ghcr.io/acme/shop:1": "ghcr.io/acme/shop/cache",
		"127.0.0.1:5000/shop@sha256:" + strings.Repeat("a", 64): "127.0.0.1:5000/shop/cache",
		"acme/shop": "index.docker.io/acme/shop",
		"1234.dkr.ecr.eu-west-1.amazonaws.com/shop": "1234.dkr.ecr.eu-west-1.amazonaws.com/shop",
	}
	for image, want := range tests {
		got, err := Repository(image)
		if err != nil || got != want {
			t.Errorf("Repository(%q) = %q, %v, want %q", image, got, err, want)
		}
	}
	if _, err := Repository("UPPER/case"); err == nil {
		t.Error("an invalid image is accepted")
	}
}

func TestRefs(t *testing.T) {
	k := Key{Exact: strings.Repeat("a", 32), Setup: strings.Repeat("b", 32)}
	r, err := NewRefs(Scope{"r.example/app/cache", "linux/amd64", "feat/x", "main"}, k)
	if err != nil {
		t.Fatal(err)
	}
	const prefix = "r.example/app/cache:npx1-linux-amd64-"
	if r.Exact != prefix+k.Exact || r.Setup != prefix+"s-"+k.Setup {
		t.Errorf("got %+v", r)
	}
	if !strings.HasPrefix(r.Default, prefix+"b-main-") {
		t.Errorf("default branch ref %s", r.Default)
	}
	if !regexp.MustCompile(`:npx1-linux-amd64-b-feat-x-[0-9a-f]{8}$`).MatchString(r.Branch) {
		t.Errorf("branch ref %s", r.Branch)
	}
}

func TestRefsAreValidTagsForAnyBranchAndKeepBranchesApart(t *testing.T) {
	valid := regexp.MustCompile(`^[^:]+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	seen := map[string]string{}
	for _, branch := range []string{"a/b", "a-b", "-", "..", "ümlaut", strings.Repeat("x", 300), strings.Repeat("x", 301), "a b`$(rm)"} {
		r, err := NewRefs(Scope{"r.example/app/cache:team", "linux/arm64/v8", branch, ""}, Key{Exact: strings.Repeat("a", 32)})
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range []string{r.Branch, partsRef(r.Branch)} {
			if !valid.MatchString(ref) {
				t.Errorf("branch %q gives %q", branch, ref)
			}
		}
		if other, ok := seen[r.Branch]; ok {
			t.Errorf("branches %q and %q share %s", branch, other, r.Branch)
		}
		seen[r.Branch] = branch
		if !strings.HasPrefix(r.Exact, "r.example/app/cache:team-linux-arm64-v8-") {
			t.Errorf("the prefix is not used: %s", r.Exact)
		}
	}
}

func TestRefsRefuseABadRepository(t *testing.T) {
	for _, repo := range []string{"", "UPPER", "r.example/a b", "r.example/app:bad tag", "r.example/app:" + strings.Repeat("p", 33)} {
		if r, err := NewRefs(Scope{Repository: repo, Platform: "linux/amd64"}, Key{}); err == nil {
			t.Errorf("%q gives %+v", repo, r)
		}
	}
}
