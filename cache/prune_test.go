package cache

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var key32 = strings.Repeat("0a", 16)

func tagOf(ref string) string { return ref[strings.LastIndexByte(ref, ':')+1:] }

func TestParseTagKnowsWhatWeWriteAndNothingElse(t *testing.T) {
	k := Key{Exact: key32, Setup: strings.Repeat("b", 32)}
	for i, platform := range []string{"linux/amd64", "linux/arm64/v8", "linux/amd64", "linux/amd64"} {
		writer := append(slices.Clone(writers), ByTrusted)[i]
		for _, repo := range []string{"r.example/app/cache", "r.example/app/cache:team"} {
			for _, branch := range []string{"main", "feat/x", "a-s-b", "v1-b-2", "x-parts"} {
				refs, err := NewRefs(Scope{Repository: repo, Platform: platform, Branch: branch, Default: branch, Writer: writer}, k)
				if err != nil {
					t.Fatal(err)
				}
				prefix := "npx1"
				if strings.HasSuffix(repo, ":team") {
					prefix = "team"
				}
				slugged := strings.ReplaceAll(platform, "/", "-")
				for ref, want := range map[string]Tag{
					refs.Exact:                         {Kind: LayerCacheTag, Platform: slugged, Writer: writer},
					recordRef(refs.Exact):              {Kind: NoteTag, Platform: slugged, Writer: writer, Of: tagOf(refs.Exact)},
					recordRef(refs.Branch):             {Kind: NoteTag, Platform: slugged, Writer: writer, Of: tagOf(refs.Branch)},
					StoreRef(refs.Exact, "/root/.npm"): {Kind: PackageCacheTag, Platform: slugged, Writer: writer, Of: tagOf(refs.Exact)},
					StoreRef(refs.Branch, "/a"):        {Kind: PackageCacheTag, Platform: slugged, Writer: writer, Of: tagOf(refs.Branch)},
					refs.Setup:                         {Kind: SetupTag, Platform: slugged, Writer: writer},
					refs.Branch:                        {Kind: BranchTag, Platform: slugged, Writer: writer, Branch: branchSlug(branch)},
					partsRef(refs.Branch):              {Kind: NoteTag, Platform: slugged, Writer: writer, Of: tagOf(refs.Branch)},
				} {
					tag := tagOf(ref)
					if got, ok := ParseTag(prefix, tag); !ok || got != want {
						t.Errorf("%s: got %+v, %v, want %+v", tag, got, ok, want)
					}
					if got, ok := ParseTag("other", tag); ok {
						t.Errorf("%s under another prefix: %+v", tag, got)
					}
				}
			}
		}
	}
	for _, writer := range writers {
		ref, err := ContentRef("r.example/app:1", "linux/amd64", key32, writer)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := ParseTag("npx1", tagOf(ref)); !ok || got != (Tag{Kind: ContentTag, Platform: "linux-amd64", Writer: writer}) {
			t.Errorf("got %+v, %v", got, ok)
		}
	}
	for _, tag := range []string{"latest", "npx1", "npx1-", "npx1-linux-amd64", "npx1-linux-amd64-s-x", "npx1-" + key32, "npx1-linux-amd64-" + key32 + "0", "npx10-linux-amd64-" + key32, "v1-npx1-linux-amd64-" + key32,
		"npx1-web-linux-amd64-" + key32, "npx1-web-linux-amd64-s-" + key32, "npx1-web-linux-amd64-b-main-01234567"} {
		if got, ok := ParseTag("npx1", tag); ok {
			t.Errorf("%s is taken for %+v", tag, got)
		}
	}
}

