package builder

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
)

// compressionAttrs are the attributes of an export by which layers are compressed.
var compressionAttrs = []string{"compression", "compression-level", "force-compression", "oci-mediatypes"}

// compressBeside has the daemon compress the layers of the image, of the byproducts and of the cache, while Before runs. Nothing leaves the daemon. The
// exports then find the layers compressed. Errors are left to the exports. The function that it returns ends the work and waits for the end.
func (c *Conn) compressBeside(ctx context.Context, req Request, by byproducts, plan *resultPlan, opt client.SolveOpt) (end func()) {
	i := slices.IndexFunc(req.Exports, func(e Export) bool { return slices.Contains([]string{Push, OCI, Layout, Docker}, e.Kind) })
	if c.engine != nil || i < 0 || req.NoCache { // steps that take nothing from a cache would run again
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		err := c.compress(ctx, req, plan, opt, req.Definition, req.Exports[i].Attrs)
		for _, w := range req.Byproducts {
			if err == nil && by.made[w.Name] {
				err = c.compress(ctx, req, plan, opt, w.Definition, w.Export.Attrs)
			}
		}
		for _, cache := range req.CacheExports {
			if err == nil && cache.Mode == AllSteps && req.CacheState != nil {
				err = c.compress(ctx, req, plan, opt, req.CacheState, cache.Attrs)
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

// compress compresses the layers of a state that the daemon has. An image without a name is neither stored nor pushed.
func (c *Conn) compress(ctx context.Context, req Request, plan *resultPlan, opt client.SolveOpt, def *llb.Definition, attrs map[string]string) error {
	attrs = maps.Clone(attrs)
	maps.DeleteFunc(attrs, func(name, _ string) bool { return !slices.Contains(compressionAttrs, name) })
	_, err := c.exportState(ctx, req, def, plan, opt, []client.ExportEntry{{Type: client.ExporterImage, Attrs: attrs}})
	return err
}
