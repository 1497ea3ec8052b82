package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
)

// An image is one build in values: what the flags of a developer or the inputs of a CI job come to.
type image struct {
	plan     planner.Result
	dir      string // of the app, on disk
	platform string // such as linux/amd64
	builders addresses
	others   []*image // the same app for other platforms, see [family]
	byDigest bool     // it is one of several and gets no name of its own
	graph    graph.Options
	labels   map[string]string
	exporter map[string]string // attributes of the pushed image, such as annotations
	hosts    []lower.Host      // that steps know
	refs     []string          // names of the image
	push     bool
	known    bool             // what is not pushed need not be built if the registry has it
	exports  []builder.Export // besides the push
	daemon   builder.Options
	registry *registry.Client
	keys     *registry.Keychain
	bundle   []byte // certificates that steps trust; nil for those of the base image
	cache    cacheSettings
	packages packageSettings
	noCache  bool
	secrets  vault // given ones

	epoch        time.Time // the image's date, zero for that of the build
	reproducible bool      // no file of the image is newer

	attest attest // of a push
	run    string // URL of the CI job's run, "" outside CI
	source *commit

	compression string // of new layers, by BuildKit's names; "" is gzip

	cacheFrom   []string // images that hold caches
	inlineCache bool     // keep one in the image

	promote string // promoteAuto or promoteNever
	smoke   string // smokeAuto, smokeAlways or smokeNever

	progress builder.Progress
	silence  time.Duration // of registries, after which they are given up; 0 is the default
	say      func(kind, text string)
}

// cacheSettings say where the registry cache is; without a repository there is none.
type cacheSettings struct {
	scope  cache.Scope
	policy cache.Policy
}

// An outcome is how a build went. After a failure it holds the steps that ran.
type outcome struct {
	builder.Result
	lookup   *cache.Lookup // nil without a registry cache
	content  *content      // nil where no image is promoted
	promoted string        // the image that has the names now without a build, "" after a build
	duration time.Duration
}

// newGraph is the plan's graph with the image's labels, not pinned yet.
func (im *image) newGraph() (*graph.Graph, error) {
	g, err := graph.New(im.plan.Plan, im.graph)
	if err != nil {
		return nil, err
	}
	for name, value := range plan.Sorted(im.labels) {
		g.Config.Labels = append(g.Config.Labels, graph.Var{Name: name, Value: value})
	}
	return g, nil
}

// request is what the builder is asked for, less the definition and the caches that have a key.
func (im *image) request(g *graph.Graph) builder.Request {
	req := builder.Request{
		Platform:    im.platform,
		Contexts:    contexts(g, im.dir),
		Exports:     slices.Clone(im.exports),
		Credentials: im.keys,
		NoCache:     im.noCache,
		Progress:    im.progress,
		Silence:     im.silence,
	}
	if im.bundle != nil {
		req.Secrets = map[string][]byte{graph.Certificates.ID: im.bundle, graph.TrustStore.ID: trustStore(im.bundle)}
	}
	im.addSecrets(&req, g)
	if im.push {
		req.Exports = append(req.Exports, im.pushed())
	}
	for i, e := range req.Exports {
		way := im.compression
		if e.Kind == builder.Load {
			way = gzipped // old engines read nothing else
		}
		if e.Attrs["compression"] == "" && slices.Contains([]string{builder.Push, builder.OCI, builder.Docker, builder.Load}, e.Kind) {
			attrs := compressImage(way)
			maps.Copy(attrs, e.Attrs)
			req.Exports[i].Attrs = attrs
		}
	}
	im.reproduce(&req, g)
	im.attestTo(&req)
	for _, ref := range im.cacheFrom {
		req.CacheImports = append(req.CacheImports, builder.Cache{Ref: ref})
	}
	if im.inlineCache {
		req.CacheExports = append(req.CacheExports, builder.Cache{Type: builder.Inline})
	}
	return req
}

// pin resolves the images that the graph starts from. The result is by the reference in the plan.
func (im *image) pin(ctx context.Context, g *graph.Graph) (*graph.Graph, map[string]registry.Image, error) {
	found, pinned := map[string]registry.Image{}, map[string]graph.Pinned{}
	for _, ref := range g.Images() {
		img, err := im.registry.Resolve(ctx, ref, im.platform)
		if err != nil {
			return nil, nil, fmt.Errorf("looking up the base image: %w", err)
		}
		found[ref], pinned[ref] = img, graph.Pinned{Ref: img.Ref, Config: img.Config}
	}
	g, err := g.Pin(pinned)
	return g, found, err
}

// checkPush asks the registries for the right to push, so that a wrong password is found before the build and not after it.
func (im *image) checkPush(ctx context.Context) error {
	if !im.push {
		return nil
	}
	for _, repo := range im.repositories() {
		if err := im.registry.CanPush(ctx, repo); err != nil {
			return fmt.Errorf("checking the right to push: %w", err)
		}
	}
	return nil
}

