package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/planner"
)

// A family is the images of one app for several platforms, which get their names as one index. Each is planned, cached, promoted or
// built like an image alone, side by side with the others, and is pushed by its digest.
type family struct {
	first  *image // the one that the names, annotations and reports are of
	images []*image
}

// more adds the app's images for further platforms, with the plans that it has there.
func (im *image) more(platforms []string, in planner.Input) error {
	for _, name := range platforms {
		arch, err := nixArch(name)
		if err != nil {
			return err
		}
		in.Arch = arch
		result, err := planner.Make(in)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		other := *im
		other.plan, other.platform, other.others = result, name, nil
		own, err := IgnorePatterns(im.plan)
		if err != nil {
			return err
		}
		ignore, err := IgnorePatterns(result)
		if err != nil {
			return err
		}
		other.graph.Ignore = append(ignore, im.graph.Ignore[len(own):]...)
		other.cache.scope.Platform = name
		if host := im.builders.at(name); host != "" {
			other.daemon.Host = host
		}
		im.others = append(im.others, &other)
	}
	return nil
}

// newFamily copies the images, so that each tells of itself, and takes from them what is of the index.
func newFamily(first *image) family {
	f := family{first: first}
	var mu sync.Mutex
	for _, im := range append([]*image{first}, first.others...) {
		one := *im
		one.others, one.byDigest = nil, true
		one.push, one.refs, one.labels, one.secrets, one.run, one.source = first.push, first.refs, first.labels, first.secrets, first.run, first.source
		one.exporter = maps.Clone(first.exporter)
		maps.DeleteFunc(one.exporter, func(name, _ string) bool { return strings.HasPrefix(name, indexAnnotation) })
		one.say = func(kind, text string) {
			mu.Lock()
			defer mu.Unlock()
			first.say(kind, one.platform+": "+text)
		}
		one.progress = beside(first.progress, one.platform, &mu)
		f.images = append(f.images, &one)
	}
	return f
}

// build builds what cannot be promoted, on the builders of the platforms. Nothing is built before it is known that all can be.
func (f family) build(ctx context.Context) (outcome, error) {
	all := make([]*begun, len(f.images))
	graphs := make([]*graph.Graph, len(f.images))
	for i, im := range f.images {
		var err error
		if graphs[i], err = im.checked(); err != nil {
			return outcome{}, f.of(im, err)
		}
	}
	err := f.each(ctx, func(ctx context.Context, i int, im *image) (err error) {
		all[i], err = im.begin(ctx, graphs[i])
		return err
	})
	if err != nil {
		return f.outcome(all), err
	}
	conns, err := f.connect(ctx, all)
	defer func() {
		for _, c := range conns {
			_ = c.Close()
		}
	}()
	if err != nil {
		return f.outcome(all), err
	}
	err = f.each(ctx, func(ctx context.Context, i int, im *image) error {
		if all[i].out.promoted != "" {
			return nil
		}
		return im.finish(ctx, conns[im.daemon.Host], all[i])
	})
	out := f.outcome(all)
	if err != nil || !f.first.push {
		return out, err
	}
	return out, f.join(ctx, all, &out)
}

// each calls a function for all images side by side. The first error ends the others.
func (f family) each(ctx context.Context, do func(context.Context, int, *image) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, im := range f.images {
		group.Go(func() error { return f.of(im, do(ctx, i, im)) })
	}
	return group.Wait()
}

// of says which platform an error is of.
func (f family) of(im *image, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", im.platform, err)
}

// connect reaches the builders of the images that are not promoted, each once, by address. They are to be closed after an error too.
func (f family) connect(ctx context.Context, all []*begun) (map[string]*builder.Conn, error) {
	conns := map[string]*builder.Conn{}
	for i, im := range f.images {
		if all[i].out.promoted != "" {
			continue
		}
		conn := conns[im.daemon.Host]
		if conn == nil {
			var err error
			if conn, err = builder.Connect(ctx, im.daemon); err != nil {
				return conns, f.of(im, err)
			}
			conns[im.daemon.Host] = conn
		}
		if err := im.buildable(conn.Info()); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

// join gives the names to an index of the images, and says of it what the plans are.
func (f family) join(ctx context.Context, all []*begun, out *outcome) error {
	var digests []string
	for _, b := range all {
		digests = append(digests, b.out.Digest)
	}
	annotations := map[string]string{}
	for name, value := range f.first.exporter {
		if name, ok := strings.CutPrefix(name, indexAnnotation); ok {
			annotations[name] = value
		}
	}
	digest, err := f.first.registry.Join(ctx, digests, annotations, f.first.refs...)
	if err != nil {
		return fmt.Errorf("pushing the index: %w", err)
	}
	out.Digest = digest
	var told []string
	for _, im := range f.images {
		if text := string(im.plan.Plan.JSON()); !slices.Contains(told, text) {
			told = append(told, text)
			im.refer(ctx, digest)
		}
	}
	return nil
}

// outcome is that of all images together, without the digest: the cache is that of the worst hit.
func (f family) outcome(all []*begun) outcome {
	var out outcome
	var promoted, warnings []string
	out.CacheExported = true
	for i, b := range all {
		if b == nil {
			continue
		}
		for _, s := range b.out.Steps {
			s.Name = stepOf(f.images[i].platform, s.Name)
			out.Steps = append(out.Steps, s)
		}
		if b.out.promoted != "" {
			promoted = append(promoted, b.out.promoted)
			continue
		}
		if l := b.out.lookup; l != nil && (out.lookup == nil || out.lookup.Hit == cache.Exact) {
			out.lookup = l
		}
		out.CacheExported = out.CacheExported && b.out.CacheExported
		if w := b.out.CacheWarning; w != "" {
			warnings = append(warnings, f.images[i].platform+": "+w)
		}
	}
	out.CacheWarning = strings.Join(warnings, "; ")
	if len(promoted) == len(all) {
		out.promoted = strings.Join(promoted, ", ")
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

// pushed is the export to the registries.
func (im *image) pushed() builder.Export {
	e := builder.Export{Kind: builder.Push, Refs: im.refs, Attrs: im.exporter}
	if im.byDigest {
		e.Refs, e.Attrs = im.repositories(), map[string]string{builder.ByDigest: "true"}
		maps.Copy(e.Attrs, im.exporter)
	}
	return e
}

// named are the references under which a digest is pushed.
func (im *image) named(digest string) []string {
	if !im.byDigest {
		return im.refs
	}
	refs := im.repositories()
	for i := range refs {
		refs[i] += "@" + digest
	}
	return refs
}

// beside shows the progress of one of several builds: line by line, as they come, after the platform.
func beside(p builder.Progress, platform string, mu *sync.Mutex) builder.Progress {
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
