package cli

import (
	"context"
	"errors"

	"github.com/org/npx-action/internal/builder"
)

// A solver is a builder's connection.
type solver interface {
	Solve(context.Context, builder.Request) (builder.Result, error)
}

// solveOrAgain builds, and builds once more without the caches if they may be why it failed: a cache is a help and no condition.
func (im *image) solveOrAgain(ctx context.Context, conn solver, req builder.Request) (builder.Result, error) {
	result, err := conn.Solve(ctx, req)
	if err == nil || len(req.CacheImports) == 0 || ctx.Err() != nil || !cacheMayBeBroken(err) {
		return result, err
	}
	im.say("warning", "building again without the cache, which may be broken: "+err.Error())
	req.CacheImports = nil
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
	var known interface{ ExitStatus() int }
	return !errors.As(err, &known)
}
