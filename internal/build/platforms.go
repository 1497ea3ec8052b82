package build

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
)

// worlds makes the world of each of several platforms: all speak, and each says of what.
type worlds struct {
	World
	mu *sync.Mutex
}

// of is the world of one platform.
func (w worlds) of(platform string) World {
	one := w.World
	one.Say = func(kind, text string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.Say(kind, platform+": "+text)
	}
	one.Progress = progressOf(w.Progress, platform, w.mu)
	return one
}

// of says which platform an error is of, if there are several.
func (t target) of(err error) error {
	if err == nil || !t.byDigest {
		return err
	}
	return fmt.Errorf("%s: %w", t.Platform, err)
}

// sideBySide calls a function for all targets at the same time. The first error ends the others.
func sideBySide(ctx context.Context, targets []target, do func(context.Context, int, target) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range targets {
		group.Go(func() error { return t.of(do(ctx, i, t)) })
	}
	return group.Wait()
}

// joinPlatforms gives the names to an index of the images, if there are several.
func joinPlatforms(ctx context.Context, spec Spec, world World, drafts []*draft, out *Outcome) error {
	if len(drafts) == 1 || !spec.Output.Push {
		return nil
	}
	var digests []string
	for _, d := range drafts {
		digests = append(digests, d.out.Digest)
	}
	annotations := map[string]string{}
	for name, value := range spec.Image.Attributes {
		if name, ok := strings.CutPrefix(name, IndexAnnotation); ok {
			annotations[name] = value
		}
	}
	world.reclaim(ctx, spec.Image.Names)
	names, lost := world.Claim.left(spec.Image.Names)
	if lost != "" {
		return nil
	}
	digest, err := world.Registry.Join(ctx, digests, annotations, names...)
	if err != nil {
		return fmt.Errorf("pushing the index: %w", err)
	}
	out.Digest = digest
	return nil
}

// mergedOutcome is the outcome of all images together. The outcome of several images has no digest, and its cache is the worst hit among them.
func mergedOutcome(drafts []*draft) Outcome {
	if len(drafts) == 1 {
		if drafts[0] == nil {
			return Outcome{}
		}
		return drafts[0].out
	}
	var out Outcome
	var promoted, warnings []string
	out.CacheExported = true
	for _, d := range drafts {
		if d == nil {
			continue
		}
		for _, s := range d.out.Steps {
			s.Name = stepOf(d.Platform, s.Name)
			out.Steps = append(out.Steps, s)
		}
		if d.out.Promoted != "" {
			promoted = append(promoted, d.out.Promoted)
			continue
		}
		if l := d.out.Lookup; l != nil && (out.Lookup == nil || out.Lookup.Hit == cache.ExactHit) {
			out.Lookup = l
		}
		for _, line := range d.out.Trial {
			out.Trial = append(out.Trial, d.Platform+": "+line)
		}
		out.CacheExported = out.CacheExported && d.out.CacheExported
		if w := d.out.CacheWarning; w != "" {
			warnings = append(warnings, d.Platform+": "+w)
		}
	}
	out.CacheWarning = strings.Join(warnings, "; ")
	if len(promoted) == len(drafts) {
		out.Promoted = strings.Join(promoted, ", ")
	}
	return out
}

// stepOf puts the platform into the tag that begins a step's name.
func stepOf(platform, name string) string {
	if rest, ok := strings.CutPrefix(name, "["); ok {
		return "[" + platform + " " + rest
	}
	return platform + " " + name
}

// progressOf shows the progress of one of several builds: line by line, as they come, after the platform.
func progressOf(p builder.Progress, platform string, mu *sync.Mutex) builder.Progress {
	if p.Mode != "quiet" {
		p.Mode = "plain"
	}
	if p.Writer != nil {
		p.Writer = &lineWriter{mu: mu, w: p.Writer, prefix: platform + " "}
	}
	if step := p.Step; step != nil {
		p.Step = func(s builder.Step) {
			mu.Lock()
			defer mu.Unlock()
			s.Name = stepOf(platform, s.Name)
			step(s)
		}
	}
	return p
}

// A lineWriter writes whole lines, with a prefix. Several may share a writer and a mutex.
type lineWriter struct {
	mu     *sync.Mutex
	w      io.Writer
	prefix string
	rest   []byte
}

// Write implements io.Writer. What has no end yet is kept.
func (l *lineWriter) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	end := bytes.LastIndexByte(l.rest, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out []byte
	for line := range bytes.Lines(l.rest[:end]) {
		if len(bytes.TrimSpace(line)) > 0 {
			out = append(out, l.prefix...)
		}
		out = append(out, line...)
	}
	l.rest = append([]byte(nil), l.rest[end:]...)
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
