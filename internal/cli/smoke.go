package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
)

// When an image is tried before it is pushed.
const (
	smokeAuto   = "auto" // a slim one, unless its packages and dependencies have been tried before
	smokeAlways = "always"
	smokeNever  = "never"
)

// wantsSmoke reports whether the image is to be tried. A trial needs the whole image on the builder, which a fresh one has to pull: a changed source
// line is not worth that, as it cannot take away what the image needs.
func (im *image) wantsSmoke(l *cache.Lookup) bool {
	switch im.smoke {
	case smokeAlways:
		return true
	case smokeNever:
		return false
	}
	return im.plan.Plan.Slim() && (l == nil || l.Hit != cache.Exact)
}

// A trial is how a program started.
type trial struct{ status, log string }

func (t trial) failed() bool { return strings.HasPrefix(t.status, "exited ") && t.status != "exited 0" }

// smokeTest returns what [builder.Request] has as Before: it starts the image, and refuses one that does not start though the file system that the phases
// made does. A program that starts in neither, for want of a database perhaps, is only told of: its image may be right.
func (im *image) smokeTest(g *graph.Graph, opt lower.Options) func(context.Context, builder.Reader) error {
	return func(ctx context.Context, read builder.Reader) error {
		slim, err := im.try(ctx, read, g, g.Output, opt)
		switch {
		case err != nil:
			return err
		case slim == nil:
			return nil
		case !slim.failed():
			im.say("smoke test", "the image starts: "+slim.status)
			return nil
		case g.StageOf(g.Output) == g.StageOf(g.Built):
			im.say("warning", "the image was started and "+slim.status+": "+lastLine(slim.log))
			return nil
		}
		full, err := im.try(ctx, read, g, g.Built, opt)
		if err != nil {
			return err
		}
		if full.failed() {
			im.say("warning", "the image could not be tried, as its program "+full.status+" here: "+lastLine(full.log))
			return nil
		}
		return &failure{statusApp, fmt.Errorf("trying the slim image: its program %s, and does not in the full image\n%s", slim.status, slim.log),
			"add what it lacks with apt, or take --runtime full"}
	}
}

// try starts the program on a node's file system; nil if there is none to start.
func (im *image) try(ctx context.Context, read builder.Reader, g *graph.Graph, node int, opt lower.Options) (*trial, error) {
	with, at, ok := g.Smoke(node)
	if !ok {
		return nil, nil
	}
	def, err := lower.Node(with, at, ociPlatform(im.platform), opt)
	if err != nil {
		return nil, err
	}
	left, err := read(ctx, def, graph.SmokeStatus, graph.SmokeLog)
	if err != nil {
		return nil, fmt.Errorf("trying the image: %w", err)
	}
	return &trial{status: strings.TrimSpace(string(left[0])), log: strings.TrimSpace(string(left[1]))}, nil
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }
