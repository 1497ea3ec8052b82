package builder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/opencontainers/go-digest"
)

// A Byproduct is another state that a step of the definition makes, such as what it leaves in a mount, and is exported on its own
// after the build. Only a step that ran has one: where it came from a cache, it would have to be run for that alone.
type Byproduct struct {
	Name       string
	Definition *llb.Definition // its steps are steps of the request's definition
	Export     Export          // one push
}

// A ByproductResult is what became of a [Byproduct]. A failure does not fail the build.
type ByproductResult struct {
	Name   string
	Digest string // of the manifest, "" if there is none
	Err    error  // why there is none; nil if its step did not run
}

// settling is how long the daemon's messages may lag behind its answers.
const settling = 5 * time.Second

// A byproducts run keeps the states of one build. Both solves, of the definition and of its states, have to be in one session:
// later the daemon would run the step again.
type byproducts struct {
	wanted []Byproduct
	made   map[string]bool // by name
	failed map[string]error
}

// keepStates asks for the states of the steps that ran, so that the daemon keeps them.
func (b *byproducts) keepStates(ctx context.Context, gw gateway.Client, plan *resultPlan, steps *tracker, def *llb.Definition) {
	if len(b.wanted) == 0 {
		return
	}
	b.made, b.failed = map[string]bool{}, map[string]error{}
	if head, err := def.Head(); err == nil {
		steps.await(ctx, head, settling)
	}
	for _, w := range b.wanted {
		step, err := w.Definition.Head()
		if err == nil && !steps.ran(step) {
			continue
		}
		if err == nil {
			_, err = gw.Solve(ctx, gateway.SolveRequest{Definition: w.Definition.ToPB(), CacheImports: plan.imports, Evaluate: true})
		}
		b.made[w.Name], b.failed[w.Name] = err == nil, err
	}
}

// export pushes the states that are held. opt is the option of the build.
func (b *byproducts) export(ctx context.Context, c *Conn, req Request, plan *resultPlan, opt client.SolveOpt) []ByproductResult {
	var results []ByproductResult
	for _, w := range b.wanted {
		r := ByproductResult{Name: w.Name, Err: b.failed[w.Name]}
		if b.made[w.Name] {
			r.Digest, r.Err = c.push(ctx, req, w, plan, opt)
		}
		if r.Err != nil {
			r.Err = fmt.Errorf("exporting %s: %w", w.Name, brief(r.Err))
		}
		results = append(results, r)
	}
	return results
}

// push exports a state to a registry, and returns the digest of its manifest.
func (c *Conn) push(ctx context.Context, req Request, w Byproduct, plan *resultPlan, opt client.SolveOpt) (string, error) {
	outs, err := c.prepareExports(ctx, []Export{w.Export})
	if err != nil {
		return "", err
	}
	defer outs.abort()
	resp, err := c.exportState(ctx, req, w.Definition, plan, opt, outs.entries)
	if err != nil {
		return "", err
	}
	if d := resp.ExporterResponse[digestKey]; d != "" {
		return d, nil
	}
	return "", errors.New("the builder tells no digest")
}

// exportState solves a state again, which the daemon has, and exports it. opt is the option of the build.
func (c *Conn) exportState(ctx context.Context, req Request, def *llb.Definition, plan *resultPlan, opt client.SolveOpt, exports []client.ExportEntry) (*client.SolveResponse, error) {
	opt.Exports, opt.CacheExports = exports, nil
	opt.FrontendAttrs, opt.Session = map[string]string{}, c.attachables(req)
	state := &resultPlan{platforms: plan.platforms, imports: plan.imports}
	req.Progress = Progress{}
	return c.run(ctx, req, newTracker(def).update, opt, func(ctx context.Context, gw gateway.Client) (*gateway.Result, error) {
		return state.solve(ctx, gw, def)
	})
}

// await returns when a step is completed, or after a while.
func (t *tracker) await(ctx context.Context, d digest.Digest, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		t.mu.Lock()
		s, changed := t.steps[d], t.changed
		done := s != nil && !s.completed.IsZero()
		t.mu.Unlock()
		if done {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

// ran reports whether a step was run to its end, by what is known so far.
func (t *tracker) ran(d digest.Digest) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.steps[d]
	return s != nil && !s.completed.IsZero() && !s.cached && s.err == ""
}

// Empty reports whether the daemon holds nothing: no image, no result and no cache of an earlier build.
func (c *Conn) Empty(ctx context.Context) (bool, error) {
	usage, err := c.client.DiskUsage(ctx)
	if err != nil {
		return false, fmt.Errorf("asking the builder what it holds: %w", brief(err))
	}
	return len(usage) == 0, nil
}
