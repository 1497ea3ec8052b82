package build

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
)

// solveSearched builds and exports. The guard searches what goes into the build, so that a value that no step was given is in nothing that comes
// out of it. If steps are given secrets, nothing leaves the machine before it has been searched, too: image and cache are
// written to disk, and what is pushed afterwards are those bytes. BuildKit's own push cannot be used then: it would come either
// before the search, or from a second build, whose provenance and cache no one has searched.
func solveSearched(ctx context.Context, t target, conn solver, r recipe, req builder.Request) (builder.Result, error) {
	conn = t.Guard.Solver(conn)
	if len(r.asked) == 0 {
		return solveClaimed(ctx, t, conn, req)
	}
	dir, err := os.MkdirTemp("", "npx-action-")
	if err != nil {
		return builder.Result{}, fmt.Errorf("checking for secrets: %w", err)
	}
	defer os.RemoveAll(dir)
	d := delivery{target: t, asked: r.asked, dir: dir, image: filepath.Join(dir, "image"), cache: filepath.Join(dir, "cache"), byproducts: map[string]byproduct{}}
	result, err := solveWithoutBrokenCache(ctx, t, conn, d.keep(req))
	if err != nil {
		return result, err
	}
	if err := d.search(ctx, result, r.bases); err != nil {
		return result, err
	}
	if t.reclaim(ctx); t.pushes() {
		if result.Digest, err = t.Registry.PushLayout(ctx, d.image, t.pushedAs(result.Digest)...); err != nil {
			return result, fmt.Errorf("pushing: %w", err)
		}
	}
	if err := d.others(ctx, conn, req); err != nil {
		return result, err
	}
	return result, d.pushRest(ctx, &result)
}

// searchConfig looks for secrets in what is known before the build: the names, the configuration, with its variables, labels and history,
// the annotations, and the plan where it is published. An image that is promoted gets them without a build.
func searchConfig(t target, config []byte) error {
	err := cmp.Or(t.Guard.Check("a name of the image", strings.Join(t.Image.Names, "\n")), t.Guard.Check("the image's configuration", string(config)))
	for name, value := range plan.Sorted(t.Image.Attributes) {
		err = cmp.Or(err, t.Guard.Check("an annotation", name+"="+value))
	}
	if storesPlan(t) {
		err = cmp.Or(err, t.Guard.Check("the plan", string(t.Plan.Plan.JSON())))
	}
	return err
}

// A delivery is one build by way of the disk.
type delivery struct {
	target
	asked             []string // secrets that steps are given
	dir, image, cache string   // the last two are OCI layouts
	cacheRef          string   // where the cache goes; "" for nowhere
	byproducts        map[string]byproduct
}

// A byproduct is a state that goes to a registry on its own.
type byproduct struct {
	layout   string
	refs     []string
	byDigest bool // refs are repositories
}

// keep returns the request with layouts in place of what leaves the machine.
func (d *delivery) keep(req builder.Request) builder.Request {
	layout := builder.Export{Kind: builder.Layout, Dest: d.image}
	for _, e := range req.Exports {
		layout.Attest = layout.Attest || e.Attest
		if e.Kind == builder.Push || layout.Attrs == nil && (e.Kind == builder.OCI || e.Kind == builder.Docker) {
			layout.Attrs = e.Attrs
		}
	}
	exports, states := req.CacheExports, req.Byproducts
	req.Exports, req.CacheExports, req.Byproducts = []builder.Export{layout}, nil, nil
	for _, c := range exports {
		if c.Type == "" || c.Type == "registry" {
			d.cacheRef = c.Ref
			attrs := maps.Clone(c.Attrs)
			if attrs == nil {
				attrs = map[string]string{}
			}
			attrs["dest"] = d.cache
			c = builder.Cache{Type: "local", Mode: c.Mode, IgnoreError: c.IgnoreError, Attrs: attrs}
		}
		req.CacheExports = append(req.CacheExports, c)
	}
	for i, w := range states {
		attrs := maps.Clone(w.Export.Attrs)
		kept := byproduct{filepath.Join(d.dir, fmt.Sprint("state-", i)), w.Export.Refs, attrs[builder.ByDigest] == "true"}
		delete(attrs, builder.ByDigest)
		d.byproducts[w.Name] = kept
		w.Export = builder.Export{Kind: builder.Layout, Dest: kept.layout, Attrs: attrs}
		req.Byproducts = append(req.Byproducts, w)
	}
	return req
}

// pushRest pushes the cache and the byproducts. They are a help: trouble is told in the result.
func (d *delivery) pushRest(ctx context.Context, result *builder.Result) error {
	if d.cacheRef != "" && result.CacheExported {
		if _, err := d.Registry.PushLayout(ctx, d.cache, d.cacheRef); err != nil {
			result.CacheExported, result.CacheWarning = false, err.Error()
		}
	}
	for i, w := range result.Byproducts {
		if w.Digest != "" {
			kept := d.byproducts[w.Name]
			refs := slices.Clone(kept.refs)
			for j := range refs {
				if kept.byDigest {
					refs[j] += "@" + w.Digest
				}
			}
			_, err := d.Registry.PushLayout(ctx, kept.layout, refs...)
			if err != nil {
				result.Byproducts[i].Digest, result.Byproducts[i].Err = "", err
			}
		}
	}
	return context.Cause(ctx)
}

// search looks for all secrets in what was kept, less the layers of the base images.
func (d *delivery) search(ctx context.Context, result builder.Result, bases map[string]registry.Image) error {
	base := map[string]bool{}
	for _, b := range bases {
		var config ocispecs.Image
		if err := json.Unmarshal(b.Config, &config); err != nil {
			return fmt.Errorf("reading the configuration of %s: %w", b.Ref, err)
		}
		for _, id := range config.RootFS.DiffIDs {
			base[id.String()] = true
		}
	}
	places := []string{d.image}
	if d.cacheRef != "" && result.CacheExported {
		places = append(places, d.cache)
	}
	for _, w := range result.Byproducts {
		if w.Digest != "" {
			places = append(places, d.byproducts[w.Name].layout)
		}
	}
	if err := d.Guard.Layouts(ctx, places, func(diffID string) bool { return base[diffID] }); err != nil {
		return err
	}
	d.Say("secrets", strings.Join(slices.Sorted(slices.Values(d.asked)), ", ")+" is in no new layer, in no configuration, history or attestation, and in no cache")
	return nil
}

// others makes the remaining outputs, from the builder's cache.
func (d *delivery) others(ctx context.Context, conn solver, req builder.Request) error {
	req.Exports = slices.DeleteFunc(slices.Clone(req.Exports), func(e builder.Export) bool { return e.Kind == builder.Push })
	if len(req.Exports) == 0 {
		return nil
	}
	req.NoCache, req.Byproducts, req.Inventory, req.Before = false, nil, nil, nil // all that has just been done
	req.CacheExports = slices.DeleteFunc(slices.Clone(req.CacheExports), func(c builder.Cache) bool { return c.Type != builder.Inline })
	searched, err := registry.LayoutConfigs(d.image)
	if err != nil {
		return fmt.Errorf("checking for secrets: %w", err)
	}
	result, err := conn.Solve(ctx, req)
	if err == nil && result.ConfigDigest != "" && !slices.Contains(searched, result.ConfigDigest) {
		err = errors.New("checking for secrets: the builder gave another image than the one that was searched; build again")
	}
	return err
}
