package build

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registry"
)

// A Claim is what a job knows of the names that it is about to give. It remembers what it has seen.
type Claim struct {
	newer   func(ctx context.Context, ref string) (commit string) // that a name holds the image of, "" if the name is the job's to give
	digests map[string]string                                     // that names had when they were last looked at
	taken   map[string]string                                     // commits that have pushed a name, by the name
}

// NewClaim is the claim to names of which nothing is known yet; newer returns the commit that a name holds the image of, "" if the name is the
// job's to give.
func NewClaim(newer func(ctx context.Context, ref string) (commit string)) *Claim {
	return &Claim{newer: newer, digests: map[string]string{}, taken: map[string]string{}}
}

// Look returns the names that are still to be given, and why that is none. Of a name that has not moved since the last look it asks no
// more than its digest.
func (c *Claim) Look(ctx context.Context, client *registry.Client, names []string, warn func(string)) (left []string, lost string) {
	names, lost = c.left(names)
	for _, ref := range names {
		_, digest, err := client.Exists(ctx, ref)
		if err == nil && digest == c.digests[ref] {
			continue
		}
		c.digests[ref] = digest
		if commit := c.newer(ctx, ref); commit != "" {
			c.taken[ref] = commit
			warn(ref + " stays where it is: it is of the commit " + commit + ", which comes after this one")
		}
	}
	if lost != "" {
		return nil, lost
	}
	return c.left(names)
}

// left are the names that were still to be given at the last look, and why that is none.
func (c *Claim) left(names []string) (left []string, lost string) {
	if c == nil {
		return names, ""
	}
	newer := ""
	for _, ref := range names {
		if commit := c.taken[ref]; commit != "" {
			newer = commit
			continue
		}
		left = append(left, ref)
	}
	if len(left) == 0 && newer != "" {
		lost = "the image of the newer commit " + newer + " has been pushed; run the job for that commit"
	}
	return left, lost
}

// named adds to an outcome which names the image has.
func (w World) named(spec Spec, out Outcome) Outcome {
	out.Names, out.Pushed = spec.Image.Names, spec.Output.Push
	if !spec.Output.Push {
		return out
	}
	left, lost := w.Claim.left(spec.Image.Names)
	if lost != "" {
		out.Pushed, out.Lost = false, lost
		return out
	}
	out.Names = left
	return out
}

// reclaim looks again at names, right before they are given: a job of a newer commit may have given them in the meantime. It reports whether
// there are fewer.
func (w World) reclaim(ctx context.Context, names []string) bool {
	if w.Claim == nil {
		return false
	}
	before, lost := w.Claim.left(names)
	if lost != "" {
		return false
	}
	left, _ := w.Claim.Look(ctx, w.Registry, before, func(text string) { w.Say("warning", text) })
	return len(left) < len(before)
}

// reclaim is the same for the names of a target that is pushed under them.
func (t target) reclaim(ctx context.Context) bool {
	return t.pushes() && !t.byDigest && t.World.reclaim(ctx, t.Image.Names)
}

// solveClaimed builds, and gives the names that are the job's to give once the image is there. If some are not any more, nothing has left the builder, and
// the result that it has is exported without them.
func solveClaimed(ctx context.Context, t target, conn solver, req builder.Request) (builder.Result, error) {
	if t.Claim == nil || t.byDigest {
		return solveWithoutBrokenCache(ctx, t, conn, req)
	}
	if req.Exports = t.claimedExports(req.Exports); !t.pushes() {
		return solveWithoutBrokenCache(ctx, t, conn, req)
	}
	before := req.Before
	req.Before = func(ctx context.Context, start builder.Starter) error {
		if before != nil {
			if err := before(ctx, start); err != nil {
				return err
			}
		}
		if t.reclaim(ctx) {
			return takenError{}
		}
		return nil
	}
	built, err := solveWithoutBrokenCache(ctx, t, conn, req)
	if _, taken := errors.AsType[takenError](err); !taken {
		return built, err
	}
	req.Before, req.NoCache, req.Exports = nil, false, t.claimedExports(req.Exports) // the rest has just been done
	if len(req.Exports)+len(req.CacheExports)+len(req.Byproducts) == 0 {
		return built, nil
	}
	exported, err := solveWithoutBrokenCache(ctx, t, conn, req)
	exported.Steps = oneAfterTheOther(built.Steps, exported.Steps)
	return exported, err
}

// claimedExports are exports of which the push is to the names that are left.
func (t target) claimedExports(exports []builder.Export) []builder.Export {
	var list []builder.Export
	for _, e := range exports {
		if e.Kind == builder.Push && !t.pushes() {
			continue
		}
		if e.Kind == builder.Push {
			e.Refs = t.claimed()
		}
		list = append(list, e)
	}
	return list
}

// oneAfterTheOther are the steps of two builds of the same definition. Those of the first have run; of the second, those are new that the first
// did not come to.
func oneAfterTheOther(first, second []builder.Step) []builder.Step {
	var end time.Duration
	had := map[string]bool{}
	for _, s := range first {
		had[s.Digest], end = true, max(end, s.Start+s.Duration)
	}
	steps := slices.Clone(first)
	for _, s := range second {
		if !had[s.Digest] {
			s.Start += end
			steps = append(steps, s)
		}
	}
	return steps
}

// A takenError ends a build before its export, as names of the image are taken.
type takenError struct{}

// Error is for nobody: whoever gets it exports again.
func (takenError) Error() string { return "names of the image are of a newer commit" }

// ExitStatus is 1, and says that the cache is not at fault.
func (takenError) ExitStatus() int { return fault.App }

// Revision is the commit of the image for a platform at a reference, "" if there is none or it does not say.
func Revision(ctx context.Context, client *registry.Client, ref, platform string) string {
	contents, err := client.Contents(ctx, ref, platform)
	if err != nil {
		return "" // whoever pushes reports a fault of the registry
	}
	var config ocispecs.Image
	if json.Unmarshal(contents.Config, &config) != nil {
		return ""
	}
	commit := strings.ToLower(config.Config.Labels[OCILabel+"revision"])
	if strings.Trim(commit, "0123456789abcdef") != "" || len(commit) < 40 {
		return "" // it goes into the address of a request
	}
	return commit
}
