package cache

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// all are the references of one set of Refs, without those of others.
func (r Refs) all() []string { return []string{r.Exact, r.Branch, r.Setup} }

func TestATrustedBuildReadsNothingThatOthersWrite(t *testing.T) {
	k := Key{Exact: key32, Setup: strings.Repeat("b", 32)}
	scope := Scope{Repository: "r.example/app/cache", Platform: "linux/amd64", Branch: "main", Default: "main"}
	read := map[Writer][]string{}
	written := map[Writer][]string{}
	for _, w := range writers {
		scope.Writer = w
		r, err := NewRefs(scope, k)
		if err != nil {
			t.Fatal(err)
		}
		read[w], written[w] = r.readable(), r.all()
		content, err := ContentRef("r.example/app:1", scope.Platform, key32, w)
		if err != nil {
			t.Fatal(err)
		}
		written[w] = append(written[w], content)
		for _, readable := range w.Readable() {
			content, err := ContentRef("r.example/app:1", scope.Platform, key32, readable)
			if err != nil {
				t.Fatal(err)
			}
			read[w] = append(read[w], content)
		}
		for _, branch := range r.Branches() {
			if !slices.Contains(read[w], branch) {
				t.Errorf("%q reads the record beside %s, and not the cache", w, branch)
			}
		}
	}
	for reader, refs := range read {
		for writer, tags := range written {
			trusts := slices.Index(writers, writer) <= slices.Index(writers, reader)
			for _, tag := range tags {
				if got := slices.Contains(refs, tag); got != trusts {
					t.Errorf("%q reads %s of %q: %t", reader, tag, writer, got)
				}
			}
		}
	}
}

func TestWhoWritesNothing(t *testing.T) {
	for _, standing := range []string{"queue", "foreign", "exposed", "", "something new"} {
		if w, ok := WriterOf(standing); ok {
			t.Errorf("%q writes as %q", standing, w)
		}
	}
	for standing, want := range map[string]Writer{"trusted": ByTrusted, "branch": ByBranch, "request": ByRequest} {
		if w, ok := WriterOf(standing); !ok || w != want {
			t.Errorf("%q writes as %q, %t", standing, w, ok)
		}
	}
}

func TestARequestFindsTheExactCacheOfTheDefaultBranch(t *testing.T) {
	scope := Scope{Repository: "r.example/cache", Platform: "linux/amd64", Branch: "feat", Default: "main", Writer: ByRequest}
	key := NewKey(inputs())
	refs, err := NewRefs(scope, key)
	if err != nil {
		t.Fatal(err)
	}
	trusted := refs.Others[len(refs.Others)-1]
	got := Look(t.Context(), memory{trusted.Exact: nil, trusted.Default: nil}, refs, key, write)
	if diff := cmp.Diff(Lookup{Key: key, Hit: ExactHit, Import: []string{trusted.Exact}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = Look(t.Context(), memory{trusted.Default: nil}, refs, key, write)
	if got.Export != refs.Exact || !strings.Contains(got.Export, ":npx1-request-linux-amd64-") || !slices.Equal(got.Import, []string{trusted.Default}) {
		t.Errorf("%+v", got)
	}
	for _, tag := range got.Also {
		if !strings.Contains(tag, ":npx1-request-linux-amd64-") {
			t.Errorf("%s is written", tag)
		}
	}
}

func TestAPrefixDoesNotLookLikeAWriter(t *testing.T) {
	for _, prefix := range []string{"shop-branch", "shop-request"} {
		if r, err := NewRefs(Scope{Repository: "r.example/cache:" + prefix, Platform: "linux/amd64"}, Key{}); err == nil {
			t.Errorf("%s gives %+v", prefix, r)
		}
	}
}
