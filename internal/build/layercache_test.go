package build_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registrytest"
)

func TestCacheIsWrittenOncePerLockfileAndExplainsItsMisses(t *testing.T) {
	s := newStand(t).withCache("{}")
	repository := s.spec.Cache.Scope.Repository

	first := s.built().Lookup
	if first.Hit != cache.NoHit || len(first.Import) != 0 || first.Export == "" {
		t.Errorf("first build: %+v", first)
	}
	refs, err := cache.NewRefs(s.spec.Cache.Scope, first.Key)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{refs.Exact, refs.Branch, refs.Branch + "-parts", refs.Setup}
	for i := range want {
		want[i] = strings.TrimPrefix(want[i], repository+":")
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, s.tags("/app/cache")); diff != "" {
		t.Errorf("tags differ (-want +got):\n%s", diff)
	}

	if second := s.built().Lookup; second.Hit != cache.ExactHit || second.Export != "" || !slices.Equal(second.Import, []string{refs.Exact}) {
		t.Errorf("second build: %+v", second)
	}
	if req := s.request(); len(req.CacheImports) != 1 || req.CacheImports[0].Ref != refs.Exact || req.CacheExports != nil {
		t.Errorf("second request: %+v, %+v", req.CacheImports, req.CacheExports)
	}

	third := s.withCache(`{"changed": true}`).built().Lookup
	if third.Hit != cache.PartialHit || !slices.Equal(third.Import, []string{refs.Branch, refs.Setup}) || third.Export == first.Export {
		t.Errorf("third build: %+v", third)
	}
	wantSaid := []string{
		"cache: none (there is no cache yet)", "cache: exact", "cache: partial (changed since the last cache: package-lock.json)",
	}
	if diff := cmp.Diff(wantSaid, s.said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
	for _, ref := range []string{refs.Branch, refs.Setup} {
		_, digest, err := s.world.Registry.Exists(t.Context(), ref)
		_, newest, nerr := s.world.Registry.Exists(t.Context(), third.Export)
		if err != nil || nerr != nil || digest != newest {
			t.Errorf("%s is %s, not the newest cache %s (%v, %v)", ref, digest, newest, err, nerr)
		}
	}
}

func TestCacheThatMayNotBeWrittenIsOnlyRead(t *testing.T) {
	s := newStand(t).withCache("{}")
	s.spec.Cache.Policy = cache.Policy{Read: true, Reason: "a fork does not write the cache"}
	if l := s.built().Lookup; l.Export != "" || len(l.Also) != 0 || s.request().CacheExports != nil {
		t.Errorf("got %+v", l)
	}
	if tags := s.tags("/app/cache"); len(tags) != 0 {
		t.Errorf("written: %q", tags)
	}
	want := []string{"cache: none (there is no cache yet; nothing is written: a fork does not write the cache)"}
	if diff := cmp.Diff(want, s.said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

func TestTroubleWithTheCacheIsNoFailure(t *testing.T) {
	forbidden := true
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !forbidden || !strings.Contains(r.URL.Path, "/app/cache/") {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}))
	registrytest.Push(t, host+"/base:1", "base")
	s := standAt(t, host).withCache("{}")
	if l := s.built().Lookup; l.Hit != cache.NoHit || l.Export != "" {
		t.Errorf("got %+v", l)
	}
	if len(s.said) != 1 || !strings.HasPrefix(s.said[0], "cache: none (the cache cannot be read: ") {
		t.Errorf("said %q", s.said)
	}
	forbidden, s.said = false, nil
	s.bench.steps = []builder.Step{{Name: "importing cache manifest from r.example/c:1", Error: "denied"}, {Name: "other", Error: "denied"}}
	out := s.built()
	if out.Lookup.Export == "" || !s.saying("warning: a cache is ignored: reading r.example/c:1: denied") || s.saying("other") {
		t.Errorf("said %q", s.said)
	}
}

func TestACacheThatTheBuilderDidNotWriteIsNotNamed(t *testing.T) {
	s := newStand(t).withCache("{}")
	s.world.Connect = s.bench.wrapped(func(r *builder.Result) { r.CacheExported, r.CacheWarning = false, "denied" })
	s.built()
	if !s.saying("warning: the cache was not written: denied") {
		t.Errorf("said %q", s.said)
	}
	for _, tag := range s.tags("/app/cache") {
		if strings.Contains(tag, "main") {
			t.Errorf("it is named %s", tag)
		}
	}
}

func TestACacheThatIsGoneBeforeItIsNamedIsAWarning(t *testing.T) {
	s := newStand(t).withCache("{}")
	s.world.Connect = s.bench.withoutExports()
	out := s.built()
	if !s.saying("warning: the cache was written but not named: " + out.Lookup.Export + " is not there") {
		t.Errorf("said %q", s.said)
	}
}

func TestABrokenCacheIsAsGoodAsNone(t *testing.T) {
	s := newStand(t).withCache("{}")
	exact := s.built().Lookup.Export
	registrytest.Push(t, exact, "no cache at all")
	if l := s.built().Lookup; l.Hit == cache.ExactHit || l.Export != exact || !s.saying("warning: a cache is ignored: ") {
		t.Errorf("got %+v, said %q", l, s.said)
	}
}

func TestCacheReferenceThatIsNoneIsWrongUsage(t *testing.T) {
	s := newStand(t).withCache("{}")
	s.spec.Cache.Scope.Repository = "R.example/Two Words"
	if _, err := s.run(); fault.Status(err) != fault.Misuse || len(s.bench.dialled) > 0 {
		t.Errorf("got %v", err)
	}
}

func TestTheImagesOwnCachesStayBesideTheKeyedOne(t *testing.T) {
	s := newStand(t).withCache("{}")
	s.spec.Cache.From, s.spec.Cache.Inline = []string{"r.example/app:1", "r.example/app:2"}, true
	s.built()
	s.built()
	req := s.request()
	if len(req.CacheImports) != 3 || req.CacheImports[0].Ref != "r.example/app:1" || len(req.CacheExports) != 1 || req.CacheExports[0].Type != builder.Inline {
		t.Errorf("the keyed cache takes the place of the images': %+v, %+v", req.CacheImports, req.CacheExports)
	}
	if first := s.bench.asked[0]; len(first.CacheExports) != 2 || first.CacheExports[0].Type != builder.Inline {
		t.Errorf("first: %+v", first.CacheExports)
	}
}

func TestACacheIsCompressedForThoseWhoReadIt(t *testing.T) {
	gzip := map[string]string{"compression": "gzip", "compression-level": "4"}
	for _, tt := range []struct {
		way  string
		push bool
		want map[string]string
	}{
		{"", true, map[string]string{"compression": "zstd"}},
		{"", false, gzip}, // an image that is made of it later has these layers
		{"gzip", true, gzip},
		{"estargz", true, map[string]string{"compression": "estargz"}},
	} {
		s := newStand(t).withCache("{}")
		s.spec.Image.Compression, s.spec.Output.Push = tt.way, tt.push
		s.built()
		e := s.request().CacheExports[0]
		tt.want["image-manifest"], tt.want["oci-mediatypes"] = "true", "true"
		if diff := cmp.Diff(tt.want, e.Attrs); diff != "" || e.Mode != "max" || !e.IgnoreError {
			t.Errorf("%q, %t: a cache holds all steps, and no build fails for it: %+v (-want +got):\n%s", tt.way, tt.push, e, diff)
		}
	}
}

func TestAKeyFollowsTheSecretsOfSteps(t *testing.T) {
	keys := map[string]bool{}
	for _, value := range []string{"correct-horse", "battery-staple", "correct-horse"} {
		s := newStand(t).withCache("{}")
		s.asking("install", "TOKEN")
		s.spec.Secrets = build.Secrets{"TOKEN": value}
		keys[s.built().Lookup.Key.Exact] = true
	}
	if len(keys) != 2 {
		t.Errorf("keys are %v", keys)
	}
}
