package cache

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sum makes a digest of a letter.
func sum(letter string) string { return "sha256:" + strings.Repeat(letter, 64) }

// packages is an app whose phases share a directory; the install phase has one more, and the build phase too.
func packages(records ...Record) Packages {
	return Packages{
		Phases:   []PhaseRecord{{Name: "install", Identity: "i1"}, {Name: "build", Identity: "b1"}},
		Targets:  map[string][]string{"install": {"/a", "/both"}, "build": {"/b", "/both"}},
		Records:  records,
		Registry: true,
		Skip:     func(string) string { return "" },
		Limit:    1000,
		Has:      func(string) bool { return true },
	}
}

// starts are what the directories of each phase begin with.
func starts(c Choice) map[string]string {
	m := map[string]string{}
	for _, ph := range c.Phases {
		for _, s := range ph.Starts {
			m[ph.Name+" "+s.Target] = s.From[:min(8, len(s.From))]
		}
	}
	return m
}

// recorded is a layer cache of install i1 and build b1, made from nothing, which left three stores.
func recorded() Record {
	return Record{
		Phases: []PhaseRecord{
			{"install", "i1", []Start{{"/a", Nothing}, {"/both", sum("0")}}},
			{"build", "b1", []Start{{"/b", Builders}}},
		},
		Stores: []Store{{"/a", sum("a"), 10, 1}, {"/b", sum("b"), 10, 2}, {"/both", sum("c"), 10, 3}},
	}
}

