package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/registry"
)

// The values of --promote.
const (
	promoteAuto  = "auto"  // where nothing but a push is asked for
	promoteNever = "never" // neither promote nor leave an image to be promoted
)

// A content is what an image is known by.
type content struct {
	key  string
	refs []string // one in each repository of the image, in the order of its names
}

// sum is a digest that is being computed.
type sum func() (string, error)

// sumApp starts to read the app, side by side with what the registries are asked. It is nil where no image is promoted.
func (im *image) sumApp(ctx context.Context, g *graph.Graph) sum {
	if im.promote != promoteAuto || !im.push && !im.known || !im.cache.policy.Read {
		return nil
	}
	type result struct {
		digest string
		err    error
	}
	done := make(chan result, 1)
	go func() {
		digest, err := contexts(g, im.dir)[lower.App].Digest(ctx)
		done <- result{digest, err}
	}()
	return func() (string, error) {
		r := <-done
		return r.digest, r.err
	}
}

// content names the image by what decides it. For that, the plan is lowered without all that only says where from: the mirrors
// and hosts of images and Nix packages, the certificates, the names of cache mounts; and without the labels of the run.
func (im *image) content(app sum, bases map[string]registry.Image) (*content, error) {
	pushed := *im
	pushed.push = true // what is not pushed is known as if it were
	opts := im.graph
	opts.Nix, opts.CacheKey, opts.NoCache, opts.CACertificates, opts.Ignore = nix.Options{}, "", false, false, nil
	g, err := graph.New(im.plan.Plan, opts)
	if err != nil {
		return nil, err
	}
	pins := map[string]graph.Pinned{}
	for _, ref := range g.Images() {
		pins[ref] = graph.Pinned{Ref: "base@" + bases[ref].Digest, Config: bases[ref].Config}
	}
	if g, err = g.Pin(pins); err != nil {
		return nil, err
	}
	g.Ignore = nil // the digest of the app is that of what is left
	def, config, err := lower.LLB(g, ociPlatform(im.platform), lower.Options{Hosts: im.hosts})
	if err != nil {
		return nil, err
	}
	generated, err := contexts(g, im.dir)[lower.Generated].Digest(context.Background())
	if err != nil {
		return nil, err
	}
	files, err := app()
	if err != nil {
		return nil, err
	}
	c := &content{key: cache.Content{Plan: im.plan.Plan, Platform: im.platform, Definition: def.Def, Config: config,
		App: files, Generated: generated, Export: pushed.storedAs(g)}.Key()}
	for _, ref := range im.refs {
		at, err := cache.ContentRef(ref, im.platform, c.key)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(c.refs, at) {
			c.refs = append(c.refs, at)
		}
	}
	return c, nil
}

// annotation begins the exporter's attributes that tell of the run, and indexAnnotation those of the index.
const (
	annotation      = "annotation"
	indexAnnotation = annotation + "-index."
)

// storedAs is how the exporter is told to store the layers, and what to put beside them.
func (im *image) storedAs(g *graph.Graph) []string {
	var list []string
	req := im.request(g)
	for _, e := range req.Exports {
		for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
			if e.Kind == builder.Push && name != builder.ByDigest && !strings.HasPrefix(name, annotation) {
				list = append(list, name+"="+e.Attrs[name])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(req.FrontendAttrs)) {
		list = append(list, name+"="+req.FrontendAttrs[name])
	}
	if req.Provenance != "" || im.attest.sbom {
		list = append(list, "sbom="+strconv.FormatBool(im.attest.sbom), "provenance="+req.Provenance)
	}
	for _, c := range req.CacheExports {
		list = append(list, "cache="+c.Type)
	}
	return list
}

// promoted names the image by its content and promotes the one that its registry has; the outcome says whether it did. A nil
// sum is that of an image that is not promoted.
func (im *image) promoted(ctx context.Context, app sum, bases map[string]registry.Image, config []byte) (outcome, error) {
	var out outcome
	if app == nil {
		return out, nil
	}
	var err error
	if out.content, err = im.content(app, bases); err != nil {
		return out, err
	}
	return out, im.tryPromote(ctx, out.content, config, &out)
}

// tryPromote gives the image its names without a build, if its registry has it, or none if it is not pushed. The configuration is that of a build. A registry
// that cannot be read, or holds something else, is a reason to build; one that refuses to write would refuse after a build too.
func (im *image) tryPromote(ctx context.Context, c *content, config []byte, out *outcome) error {
	if im.noCache || len(im.exports) > 0 {
		return nil
	}
	p := registry.Promotion{ByDigest: im.byDigest, Configs: [][]byte{config}, Annotations: map[string]string{}, IndexAnnotations: map[string]string{}}
	if im.push {
		p.To = im.refs // else the image is only looked for
	}
	for name, value := range im.exporter {
		if name, ok := strings.CutPrefix(name, annotation+"."); ok {
			p.Annotations[name] = value
		}
		if name, ok := strings.CutPrefix(name, indexAnnotation); ok {
			p.IndexAnnotations[name] = value
		}
	}
	for _, ref := range c.refs {
		p.From = ref
		done, err := im.registry.Promote(ctx, p)
		if refusal, ok := errors.AsType[*registry.UnpromotableError](err); ok {
			if _, denied := errors.AsType[*registry.DeniedError](err); !refusal.Absent && !denied {
				im.say("warning", "the image is built although there is one of this content: "+err.Error())
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("promoting the image: %w", err)
		}
		if out.promoted = ref; im.push {
			out.Digest, out.ConfigDigest = done.Digest, done.ConfigDigest
		}
		return nil
	}
	return nil
}

// nameContent lets later builds of the same content promote the image, if the policy of the cache lets them trust it. It is a
// help: trouble is a warning.
func (im *image) nameContent(ctx context.Context, c *content, digest string) {
	if c == nil || !im.cache.policy.Write || digest == "" {
		return
	}
	for _, ref := range c.refs {
		repo, tag, _ := cutTag(ref)
		if err := im.registry.Tag(ctx, repo+"@"+digest, tag); err != nil {
			im.say("warning", "the image is pushed, and cannot be promoted later: "+err.Error())
		}
	}
}

// cutTag cuts a reference that has a tag.
func cutTag(ref string) (repository, tag string, ok bool) {
	i := strings.LastIndexByte(ref, ':')
	if i < 0 {
		return ref, "", false
	}
	return ref[:i], ref[i+1:], true
}
