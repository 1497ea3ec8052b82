package build

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
)

// When an image is tried before it is pushed.
const (
	TrialAuto   = "auto" // a slim one, unless its packages and dependencies have been tried before
	TrialAlways = "always"
	TrialNever  = "never"
)

// wantsTrial reports whether the image is to be tried. A trial needs the whole image on the builder, which a fresh one has to pull: a changed source
// line is not worth that, as it cannot take away what the image needs.
func wantsTrial(t target, l *cache.Lookup) bool {
	switch t.Trial {
	case TrialAlways:
		return true
	case TrialNever:
		return false
	}
	return t.Plan.Plan.Slim() && (l == nil || l.Hit != cache.Exact)
}

// A trialResult is how a program started.
type trialResult struct{ status, log string }

func (r trialResult) failed() bool {
	return strings.HasPrefix(r.status, "exited ") && r.status != "exited 0"
}

// newTrial returns what [builder.Request] has as Before: it starts the image, and refuses one that does not start though the file system that the phases
// made does. A program that starts in neither, for want of a database perhaps, is only told of: its image may be right.
func newTrial(t target, g *graph.Graph, opt lower.Options) func(context.Context, builder.Reader) error {
	return func(ctx context.Context, read builder.Reader) error {
		slim, err := start(ctx, t, read, g, g.Output, opt)
		switch {
		case err != nil:
			return err
		case slim == nil:
			return nil
		case !slim.failed():
			t.Say("smoke test", "the image starts: "+slim.status)
			return nil
		case g.StageOf(g.Output) == g.StageOf(g.Built):
			t.Say("warning", "the image was started and "+slim.status+": "+faultLine(slim.log))
			return nil
		}
		full, err := start(ctx, t, read, g, g.Built, opt)
		if err != nil {
			return err
		}
		if full.failed() {
			t.Say("warning", "the image could not be tried, as its program "+full.status+" here: "+faultLine(full.log))
			return nil
		}
		return fault.New(fault.App, &trialError{*slim}, "add what it lacks with apt, or take --runtime full")
	}
}

// A trialError says that a program starts where it was built and not in its image.
type trialError struct{ slim trialResult }

func (e *trialError) Error() string {
	return fmt.Sprintf("trying the slim image: its program %s, and does not in the full image\n%s", e.slim.status, e.slim.log)
}

// solveTried builds, and if the image is pruned and does not start, builds it once more with all that was installed.
func solveTried(ctx context.Context, conn Builder, d *draft) error {
	err := solve(ctx, conn, d)
	failed, ok := errors.AsType[*trialError](err)
	if !ok || d.Plan.Unpruned == nil {
		return err
	}
	d.Say("warning", fmt.Sprintf("the image is built once more with the development dependencies, as its program %s without them: %s; "+
		"list as a dependency what it needs to run", failed.slim.status, faultLine(failed.slim.log)))
	d.Plan.Plan, d.Plan.Unpruned = *d.Plan.Unpruned, nil
	if d.graph, err = newGraph(d.App, d.Spec, d.recipe, false); err != nil {
		return err
	}
	if d.recipe, err = pinBases(ctx, d.target, d.recipe); err != nil {
		return err
	}
	return solve(ctx, conn, d)
}

// start starts the program on a node's file system; nil if there is none to start.
func start(ctx context.Context, t target, read builder.Reader, g *graph.Graph, node int, opt lower.Options) (*trialResult, error) {
	with, at, ok := g.Smoke(node)
	if !ok {
		return nil, nil
	}
	def, err := lower.Node(with, at, t.oci(), opt)
	if err != nil {
		return nil, err
	}
	left, err := read(ctx, def, graph.SmokeStatus, graph.SmokeLog)
	if err != nil {
		return nil, fmt.Errorf("trying the image: %w", err)
	}
	return &trialResult{status: strings.TrimSpace(string(left[0])), log: strings.TrimSpace(string(left[1]))}, nil
}

// faults are what the line of a log has that says why a program ended: below it, many print where they are.
var faults = []string{"error:", "exception:", "cannot ", "not found", "no such file"}

// faultLine is the first line of a log that tells of a fault, else the last line.
func faultLine(log string) string {
	for line := range strings.Lines(log) {
		if slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(strings.ToLower(line), f) }) {
			return strings.TrimSpace(line)
		}
	}
	return log[strings.LastIndexByte(log, '\n')+1:]
}
