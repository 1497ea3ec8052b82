// Package build builds the image of a planned app: it looks for what is there already, has a builder make the rest, searches and tries that, and pushes it.
//
// [Run] is the one entry. It takes a [Spec], which [NewSpec] makes of options, and the [World] that the build reaches.
package build

import (
	"context"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/lower"
)

// An Outcome is how a build went. After a failure it holds the steps that ran.
type Outcome struct {
	builder.Result
	Names      []string      // that the image has, or would have if it were pushed
	Pushed     bool          // under these names, unless the build failed
	Lost       string        // why the image is not pushed after all, as jobs of newer commits have pushed
	Trial      []string      // what the trial of the image found, a sentence each
	Attested   []string      // documents that stand beside a pushed image, in words
	Lookup     *cache.Lookup // nil without a registry cache
	ContentKey string        // by which later builds find the image; "" if none may
	Promoted   string        // the image that has the names now without a build, "" after a build
	Began      time.Time
	Duration   time.Duration
}

// Run builds the image of a spec and gives it its names. If the registry has an image of the same content, that gets the names instead.
func Run(ctx context.Context, spec Spec, world World) (Outcome, error) {
	began := time.Now()
	drafts, err := buildAll(ctx, newTargets(spec, world))
	out := mergedOutcome(drafts)
	if err == nil {
		err = joinPlatforms(ctx, spec, world, drafts, &out)
	}
	out.Began, out.Duration = began, time.Since(began)
	out = world.named(spec, out)
	out.Attested = attestedDocuments(out.Pushed, drafts)
	if err == nil {
		storePlans(ctx, world, drafts, out)
	}
	return out, world.Guard.HideError(err)
}

// A draft is the image of a target as far as the build has come.
type draft struct {
	target
	recipe
	out     Outcome
	content *content // nil where no image is promoted
}

// buildAll takes the images through the stages, the images of several platforms side by side. Nothing is built before it is known that all can be.
func buildAll(ctx context.Context, targets []target) ([]*draft, error) {
	drafts := make([]*draft, len(targets))
	recipes := make([]recipe, len(targets))
	for i, t := range targets {
		var err error
		if recipes[i], err = newRecipe(t); err != nil {
			return drafts, t.of(err)
		}
	}
	err := sideBySide(ctx, targets, func(ctx context.Context, i int, t target) (err error) {
		drafts[i], err = lookUp(ctx, t, recipes[i])
		return err
	})
	if err != nil {
		return drafts, err
	}
	builders, err := connectAll(ctx, drafts)
	defer builders.close()
	if err != nil {
		return drafts, err
	}
	return drafts, sideBySide(ctx, targets, func(ctx context.Context, i int, _ target) error {
		if drafts[i].out.Promoted != "" {
			return nil
		}
		return solveTried(ctx, builders[drafts[i].builderOptions().Host], drafts[i])
	})
}

// lookUp pins the base images, and promotes the image of the same content if there is one.
func lookUp(ctx context.Context, t target, r recipe) (*draft, error) {
	d := &draft{target: t, recipe: r}
	app := digestApp(ctx, t, r.graph)
	var err error
	if d.recipe, err = pinBases(ctx, t, r); err != nil {
		return d, err
	}
	_, config, err := lower.LLB(d.graph, t.oci(), lower.Options{Hosts: t.Steps.Hosts, Created: creationDate(t)})
	if err != nil {
		return d, err
	}
	if err := searchConfig(t, config); err != nil {
		return d, err
	}
	if app != nil {
		if d.content, err = newContent(t, d.recipe, app); err != nil {
			return d, err
		}
		d.out.ContentKey = d.content.key
		if err := promote(ctx, d, config); err != nil || d.out.Promoted != "" {
			return d, err
		}
	}
	return d, checkRightToPush(ctx, t)
}

// solve has the builder make the image, which is searched, tried and pushed, and names what later builds may take.
func solve(ctx context.Context, conn Builder, d *draft) error {
	var err error
	if conn.Info().NoMerges {
		if d.target, d.recipe, err = withoutMerges(ctx, d.target, d.recipe); err != nil {
			return err
		}
		d.content, d.out.ContentKey = nil, "" // what the engine pushes is stored in another way
	}
	t := d.target
	req := newRequest(t, d.recipe)
	if req.Attestations, err = planStatement(t); err != nil {
		return err
	}
	layers, err := lookUpLayers(ctx, t, d.recipe)
	if err != nil {
		return err
	}
	d.out.Lookup = layers.lookup
	layers.addTo(&req, compressCache(t.Image.Compression, t.pushes()))
	packages, err := choosePackages(ctx, t, conn, d.recipe, layers)
	if err != nil {
		return err
	}
	var told []string
	build := func(req builder.Request, opt lower.Options) (builder.Result, error) {
		if wantsTrial(t, layers.lookup) {
			req.Before = newTrial(t, d.graph, opt, &told)
		}
		return solveSearched(ctx, t, conn, d.recipe, req)
	}
	if d.out.Result, err = solveWithPackages(ctx, t, build, d.graph, req, packages); err != nil {
		return err
	}
	d.out.Trial = told
	warnOfUnreadCaches(t, d.out.Steps)
	nameLayers(ctx, t, layers, d.out.Result)
	nameStores(ctx, t, packages, d.out.Result)
	nameContent(ctx, t, d.content, d.out.Digest)
	return nil
}
