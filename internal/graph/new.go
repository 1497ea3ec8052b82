package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

// Options say how a plan is built, as opposed to what. The zero value is the default.
type Options struct {
	CacheKey       string      // begins the name of every cache mount; "" is "npx"
	NoCache        bool        // make no cache mounts
	Nix            nix.Options // where Nix packages come from
	Reproducible   bool        // steps leave out time and chance as far as they can
	Sequential     bool        // merge nothing: what comes from Nix, apt and the plan stands on each other; not for slim images
	CACertificates bool        // packages and phases are installed and run trusting the secrets [Certificates] and [TrustStore]
	Ignore         []string    // patterns, in .dockerignore syntax, of app files to leave out, also where a phase names them

	Fingerprints map[string]string // of the values of the secrets that a phase asks for, by phase
}

// GeneratedDir is where generated files stand, below the root of their context. An app's directory of that name never
// enters the build.
const GeneratedDir = ".nixpacks"

const (
	assetsDir    = GeneratedDir + "/assets"
	assetsTarget = "/assets"
)

// New returns the graph of a pinned plan (nixpacks-1.39.md 4.1).
//
// It differs from Nixpacks' Dockerfile in this, on purpose: the app is copied whole at most once, so that no later copy
// overwrites what a command made; the Nix expressions are mounted, not copied, so that they are in no image; the lists
// of apt and the caches of apt and Nix are removed; the user is created only if the image lacks it; and neither
// NIXPACKS_PATH nor LD_LIBRARY_PATH gets an empty element, which stands for the current directory.
//
// Errors are of type [*Error], or [*plan.CycleError].
func New(p plan.Plan, opt Options) (*Graph, error) {
	if opt.CacheKey == "" {
		opt.CacheKey = "npx"
	}
	b := &builder{plan: p, opt: opt, g: &Graph{}, tidy: p.Slim() && hasNode(p)}
	built := func() error {
		b.g.AfterPhases = b.top
		b.continues()
		return nil
	}
	for _, step := range []func() error{b.check, b.readReleases, b.withoutIgnored, b.packages, b.phases, built, b.start} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.g.Ignore = append(slices.Clone(opt.Ignore), GeneratedDir)
	slices.SortFunc(b.g.Files, func(x, y File) int { return strings.Compare(x.Path, y.Path) })
	return b.g, nil
}

// A builder makes one graph.
type builder struct {
	plan    plan.Plan
	opt     Options
	g       *Graph
	order   []string // of the phases
	top     int      // the node that the next one stands on
	whole   bool     // the whole app is in top
	closure int      // the RunOutput with the packages of a slim image; 0 is none
	scan    bool     // packages were left out of closure that programs may turn out to need
	built   int      // the last node of the phases that do not stand aside
	beside  []aside  // the phases that do
	prunes  []prune  // phases that leave less in a slim image, or several layers
	path    string   // value of NIXPACKS_PATH
	aptList string   // Debian packages that run, separated by blanks
	tidy    bool     // the phases leave no caches of programs

	releases []release // sorted
}

func (b *builder) add(n Node) {
	b.g.Nodes = append(b.g.Nodes, n)
	b.top = len(b.g.Nodes) - 1
}

func (b *builder) image(part Part, ref string) {
	b.add(Node{Name: "from " + ref, Part: part, Op: Image{Ref: ref}})
}

// copy adds a copy from the app. An include that is the whole app makes the others superfluous, and so does an app that
// has been copied whole before.
func (b *builder) copy(n Node, include []string) {
	if b.whole || len(include) == 0 {
		return
	}
	b.whole = slices.Contains(include, ".")
	if b.whole {
		include = []string{"."}
	}
	var paths []Path
	for _, f := range include {
		paths = append(paths, Path{f, inApp(f)})
	}
	n.Name = "copy " + oneLine(strings.Join(include, " "))
	if b.whole {
		n.Name = "copy the app"
	}
	n.Op = Copy{On: b.top, From: App, Paths: paths}
	b.add(n)
}

// run adds a command, named after itself if it has no name.
func (b *builder) run(n Node, r Run) {
	r.On = b.top
	r.Reproducible = b.opt.Reproducible
	r.Certificates = b.opt.CACertificates && n.Part != Profile && n.Part != Start // these meet no network
	n.Name = oneLine(cmp.Or(n.Name, r.Command))
	n.Op = r
	b.add(n)
}

// buildBase adds what all phases stand on: the build image, perhaps with the tools on top.
func (b *builder) buildBase() {
	if b.plan.BuildTools == nil {
		b.image(Base, *b.plan.BuildImage)
		return
	}
	tools := *b.plan.BuildTools
	b.add(Node{Name: "from " + tools, Part: Base, Op: Image{Ref: tools, Apart: true}})
	from := b.top
	b.image(Base, *b.plan.BuildImage)
	b.add(Node{Name: "add the build tools", Part: Base, Op: AddDiff{On: b.top, From: from}})
	b.add(Node{Name: "set the user", Part: Base, Op: Env{On: b.top, Vars: []Var{{"USER", "root"}}}})
}

