package build_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// A stand is an app with a registry in memory and a builder that runs nothing.
type stand struct {
	t     *testing.T
	host  string // of the registry
	spec  build.Spec
	world build.World
	bench *bench
	said  []string
}

// newStand is an app of one file on a base image, which goes to a registry under three names.
func newStand(t *testing.T) *stand {
	t.Helper()
	host := registrytest.Serve(t, nil)
	registrytest.Push(t, host+"/base:1", "base")
	return standAt(t, host)
}

// standAt is another such app, at a registry that has the base image.
func standAt(t *testing.T, host string) *stand {
	t.Helper()
	dir := t.TempDir()
	apptest.Write(t, dir, "main", "one line")
	app := apptest.Result(t, map[string]string{"main": "one line"})
	app.Plan = plan.Plan{BuildImage: new("base.example/base:1"), Start: &plan.Start{Cmd: new("run")}}
	s := &stand{t: t, host: host, bench: &bench{t: t}}
	s.spec = build.Spec{
		Apps:   []build.App{{Platform: "linux/amd64", Plan: app}},
		Dir:    dir,
		Image:  build.Image{Names: []string{host + "/app:v1", host + "/app:latest", host + "/mirror/app:v1"}},
		Output: build.Output{Push: true},
		Cache:  build.Cache{Policy: cache.Policy{Read: true, Write: true}, Promote: build.PromoteAuto},
		Trial:  build.TrialAuto,
	}
	s.world = build.World{
		Registry: &registry.Client{Pause: time.Nanosecond, Mirrors: map[string]string{"base.example": host}},
		Guard:    egress.New(nil),
		Connect:  s.bench.connect,
		Say:      func(kind, text string) { s.said = append(s.said, kind+": "+text) },
	}
	return s
}

// withCache gives the app a lockfile and a registry cache.
func (s *stand) withCache(lockfile string) *stand {
	s.t.Helper()
	app := &s.spec.Apps[0]
	app.Plan.Tree = apptest.Tree(s.t, map[string]string{"package-lock.json": lockfile})
	app.Plan.Locks = []string{"package-lock.json"}
	s.spec.Cache.Scope = cache.Scope{Repository: s.host + "/app/cache", Platform: "linux/amd64", Branch: "main", Default: "main"}
	s.spec.Cache.Promote = build.PromoteNever
	return s
}

// change changes the app's plan.
func (s *stand) change(do func(*plan.Plan)) *stand {
	do(&s.spec.Apps[0].Plan.Plan)
	return s
}

func (s *stand) run() (build.Outcome, error) {
	s.t.Helper()
	return build.Run(s.t.Context(), s.spec, s.world)
}

// built is the outcome of a build that must succeed.
func (s *stand) built() build.Outcome {
	s.t.Helper()
	out, err := s.run()
	if err != nil {
		s.t.Fatalf("%v, said %q", err, s.said)
	}
	return out
}

// request is what the builder was asked for last.
func (s *stand) request() builder.Request {
	s.t.Helper()
	if len(s.bench.asked) == 0 {
		s.t.Fatal("the builder was asked for nothing")
	}
	return s.bench.asked[len(s.bench.asked)-1]
}

// tags lists those of a repository.
func (s *stand) tags(repository string) []string {
	s.t.Helper()
	tags, err := s.world.Registry.Tags(s.t.Context(), s.host+repository)
	if err != nil {
		s.t.Fatal(err)
	}
	return tags
}

// saying reports whether something was said that holds a text.
func (s *stand) saying(text string) bool { return strings.Contains(strings.Join(s.said, "\n"), text) }

// A bench is a builder that runs nothing: the image has the configuration that it is asked for, and one layer.
type bench struct {
	t         *testing.T
	info      builder.Info
	refuse    error                                  // of the connection
	fail      func(n int, req builder.Request) error // of the n-th solve, from 1; nil never fails
	before    func()                                 // called when the image is there
	image     func() v1.Image                        // in place of the usual one
	about     v1.Image                               // the attestation beside the image; nil for none
	reports   []builder.TrialReport                  // of the trials, in their order
	sizes     map[string]int64                       // of the package caches that it exports, in bytes; 1000 if they are not there
	steps     []builder.Step
	exporting *builder.Step // that follows when nobody objects to the image
	isEmpty   bool

	mu       sync.Mutex
	asked    []builder.Request
	dialled  []builder.Options
	attested []builder.Attestation
	tried    []builder.Trial
	closed   int
}

func (b *bench) connect(_ context.Context, o builder.Options) (build.Builder, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dialled = append(b.dialled, o)
	if b.refuse != nil {
		return nil, b.refuse
	}
	return b, nil
}

func (b *bench) Info() builder.Info { return b.info }

func (b *bench) Empty(context.Context) (bool, error) { return b.isEmpty, nil }

func (b *bench) Close() error {
	b.closed++
	return nil
}

