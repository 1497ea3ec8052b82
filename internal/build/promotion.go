package build

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/registry"
)

// The values of --promote.
const (
	PromoteAuto  = "auto"  // where nothing but a push is asked for
	PromoteNever = "never" // neither promote nor leave an image to be promoted
)

// A content is what an image is known by.
type content struct {
	key  string
	refs []string // that may be promoted: in each repository of the image, in the order of its names, the most trusted writer's first
	own  []string // by which later builds find what this one pushes, one in each repository
}

// sum is a digest that is being computed.
type sum func() (string, error)

// digestApp starts to read the app, side by side with what the registries are asked. It is nil where no image is promoted.
func digestApp(ctx context.Context, t target, g *graph.Graph) sum {
	if t.Cache.Promote != PromoteAuto || !t.pushes() && !t.Output.SkipIfPublished || !t.Cache.Policy.Read {
		return nil
	}
	type result struct {
		digest string
		err    error
	}
	done := make(chan result, 1)
	go func() {
		digest, err := contexts(g, t.Dir)[lower.App].Digest(ctx)
		done <- result{digest, err}
	}()
	return func() (string, error) {
		r := <-done
		return r.digest, r.err
	}
}

// newContent names the image by what decides it. For that, the plan is lowered without all that only says where from: the mirrors
// and hosts of images and Nix packages, the certificates, the names of cache mounts; and without the labels of the run.
func newContent(t target, r recipe, app sum) (*content, error) {
	bare := t.App
	bare.Ignore = nil
	g, err := newGraph(bare, Spec{Image: Image{Reproducible: t.Image.Reproducible}}, r, false)
	if err != nil {
		return nil, err
	}
	pins := map[string]graph.Pinned{}
	for _, ref := range g.Images() {
		pins[ref] = graph.Pinned{Ref: "base@" + r.bases[ref].Digest, Config: r.bases[ref].Config}
	}
	if g, err = g.Pin(pins); err != nil {
		return nil, err
	}
	g.Ignore = nil // the digest of the app covers the files that are left
	def, config, err := lower.LLB(g, t.oci(), lower.Options{Hosts: t.Steps.Hosts})
	if err != nil {
		return nil, err
	}
	generated, err := contexts(g, t.Dir)[lower.Generated].Digest(context.Background())
	if err != nil {
		return nil, err
	}
	files, err := app()
	if err != nil {
		return nil, err
	}
	key := cache.Content{Plan: t.Plan.Plan, Platform: t.Platform, Definition: def.Def, Config: config,
		App: files, Generated: generated, Trial: trialKey(t), Export: exportKey(t, g)}.Key()
	own, all, err := ContentRefs(t.Image.Names, t.Platform, key, t.Cache.Scope.Writer)
	return &content{key, all, own}, err
}

// trialKey says how the image is tried, "" as usual: an image that was never tried is not promoted where one has to be.
func trialKey(t target) string {
	if t.Trial == TrialAuto {
		return ""
	}
	return t.Trial
}

// ContentRefs are the references of a content key in the repositories of names: those by which later builds find what a writer pushes, one in each, and
// all that may be promoted, in the order of the names, the most trusted writer's first.
func ContentRefs(names []string, platform, key string, writer cache.Writer) (own, all []string, err error) {
	for _, ref := range names {
		for _, w := range slices.Backward(writer.Readable()) {
			at, err := cache.ContentRef(ref, platform, key, w)
			if err != nil {
				return nil, nil, err
			}
			if slices.Contains(all, at) {
				continue
			}
			if all = append(all, at); w == writer {
				own = append(own, at)
			}
		}
	}
	return own, all, nil
}

// Annotation begins the exporter's attributes that tell of the run, and IndexAnnotation the attributes of the index.
const (
	Annotation      = "annotation"
	IndexAnnotation = Annotation + "-index."
)

// exportKey is how the exporter is told to store the layers, and what to put beside them.
func exportKey(t target, g *graph.Graph) []string {
	t.Output.Push, t.Claim = true, nil // what is not pushed is known as if it were
	var list []string
	req := newRequest(t, recipe{graph: g})
	for _, e := range req.Exports {
		for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
			if e.Kind == builder.Push && name != builder.ByDigest && !strings.HasPrefix(name, Annotation) {
				list = append(list, name+"="+e.Attrs[name])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(req.FrontendAttrs)) {
		list = append(list, name+"="+req.FrontendAttrs[name])
	}
	if req.Provenance != "" || t.Attest.SBOM {
		list = append(list, "sbom="+strconv.FormatBool(t.Attest.SBOM), "provenance="+req.Provenance)
	}
	for _, c := range req.CacheExports {
		list = append(list, "cache="+c.Type)
	}
	return list
}

// promote gives the image its names without a build, if its registry has one of the same content, or none if it is not pushed. The configuration
// comes from a build. A registry that cannot be read, or holds something else, is a reason to build; one that refuses to write would refuse after a
// build too.
func promote(ctx context.Context, d *draft, config []byte) error {
	t := d.target
	if t.Steps.Anew || len(t.Output.Exports) > 0 {
		return nil
	}
	p := registry.Promotion{ByDigest: t.byDigest, Configs: [][]byte{config}, Annotations: map[string]string{}, IndexAnnotations: map[string]string{},
		Restate: func(kind string, predicate []byte, earlier string) ([]byte, error) {
			return restate(t.Origin, kind, predicate, earlier)
		}}
	if t.reclaim(ctx); t.pushes() {
		p.To = t.claimed() // else the image is only looked for
	}
	for name, value := range t.Image.Attributes {
		if name, ok := strings.CutPrefix(name, Annotation+"."); ok {
			p.Annotations[name] = value
		}
		if name, ok := strings.CutPrefix(name, IndexAnnotation); ok {
			p.IndexAnnotations[name] = value
		}
	}
	for _, ref := range d.content.refs {
		p.From = ref
		done, err := t.Registry.Promote(ctx, p)
		if refusal, ok := errors.AsType[*registry.UnpromotableError](err); ok {
			_, denied := errors.AsType[*registry.DeniedError](err)
			switch {
			case refusal.Found:
				t.warn("the image is built although there is one of this content: ", err)
			case !refusal.Absent && !denied:
				t.warn("the image is built, as nobody knows whether there is one of this content: ", err)
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("promoting the image: %w", err)
		}
		if d.out.Promoted = ref; t.pushes() {
			d.out.Digest, d.out.ConfigDigest = done.Digest, done.ConfigDigest
		}
		return nil
	}
	return nil
}

// nameContent lets later builds of the same content promote the image, if the policy of the cache lets them trust it. It is a
// help: trouble is a warning.
func nameContent(ctx context.Context, t target, c *content, digest string) {
	if c == nil || !t.pushes() || !t.Cache.Policy.Write || digest == "" {
		return
	}
	for _, ref := range c.own {
		repo, tag, _ := CutTag(ref)
		if err := t.Registry.Tag(ctx, repo+"@"+digest, tag); err != nil {
			t.warn("the image is pushed, and cannot be promoted later: ", err)
			continue
		}
		if document, notes := cache.PushedDocument(ref, time.Now()); t.Registry.Note(ctx, document, notes) != nil {
			t.Say("note", "the registry does not keep when the image was pushed; cache prune goes by its own date")
		}
	}
}

// CutTag cuts a reference that has a tag.
func CutTag(ref string) (repository, tag string, ok bool) {
	i := strings.LastIndexByte(ref, ':')
	if i < 0 {
		return ref, "", false
	}
	return ref[:i], ref[i+1:], true
}