func TestPruneKeepsWhatAnyRuleKeeps(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	tag := func(suffix string) string { return "npx1-linux-amd64-" + suffix }
	exact := func(c string) string { return tag(strings.Repeat(c, 32)) }
	branch := func(name string) string { return tag("b-" + branchSlug(name)) }
	entries := []Entry{
		{Digest: "main", Tags: []string{branch("main"), exact("1"), tag("s-" + key32)}, Ours: true, Created: days(90)},
		{Digest: "main's note", Tags: []string{branch("main") + "-parts"}, Ours: true},
		{Digest: "old", Tags: []string{exact("2")}, Ours: true, Created: days(60)},
		{Digest: "new", Tags: []string{exact("3")}, Ours: true, Created: days(40)},
		{Digest: "today", Tags: []string{exact("4")}, Ours: true, Created: days(0)},
		{Digest: "feature", Tags: []string{branch("feat/x"), exact("5")}, Ours: true, Created: days(70)},
		{Digest: "feature's note", Tags: []string{branch("feat/x") + "-parts"}, Ours: true},
		{Digest: "arm", Tags: []string{"npx1-linux-arm64-" + key32}, Ours: true, Created: days(80)},
		{Digest: "foreign manifest", Tags: []string{exact("6")}, Created: days(99)},
		{Digest: "also released", Tags: []string{"npx1-c-linux-amd64-" + key32, "v1"}, Ours: true, Created: days(99)},
		{Digest: "of an index", Tags: []string{"npx1-c-linux-amd64-" + strings.Repeat("1", 32)}, Ours: true, Created: days(99)},
		{Digest: "content", Tags: []string{"npx1-c-linux-amd64-" + strings.Repeat("2", 32)}, Ours: true, Created: days(98)},
		{Digest: "index", Tags: []string{"latest"}, Parts: []string{"of an index"}, Created: days(99)},
		{Digest: "without a tag", Ours: true, Created: days(99)},
	}
	entries = append(entries,
		Entry{Digest: "old's record", Tags: []string{exact("2") + "-stores"}, Ours: true},
		Entry{Digest: "new's record", Tags: []string{exact("3") + "-stores"}, Ours: true, Parts: []string{"old's first store"}},
		Entry{Digest: "old's first store", Tags: []string{exact("2") + "-d-00000001"}, Ours: true, Created: days(60)},
		Entry{Digest: "old's second store", Tags: []string{exact("2") + "-d-00000002"}, Ours: true, Created: days(60)},
		Entry{Digest: "a store of both", Tags: []string{exact("2") + "-d-00000003", branch("main") + "-d-00000003"}, Ours: true, Created: days(60)},
		Entry{Digest: "nobody's store", Tags: []string{exact("9") + "-d-00000001"}, Ours: true, Created: days(0)},
		Entry{Digest: "store of a foreign cache", Tags: []string{exact("6") + "-d-00000001"}, Ours: true, Created: days(99)},
	)
	for title, tt := range map[string]struct {
		rules Rules
		want  []string
	}{
		"age":             {Rules{Within: 50 * 24 * time.Hour}, []string{"old", "arm", "content", "old's record", "old's second store", "nobody's store"}},
		"nothing":         {Rules{}, []string{"old", "new", "today", "arm", "content", "old's record", "new's record", "old's first store", "old's second store", "nobody's store"}},
		"the last":        {Rules{Last: 1}, []string{"old", "new", "old's record", "new's record", "old's first store", "old's second store", "nobody's store"}},
		"the last two":    {Rules{Last: 2}, []string{"old", "old's record", "old's second store", "nobody's store"}},
		"a branch":        {Rules{Branches: []string{"main"}}, []string{"old", "new", "today", "feature", "feature's note", "arm", "content", "old's record", "new's record", "old's first store", "old's second store", "nobody's store"}},
		"a pattern":       {Rules{Branches: []string{"feat/*"}, Within: 75 * 24 * time.Hour}, []string{"main", "main's note", "arm", "content", "nobody's store"}},
		"another prefix":  {Rules{Prefix: "team"}, nil},
		"no branch, old":  {Rules{Branches: []string{}, Within: 65 * 24 * time.Hour}, []string{"main", "main's note", "feature", "feature's note", "arm", "content", "nobody's store"}},
		"more than there": {Rules{Last: 100, Branches: []string{}}, []string{"nobody's store"}},
	} {
		if tt.rules.Prefix == "" {
			tt.rules.Prefix = "npx1"
		}
		var got []string
		for _, e := range tt.rules.Prune(entries, now) {
			got = append(got, e.Digest)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", title, diff)
		}
	}
}

func TestADateOfTomorrowIsNone(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	entries := []Entry{
		{Digest: "of 2099", Tags: []string{"npx1-c-linux-amd64-" + strings.Repeat("1", 32)}, Ours: true, Created: now.AddDate(73, 0, 0)},
		{Digest: "of a clock that is ahead", Tags: []string{"npx1-c-linux-amd64-" + strings.Repeat("2", 32)}, Ours: true, Created: now.Add(time.Hour)},
	}
	for _, rules := range []Rules{{Prefix: "npx1", Within: 24 * time.Hour}, {Prefix: "npx1", Last: 1}} {
		if got := rules.Prune(entries, now); len(got) != 1 || got[0].Digest != "of 2099" {
			t.Errorf("%+v: %+v", rules, got)
		}
	}
}
