package build

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
)

// A recipe is the graph of a target, and what that was made with.
type recipe struct {
	graph        *graph.Graph
	bases        map[string]registry.Image // that the graph starts from, by the reference in the plan; nil before they are pinned
	asked        []string                  // secrets that steps are given
	fingerprints map[string]string         // of these, by phase
}

// newRecipe checks all of a target that can be checked without registries and builder.
func newRecipe(t target) (recipe, error) {
	asked, fingerprints, err := askedSecrets(t)
	if err != nil {
		return recipe{}, err
	}
	r := recipe{asked: asked, fingerprints: fingerprints}
	if r.graph, err = newGraph(t.App, t.Spec, r, false); err != nil {
		return r, err
	}
	if _, err := cacheRefs(t, cache.Key{}); err != nil {
		return r, err
	}
	if err := t.Cache.Packages.check(t.Cache.Scope.Repository); err != nil {
		return r, err
	}
	return r, t.builderOptions().Check()
}

// newGraph is the plan's graph with the image's labels, not pinned yet.
func newGraph(app App, spec Spec, r recipe, sequential bool) (*graph.Graph, error) {
	g, err := graph.New(app.Plan.Plan, graph.Options{
		CacheKey:       spec.Steps.CacheKey,
		NoCache:        spec.Steps.NoMounts,
		Nix:            spec.Steps.Nix,
		CACertificates: spec.Steps.Certificates != nil,
		Ignore:         app.Ignore,
		Fingerprints:   r.fingerprints,
		Reproducible:   spec.Image.Reproducible,
		Sequential:     sequential,
	})
	if err != nil {
		return nil, err
	}
	labels := map[string]string{}
	if dirs := g.Config.Writable; len(dirs) > 0 {
		labels[graph.WritableLabel] = strings.Join(dirs, ",")
	}
	if start := app.Plan.Plan.Start; start != nil {
		for name, cmd := range start.Processes {
			labels[graph.ProcessLabel+name] = cmd
		}
	}
	maps.Copy(labels, spec.Image.Labels)
	for name, value := range plan.Sorted(labels) {
		g.Config.Labels = append(g.Config.Labels, graph.Var{Name: name, Value: value})
	}
	return g, nil
}

// pinBases resolves the images that the graph starts from.
func pinBases(ctx context.Context, t target, r recipe) (recipe, error) {
	bases, pinned := map[string]registry.Image{}, map[string]graph.Pinned{}
	for _, ref := range r.graph.Images() {
		img, err := t.Registry.Resolve(ctx, ref, t.Platform)
		if err != nil {
			return r, fmt.Errorf("looking up the base image: %w", err)
		}
		bases[ref], pinned[ref] = img, graph.Pinned{Ref: img.Ref, Config: img.Config}
	}
	g, err := r.graph.Pin(pinned)
	r.graph, r.bases = g, bases
	return r, err
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
