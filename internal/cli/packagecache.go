package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/docker/go-units"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

// The values of --package-cache.
const (
	packagesAuto     = "auto"     // registry on a builder that starts empty, and mount on another one
	packagesRegistry = "registry" // stores in the repository of the cache
	packagesMount    = "mount"    // what the builder keeps
	packagesOff      = "off"      // no cache directories
)

// packageLimit is how large a stored directory may be by default.
const packageLimit = "1GiB"

var packageModes = []string{packagesAuto, packagesRegistry, packagesMount, packagesOff}

// packageSettings say where the cache directories of the phases are kept.
type packageSettings struct {
	mode  string
	skip  []string // directories that are left to the builder, absolute
	limit int64    // bytes of a stored directory
}

// newPackageSettings reads the options; limit is a size such as 1GiB.
func newPackageSettings(mode string, skip []string, limit string) (packageSettings, error) {
	s := packageSettings{mode: cmp.Or(mode, packagesAuto)}
	err := choice("package-cache", s.mode, packageModes...)
	if err != nil {
		return s, err
	}
	if s.limit, err = units.RAMInBytes(cmp.Or(limit, packageLimit)); err != nil || s.limit <= 0 {
		return s, usage("give a size such as 512MiB", "reading --package-cache-limit: %q is no size", limit)
	}
	for _, dir := range skip {
		switch {
		case strings.HasPrefix(dir, "~/"):
			dir = graph.Home + dir[1:]
		case !path.IsAbs(dir):
			dir = graph.Dir + "/" + dir
		}
		s.skip = append(s.skip, path.Clean(dir))
	}
	return s, nil
}

// check finds what cannot be done without the repository of a registry cache.
func (s packageSettings) check(repository string) error {
	if s.mode == packagesRegistry && repository == "" {
		return usage("give --cache-ref, or in CI leave the input cache true", "keeping package caches in the registry: there is no registry cache")
	}
	return nil
}

// why says why a directory is left to the builder, "" if it is not.
func (s packageSettings) why(target string) string {
	if slices.Contains(s.skip, target) {
		return "skipped"
	}
	if s.mode == packagesRegistry {
		return ""
	}
	return cache.Unworthy(target)
}

// packages are the package caches of one build; nil if the builder keeps all of them.
type packages struct {
	cache.Packages
	choice     cache.Choice
	repository string
	refs       cache.Refs
	write      bool
}

// choosePackages decides what the cache directories of the graph start from, and says so.
func (im *image) choosePackages(ctx context.Context, conn *builder.Conn, g *graph.Graph, refs cache.Refs, lookup *cache.Lookup) (*packages, error) {
	p := &packages{refs: refs, Packages: cache.Packages{Targets: cacheTargets(g)}}
	if len(p.Targets) == 0 {
		return nil, nil
	}
	if lookup == nil {
		im.say("package cache", "mount (there is no registry cache)")
		return nil, nil
	}
	var err error
	if p.Phases, err = im.packagePhases(ctx, g); err != nil {
		return nil, err
	}
	p.Skip, p.Limit, p.Exact = im.packages.why, im.packages.limit, lookup.Hit == cache.Exact
	p.repository = refs.Exact[:strings.LastIndexByte(refs.Exact, ':')]
	p.write = im.cache.policy.Write && (p.Exact || lookup.Export != "")
	p.Records = im.records(ctx, refs, p.Exact)
	if p.Exact && len(p.Records) == 0 {
		im.say("package cache", "mount (the layer cache of these lockfiles was made so)")
		return nil, nil
	}
	var why string
	p.Registry, why = im.packagesInRegistry(ctx, conn)
	known := map[string]bool{}
	p.Has = func(digest string) bool {
		if _, asked := known[digest]; !asked {
			known[digest] = im.registry.Whole(ctx, p.repository+"@"+digest, ocispecs.MediaTypeImageConfig) == nil
		}
		return known[digest]
	}
	p.choice = p.Choose()
	im.say("package cache", p.describe(why))
	return p, nil
}

// packagesInRegistry reports whether steps that run take their directories from the registry, and why.
func (im *image) packagesInRegistry(ctx context.Context, conn *builder.Conn) (bool, string) {
	if im.packages.mode != packagesAuto {
		return im.packages.mode == packagesRegistry, "as asked"
	}
	empty, err := conn.Empty(ctx)
	switch {
	case err != nil:
		return false, err.Error()
	case empty:
		return true, "the builder starts empty"
	}
	return false, "the builder keeps what it has"
}

// records reads what is known beside the layer caches that are imported. A cache is a help: trouble is a warning.
func (im *image) records(ctx context.Context, refs cache.Refs, exact bool) []cache.Record {
	from := []string{refs.Branch, refs.Default}
	if exact {
		from = []string{refs.Exact}
	}
	var records []cache.Record
	for _, ref := range slices.Compact(from) {
		if ref == "" {
			continue
		}
		r, err := cache.ReadRecord(ctx, cacheStore{im.registry, im.say}, ref)
		if err != nil {
			im.say("warning", "a package cache is ignored: "+err.Error())
		} else if r != nil {
			records = append(records, *r)
		}
	}
	return records
}

// describe is the choice on one line.
func (p *packages) describe(why string) string {
	text := "mount"
	if p.Registry {
		text = "registry"
	}
	text += " (" + why + ")"
	list := func(verb string, dirs []string) {
		if len(dirs) > 0 {
			text += "; " + verb + " " + strings.Join(dirs, ", ")
		}
	}
	list("restored", p.choice.Restored)
	list("new", p.choice.Empty)
	list("gone from the registry", p.choice.Lost)
	for target, why := range plan.Sorted(p.choice.Left) {
		text += "; not " + target + ": " + why
	}
	return text
}

