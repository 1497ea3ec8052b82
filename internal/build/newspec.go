package build

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/planner"
)

// Particulars are what a command or a job says of a build besides its settings.
type Particulars struct {
	Input     planner.Input  // that the app was planned from
	Plan      planner.Result // for the first of the platforms
	Platforms []string
	Dir       string   // that was planned; the app may be in a directory of it
	Ignore    []string // patterns of files that are not the app's
	Image     Image
	Output    Output
	Branch    string // whose rolling cache the build is for
	Default   string // the default branch
	Isolation Isolation
	Network   Network
	Buildx    Buildx
	Secrets   Secrets
	Origin    Origin
	Anew      bool // run each step, but with cache directories
}

// An Isolation keeps apart what builds of different repositories and standings leave on a builder and in a registry.
type Isolation struct {
	Policy cache.Policy
	Writer cache.Writer
	Owner  string // whose the directories are that a builder keeps: a part of the keys of steps that mount them
	Space  string // begins the names of these directories
	Files  string // whose the copies of files on the builder are
}

// Buildx says which builders of buildx a build takes unasked.
type Buildx struct {
	None bool // no builder that the user has made
	Any  bool // any that there are: nobody else uses the engine
}

// NewSpec makes the spec of a build. The warnings are about the files of the app.
func NewSpec(e Environment, s Settings, p Particulars) (spec Spec, warnings []string, err error) {
	app := filepath.Join(p.Dir, filepath.FromSlash(p.Plan.Subdirectory))
	apps, warnings, err := newApps(e, p, app)
	if err != nil {
		return Spec{}, nil, err
	}
	v, err := s.parse(e)
	if err != nil {
		return Spec{}, warnings, err
	}
	options := e.BuilderOptions(s, p.Platforms[0], v.own)
	if p.Buildx.None {
		options.Buildx = nil
	}
	options.AnyBuildx = p.Buildx.Any
	for i := range apps {
		apps[i].Address = cmp.Or(v.builders.At(apps[i].Platform), options.Host)
	}
	spec = Spec{
		Apps: apps,
		Dir:  app,
		Steps: Steps{
			Nix:          v.nix,
			Certificates: v.bundle,
			Hosts:        v.hosts,
			CacheKey:     s.CacheKey,
			NoMounts:     bool(s.NoCache) || v.packages.Mode == PackagesOff || p.Input.Env.Truthy("NO_CACHE"),
			Anew:         bool(s.NoCache) || p.Anew,
			Kept:         lower.Kept{Owner: p.Isolation.Owner, Space: p.Isolation.Space},
			Owner:        p.Isolation.Files,
		},
		Secrets: p.Secrets,
		Image:   p.Image,
		Output:  p.Output,
		Cache: Cache{
			Scope:  cache.Scope{Repository: s.CacheRef, Platform: p.Platforms[0], Branch: p.Branch, Default: p.Default, Writer: p.Isolation.Writer},
			Policy: p.Isolation.Policy, Packages: v.packages, From: v.cacheFrom, Inline: s.InlineCache, Promote: s.Promote,
		},
		Attest:  v.attest,
		Origin:  p.Origin,
		Trial:   s.Smoke,
		Builder: options,
		Silence: s.RegistryTimeout,
	}
	spec.Builder = withNetwork(options, p.Network, spec, v.mirrors)
	return spec, warnings, nil
}

// newApps are the app for each platform. The first is planned already.
func newApps(e Environment, p Particulars, dir string) (apps []App, warnings []string, err error) {
	ignore, err := IgnorePatterns(p.Plan)
	if err != nil {
		return nil, nil, err
	}
	withheld, warnings, err := e.withhold(dir, p.Plan.Tree, ignore)
	if err != nil {
		return nil, nil, err
	}
	for i, name := range p.Platforms {
		app := App{Platform: name, Plan: p.Plan}
		if i > 0 {
			if app.Plan, err = planFor(name, p.Input); err != nil {
				return nil, warnings, err
			}
			if ignore, err = IgnorePatterns(app.Plan); err != nil {
				return nil, warnings, err
			}
		}
		app.Ignore = slices.Concat(ignore, withheld, p.Ignore)
		apps = append(apps, app)
	}
	return apps, warnings, nil
}

// planFor plans an app for a further platform.
func planFor(platform string, in planner.Input) (planner.Result, error) {
	arch, err := planner.NixArch(platform)
	if err != nil {
		return planner.Result{}, err
	}
	in.Arch = arch
	result, err := planner.Make(in)
	if err != nil {
		return result, fmt.Errorf("%s: %w", platform, err)
	}
	return result, nil
}
