package build_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

// packages reads the options of package caches.
func packages(t *testing.T, mode, limit string, skip ...string) build.PackageCaches {
	t.Helper()
	p, err := build.ParsePackages(mode, skip, limit)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPackageSettings(t *testing.T) {
	for _, tt := range []struct{ mode, limit string }{{"disk", ""}, {"", "much"}, {"", "0"}, {"", "-1"}} {
		if _, err := build.ParsePackages(tt.mode, nil, tt.limit); fault.Status(err) != fault.Misuse {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if p := packages(t, "", ""); p.Mode != build.PackagesAuto {
		t.Errorf("%+v", p)
	}
}

func TestARegistryOfPackagesNeedsARegistryCache(t *testing.T) {
	s := newStand(t)
	s.spec.Cache.Packages = packages(t, build.PackagesRegistry, "")
	if _, err := s.run(); fault.Status(err) != fault.Misuse || len(s.bench.dialled) > 0 {
		t.Errorf("got %v", err)
	}
}

// hoarding is an app with cache directories and a registry cache.
func hoarding(t *testing.T) *stand {
	t.Helper()
	s := newStand(t).withCache("{}").change(func(p *plan.Plan) {
		p.Phases = map[string]plan.Phase{
			"install": {OnlyIncludeFiles: []string{"lock", "lib"}, Cmds: []string{"one"}, CacheDirectories: []string{"/store"}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{"two"}, CacheDirectories: []string{"out"}},
		}
	})
	for _, file := range []string{"lock", "lib/a", "main"} {
		apptest.Write(t, s.spec.Dir, file, file)
	}
	s.spec.Cache.Packages = packages(t, build.PackagesRegistry, "1MiB")
	s.bench.sizes = map[string]int64{"/store": 1000, "/app/out": 2 << 20}
	return s
}

// stores are the package caches that a request exports, and reports whether its steps read one of the registry.
func stores(req builder.Request) (exports []string, reads bool) {
	for _, b := range req.Byproducts {
		exports = append(exports, b.Name)
	}
	slices.Sort(exports)
	return exports, slices.ContainsFunc(req.Definition.Def, func(op []byte) bool { return strings.Contains(string(op), "/app/cache@sha256:") })
}

func TestStoresAreNamedAndFoundAgain(t *testing.T) {
	s := hoarding(t)
	s.built()
	if exports, _ := stores(s.request()); !slices.Equal(exports, []string{"/app/out", "/store"}) {
		t.Errorf("first build exports %q", exports)
	}
	if !s.saying("package cache: registry (as asked); new /store, /app/out") || !s.saying("not saved /app/out: it is too large") || !s.saying("saved /store") {
		t.Errorf("said %q", s.said)
	}
	tags := s.tags("/app/cache")
	kept := func(target string) bool {
		return slices.ContainsFunc(tags, func(tag string) bool { return strings.HasSuffix(tag, cache.StoreRef("", target)) })
	}
	if !kept("/store") || kept("/app/out") {
		t.Errorf("the tags are %q", tags)
	}

	s.said = nil
	s.built()
	if exports, _ := stores(s.request()); len(exports) > 0 || s.saying("restored") {
		t.Errorf("nothing changed, but %q is exported, said %q", exports, s.said)
	}

	s.said = nil
	apptest.Write(t, s.spec.Dir, "main", "changed")
	s.built()
	if !s.saying("not /app/out: ") || s.saying("restored") {
		t.Errorf("a source file changed: said %q", s.said)
	}

	s.said = nil
	s.spec.Cache.Policy = cache.Policy{Read: true, Reason: "a fork"}
	s.change(func(p *plan.Plan) { p.Variables = map[string]string{"another": "key"} })
	s.built()
	if exports, _ := stores(s.request()); len(exports) > 0 || !s.saying("restored /store") {
		t.Errorf("a guest exports %q, said %q", exports, s.said)
	}
	if diff := cmp.Diff(tags, s.tags("/app/cache")); diff != "" {
		t.Errorf("the guest has written:\n%s", diff)
	}
}

func TestAPhaseIsIdentifiedByWhatItsStepsSee(t *testing.T) {
	for _, tt := range []struct{ change, said string }{
		{"main", "not /app/out"}, // the phase build sees it, and install does not
		{"lib/a", "restored /store"},
	} {
		s := hoarding(t)
		s.built()
		s.said = nil
		apptest.Write(t, s.spec.Dir, tt.change, "changed")
		s.withCache(tt.change).spec.Cache.Packages = packages(t, build.PackagesRegistry, "1MiB")
		s.built()
		if !s.saying(tt.said) || tt.change == "main" && s.saying("restored") {
			t.Errorf("%s changed: said %q", tt.change, s.said)
		}
	}
}

func TestALayerCacheWithoutARecordIsUsedAsItWasMade(t *testing.T) {
	s := hoarding(t)
	s.spec.Cache.Packages = packages(t, build.PackagesMount, "")
	s.built()
	s.said, s.spec.Cache.Packages = nil, packages(t, build.PackagesRegistry, "")
	// The first build left a record; one of an older version did not.
	for _, tag := range s.tags("/app/cache") {
		if strings.HasSuffix(tag, "-stores") {
			if err := s.world.Registry.Delete(t.Context(), s.host+"/app/cache:"+tag); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.built()
	if exports, reads := stores(s.request()); len(exports) > 0 || reads || !s.saying("package cache: mount (the layer cache of these lockfiles was made so)") {
		t.Errorf("exported %q, said %q", exports, s.said)
	}
}

func TestWherePackagesAreKeptByDefault(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*stand)
		want   string
	}{
		"on a builder that starts empty": {func(s *stand) { s.bench.isEmpty = true }, "registry (the builder starts empty)"},
		"on one that lives on":           {func(*stand) {}, "mount (the builder keeps what it has)"},
		"as asked":                       {func(s *stand) { s.spec.Cache.Packages.Mode = build.PackagesMount }, "mount (as asked)"},
		"without a registry cache":       {func(s *stand) { s.spec.Cache.Scope.Repository = "" }, "mount (there is no registry cache)"},
		"an untrusted build, which reads": {func(s *stand) {
			s.spec.Cache.Packages.Mode = build.PackagesRegistry
			s.built()
			s.spec.Cache.Packages.Mode = build.PackagesAuto
			s.spec.Steps.Kept = lower.Kept{Space: "x"}
			s.said = nil
		}, "registry (the builder keeps directories for trusted builds only)"},
	} {
		s := hoarding(t)
		s.spec.Cache.Packages = packages(t, build.PackagesAuto, "1MiB")
		tt.change(s)
		s.built()
		if !s.saying("package cache: " + tt.want) {
			t.Errorf("%s: said %q", name, s.said)
		}
	}
}

func TestWhichDirectoriesAreKept(t *testing.T) {
	for _, tt := range []struct {
		mode, skip, target string
		exported           bool
	}{
		{build.PackagesRegistry, "", "/root/.cache/go-build", true},
		{build.PackagesRegistry, "~/.cache/go-build", "/root/.cache/go-build", false},
		{build.PackagesRegistry, "", "out", true},
		{build.PackagesRegistry, "out", "out", false},
		{build.PackagesAuto, "", "/root/.npm", false}, // downloads
	} {
		s := hoarding(t)
		s.bench.isEmpty = true
		var skip []string
		if tt.skip != "" {
			skip = []string{tt.skip}
		}
		s.spec.Cache.Packages = packages(t, tt.mode, "", skip...)
		s.change(func(p *plan.Plan) {
			p.Phases = map[string]plan.Phase{"build": {Cmds: []string{"one"}, CacheDirectories: []string{tt.target}}}
		})
		s.built()
		if exports, _ := stores(s.request()); len(exports) > 0 != tt.exported {
			t.Errorf("%+v: exports %q, said %q", tt, exports, s.said)
		}
	}
}

func TestABrokenStoreIsDoneWithout(t *testing.T) {
	for name, tt := range map[string]struct {
		err    func(repository string) error
		solves int
	}{
		"a layer that is gone": {func(string) error { return &builder.StepError{Name: "one", Err: errors.New("not found")} }, 2},
		"a manifest that is gone": {func(r string) error {
			return &builder.RegistryError{Action: "pulling", Ref: r + "@sha256:1", NotFound: true, Err: errors.New("not found")}
		}, 2},
		"a command that fails": {func(string) error { return &builder.StepError{Name: "one", ExitCode: 1} }, 1},
		"another image": {func(string) error {
			return &builder.RegistryError{Action: "pulling", Ref: "base.example/base", Err: errors.New("not found")}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := hoarding(t)
			s.built()
			first := len(s.bench.asked)
			s.bench.fail = func(_ int, req builder.Request) error {
				if _, reads := stores(req); reads {
					return tt.err(s.spec.Cache.Scope.Repository)
				}
				return nil
			}
			s.change(func(p *plan.Plan) { p.Variables = map[string]string{"another": "key"} })
			s.spec.Cache.Policy.Write = true
			_, err := s.run()
			// A cache that may be broken is left out first, and the package caches are then.
			without := 0
			for _, req := range s.bench.asked[first:] {
				if _, reads := stores(req); !reads {
					without++
				}
			}
			if (err == nil) != (tt.solves == 2) || (without == 1) != (tt.solves == 2) {
				t.Errorf("%d solves without the store, %v", without, err)
			}
			if warned := s.saying("building again without the package caches"); warned != (tt.solves == 2) {
				t.Errorf("said %q", s.said)
			}
		})
	}
}

func TestAStoreThatCannotBeNamedIsAWarning(t *testing.T) {
	s := hoarding(t)
	s.world.Connect = s.bench.wrapped(func(r *builder.Result) {
		r.Byproducts = []builder.ByproductResult{{Name: "/store", Err: errors.New("disk full")}, {Name: "/app/out", Digest: "sha256:" + strings.Repeat("0", 64)}}
	})
	s.built()
	if !s.saying("warning: the package cache was not kept: disk full") || strings.Count(strings.Join(s.said, "\n"), "was not kept") != 2 {
		t.Errorf("said %q", s.said)
	}
}