// Solve implements build.Builder.
func (b *bench) Solve(ctx context.Context, req builder.Request) (builder.Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, req)
	result := builder.Result{Steps: slices.Clone(b.steps)}
	for i := range result.Steps {
		result.Steps[i].Cached = result.Steps[i].Cached || len(b.asked) > 1
	}
	if b.fail != nil {
		if err := b.fail(len(b.asked), req); err != nil {
			return result, err
		}
	}
	if b.before != nil {
		b.before()
	}
	if req.Before != nil {
		if err := req.Before(ctx, b.start); err != nil {
			return result, err
		}
	}
	if req.Inventory != nil {
		made, err := req.Inventory.Attest(nil, nil)
		if err != nil {
			return result, err
		}
		b.attested = append(b.attested, made)
	}
	if b.exporting != nil {
		result.Steps = append(result.Steps, *b.exporting)
	}
	img := b.imageOf(req)
	config, err := img.ConfigName()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range req.Exports {
		result.ConfigDigest = config.String()
		if digest := b.export(e, img); e.Kind == builder.Push || result.Digest == "" {
			result.Digest = digest
		}
	}
	for _, c := range req.CacheExports {
		switch c.Type {
		case "", "registry":
			registrytest.PushCache(b.t, c.Ref, c.Ref)
		case "local":
			putLayout(b.t, c.Attrs["dest"], img)
		}
		result.CacheExported = c.Type != builder.Inline || result.CacheExported
	}
	for _, w := range req.Byproducts {
		result.Byproducts = append(result.Byproducts, builder.ByproductResult{Name: w.Name, Digest: b.exportStore(w)})
	}
	return result, nil
}

// start gives the next of the reports.
func (b *bench) start(_ context.Context, t builder.Trial) (builder.TrialReport, error) {
	b.tried = append(b.tried, t)
	if len(b.reports) == 0 {
		return builder.TrialReport{}, errors.New("the builder has no containers")
	}
	report := b.reports[0]
	b.reports = b.reports[1:]
	return report, nil
}

// imageOf is an image of one layer whose configuration is as a builder leaves it: with the layers, and a date.
func (b *bench) imageOf(req builder.Request) v1.Image {
	b.t.Helper()
	if b.image != nil {
		return b.image()
	}
	var cf v1.ConfigFile
	if err := json.Unmarshal(req.ImageConfig, &cf); err != nil {
		b.t.Fatal(err)
	}
	cf.History, cf.RootFS = nil, v1.RootFS{Type: "layers"}
	cf.Created = v1.Time{Time: time.Unix(1, 0).UTC()}
	img, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), &cf)
	if err == nil {
		img, err = mutate.AppendLayers(mutate.ConfigMediaType(img, types.OCIConfigJSON), static.NewLayer([]byte("layer"), types.OCILayer))
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return img
}

// export writes an image where an export says, and returns its digest.
func (b *bench) export(e builder.Export, img v1.Image) string {
	b.t.Helper()
	digest, err := img.Digest()
	if err != nil {
		b.t.Fatal(err)
	}
	switch e.Kind {
	case builder.Push:
		for _, ref := range e.Refs {
			if e.Attrs[builder.ByDigest] == "true" {
				ref += "@" + digest.String()
			}
			registrytest.Write(b.t, ref, img)
		}
	case builder.Layout:
		if e.Attest && b.about != nil {
			putLayout(b.t, e.Dest, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: img}, mutate.IndexAddendum{Add: b.about,
				Descriptor: v1.Descriptor{Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"}}}))
			break
		}
		putLayout(b.t, e.Dest, img)
	case builder.Docker:
		if err := tarball.WriteToFile(e.Dest, name.MustParseReference("app:1"), img); err != nil {
			b.t.Fatal(err)
		}
	}
	return digest.String()
}

// exportStore exports a package cache, and returns its digest.
func (b *bench) exportStore(w builder.Byproduct) string {
	b.t.Helper()
	size, ok := b.sizes[w.Name]
	if !ok {
		size = 1000
	}
	img, err := random.Image(size, 1)
	if err != nil {
		b.t.Fatal(err)
	}
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	digest, err := img.Digest()
	if err != nil {
		b.t.Fatal(err)
	}
	if w.Export.Kind == builder.Layout {
		putLayout(b.t, w.Export.Dest, img)
		return digest.String()
	}
	for _, repo := range w.Export.Refs {
		ref, err := name.NewDigest(repo + "@" + digest.String())
		if err == nil {
			err = remote.Write(ref, img)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return digest.String()
}

// putLayout writes an image or an index to an OCI layout.
func putLayout(t *testing.T, dir string, root mutate.Appendable) {
	t.Helper()
	path, err := layout.Write(dir, empty.Index)
	if img, ok := root.(v1.Image); ok && err == nil {
		err = path.AppendImage(img)
	} else if index, ok := root.(v1.ImageIndex); ok && err == nil {
		err = path.AppendIndex(index)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A wrapper is a builder whose requests and results are changed on their way.
type wrapper struct {
	*bench
	req    func(*builder.Request)
	result func(*builder.Result)
}

// Solve implements build.Builder.
func (w wrapper) Solve(ctx context.Context, req builder.Request) (builder.Result, error) {
	if w.req != nil {
		w.req(&req)
	}
	result, err := w.bench.Solve(ctx, req)
	if w.result != nil {
		w.result(&result)
	}
	return result, err
}

// wrapped reaches a builder that gives other results.
func (b *bench) wrapped(result func(*builder.Result)) func(context.Context, builder.Options) (build.Builder, error) {
	return func(context.Context, builder.Options) (build.Builder, error) { return wrapper{b, nil, result}, nil }
}

// withoutExports reaches a builder that says of caches that it has exported them, and has not.
func (b *bench) withoutExports() func(context.Context, builder.Options) (build.Builder, error) {
	return func(context.Context, builder.Options) (build.Builder, error) {
		return wrapper{b, func(req *builder.Request) { req.CacheExports = nil }, func(r *builder.Result) { r.CacheExported = true }}, nil
	}
}

// asking gives the app a phase that asks for secrets.
func (s *stand) asking(phase string, secrets ...string) *stand {
	return s.change(func(p *plan.Plan) {
		if p.Phases == nil {
			p.Phases = map[string]plan.Phase{}
		}
		p.Phases[phase] = plan.Phase{Cmds: []string{"make " + phase}, Secrets: secrets}
	})
}

// contains reports whether an error holds a text.
func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }
