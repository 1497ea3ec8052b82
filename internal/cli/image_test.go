package cli

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	fake "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
)

// serve starts an empty registry behind wrap, and returns its host and port.
func serve(t *testing.T, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	handler := fake.New(fake.Logger(log.New(io.Discard, "", 0)))
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push writes an image for linux/amd64 that differs by its author, and returns its digest.
func push(t *testing.T, ref, author string) string {
	t.Helper()
	return pushFor(t, ref, author, "amd64")
}

// pushFor is push for another architecture.
func pushFor(t *testing.T, ref, author, arch string) string {
	t.Helper()
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: arch, Author: author})
	if err != nil {
		t.Fatal(err)
	}
	return writeImage(t, ref, img)
}

// writeImage stores an image in its registry and returns its digest.
func writeImage(t *testing.T, ref string, img v1.Image) string {
	t.Helper()
	parsed, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(parsed, img); err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// pushCache writes what BuildKit's caches look like.
func pushCache(t *testing.T, ref, text string) {
	t.Helper()
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), cacheConfig)
	img, err := mutate.AppendLayers(img, static.NewLayer([]byte(text), types.OCILayer))
	if err != nil {
		t.Fatal(err)
	}
	writeImage(t, ref, img)
}

// cached is an app whose cache is in the registry at host. What it says goes to said.
func cached(t *testing.T, host string, said *[]string) *image {
	t.Helper()
	app := result(t, map[string]string{"package-lock.json": "{}"})
	app.Locks = []string{"package-lock.json"}
	return &image{
		plan: app, platform: "linux/amd64",
		registry: &registry.Client{Pause: time.Nanosecond},
		cache: cacheSettings{
			scope:  cache.Scope{Repository: host + "/app/cache", Platform: "linux/amd64", Branch: "main", Default: "main"},
			policy: cache.Policy{Read: true, Write: true},
		},
		say: func(kind, text string) { *said = append(*said, kind+": "+text) },
	}
}

// build does what a build does with the cache, the build aside: it looks, the builder exports, and the cache is named.
func build(t *testing.T, im *image) *cache.Lookup {
	t.Helper()
	lookup, refs, err := im.look(t.Context(), "sha256:base")
	if err != nil {
		t.Fatal(err)
	}
	if lookup.Export != "" {
		pushCache(t, lookup.Export, lookup.Key.Exact)
	}
	out := outcome{lookup: lookup, Result: builder.Result{CacheExported: lookup.Export != ""}}
	im.nameCache(t.Context(), &out, refs)
	return lookup
}