// repositories are those of the image's names, sorted.
func (im *image) repositories() []string {
	var repos []string
	for _, ref := range im.refs {
		repos = append(repos, ref[:strings.LastIndexByte(ref, ':')])
	}
	slices.Sort(repos)
	return slices.Compact(repos)
}

// contexts are the app's files and the generated ones, under the names that package lower gives them.
func contexts(g *graph.Graph, dir string) map[string]builder.Context {
	files := map[string]string{}
	for _, f := range g.Files {
		files[f.Path] = f.Content
	}
	return map[string]builder.Context{
		lower.App:       {Dir: dir, Exclude: g.Ignore},
		lower.Generated: {Files: files},
	}
}

func (im *image) look(ctx context.Context, base string) (*cache.Lookup, cache.Refs, error) {
	files, err := KeyFiles(im.plan)
	if err != nil {
		return nil, cache.Refs{}, err
	}
	key := cache.NewKey(cache.Inputs{Plan: im.plan.Plan, Base: base, Platform: im.platform, Reproducible: im.reproducible, Files: files,
		Secrets: im.graph.Fingerprints})
	refs, err := im.cacheRefs(key)
	if err != nil {
		return nil, cache.Refs{}, err
	}
	lookup := cache.Look(ctx, cacheStore{im.registry, im.say}, refs, key, im.cache.policy)
	im.say("cache", string(lookup.Hit)+suffix(" (", lookup.Why, ")"))
	return &lookup, refs, nil
}

// cacheRefs names the caches of a key; without a registry cache there are none.
func (im *image) cacheRefs(key cache.Key) (cache.Refs, error) {
	if im.cache.scope.Repository == "" {
		return cache.Refs{}, nil
	}
	refs, err := cache.NewRefs(im.cache.scope, key)
	if err != nil {
		return refs, usage("give --cache-ref as REPOSITORY or REPOSITORY:PREFIX", "%w", err)
	}
	return refs, nil
}

// KeyFiles are the lockfiles, and the files that the install phases are restricted to, by path in the result's tree.
func KeyFiles(result planner.Result) (map[string][]byte, error) {
	names := slices.Clone(result.Locks)
	for phase, p := range plan.Sorted(result.Plan.Phases) {
		if base := phase[strings.LastIndexByte(phase, ':')+1:]; base == "install" || base == "setup" {
			names = append(names, p.OnlyIncludeFiles...)
		}
	}
	files := map[string][]byte{}
	tree := result.Tree
	var all []string
	for _, name := range names {
		name = path.Clean(name)
		if !tree.HasDir(name) {
			all = append(all, name)
			continue
		}
		below, err := tree.Files("**")
		if err != nil {
			return nil, err
		}
		for _, f := range below {
			if name == "." || strings.HasPrefix(f, name+"/") {
				all = append(all, f)
			}
		}
	}
	for _, name := range all {
		if !tree.HasFile(name) {
			continue // the build says so, with the phase
		}
		content, err := tree.Bytes(name)
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// addCaches imports what was found, and exports all steps if the exact cache is missing.
func addCaches(req *builder.Request, l cache.Lookup, compression map[string]string) {
	for _, ref := range l.Import {
		req.CacheImports = append(req.CacheImports, builder.Cache{Ref: ref})
	}
	if l.Export != "" {
		attrs := maps.Clone(compression)
		attrs["image-manifest"], attrs["oci-mediatypes"] = "true", "true" // some registries refuse indexes as caches
		req.CacheExports = append(req.CacheExports, builder.Cache{Ref: l.Export, Mode: "max", IgnoreError: true, Attrs: attrs})
	}
}

// nameCache points the rolling tags to a new cache. A cache is a help: trouble is a warning.
func (im *image) nameCache(ctx context.Context, out *outcome, refs cache.Refs) {
	if out.CacheWarning != "" {
		im.say("warning", "the cache was not written: "+out.CacheWarning)
	}
	l := out.lookup
	if l.Export == "" || !out.CacheExported {
		return
	}
	err := im.tagCache(ctx, *l)
	if ref, notes := cache.Document(refs, l.Key); err == nil && ref != "" {
		err = im.registry.Note(ctx, ref, notes)
	}
	if err != nil {
		im.say("warning", "the cache was written but not named: "+err.Error())
	}
}

func (im *image) tagCache(ctx context.Context, l cache.Lookup) error {
	found, digest, err := im.registry.Exists(ctx, l.Export)
	if err != nil || !found {
		return cmp.Or(err, fmt.Errorf("%s is not there", l.Export))
	}
	repo := l.Export[:strings.LastIndexByte(l.Export, ':')]
	var tags []string
	for _, ref := range l.Also {
		tags = append(tags, strings.TrimPrefix(ref, repo+":"))
	}
	return im.registry.Tag(ctx, repo+"@"+digest, tags...)
}

func ociPlatform(platform string) ocispecs.Platform {
	parts := append(strings.SplitN(platform, "/", 3), "", "")
	return ocispecs.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}
}

func suffix(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}
