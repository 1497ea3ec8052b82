package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/registry"
)

// layers are what the registry cache has for a build; the zero value is no registry cache.
type layers struct {
	lookup *cache.Lookup
	refs   cache.Refs
}

// lookUpLayers asks the registry for the caches of a target, and says what it has.
func lookUpLayers(ctx context.Context, t target, r recipe) (layers, error) {
	if t.Cache.Scope.Repository == "" || t.Steps.Anew {
		return layers{}, nil
	}
	files, err := planner.KeyFiles(t.Plan)
	if err != nil {
		return layers{}, err
	}
	key := cache.NewKey(cache.Inputs{Plan: t.Plan.Plan, Base: r.baseDigests(t.Plan.Plan), Platform: t.Platform,
		Reproducible: t.Image.Reproducible, Files: files, Secrets: r.fingerprints})
	refs, err := cacheRefs(t, key)
	if err != nil {
		return layers{}, err
	}
	lookup := cache.Look(ctx, cacheRegistry{t.Registry, t.Say}, refs, key, t.Cache.Policy)
	text := string(lookup.Hit)
	if lookup.Why != "" {
		text += " (" + lookup.Why + ")"
	}
	t.Say("cache", text)
	return layers{&lookup, refs}, nil
}

// baseDigests are the digests of the images that the phases of a plan stand on.
func (r recipe) baseDigests(p plan.Plan) string {
	digests := p.BuildImages()
	for i, ref := range digests {
		digests[i] = r.bases[ref].Digest
	}
	return strings.Join(digests, "+")
}

// cacheRefs names the caches of a key; without a registry cache there are none.
func cacheRefs(t target, key cache.Key) (cache.Refs, error) {
	if t.Cache.Scope.Repository == "" {
		return cache.Refs{}, nil
	}
	refs, err := cache.NewRefs(t.Cache.Scope, key)
	if err != nil {
		return refs, fault.Usage("give --cache-ref as REPOSITORY or REPOSITORY:PREFIX", "%w", err)
	}
	return refs, nil
}

// addTo imports what was found, and exports all steps if the exact cache is missing.
func (l layers) addTo(req *builder.Request, compression map[string]string) {
	if l.lookup == nil {
		return
	}
	for _, ref := range l.lookup.Import {
		req.CacheImports = append(req.CacheImports, builder.Cache{Ref: ref})
	}
	if l.lookup.Export != "" {
		attrs := maps.Clone(compression)
		attrs["image-manifest"], attrs["oci-mediatypes"] = "true", "true" // some registries refuse indexes as caches
		req.CacheExports = append(req.CacheExports, builder.Cache{Ref: l.lookup.Export, Mode: builder.AllSteps, IgnoreError: true, Attrs: attrs})
	}
}

// nameLayers points the rolling tags to a new cache. A cache is a help: trouble is a warning.
func nameLayers(ctx context.Context, t target, l layers, result builder.Result) {
	if l.lookup == nil {
		return
	}
	if result.CacheWarning != "" {
		t.Say("warning", "the cache was not written: "+result.CacheWarning)
	}
	if l.lookup.Export == "" || !result.CacheExported {
		return
	}
	err := tagLayers(ctx, t, *l.lookup)
	if ref, notes := cache.Document(l.refs, l.lookup.Key); err == nil && ref != "" {
		err = t.Registry.Note(ctx, ref, notes)
	}
	if err != nil {
		t.warn("the cache was written but not named: ", err)
	}
}

func tagLayers(ctx context.Context, t target, l cache.Lookup) error {
	found, digest, err := t.Registry.Exists(ctx, l.Export)
	if err != nil || !found {
		return cmp.Or(err, fmt.Errorf("%s is not there", l.Export))
	}
	repo := l.Export[:strings.LastIndexByte(l.Export, ':')]
	var tags []string
	for _, ref := range l.Also {
		tags = append(tags, strings.TrimPrefix(ref, repo+":"))
	}
	return t.Registry.Tag(ctx, repo+"@"+digest, tags...)
}

// CacheType is the media type by which BuildKit's caches are known.
const CacheType = "application/vnd.buildkit.cacheconfig.v0"

// cacheRegistry answers a cache lookup from a registry.
type cacheRegistry struct {
	*registry.Client
	say func(kind, text string)
}

// Exists implements the lookup's store. A cache that is broken is as good as none, so that it is written anew.
func (s cacheRegistry) Exists(ctx context.Context, ref string) (bool, error) {
	err := s.Whole(ctx, ref, CacheType)
	if _, ok := errors.AsType[*registry.NotFoundError](err); ok {
		return false, nil
	}
	if _, ok := errors.AsType[*registry.BrokenError](err); ok {
		s.say("warning", "a cache is ignored: "+err.Error())
		return false, nil
	}
	return err == nil, err
}

// Annotations implements the lookup's store.
func (s cacheRegistry) Annotations(ctx context.Context, ref string) (map[string]string, error) {
	ok, _, err := s.Client.Exists(ctx, ref)
	if err != nil || !ok {
		return nil, err
	}
	m, err := s.Manifest(ctx, ref)
	return maps.Clone(m.Annotations), err
}

// importing begins the name of BuildKit's step that reads a cache, whose error it keeps to itself.
const importing = "importing cache manifest from "

// warnOfUnreadCaches warns of the caches that the builder could not read.
func warnOfUnreadCaches(t target, steps []builder.Step) {
	for _, s := range steps {
		if ref, ok := strings.CutPrefix(s.Name, importing); ok && s.Error != "" {
			t.Say("warning", "a cache is ignored: reading "+ref+": "+s.Error)
		}
	}
}