func TestChoose(t *testing.T) {
	const a, b, both = "sha256:a", "sha256:b", "sha256:c"
	newest := map[string]string{"install /a": a, "install /both": both, "build /b": b}
	tests := []struct {
		name   string
		change func(*Packages)
		want   map[string]string
		export []string
	}{
		{"no cache yet: from nothing, and what phases share is handed on", func(p *Packages) { p.Records = nil },
			map[string]string{"install /a": Nothing, "install /both": Nothing, "build /b": Nothing}, []string{"/a", "/b", "/both"}},
		{"nothing changed: as the cached steps were run", func(p *Packages) { p.OnlyExact = true },
			map[string]string{"install /a": Nothing, "install /both": "sha256:0", "build /b": Builders}, nil},
		{"the source changed: the newest for the build, the old ones for the install", func(p *Packages) {
			p.OnlyExact, p.Phases[1].Identity = true, "b2"
		}, map[string]string{"install /a": Nothing, "install /both": "sha256:0", "build /b": b, "build /both": both}, nil},
		{"the lockfile changed: the newest for all", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
		}, newest, []string{"/a", "/b", "/both"}},
		{"the branch is asked before the default branch", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Records = []Record{{Stores: []Store{{"/a", sum("d"), 10, 1}}}, p.Records[0]}
		}, map[string]string{"install /a": "sha256:d", "install /both": both, "build /b": b}, []string{"/a", "/b", "/both"}},
		{"one is gone: from nothing", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Has = func(digest string) bool { return digest != sum("c") }
		}, map[string]string{"install /a": a, "install /both": Nothing, "build /b": b}, []string{"/a", "/b", "/both"}},
		{"one that the cached steps began with is gone: they run, and it is made again", func(p *Packages) {
			p.OnlyExact = true
			p.Has = func(digest string) bool { return digest != sum("0") && digest != sum("c") }
		}, map[string]string{"install /a": a, "install /both": Nothing, "build /b": b}, []string{"/both"}},
		{"an exact cache that lacks one gets it", func(p *Packages) {
			p.OnlyExact, p.Phases[1].Identity = true, "b2"
			p.Records[0].Stores = p.Records[0].Stores[:1]
		}, map[string]string{"install /a": Nothing, "install /both": "sha256:0", "build /b": Nothing, "build /both": Nothing}, []string{"/b", "/both"}},
		{"a chain that is long begins anew", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Records[0].Stores[0].Layers = maxLayers
		}, map[string]string{"install /a": Nothing, "install /both": both, "build /b": b}, []string{"/a", "/b", "/both"}},
		{"one that has grown too large begins anew", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Records[0].Stores[1] = Store{"/b", "", 1001, 2}
		}, map[string]string{"install /a": a, "install /both": both, "build /b": Nothing}, []string{"/a", "/b", "/both"}},
		{"one that is too large at once is left to the builder", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Records[0].Stores[1] = Store{"/b", "", 1001, 1}
		}, map[string]string{"install /a": a, "install /both": both, "build /b": Builders}, []string{"/a", "/both"}},
		{"until the limit is raised", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Records[0].Stores[1], p.Limit = Store{"/b", "", 1001, 1}, 2000
		}, map[string]string{"install /a": a, "install /both": both, "build /b": Nothing}, []string{"/a", "/b", "/both"}},
		{"skipped", func(p *Packages) {
			p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
			p.Skip = func(target string) string { return map[string]string{"/b": "skipped"}[target] }
		}, map[string]string{"install /a": a, "install /both": both, "build /b": Builders}, []string{"/a", "/both"}},
		{"on a builder that keeps them, only cached steps are as they were", func(p *Packages) {
			p.OnlyExact, p.Registry, p.Phases[1].Identity = true, false, "b2"
		}, map[string]string{"install /a": Nothing, "install /both": "sha256:0", "build /b": Builders, "build /both": Builders}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := packages(recorded())
			tt.change(&p)
			c := p.Choose()
			if diff := cmp.Diff(tt.want, starts(c)); diff != "" {
				t.Errorf("starts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.export, c.Export); diff != "" && len(tt.export)+len(c.Export) > 0 {
				t.Errorf("exports (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNextRecordIsOfTheLayerCacheBesideIt(t *testing.T) {
	p := packages(recorded())
	p.Phases[0].Identity, p.Phases[1].Identity = "i2", "b2"
	c := p.Choose()
	next := p.Next(c, []Store{{"/both", sum("e"), 20, 4}})
	want := Record{Phases: c.Phases, Stores: []Store{{"/a", sum("a"), 10, 1}, {"/b", sum("b"), 10, 2}, {"/both", sum("e"), 20, 4}}}
	if diff := cmp.Diff(want, next); diff != "" {
		t.Errorf("after a miss (-want +got):\n%s", diff)
	}
	p.OnlyExact = true
	if diff := cmp.Diff(recorded().Phases, p.Next(c, nil).Phases); diff != "" {
		t.Errorf("after a hit the layer cache is the old one (-want +got):\n%s", diff)
	}
	delete(p.Targets, "build")
	if next := p.Next(c, nil); len(next.Stores) != 2 {
		t.Errorf("a directory that the app has no longer is kept: %v", next.Stores)
	}
}

func TestWithoutStoresAllBeginWithNothing(t *testing.T) {
	p := packages(recorded())
	p.OnlyExact, p.Phases[1].Identity = true, "b2"
	c := p.Choose()
	got := c.WithoutStores()
	want := map[string]string{"install /a": Nothing, "install /both": Nothing, "build /b": Nothing, "build /both": Nothing}
	if diff := cmp.Diff(want, starts(got)); diff != "" {
		t.Errorf("starts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/a", "/b", "/both"}, got.Export); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	if starts(c)["install /both"] != "sha256:0" {
		t.Error("the choice itself has changed")
	}
}

func TestRecordIsWhatWasWritten(t *testing.T) {
	ref, notes, err := RecordDocument("r:exact", recorded())
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadRecord(t.Context(), memory{ref: notes}, "r:exact")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(recorded(), *got); diff != "" {
		t.Error(diff)
	}
	if r, err := ReadRecord(t.Context(), memory{}, "r:exact"); r != nil || err != nil {
		t.Errorf("no record is %v, %v", r, err)
	}
}

func TestABrokenRecordIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":              `{`,
		"a digest of others":   `{"stores":[{"target":"/a","digest":"md5:1","size":1,"layers":1}]}`,
		"a reference":          `{"stores":[{"target":"/a","digest":"other.example/x@` + sum("a") + `"}]}`,
		"a negative size":      `{"stores":[{"target":"/a","size":-1}]}`,
		"a relative directory": `{"stores":[{"target":"a","digest":"` + sum("a") + `"}]}`,
		"another start":        `{"phases":[{"name":"x","identity":"i","starts":[{"target":"/a","from":"latest"}]}]}`,
		"an escaping start":    `{"phases":[{"name":"x","identity":"i","starts":[{"target":"/a/../b","from":"nothing"}]}]}`,
	} {
		r, err := ReadRecord(t.Context(), memory{"r:exact-stores": {recordAnnotation: text}}, "r:exact")
		if err == nil {
			t.Errorf("%s is read as %+v", name, r)
		}
	}
}

func TestUnworthy(t *testing.T) {
	for target, want := range map[string]string{
		"/root/.npm":                    downloads,
		"/app/.m2/repository":           downloads,
		"/root/.cache/go-build":         "",
		"/app/packages/web/.next/cache": "",
		"/app/node_modules/.cache":      "",
		"/root/.cache/mine":             "",
		"/app/my.m2/repository":         "",
	} {
		if got := Unworthy(target); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestStoreRefsAreTags(t *testing.T) {
	k := Key{Exact: strings.Repeat("a", 32), Setup: strings.Repeat("b", 32)}
	r, err := NewRefs(Scope{Repository: "r.example/app/cache:" + strings.Repeat("p", 32), Platform: "linux/arm64/v8-and-more-of-it",
		Branch: strings.Repeat("feat/", 20), Writer: ByRequest}, k)
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{StoreRef(r.Branch, "/root/.npm"), StoreRef(r.Exact, "/root/.npm"), recordRef(r.Branch)} {
		if tag := ref[strings.LastIndexByte(ref, ':')+1:]; len(tag) > 128 {
			t.Errorf("%s has %d characters", tag, len(tag))
		}
	}
	if StoreRef(r.Exact, "/a") == StoreRef(r.Exact, "/b") {
		t.Error("two directories have one tag")
	}
}
