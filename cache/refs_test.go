package cache

import (
	"regexp"
	"strings"
	"testing"
)

func TestRefs(t *testing.T) {
	k := Key{Exact: strings.Repeat("a", 32), Setup: strings.Repeat("b", 32)}
	r, err := NewRefs(Scope{Repository: "r.example/app/cache", Platform: "linux/amd64", Branch: "feat/x", Default: "main"}, k)
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
		r, err := NewRefs(Scope{Repository: "r.example/app/cache:team", Platform: "linux/arm64/v8", Branch: branch}, Key{Exact: strings.Repeat("a", 32)})
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

func TestTheRepositoryOfACacheIsInLowerCase(t *testing.T) {
	r, err := NewRefs(Scope{Repository: "ghcr.io/Acme/Shop/Cache:Team", Platform: "linux/amd64"}, Key{Exact: "x"})
	if want := "ghcr.io/acme/shop/cache:Team-linux-amd64-x"; err != nil || r.Exact != want {
		t.Errorf("got %s, %v; want %s", r.Exact, err, want)
	}
}

func TestRefsRefuseABadRepository(t *testing.T) {
	for _, repo := range []string{"", "-app", "https://r.example/app", "r.example/foo-/app", "me:hunter2@r.example/app", "r.example/a b", "r.example/app:bad tag", "r.example/app:" + strings.Repeat("p", 33)} {
		if r, err := NewRefs(Scope{Repository: repo, Platform: "linux/amd64"}, Key{}); err == nil {
			t.Errorf("%q gives %+v", repo, r)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error has a password: %v", err)
		}
	}
}