// cacheTargets are the cache directories by the phases that have some.
func cacheTargets(g *graph.Graph) map[string][]string {
	targets := map[string][]string{}
	for _, n := range g.Nodes {
		run, ok := n.Op.(graph.Run)
		if !ok || n.Part != graph.Phase {
			continue
		}
		for _, c := range run.Caches {
			if !slices.Contains(targets[n.Phase], c.Target) {
				targets[n.Phase] = append(targets[n.Phase], c.Target)
			}
		}
	}
	return targets
}

// packagePhases are the phases that have cache directories, in their order, with the identity of their steps.
func (im *image) packagePhases(ctx context.Context, g *graph.Graph) ([]cache.PhaseRecord, error) {
	var phases []cache.PhaseRecord
	files := fileDigests{dir: im.dir, ignore: g.Ignore, known: map[string]string{}}
	for _, n := range g.Nodes {
		run, ok := n.Op.(graph.Run)
		is := func(p cache.PhaseRecord) bool { return p.Name == n.Phase }
		if !ok || n.Part != graph.Phase || len(run.Caches) == 0 || slices.ContainsFunc(phases, is) {
			continue
		}
		identity, err := im.identity(ctx, g, n.Phase, files)
		if err != nil {
			return nil, err
		}
		phases = append(phases, cache.PhaseRecord{Name: n.Phase, Identity: identity})
	}
	return phases, nil
}

// identity names the steps up to the end of a phase with the files that they see, whatever their package caches hold.
func (im *image) identity(ctx context.Context, g *graph.Graph, phase string, files fileDigests) (string, error) {
	last, _ := g.After(phase)
	def, err := lower.Node(g, last, ociPlatform(im.platform), lower.Options{Hosts: im.hosts})
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, op := range def.Def {
		fmt.Fprintf(h, "%d\n%s", len(op), op)
	}
	for _, f := range g.Files {
		fmt.Fprintf(h, "%d %d\n%s%s", len(f.Path), len(f.Content), f.Path, f.Content)
	}
	app, err := files.of(ctx, g.Nodes[:last+1])
	if err != nil {
		return "", err
	}
	fmt.Fprint(h, app)
	return hex.EncodeToString(h.Sum(nil))[:32], nil
}

// fileDigests sum up the app's files that nodes copy, each set once.
type fileDigests struct {
	dir    string
	ignore []string
	known  map[string]string
}

func (d fileDigests) of(ctx context.Context, nodes []graph.Node) (string, error) {
	exclude := []string{"**"}
	for _, n := range nodes {
		c, ok := n.Op.(graph.Copy)
		if !ok || c.From != graph.App {
			continue
		}
		for _, p := range c.Paths {
			exclude = append(exclude, "!"+literal.Replace(p.From))
		}
	}
	if slices.Contains(exclude, "!.") {
		exclude = nil
	}
	key := strings.Join(exclude, "\n")
	if sum, ok := d.known[key]; ok {
		return sum, nil
	}
	sum, err := builder.Context{Dir: d.dir, Exclude: append(exclude, d.ignore...)}.Digest(ctx)
	d.known[key] = sum
	return sum, err
}

// solveWith builds with the package caches, by a function that is told how the definition was made. If one of them cannot be read, it
// builds once more without.
func (im *image) solveWith(ctx context.Context, build func(builder.Request, lower.Options) (builder.Result, error), g *graph.Graph,
	req builder.Request, p *packages,
) (builder.Result, error) {
	opt, err := im.define(&req, g, p)
	if err != nil {
		return builder.Result{}, err
	}
	result, err := build(req, opt)
	if err == nil || ctx.Err() != nil || !p.reads() || !p.unreadable(err) {
		return result, err
	}
	im.say("warning", "building again without the package caches, one of which may be broken: "+err.Error())
	p.choice = p.choice.WithoutStores()
	if opt, err = im.define(&req, g, p); err != nil {
		return builder.Result{}, err
	}
	return build(req, opt)
}

// define sets what a request builds, and what of its package caches it exports.
func (im *image) define(req *builder.Request, g *graph.Graph, p *packages) (lower.Options, error) {
	opt := lower.Options{BuildID: rand.Text(), Hosts: im.hosts, Created: im.created(), Stores: p.stores()}
	var err error
	if req.Definition, req.ImageConfig, err = lower.LLB(g, ociPlatform(im.platform), opt); err != nil {
		return opt, err
	}
	if req.Inventory, err = im.inventory(*req, g, opt); err != nil {
		return opt, err
	}
	req.Byproducts, err = im.byproducts(p, g, opt)
	return opt, err
}

// stores are the starts for package lower.
func (p *packages) stores() []lower.Store {
	if p == nil {
		return nil
	}
	var stores []lower.Store
	for _, ph := range p.choice.Phases {
		for _, s := range ph.Starts {
			store := lower.Store{Phase: ph.Name, Target: s.Target, Keep: s.From == cache.Builders}
			if s.From != cache.Builders && s.From != cache.Nothing {
				store.Ref = p.repository + "@" + s.From
			}
			stores = append(stores, store)
		}
	}
	return stores
}

// reads reports whether a store is to be pulled.
func (p *packages) reads() bool {
	return slices.ContainsFunc(p.stores(), func(s lower.Store) bool { return s.Ref != "" })
}

// unreadable reports whether a build may have failed for a store that cannot be pulled, and for nothing that is known.
func (p *packages) unreadable(err error) bool {
	if registry, ok := errors.AsType[*builder.RegistryError](err); ok && registry.Action == "pulling" {
		return strings.HasPrefix(registry.Ref, p.repository+"@")
	}
	return cacheMayBeBroken(err)
}