func TestCacheIsWrittenOncePerLockfileAndExplainsItsMisses(t *testing.T) {
	host := serve(t, nil)
	var said []string
	im := cached(t, host, &said)
	repository := host + "/app/cache"

	first := build(t, im)
	if first.Hit != cache.None || len(first.Import) != 0 || first.Export == "" {
		t.Errorf("first build: %+v", first)
	}
	tags, err := im.registry.Tags(t.Context(), repository)
	if err != nil {
		t.Fatal(err)
	}
	refs, err := cache.NewRefs(im.cache.scope, first.Key)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{refs.Exact, refs.Branch, refs.Branch + "-parts", refs.Setup}
	for i := range want {
		want[i] = strings.TrimPrefix(want[i], repository+":")
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, tags); diff != "" {
		t.Errorf("tags differ (-want +got):\n%s", diff)
	}

	if second := build(t, im); second.Hit != cache.Exact || second.Export != "" || !slices.Equal(second.Import, []string{refs.Exact}) {
		t.Errorf("second build: %+v", second)
	}

	im.plan.Tree = tree(t, map[string]string{"package-lock.json": `{"changed": true}`})
	third := build(t, im)
	if third.Hit != cache.Partial || !slices.Equal(third.Import, []string{refs.Branch, refs.Setup}) || third.Export == first.Export {
		t.Errorf("third build: %+v", third)
	}
	wantSaid := []string{
		"cache: none (there is no cache yet)", "cache: exact", "cache: partial (changed since the last cache: package-lock.json)",
	}
	if diff := cmp.Diff(wantSaid, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
	for _, ref := range []string{refs.Branch, refs.Setup} {
		_, digest, err := im.registry.Exists(t.Context(), ref)
		_, newest, nerr := im.registry.Exists(t.Context(), third.Export)
		if err != nil || nerr != nil || digest != newest {
			t.Errorf("%s is %s, not the newest cache %s (%v, %v)", ref, digest, newest, err, nerr)
		}
	}
}

func TestCacheThatMayNotBeWrittenIsOnlyRead(t *testing.T) {
	host := serve(t, nil)
	var said []string
	im := cached(t, host, &said)
	im.cache.policy = cache.Policy{Read: true, Reason: "a fork does not write the cache"}
	if l := build(t, im); l.Export != "" || len(l.Also) != 0 {
		t.Errorf("got %+v", l)
	}
	if tags, err := im.registry.Tags(t.Context(), host+"/app/cache"); err != nil || len(tags) != 0 {
		t.Errorf("written: %q, %v", tags, err)
	}
	want := []string{"cache: none (there is no cache yet; nothing is written: a fork does not write the cache)"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

func TestTroubleWithTheCacheIsNoFailure(t *testing.T) {
	var said []string
	refuse := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	}
	im := cached(t, serve(t, refuse), &said)
	lookup, refs, err := im.look(t.Context(), "sha256:base")
	if err != nil || lookup.Hit != cache.None || lookup.Export != "" {
		t.Fatalf("got %+v, %v", lookup, err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "cache: none (the cache cannot be read: ") {
		t.Errorf("said %q", said)
	}

	said = nil
	im = cached(t, serve(t, nil), &said)
	out := outcome{lookup: &cache.Lookup{Export: refs.Exact}, Result: builder.Result{CacheWarning: "denied"}}
	im.nameCache(t.Context(), &out, refs)
	if diff := cmp.Diff([]string{"warning: the cache was not written: denied"}, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}

	said = nil
	missing := im.cache.scope.Repository + ":missing"
	out = outcome{lookup: &cache.Lookup{Export: missing}, Result: builder.Result{CacheExported: true}}
	im.nameCache(t.Context(), &out, refs)
	if diff := cmp.Diff([]string{"warning: the cache was written but not named: " + missing + " is not there"}, said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

func TestCacheReferenceThatIsNoneIsWrongUsage(t *testing.T) {
	var said []string
	im := cached(t, "r.example", &said)
	im.cache.scope.Repository = "R.example/Two Words"
	if _, _, err := im.look(t.Context(), "sha256:base"); status(err) != statusUsage {
		t.Errorf("got %v", err)
	}
}

func TestKeyFilesAreLockfilesAndWhatTheInstallSees(t *testing.T) {
	app := result(t, map[string]string{
		"go.sum": "sum", "go.mod": "mod", "libs/a/x": "x", "libs/a/b/y": "y", "libs/ab": "z", "main.go": "m", "setup.toml": "s", "late": "l",
	})
	app.Locks = []string{"go.sum"}
	app.Plan.Phases = map[string]plan.Phase{
		"install":     {OnlyIncludeFiles: []string{"go.mod", "libs/a", "missing"}},
		"ruby:setup":  {OnlyIncludeFiles: []string{"setup.toml"}},
		"build":       {OnlyIncludeFiles: []string{"late"}},
		"installment": {OnlyIncludeFiles: []string{"late"}},
	}
	got, err := KeyFiles(app)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{}
	for name, text := range map[string]string{"go.sum": "sum", "go.mod": "mod", "libs/a/x": "x", "libs/a/b/y": "y", "setup.toml": "s"} {
		want[name] = []byte(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
}

func TestPinTakesTheBasesDigestFromItsRegistry(t *testing.T) {
	host := serve(t, nil)
	digest := push(t, host+"/base:1", "base")
	im := &image{platform: "linux/amd64", registry: &registry.Client{Mirrors: map[string]string{"base.example": host}, Pause: time.Nanosecond}}
	g, err := graph.New(plan.Plan{BuildImage: new("base.example/base:1")}, graph.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pinned, found, err := im.pin(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	if got := found["base.example/base:1"].Digest; got != digest {
		t.Errorf("got digest %s, want %s", got, digest)
	}
	base, ok := pinned.Nodes[0].Op.(graph.Image)
	if want := host + "/base@" + digest; !ok || base.Pinned != want {
		t.Errorf("got %+v, want %s", pinned.Nodes[0].Op, want)
	}
	for platform, want := range map[string]int{"linux/arm64": statusApp, "linux/amd64": statusApp} {
		im.platform = platform
		if platform == "linux/amd64" {
			im.registry.Mirrors["base.example"] = host + "/nothing"
		}
		if _, _, err := im.pin(t.Context(), g); err == nil || status(err) != want {
			t.Errorf("%s: got %v", platform, err)
		}
	}
}

func TestBuildSaysWhatPartOfTheWorldFailed(t *testing.T) {
	host := serve(t, nil)
	push(t, host+"/base:1", "base")
	for title, tt := range map[string]struct {
		mirror, builder string
		want            int
		text            string
	}{
		"registry":          {"127.0.0.1:1", "", statusWorld, "looking up the base image: asking the registry about 127.0.0.1:1/base:1: "},
		"builder":           {host, "tcp://127.0.0.1:1", statusWorld, "connecting to the builder at tcp://127.0.0.1:1: "},
		"builder's address": {host, "ftp://builder.example", statusUsage, `the builder's address "ftp://builder.example" is not supported`},
	} {
		t.Run(title, func(t *testing.T) {
			im := &image{
				plan: result(t, nil), dir: t.TempDir(), platform: "linux/amd64",
				registry: &registry.Client{Mirrors: map[string]string{"base.example": tt.mirror}, Pause: time.Nanosecond},
				daemon:   builder.Options{Host: tt.builder, Timeout: time.Millisecond},
				say:      func(kind, text string) { t.Errorf("said %s: %s", kind, text) },
			}
			_, err := im.build(t.Context())
			if err == nil || status(err) != tt.want || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got status %d, %v", status(err), err)
			}
		})
	}
}

func TestCachesOfARequest(t *testing.T) {
	var req builder.Request
	addCaches(&req, cache.Lookup{Import: []string{"r.example/c:exact"}}, nil)
	if diff := cmp.Diff([]builder.Cache{{Ref: "r.example/c:exact"}}, req.CacheImports); diff != "" || req.CacheExports != nil {
		t.Errorf("exports %v, imports (-want +got):\n%s", req.CacheExports, diff)
	}
	req = builder.Request{}
	addCaches(&req, cache.Lookup{Import: []string{"a", "b"}, Export: "r.example/c:new"}, compressCache("", true))
	if len(req.CacheImports) != 2 || len(req.CacheExports) != 1 {
		t.Fatalf("got %+v", req)
	}
	if e := req.CacheExports[0]; e.Ref != "r.example/c:new" || e.Mode != "max" || !e.IgnoreError {
		t.Errorf("got %+v: a cache holds all steps, and no build fails for it", e)
	}
	if got := req.CacheExports[0].Attrs; got["compression"] != "zstd" || got["image-manifest"] != "true" {
		t.Errorf("attributes: %v", got)
	}
}

func TestRequestTakesCachesOfImages(t *testing.T) {
	im := &image{cacheFrom: []string{"r.example/app:1", "r.example/app:2"}, inlineCache: true, push: true, refs: []string{"r.example/app:3"}}
	req := im.request(&graph.Graph{})
	if diff := cmp.Diff([]builder.Cache{{Ref: "r.example/app:1"}, {Ref: "r.example/app:2"}}, req.CacheImports); diff != "" {
		t.Errorf("imports (-want +got):\n%s", diff)
	}
	addCaches(&req, cache.Lookup{Import: []string{"r.example/c:near"}, Export: "r.example/c:new"}, compressCache("", true))
	if len(req.CacheImports) != 3 || len(req.CacheExports) != 2 || req.CacheExports[0].Type != builder.Inline {
		t.Errorf("the keyed cache takes the place of the images': %+v, %+v", req.CacheImports, req.CacheExports)
	}
}

func TestACacheIsCompressedForThoseWhoReadIt(t *testing.T) {
	gzip := map[string]string{"compression": "gzip", "compression-level": "4"}
	for _, tt := range []struct {
		way   string
		image bool
		want  map[string]string
	}{
		{"", true, map[string]string{"compression": "zstd"}},
		{"", false, gzip}, // an image that is made of it later has these layers
		{"gzip", true, gzip},
		{"estargz", true, map[string]string{"compression": "estargz"}},
	} {
		if diff := cmp.Diff(tt.want, compressCache(tt.way, tt.image)); diff != "" {
			t.Errorf("%q, %t (-want +got):\n%s", tt.way, tt.image, diff)
		}
	}
	image := (&image{push: true, exports: []builder.Export{{Kind: builder.Load}}}).request(&graph.Graph{})
	for _, e := range image.Exports {
		if e.Attrs["compression"] != "gzip" || e.Attrs["force-compression"] != "true" {
			t.Errorf("%s gets layers of the cache as they are: %v", e.Kind, e.Attrs)
		}
	}
}

func TestCompressionIsForWhatHasLayers(t *testing.T) {
	im := &image{push: true, compression: "zstd", exports: []builder.Export{{Kind: builder.OCI}, {Kind: builder.Local}, {Kind: builder.Load}}}
	got := map[string]string{}
	for _, e := range im.request(&graph.Graph{}).Exports {
		got[e.Kind] = e.Attrs["compression"]
	}
	want := map[string]string{builder.OCI: "zstd", builder.Push: "zstd", builder.Local: "", builder.Load: "gzip"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("compressions (-want +got):\n%s", diff)
	}
	if im.exports[0].Attrs != nil {
		t.Error("the request changes the image that it is made from")
	}
}

func TestCompressionKeepsAnnotations(t *testing.T) {
	im := &image{push: true, compression: "zstd", exporter: map[string]string{"annotation.a": "b"}}
	want := map[string]string{"annotation.a": "b", "compression": "zstd"}
	if diff := cmp.Diff(want, im.request(&graph.Graph{}).Exports[0].Attrs); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if len(im.exporter) != 1 {
		t.Error("the request changes the image that it is made from")
	}
}

func TestContextsAreTheAppAndTheGeneratedFiles(t *testing.T) {
	g := &graph.Graph{Ignore: []string{".git", "data"}, Files: []graph.File{{Path: ".nixpacks/a.nix", Content: "{}"}}}
	want := map[string]builder.Context{
		lower.App:       {Dir: "/src/app", Exclude: []string{".git", "data"}},
		lower.Generated: {Files: map[string]string{".nixpacks/a.nix": "{}"}},
	}
	if diff := cmp.Diff(want, contexts(g, "/src/app")); diff != "" {
		t.Errorf("contexts differ (-want +got):\n%s", diff)
	}
}

func TestPlatform(t *testing.T) {
	for platform, want := range map[string][3]string{
		"linux/amd64": {"linux", "amd64", ""}, "linux/arm64/v8": {"linux", "arm64", "v8"}, "linux": {"linux", "", ""},
	} {
		if p := ociPlatform(platform); [3]string{p.OS, p.Architecture, p.Variant} != want {
			t.Errorf("%s: got %+v", platform, p)
		}
	}
}
