package build

import (
	"context"
	"errors"
	"slices"

	"github.com/org/npx-action/internal/builder"
)

// solveWithoutBrokenCache builds, and builds once more without the cache that may be why it failed: a cache is a help and no condition.
// What the first attempt built is in the builder.
func solveWithoutBrokenCache(ctx context.Context, t target, conn solver, req builder.Request) (builder.Result, error) {
	result, err := conn.Solve(ctx, req)
	if err == nil || ctx.Err() != nil {
		return result, err
	}
	stall, stalled := errors.AsType[*builder.StallError](err)
	switch {
	case stalled && stall.Exporting():
		req.CacheExports = slices.DeleteFunc(slices.Clone(req.CacheExports), func(c builder.Cache) bool { return c.Type != builder.Inline })
	case len(req.CacheImports) > 0 && cacheMayBeBroken(err):
		req.CacheImports = nil
	default:
		return result, err
	}
	t.warn("building again without the cache, which may be broken: ", err)
	return conn.Solve(ctx, req)
}

// cacheMayBeBroken reports whether an error is none of those that another solve would meet again: a command that failed, a builder
// that is away, a registry that refuses. A part that a cache has lost is met where it is needed, in a step or in the push.
func cacheMayBeBroken(err error) bool {
	if step, ok := errors.AsType[*builder.StepError](err); ok {
		return step.ExitCode == 0
	}
	if reg, ok := errors.AsType[*builder.RegistryError](err); ok {
		return reg.NotFound && reg.Action == "pushing"
	}
	if stall, ok := errors.AsType[*builder.StallError](err); ok {
		return stall.Importing()
	}
	var own interface{ ExitStatus() int }
	return !errors.As(err, &own)
}
