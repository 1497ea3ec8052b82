package cli

import (
	"context"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/registry"
)

// build pins the base images, looks for caches, builds and exports, then names the new cache; for all platforms of the app.
func (im *image) build(ctx context.Context) (outcome, error) {
	start := time.Now()
	build := im.buildAlone
	if len(im.others) > 0 {
		build = newFamily(im).build
	}
	out, err := build(ctx)
	out.duration = time.Since(start)
	return out, err
}

func (im *image) buildAlone(ctx context.Context) (outcome, error) {
	g, err := im.checked()
	if err != nil {
		return outcome{}, err
	}
	b, err := im.begin(ctx, g)
	if err == nil && b.out.promoted == "" {
		err = im.connectAndFinish(ctx, b)
	}
	if err == nil {
		im.refer(ctx, b.out.Digest)
	}
	return b.out, err
}

// checked returns the graph, after all that can be checked without registries and builder.
func (im *image) checked() (*graph.Graph, error) {
	if err := im.settleSecrets(); err != nil {
		return nil, err
	}
	g, err := im.newGraph()
	if err != nil {
		return nil, err
	}
	if _, err := im.cacheRefs(cache.Key{}); err != nil {
		return nil, err
	}
	if err := im.packages.check(im.cache.scope.Repository); err != nil {
		return nil, err
	}
	return g, im.daemon.Check()
}

// A begun build has asked the registries, and no builder yet.
type begun struct {
	g     *graph.Graph // pinned
	bases map[string]registry.Image
	out   outcome // of a promotion, if that was possible
}

// begin promotes the image, or finds that it has to be built.
func (im *image) begin(ctx context.Context, g *graph.Graph) (*begun, error) {
	b := &begun{}
	app := im.sumApp(ctx, g)
	var err error
	if b.g, b.bases, err = im.pin(ctx, g); err != nil {
		return b, err
	}
	_, config, err := lower.LLB(b.g, ociPlatform(im.platform), lower.Options{Hosts: im.hosts, Created: im.created()})
	if err != nil {
		return b, err
	}
	if err := im.searchConfig(config); err != nil {
		return b, err
	}
	if b.out, err = im.promoted(ctx, app, b.bases, config); err != nil || b.out.promoted != "" {
		return b, err
	}
	return b, im.checkPush(ctx)
}

func (im *image) connectAndFinish(ctx context.Context, b *begun) error {
	conn, err := builder.Connect(ctx, im.daemon)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := im.buildable(conn.Info()); err != nil {
		return err
	}
	return im.finish(ctx, conn, b)
}

// finish builds what was begun.
func (im *image) finish(ctx context.Context, conn *builder.Conn, b *begun) error {
	var err error
	if conn.Info().NoMerges {
		if b.g, b.bases, err = im.fit(ctx); err != nil {
			return err
		}
		b.out.content = nil // what the engine pushes is stored in another way
	}
	req := im.request(b.g)
	if req.Attestations, err = im.documents(); err != nil {
		return err
	}
	var refs cache.Refs
	if im.cache.scope.Repository != "" && !im.noCache {
		if b.out.lookup, refs, err = im.look(ctx, b.bases[*im.plan.Plan.BuildImage].Digest); err != nil {
			return err
		}
		addCaches(&req, *b.out.lookup, compressCache(im.compression, im.push))
	}
	packages, err := im.choosePackages(ctx, conn, b.g, refs, b.out.lookup)
	if err != nil {
		return err
	}
	build := func(req builder.Request, opt lower.Options) (builder.Result, error) {
		if im.wantsSmoke(b.out.lookup) {
			req.Before = im.smokeTest(b.g, opt)
		}
		return im.deliver(ctx, conn, req, b.bases)
	}
	if b.out.Result, err = im.solveWith(ctx, build, b.g, req, packages); err != nil {
		return err
	}
	im.sayIgnored(b.out.Steps)
	if b.out.lookup != nil {
		im.nameCache(ctx, &b.out, refs)
		im.keepStores(ctx, packages, b.out)
	}
	im.nameContent(ctx, b.out.content, b.out.Digest)
	return nil
}