// packages adds the base, and on it, side by side, the releases, what comes from Nix, from apt and from the plan; then the variables.
func (b *builder) packages() error {
	b.buildBase()
	base := b.top
	b.g.Base = base
	var layers []int
	if !b.opt.Sequential {
		layers = b.unpack()
	}
	for _, layer := range []func() error{b.nix, b.apt, b.assets} {
		below := base
		if b.opt.Sequential {
			below = b.top
		}
		b.top = below
		if err := layer(); err != nil {
			return err
		}
		if b.top != below {
			layers = append(layers, b.top)
			if apart, ok := b.g.Nodes[b.top].Op.(RunOutput); ok {
				layers = append(layers, apart.Of)
			}
		}
	}
	if b.opt.Sequential {
		b.unpack() // last, as Nix takes away what its database does not know
	} else {
		b.join(base, layers)
	}
	b.g.AfterPackages = b.top
	if dirs := bin(b.releases); len(dirs) > 0 {
		b.add(Node{Name: "extend PATH by the releases", Part: Tools, Op: Env{On: b.top, Path: dirs}})
	}
	var vars []Var
	for name, value := range plan.Sorted(b.plan.Variables) {
		vars = append(vars, Var{name, value})
	}
	if len(vars) > 0 {
		b.add(Node{Name: "set variables", Part: Variables, Op: Env{On: b.top, Vars: vars}})
	}
	return nil
}

// join brings together what was made side by side.
func (b *builder) join(base int, layers []int) {
	b.top = base
	switch {
	case len(layers) == 1 && !b.g.IsApart(layers[0]):
		b.top = layers[0]
	case len(layers) > 0:
		b.add(Node{Name: "merge packages and assets", Part: Base, Op: Merge{Base: base, Layers: layers}})
	}
}

// nix adds the installation of each expression. They share a profile, so they stand on each other. An expression may read
// the app's files that its phases name, relative to its own place (nixpacks-1.39.md 4.1).
func (b *builder) nix() error {
	files, err := nix.Expressions(b.plan.Phases, b.opt.Nix)
	if err != nil {
		return fromNix(err)
	}
	if b.plan.Slim() {
		return b.nixApart(files)
	}
	for _, f := range files {
		path := GeneratedDir + "/" + f.Name
		cmd, err := nix.Command(path, b.opt.Nix)
		if err != nil {
			return fromNix(err)
		}
		if b.opt.Reproducible {
			cmd = withoutDates(cmd)
		}
		include, err := appPaths(at{strings.Join(f.Phases, ", "), "onlyIncludeFiles"}, f.Includes)
		if err != nil {
			return err
		}
		b.g.Files = append(b.g.Files, File{path, f.Content})
		b.copy(Node{Part: Nix}, include)
		b.run(Node{Part: Nix, Name: "install packages of " + f.Name}, Run{
			Command: cmd, Mounts: []Mount{{path, Dir + "/" + path}},
		})
	}
	return nil
}

// apt adds the installation of all phases' Debian packages.
func (b *builder) apt() error {
	var pkgs []string
	for name, ph := range plan.Sorted(b.plan.Phases) {
		words, err := aptWords(at{name, "aptPkgs"}, ph.AptPkgs)
		if err != nil {
			return err
		}
		for _, w := range words {
			if !slices.Contains(pkgs, w) {
				pkgs = append(pkgs, w)
			}
		}
	}
	if len(pkgs) > 0 {
		list := strings.Join(pkgs, " ")
		sudo := "sudo "
		if b.plan.BuildTools != nil {
			sudo = ""
		}
		b.run(Node{Part: Apt, Name: "install " + list}, Run{Command: aptCommand(sudo, list)})
	}
	if start := b.plan.Start; start != nil {
		pkgs = slices.DeleteFunc(pkgs, func(pkg string) bool { return slices.Contains(start.WithoutPkgs, pkg) })
	}
	b.aptList = strings.Join(pkgs, " ")
	return nil
}

// aptCommand installs a list of packages; prefix begins each command.
func aptCommand(prefix, list string) string {
	return prefix + "apt-get update && " + prefix + "apt-get install -y --no-install-recommends " + list +
		" && " + prefix + "apt-get clean && " + prefix + "rm -rf /var/lib/apt/lists/*"
}

// assets adds the plan's own files.
func (b *builder) assets() error {
	files, err := assetFiles(b.plan.StaticAssets)
	if err != nil || len(files) == 0 {
		return err
	}
	b.g.Files = append(b.g.Files, files...)
	b.add(Node{Name: "copy static assets", Part: Assets, Op: Copy{
		On: b.top, From: Generated, Paths: []Path{{assetsDir, assetsTarget}},
	}})
	return nil
}
