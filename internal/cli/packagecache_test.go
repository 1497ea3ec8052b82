package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

func TestPackageSettings(t *testing.T) {
	s, err := newPackageSettings("", []string{"~/.npm", "target/", "/x//y"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/root/.npm", "/app/target", "/x/y"}, s.skip); diff != "" || s.mode != packagesAuto || s.limit != 1<<30 {
		t.Errorf("mode %s, limit %d, skip (-want +got):\n%s", s.mode, s.limit, diff)
	}
	for name, give := range map[string][2]string{"an unknown mode": {"always", ""}, "no size": {"", "much"}, "nothing": {"", "0"}, "less": {"", "-1GiB"}} {
		if _, err := newPackageSettings(give[0], nil, give[1]); err == nil || !strings.HasPrefix(err.Error(), "reading --package-cache") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARegistryOfPackagesNeedsARegistryCache(t *testing.T) {
	err := packageSettings{mode: packagesRegistry}.check("")
	if f, ok := errors.AsType[*failure](err); !ok || f.status != statusUsage {
		t.Errorf("got %v", err)
	}
	for mode, repository := range map[string]string{packagesRegistry: "r.example/cache", packagesAuto: ""} {
		if err := (packageSettings{mode: mode}).check(repository); err != nil {
			t.Errorf("%s with %q: %v", mode, repository, err)
		}
	}
}

func TestWhichDirectoriesAreKept(t *testing.T) {
	for _, tt := range []struct{ mode, target, want string }{
		{packagesAuto, "/root/.npm", "it holds downloads"},
		{packagesAuto, "/root/.cache/go-build", ""},
		{packagesRegistry, "/root/.npm", ""},
		{packagesRegistry, "/root/.cache/go-build", "skipped"},
	} {
		s := packageSettings{mode: tt.mode}
		if tt.want == "skipped" {
			s.skip = []string{tt.target}
		}
		if got := s.why(tt.target); got != tt.want {
			t.Errorf("%s, %s: %q, want %q", tt.mode, tt.target, got, tt.want)
		}
	}
}

// hoarding is an app with cache directories whose registry cache is at host.
func hoarding(t *testing.T, host string, said *[]string) (*image, *graph.Graph) {
	t.Helper()
	im := cached(t, host, said)
	im.plan.Plan.Phases = map[string]plan.Phase{
		"install": {OnlyIncludeFiles: []string{"lock", "lib"}, Cmds: []string{"one"}, CacheDirectories: []string{"/store"}},
		"build":   {DependsOn: []string{"install"}, Cmds: []string{"two"}, CacheDirectories: []string{"out"}},
	}
	im.dir = t.TempDir()
	for _, file := range []string{"lock", "lib/a", "main"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(im.dir, file)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(im.dir, file), []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	im.packages = packageSettings{mode: packagesRegistry, limit: 1 << 20}
	g, err := im.newGraph()
	if err == nil {
		g, err = g.Pin(map[string]graph.Pinned{"base.example/base:1": {Ref: "base.example/base@sha256:" + strings.Repeat("1", 64), Config: []byte("{}")}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return im, g
}

func TestAPhaseIsIdentifiedByWhatItsStepsSee(t *testing.T) {
	var said []string
	im, g := hoarding(t, "127.0.0.1:1", &said)
	identities := func() map[string]string {
		phases, err := im.packagePhases(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, p := range phases {
			m[p.Name] = p.Identity
		}
		return m
	}
	first := identities()
	if diff := cmp.Diff(first, identities()); diff != "" || len(first) != 2 {
		t.Errorf("two identities of the same (-first +second):\n%s", diff)
	}
	for _, tt := range []struct {
		change  string
		changed []string
	}{
		{"main", []string{"build"}},
		{"lib/a", []string{"build", "install"}},
	} {
		if err := os.WriteFile(filepath.Join(im.dir, tt.change), []byte("changed"), 0o644); err != nil {
			t.Fatal(err)
		}
		var changed []string
		now := identities()
		for name, id := range now {
			if id != first[name] {
				changed = append(changed, name)
			}
		}
		slices.Sort(changed)
		if diff := cmp.Diff(tt.changed, changed); diff != "" {
			t.Errorf("%s changed (-want +got):\n%s", tt.change, diff)
		}
		first = now
	}
}

// pushStore pushes an image with layers of a size, as the builder does, and returns its digest.
func pushStore(t *testing.T, repository string, size int64, layers int64) string {
	t.Helper()
	img, err := random.Image(size, layers)
	if err != nil {
		t.Fatal(err)
	}
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	ref, err := name.NewDigest(repository + "@" + digest.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, img); err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// round does what a build does with package caches, the build aside: each directory is exported with the size given.
func round(t *testing.T, im *image, g *graph.Graph, sizes map[string]int64) *packages {
	t.Helper()
	lookup, refs, err := im.look(t.Context(), "sha256:base")
	if err != nil {
		t.Fatal(err)
	}
	p, err := im.choosePackages(t.Context(), nil, g, refs, lookup)
	if err != nil {
		t.Fatal(err)
	}
	var req builder.Request
	if _, err := im.define(&req, g, p); err != nil {
		t.Fatal(err)
	}
	out := outcome{lookup: lookup, Result: builder.Result{CacheExported: lookup.Export != ""}}
	for _, b := range req.Byproducts {
		out.Byproducts = append(out.Byproducts, builder.ByproductResult{Name: b.Name, Digest: pushStore(t, p.repository, sizes[b.Name], 1)})
	}
	if lookup.Export != "" {
		push(t, lookup.Export, lookup.Key.Exact)
	}
	im.nameCache(t.Context(), &out, refs)
	im.keepStores(t.Context(), p, out)
	return p
}

func TestStoresAreNamedAndFoundAgain(t *testing.T) {
	host := serve(t, nil)
	var said []string
	im, g := hoarding(t, host, &said)
	sizes := map[string]int64{"/store": 1000, "/app/out": 2 << 20}

	first := round(t, im, g, sizes)
	if diff := cmp.Diff([]string{"/app/out", "/store"}, first.choice.Export); diff != "" {
		t.Errorf("first build exports (-want +got):\n%s", diff)
	}
	if all := strings.Join(said, "\n"); !strings.Contains(all, "package cache: registry (as asked); new /store, /app/out") ||
		!strings.Contains(all, "not saved /app/out: it is too large") {
		t.Errorf("said %q", all)
	}
	tags, err := im.registry.Tags(t.Context(), host+"/app/cache")
	if err != nil {
		t.Fatal(err)
	}
	kept := func(target string) bool {
		return slices.ContainsFunc(tags, func(tag string) bool { return strings.HasSuffix(tag, cache.StoreRef("", target)) })
	}
	if !kept("/store") || kept("/app/out") {
		t.Errorf("the tags are %q", tags)
	}

	if again := round(t, im, g, sizes); len(again.choice.Export)+len(again.choice.Restored) > 0 {
		t.Errorf("nothing changed, but %+v", again.choice)
	}

	if err := os.WriteFile(filepath.Join(im.dir, "main"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if source := round(t, im, g, sizes); source.choice.Left["/app/out"] == "" || len(source.choice.Restored) > 0 {
		t.Errorf("a source file changed: %+v", source.choice)
	}

	im.cache.policy = cache.Policy{Read: true, Reason: "a fork"}
	im.plan.Plan.Variables = map[string]string{"another": "key"}
	guest := round(t, im, g, sizes)
	if len(guest.Records) == 0 || guest.write {
		t.Errorf("a guest reads %d records, and writes: %v", len(guest.Records), guest.write)
	}
	after, err := im.registry.Tags(t.Context(), host+"/app/cache")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tags, after); diff != "" {
		t.Errorf("the guest has written:\n%s", diff)
	}
}

func TestALayerCacheWithoutARecordIsUsedAsItWasMade(t *testing.T) {
	host := serve(t, nil)
	var said []string
	im, g := hoarding(t, host, &said)
	build(t, im)
	lookup, refs, err := im.look(t.Context(), "sha256:base")
	if err != nil || lookup.Hit != cache.Exact {
		t.Fatal(lookup, err)
	}
	if p, err := im.choosePackages(t.Context(), nil, g, refs, lookup); p != nil || err != nil {
		t.Errorf("stores are chosen: %+v, %v", p, err)
	}
}

// breaking is a builder that cannot pull a store.
type breaking struct {
	err    error
	solved []builder.Request
}

func (b *breaking) Solve(_ context.Context, req builder.Request) (builder.Result, error) {
	b.solved = append(b.solved, req)
	for _, op := range req.Definition.Def {
		if strings.Contains(string(op), "/app/cache@sha256:") {
			return builder.Result{}, b.err
		}
	}
	return builder.Result{}, nil
}

func TestABrokenStoreIsDoneWithout(t *testing.T) {
	host := serve(t, nil)
	repository := host + "/app/cache"
	for name, tt := range map[string]struct {
		err    error
		solves int
	}{
		"a layer that is gone":    {&builder.StepError{Name: "one", Err: errors.New("not found")}, 2},
		"a manifest that is gone": {&builder.RegistryError{Action: "pulling", Ref: repository + "@sha256:1", NotFound: true, Err: errors.New("not found")}, 2},
		"a command that fails":    {&builder.StepError{Name: "one", ExitCode: 1}, 1},
		"another image":           {&builder.RegistryError{Action: "pulling", Ref: "base.example/base", Err: errors.New("not found")}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			im, g := hoarding(t, host, &said)
			p := &packages{repository: repository}
			p.Targets = map[string][]string{"install": {"/store"}}
			p.choice.Phases = []cache.PhaseRecord{{Name: "install", Starts: []cache.Start{{Target: "/store", From: "sha256:" + strings.Repeat("a", 64)}}}}
			b := &breaking{err: tt.err}
			build := func(req builder.Request, _ lower.Options) (builder.Result, error) { return b.Solve(t.Context(), req) }
			_, err := im.solveWith(t.Context(), build, g, builder.Request{}, p)
			if len(b.solved) != tt.solves || (err == nil) != (tt.solves == 2) {
				t.Errorf("%d solves, %v", len(b.solved), err)
			}
			if warned := strings.Contains(strings.Join(said, ""), "building again without the package caches"); warned != (tt.solves == 2) {
				t.Errorf("said %q", said)
			}
		})
	}
}
