package job

import (
	"context"
	"errors"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/registry"
)

// holdBack leaves out the names of the image that hold the image of a newer commit: the older of two runs may come last, and a run may
// be started again. It returns the names that are left, and why that is none. A name goes back only where history says so:
// what nobody knows is pushed. Releases have names of their own, and a request has one by its number.
//
// A build takes minutes, so the image looks again right before it gives its names, see [build.Claim].
func (j Job) holdBack(ctx context.Context, client *registry.Client, names []string, platform string) (claim *build.Claim, left []string, lost string) {
	if k := j.Event.Kind; k != ci.Push && k != ci.Schedule && k != ci.Manual {
		return nil, names, ""
	}
	claim = build.NewClaim(func(ctx context.Context, ref string) string {
		there := build.Revision(ctx, client, ref, platform)
		if there == "" || there == j.Event.SHA || !j.precedes(ctx, there) {
			return ""
		}
		return there
	})
	if left, lost = claim.Look(ctx, client, names, j.Sink.Warning); lost != "" {
		return claim, names, lost
	}
	return claim, left, ""
}

// precedes reports whether the event's commit is known to be an ancestor of another one. The clone of a job lacks the newer commit as a
// rule, so that the forge is asked.
func (j Job) precedes(ctx context.Context, newer string) bool {
	dir, err := checkout.Directory(j.checkout(), j.Inputs.Context)
	if err != nil {
		return false
	}
	repo, err := git.Open(dir)
	if err == nil {
		var base string
		if base, err = repo.MergeBase(newer, j.Event.SHA); err == nil {
			return base == j.Event.SHA
		}
	}
	if err != nil && !errors.Is(err, git.ErrMissing) && !errors.Is(err, git.ErrNoRepository) {
		return false
	}
	history, ok := j.tagForge().(forgeHistory)
	if !ok {
		return false
	}
	base, err := history.MergeBase(ctx, newer, j.Event.SHA)
	return err == nil && base == j.Event.SHA
}
