package builder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/moby/buildkit/util/bklog"
	"github.com/sirupsen/logrus"
)

const (
	digestKey       = "containerimage.digest"
	configDigestKey = "containerimage.config.digest"
	cacheKey        = "cache.manifest" // absent if the daemon found nothing to export
)

// beforeName is the name of the step that [Request.Before] is.
const beforeName = "[start] try the image"

// Solve builds. If ctx ends, the daemon ends the running steps, and the error is the cause of that.
//
// The result holds the steps, even with an error. Errors are [*StepError], [*ArchiveError], [*RegistryError], [*StallError], [*EngineError], [*UnreachableError], or
// mistakes in the request.
func (c *Conn) Solve(ctx context.Context, req Request) (Result, error) {
	if req.Definition == nil {
		return Result{}, errors.New("building: the definition is empty")
	}
	req, finish, err := c.engine.adapt(req)
	if err != nil {
		return Result{}, err
	}
	def := req.Definition
	if req.NoCache {
		def = withoutCache(def)
	}
	locals, err := openContexts(req.Contexts)
	if err != nil {
		return Result{}, err
	}
	defer locals.close()
	key, err := locals.seal(ctx, req.Owner, req.Contexts)
	if err != nil {
		return Result{}, err
	}
	outs, err := c.prepareExports(ctx, req.Exports)
	if err != nil {
		return Result{}, err
	}
	defer outs.abort()
	imports := c.caches(req.CacheImports, false)
	plan, err := newResultPlan(req, imports, c.info)
	if err != nil {
		return Result{}, err
	}
	steps := newTracker(def)
	ctx, watch := watchTransfers(ctx, req.Silence, len(imports) > 0)
	defer watch.end()
	opt := client.SolveOpt{
		Exports:       outs.entries,
		LocalMounts:   locals.mounts,
		SharedKey:     key,
		FrontendAttrs: req.frontendAttrs(),
		CacheImports:  imports,
		CacheExports:  c.caches(req.CacheExports, true),
		Session:       c.attachables(req),

		AllowedEntitlements: c.engine.entitlements(),
	}
	by := byproducts{wanted: req.Byproducts}
	var refused error
	endCompression := func() {}
	defer func() { endCompression() }()
	solving := ctx // the callback has a context of its own, which ends with it
	resp, err := c.run(ctx, req, watch.before(steps.update), opt, func(ctx context.Context, gw gateway.Client) (*gateway.Result, error) {
		result, err := plan.solve(ctx, gw, def)
		if err == nil {
			by.keepStates(ctx, gw, plan, steps, def)
		}
		if err == nil && req.Before != nil {
			endCompression = c.compressBeside(solving, req, by, plan, opt)
			began := time.Now()
			refused = req.Before(ctx, plan.starter(gw))
			steps.add(beforeName, began, time.Now())
			err = refused
		}
		return result, err
	})
	result := Result{Steps: steps.list()}
	switch {
	case refused != nil && ctx.Err() == nil:
		// The way through the daemon makes a text of it.
		err = refused
	case err == nil:
		err = outs.commit()
	default:
		err = whenFull(c.explain(ctx, err, steps, outs))
	}
	if err != nil {
		return result, err
	}
	answer := resp.ExporterResponse
	result.Digest, result.ConfigDigest = answer[digestKey], answer[configDigestKey]
	if slices.ContainsFunc(req.CacheExports, func(c Cache) bool { return c.Type != Inline }) {
		result.CacheWarning = steps.failed(cacheExportName)
		if result.CacheWarning == "" && answer[cacheKey] == "" {
			result.CacheWarning = "no step has a result that could be kept"
		}
		result.CacheExported = result.CacheWarning == ""
	}
	if err := finish(ctx, &result); err != nil {
		return result, err
	}
	result.Byproducts = by.export(ctx, c, req, plan, opt)
	return result, nil
}

// run solves while it follows the progress.
func (c *Conn) run(ctx context.Context, req Request, update func(*client.SolveStatus) []Step, opt client.SolveOpt, build gateway.BuildFunc) (*client.SolveResponse, error) {
	show, err := newDisplay(req.Progress)
	if err != nil {
		return nil, err
	}
	// Libraries warn on the process's standard error, where nothing of ours would filter it: some by the logger of the context, some by
	// the global one.
	logrus.SetOutput(io.Discard)
	quiet := logrus.New()
	quiet.SetOutput(io.Discard)
	ctx = bklog.WithLogger(ctx, logrus.NewEntry(quiet))
	statuses := make(chan *client.SolveStatus)
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		show.follow(redacted(statuses, req.Redact), update)
	}()
	resp, err := c.client.Build(ctx, opt, "", build, statuses)
	<-shown
	return resp, err
}

func (c *Conn) attachables(req Request) []session.Attachable {
	list := []session.Attachable{newAuth(req)}
	if len(req.Secrets) > 0 {
		list = append(list, secretsprovider.FromMap(req.Secrets))
	}
	return list
}

func (c *Conn) caches(list []Cache, export bool) []client.CacheOptionsEntry {
	var out []client.CacheOptionsEntry
	for _, cache := range list {
		e := client.CacheOptionsEntry{Type: cache.Type, Attrs: map[string]string{}}
		if e.Type == "" {
			e.Type = "registry"
		}
		if e.Type == "registry" {
			e.Attrs["ref"] = cache.Ref
			if c.isInsecure(cache.Ref) {
				e.Attrs["registry.insecure"] = "true"
			}
		}
		if export {
			e.Attrs["mode"] = "min"
			if cache.Mode != "" {
				e.Attrs["mode"] = cache.Mode
			}
			if e.Type == "registry" {
				// Several registries refuse an index as a cache.
				e.Attrs["image-manifest"], e.Attrs["oci-mediatypes"] = "true", "true"
			}
			if cache.IgnoreError {
				e.Attrs["ignore-error"] = "true"
			}
		}
		maps.Copy(e.Attrs, cache.Attrs)
		out = append(out, e)
	}
	return out
}

// withoutCache marks each step so that the daemon runs it again.
func withoutCache(def *llb.Definition) *llb.Definition {
	out := *def
	out.Metadata = maps.Clone(def.Metadata)
	for d, m := range out.Metadata {
		m.IgnoreCache = true
		out.Metadata[d] = m
	}
	return &out
}

func (c *Conn) explain(ctx context.Context, err error, steps *tracker, outs *outputs) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if engine := outs.engineError(); engine != nil {
		return engine
	}
	if c.daemon.hasEnded(unreachable(err)) {
		return &UnreachableError{Address: c.info.Address, Embedded: true, Log: c.daemon.tail(), Err: errors.New("it stopped during the build")}
	}
	if err := diagnose(err, steps); err != nil {
		return err
	}
	if d := steps.failedExec(); d != "" && c.engine != nil {
		return diagnoseStep(err, d, steps)
	}
	if unreachable(err) {
		return &UnreachableError{Address: c.info.Address, Embedded: c.daemon != nil, Log: c.daemon.tail(), Err: brief(err)}
	}
	return fmt.Errorf("building: %w", brief(err))
}
