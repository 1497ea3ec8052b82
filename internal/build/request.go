package build

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
)

// newRequest is what the builder is asked for, less the definition and the caches that have a key.
func newRequest(t target, r recipe) builder.Request {
	req := builder.Request{
		Platform:    t.Platform,
		Contexts:    contexts(r.graph, t.Dir),
		Owner:       t.Steps.Owner,
		Exports:     slices.Clone(t.Output.Exports),
		Credentials: t.Keys,
		NoCache:     t.Steps.Anew,
		Progress:    t.Progress,
		Silence:     t.Silence,
	}
	if bundle := t.Steps.Certificates; bundle != nil {
		req.Secrets = map[string][]byte{graph.Certificates.ID: bundle, graph.TrustStore.ID: trustStore(bundle)}
	}
	addSecrets(t, &req, r.graph)
	if t.pushes() {
		req.Exports = append(req.Exports, t.pushExport())
	}
	for i, e := range req.Exports {
		way := t.Image.Compression
		if e.Kind == builder.Load {
			way = Gzip // old engines read nothing else
		}
		if e.Attrs["compression"] == "" && slices.Contains([]string{builder.Push, builder.OCI, builder.Docker, builder.Load}, e.Kind) {
			attrs := compressImage(way)
			maps.Copy(attrs, e.Attrs)
			req.Exports[i].Attrs = attrs
		}
	}
	addReproducible(t, &req, r.graph)
	addProvenance(t, &req)
	for _, ref := range t.Cache.From {
		req.CacheImports = append(req.CacheImports, builder.Cache{Ref: ref})
	}
	if t.Cache.Inline {
		req.CacheExports = append(req.CacheExports, builder.Cache{Type: builder.Inline})
	}
	return req
}

// checkRightToPush asks the registries for the right to push, so that a wrong password is found before the build and not after it.
func checkRightToPush(ctx context.Context, t target) error {
	if !t.pushes() {
		return nil
	}
	for _, repo := range repositories(t.claimed()) {
		if err := t.Registry.CanPush(ctx, repo); err != nil {
			return fmt.Errorf("checking the right to push: %w", err)
		}
	}
	return nil
}
