package build

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
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
)

// The values of --package-cache.
const (
	PackagesAuto     = "auto"     // registry on a builder that starts empty, and mount on another one
	PackagesRegistry = "registry" // stores in the repository of the cache
	PackagesMount    = "mount"    // what the builder keeps
	PackagesOff      = "off"      // no cache directories
)

// PackageLimit is how large a stored directory may be by default.
const PackageLimit = "1GiB"

var packageModes = []string{PackagesAuto, PackagesRegistry, PackagesMount, PackagesOff}

// PackageCaches say where the cache directories of the phases are kept.
type PackageCaches struct {
	Mode  string
	skip  []string // directories that are left to the builder, absolute
	limit int64    // bytes of a stored directory
}

// ParsePackages reads the options; limit is a size such as 1GiB.
func ParsePackages(mode string, skip []string, limit string) (PackageCaches, error) {
	s := PackageCaches{Mode: cmp.Or(mode, PackagesAuto)}
	err := fault.Choice("package-cache", s.Mode, packageModes...)
	if err != nil {
		return s, err
	}
	if s.limit, err = units.RAMInBytes(cmp.Or(limit, PackageLimit)); err != nil || s.limit <= 0 {
		return s, fault.Usage("give a size such as 512MiB", "reading --package-cache-limit: %q is no size", limit)
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
func (s PackageCaches) check(repository string) error {
	if s.Mode == PackagesRegistry && repository == "" {
		return fault.Usage("give --cache-ref, or in CI leave the input cache true", "keeping package caches in the registry: there is no registry cache")
	}
	return nil
}

// why says why a directory is left to the builder, "" if it is not.
func (s PackageCaches) why(target string) string {
	if slices.Contains(s.skip, target) {
		return "skipped"
	}
	if s.Mode == PackagesRegistry {
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
func choosePackages(ctx context.Context, t target, conn Builder, r recipe, l layers) (*packages, error) {
	g, refs, lookup := r.graph, l.refs, l.lookup
	p := &packages{refs: refs, Packages: cache.Packages{Targets: cacheTargets(g)}}
	if len(p.Targets) == 0 {
		return nil, nil
	}
	if lookup == nil {
		t.Say("package cache", "mount (there is no registry cache)")
		return nil, nil
	}
	var err error
	if p.Phases, err = packagePhases(ctx, t, g); err != nil {
		return nil, err
	}
	p.Skip, p.Limit, p.OnlyExact = t.Cache.Packages.why, t.Cache.Packages.limit, lookup.Hit == cache.ExactHit
	p.repository = refs.Exact[:strings.LastIndexByte(refs.Exact, ':')]
	beside := refs.Branches()
	if p.OnlyExact {
		beside = lookup.Import
	}
	p.Records = readRecords(ctx, t, beside)
	// Beside the exact cache of a more trusted writer, that one writes.
	p.write = t.Cache.Policy.Write && (p.OnlyExact && slices.Contains(beside, refs.Exact) || lookup.Export != "")
	if p.OnlyExact && len(p.Records) == 0 {
		t.Say("package cache", "mount (the layer cache of these lockfiles was made so)")
		return nil, nil
	}
	var why string
	p.Registry, why = packagesInRegistry(ctx, t, conn, len(p.Records) > 0)
	whole := map[string]bool{}
	p.Has = func(digest string) bool {
		if _, asked := whole[digest]; !asked {
			whole[digest] = t.Registry.Whole(ctx, p.repository+"@"+digest, ocispecs.MediaTypeImageConfig) == nil
		}
		return whole[digest]
	}
	p.choice = p.Choose()
	t.Say("package cache", p.describe(why))
	return p, nil
}

// packagesInRegistry reports whether steps that run take their directories from the registry, and why. recorded says that there may be some.
func packagesInRegistry(ctx context.Context, t target, conn Builder, recorded bool) (bool, string) {
	if t.Cache.Packages.Mode != PackagesAuto {
		return t.Cache.Packages.Mode == PackagesRegistry, "as asked"
	}
	if t.Steps.Kept.Space != "" && recorded {
		return true, "the builder keeps directories for trusted builds only"
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

// readRecords reads the records beside layer caches. A cache is a help: trouble is a warning.
func readRecords(ctx context.Context, t target, beside []string) []cache.Record {
	var records []cache.Record
	for _, ref := range beside {
		r, err := cache.ReadRecord(ctx, cacheRegistry{t.Registry, t.Say}, ref)
		if err != nil {
			t.warn("a package cache is ignored: ", err)
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
func packagePhases(ctx context.Context, t target, g *graph.Graph) ([]cache.PhaseRecord, error) {
	var phases []cache.PhaseRecord
	files := fileDigests{dir: t.Dir, ignore: g.Ignore, sums: map[string]string{}}
	for _, n := range g.Nodes {
		run, ok := n.Op.(graph.Run)
		is := func(p cache.PhaseRecord) bool { return p.Name == n.Phase }
		if !ok || n.Part != graph.Phase || len(run.Caches) == 0 || slices.ContainsFunc(phases, is) {
			continue
		}
		identity, err := phaseIdentity(ctx, t, g, n.Phase, files)
		if err != nil {
			return nil, err
		}
		phases = append(phases, cache.PhaseRecord{Name: n.Phase, Identity: identity})
	}
	return phases, nil
}

// phaseIdentity names the steps up to the end of a phase with the files that they see, whatever their package caches hold.
func phaseIdentity(ctx context.Context, t target, g *graph.Graph, phase string, files fileDigests) (string, error) {
	last, _ := g.After(phase)
	def, err := lower.Node(g, last, t.oci(), lower.Options{Hosts: t.Steps.Hosts})
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
	sums   map[string]string
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
	if sum, ok := d.sums[key]; ok {
		return sum, nil
	}
	sum, err := builder.Context{Dir: d.dir, Exclude: append(exclude, d.ignore...)}.Digest(ctx)
	d.sums[key] = sum
	return sum, err
}

// solveWithPackages builds with the package caches, by a function that is told how the definition was made. If one of them cannot be read, it
// builds once more without.
func solveWithPackages(ctx context.Context, t target, build func(builder.Request, lower.Options) (builder.Result, error), g *graph.Graph,
	req builder.Request, p *packages,
) (builder.Result, error) {
	opt, err := setDefinition(t, &req, g, p)
	if err != nil {
		return builder.Result{}, err
	}
	result, err := build(req, opt)
	if err == nil || ctx.Err() != nil || !p.reads() || !p.unreadable(err) {
		return result, err
	}
	t.warn("building again without the package caches, one of which may be broken: ", err)
	p.choice = p.choice.WithoutStores()
	if opt, err = setDefinition(t, &req, g, p); err != nil {
		return builder.Result{}, err
	}
	return build(req, opt)
}

// setDefinition sets what a request builds, and what of its package caches it exports.
func setDefinition(t target, req *builder.Request, g *graph.Graph, p *packages) (lower.Options, error) {
	opt := lower.Options{BuildID: rand.Text(), Hosts: t.Steps.Hosts, Created: creationDate(t), Stores: p.stores(), Kept: t.Steps.Kept}
	var err error
	if req.Definition, req.ImageConfig, err = lower.LLB(g, t.oci(), opt); err != nil {
		return opt, err
	}
	if g.AfterPhases != g.Image {
		if req.CacheState, err = lower.Node(g, g.AfterPhases, t.oci(), opt); err != nil {
			return opt, err
		}
	}
	if req.Inventory, err = newInventory(t, *req, g, opt); err != nil {
		return opt, err
	}
	req.Byproducts, err = storeExports(t, p, g, opt)
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
