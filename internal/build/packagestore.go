package build

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/docker/go-units"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
)

// storeExports are the directories to export after the build, of the definition that opt makes.
func storeExports(t target, p *packages, g *graph.Graph, opt lower.Options) ([]builder.Byproduct, error) {
	if p == nil || !p.write {
		return nil, nil
	}
	var list []builder.Byproduct
	for _, target := range p.choice.Export {
		def, ok, err := lower.StoreLLB(g, target, t.oci(), opt)
		if err != nil {
			return nil, err
		}
		if ok {
			attrs := compressLayers(cmp.Or(t.Image.Compression, storeCompression))
			attrs[builder.ByDigest], attrs["oci-mediatypes"] = "true", "true"
			list = append(list, builder.Byproduct{Name: target, Definition: def, Export: builder.Export{
				Kind: builder.Push, Refs: []string{p.repository},
				Attrs: attrs,
			}})
		}
	}
	return list, nil
}

// nameStores names what was exported, and writes down with which package caches the layer cache was made. A cache is a help: trouble
// is a warning.
func nameStores(ctx context.Context, t target, p *packages, result builder.Result) {
	if p == nil || !p.write || !p.OnlyExact && !result.CacheExported {
		return
	}
	var kept []cache.Store
	var text []string
	for _, r := range result.Byproducts {
		if r.Digest == "" {
			if r.Err != nil {
				t.warn("the package cache was not kept: ", r.Err)
			}
			continue
		}
		s, err := nameStore(ctx, t, p, r)
		if err != nil {
			t.warn("the package cache was not kept: ", err)
			continue
		}
		kept = append(kept, s)
		switch size := units.BytesSize(float64(s.Size)); {
		case s.Digest != "":
			text = append(text, "saved "+s.Target+" ("+size+")")
		case s.Layers > 0:
			text = append(text, "not saved "+s.Target+": it is too large ("+size+")")
		}
	}
	if len(text) > 0 {
		t.Say("package cache", strings.Join(text, "; "))
	}
	if len(kept) == 0 && p.OnlyExact {
		return
	}
	for _, ref := range p.names() {
		name, notes, err := cache.RecordDocument(ref, p.Next(p.choice, kept))
		if err == nil {
			err = t.Registry.Note(ctx, name, notes)
		}
		if err != nil {
			t.warn("the package caches were not named: ", err)
			return
		}
	}
}

// names are the references that stores and records stand beside.
func (p *packages) names() []string {
	if p.refs.Branch == "" {
		return []string{p.refs.Exact}
	}
	return []string{p.refs.Exact, p.refs.Branch}
}

// nameStore tags an exported store, unless it is too large or empty.
func nameStore(ctx context.Context, t target, p *packages, r builder.ByproductResult) (cache.Store, error) {
	s := cache.Store{Target: r.Name}
	ref := p.repository + "@" + r.Digest
	found, err := t.Registry.Manifest(ctx, ref)
	if err != nil {
		return s, err
	}
	var m ocispecs.Manifest
	if err := json.Unmarshal(found.Raw, &m); err != nil {
		return s, fmt.Errorf("reading the manifest of %s: %w", ref, err)
	}
	for _, l := range m.Layers {
		s.Size += l.Size
	}
	if s.Layers = len(m.Layers); s.Layers == 0 || s.Size > p.Limit {
		return s, nil
	}
	s.Digest = r.Digest
	var tags []string
	for _, beside := range p.names() {
		tags = append(tags, strings.TrimPrefix(cache.StoreRef(beside, r.Name), p.repository+":"))
	}
	return s, t.Registry.Tag(ctx, ref, tags...)
}
