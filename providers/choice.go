package providers

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/internal/versions"
)

// chosen is the edition from which on versions are chosen by the catalogue.
const chosen rules.Edition = "2026.12"

// choosesVersions reports whether the app's edition chooses versions by the catalogue, and not by the tables of Nixpacks 1.39.
func (a App) choosesVersions() bool { return a.Edition.Has(string(chosen)) }

// perEdition holds data by the edition that brought it, oldest first; "" is 1.39.
type perEdition[T any] []struct {
	since rules.Edition
	data  T
}

// of is the newest data that an edition has.
func (p perEdition[T]) of(e rules.Edition) T {
	var data T
	for _, row := range p {
		if row.since == "" || e.Has(string(row.since)) {
			data = row.data
		}
	}
	return data
}

// nixpkgs is the archive that packages come from where it has the version, so that a plan needs few archives.
var nixpkgs = perEdition[catalogue.Archive]{
	{chosen, catalogue.Archive{Commit: "e5bdc4a41d4c072fe1e3787eaa0320a384741d44", NAR: "sha256-FBJRXmbGXiSUDvYEbfLYRkckayyZ6SK1UEqhCrIZ2Cs="}},
}

// Ended warns of a release, NAME@VERSION, whose line gets no fixes any more on the catalogue's date; "" if it does, or nothing is known of it.
func (a App) Ended(release string) string {
	name, version, _ := strings.Cut(release, "@")
	all, err := a.Versions()
	if err != nil {
		return ""
	}
	tool, err := all.Tool(name)
	if err != nil {
		return ""
	}
	line := tool.Line(version)
	if !line.Dead(all.Date()) {
		return ""
	}
	return fmt.Sprintf("%s %s has had no fixes since %s; ask for a newer version", tool.Name, line.Name, line.End)
}

// A choice is the version of a tool that an app gets, and where it comes from: from the upstream, which has built a release of it, or from
// nixpkgs.
type choice struct {
	tool     string // as the catalogue calls it
	version  string
	release  string // as a plan has it; "" for one of nixpkgs
	pkg      string // attribute of nixpkgs; "" for a release
	archive  string // of nixpkgs, as a plan has it: of pkg, or beside a release [PinnedArchive]
	why      cause
	warnings []string
}

// id is how other parts of a plan call what is installed: NAME@VERSION of a release, else the Nix package.
func (c choice) id() string {
	if c.release != "" {
		return c.tool + "@" + c.version
	}
	return c.pkg
}

// install puts the tool, with the libraries that it loads, in front of what else a phase installs. A phase without Nix packages names no archive of nixpkgs.
func (c choice) install(p plan.Phase) plan.Phase {
	if c.release != "" {
		p.Releases = append([]string{c.release}, p.Releases...)
		p.AptPkgs = append(c.libraries(), p.AptPkgs...)
	} else {
		p.NixPkgs = append([]string{c.pkg}, p.NixPkgs...)
	}
	if len(p.NixPkgs)+len(p.NixLibs) > 0 {
		p.NixOverlays, p.NixpkgsArchive = []string{}, &c.archive
	}
	return p
}

// reasons say why the phase setup installs the tool.
func (c choice) reasons() []Reason {
	if c.release != "" {
		others := byDefault("it is the archive of this edition for packages without a version")
		return []Reason{c.why.decided("setup", "release", c.release), others.decided("setup", "nixpkgs", "")}
	}
	return []Reason{c.why.decided("setup", "nix", c.pkg), c.why.decided("setup", "nixpkgs", "")}
}

// ownCatalogue is the program's own catalogue as of its newest day.
var ownCatalogue = sync.OnceValues(func() (*catalogue.Catalogue, error) { return catalogue.Open(catalogue.Options{}) })

// platforms are what the catalogue calls the architectures of an [App].
var platforms = map[string]string{"x86_64": "linux/amd64", "aarch64": "linux/arm64"}

// Versions is the catalogue by which the versions of the app are chosen.
func (a App) Versions() (*catalogue.Catalogue, error) {
	if a.Catalogue != nil {
		return a.Catalogue, nil
	}
	return ownCatalogue()
}

// asks are what the app says of a tool, its list of packages first.
func (a App) asks(tool string) (versions.Found, error) {
	var first []versions.Ask
	if asked, ok := a.Asked[tool]; ok {
		first = append(first, asked)
	}
	return versions.Read(a.Tree, a.Vars, tool, first...)
}

// askOf is the same as the catalogue takes it.
func askOf(found versions.Found) catalogue.Ask {
	var ask catalogue.Ask
	for i, a := range found.Asks {
		if i == 0 {
			ask.Range = a.Range
		} else {
			ask.Bounds = append(ask.Bounds, catalogue.Bound{From: a.Place(), Range: a.Range, Asked: !a.Recorded, Quiet: a.Recorded})
		}
	}
	for _, b := range found.Bounds {
		ask.Bounds = append(ask.Bounds, catalogue.Bound{From: b.From, Range: b.Range, Quiet: b.Quiet, Asked: b.Asked})
	}
	return ask
}

// choose gives the version of a tool for an app. What the app says first decides, what it says elsewhere and what its packages say narrows
// what is left open: one exact version that can be had, if somebody names one.
func choose(app App, tool string) (choice, error) {
	found, err := app.asks(tool)
	if err != nil {
		return choice{}, err
	}
	if narrowed, ok := found.Narrowed(); ok {
		if c, err := pick(app, tool, askOf(narrowed)); err == nil {
			c.why, c.warnings = whyChosen(narrowed, c.version), append(narrowed.Warnings, c.warnings...)
			return c, nil
		}
	}
	c, err := pick(app, tool, askOf(found))
	if err != nil {
		return choice{}, notChosen(found, err)
	}
	c.why, c.warnings = whyChosen(found, c.version), append(found.Warnings, c.warnings...)
	return c, nil
}

// pick gives the version for an ask, and where to install it from.
func pick(app App, tool string, ask catalogue.Ask) (choice, error) {
	all, err := app.Versions()
	if err != nil {
		return choice{}, err
	}
	ask.Platform, ask.Strict, ask.Installable = platforms[app.Arch], app.Strict, true
	got, err := all.Choose(tool, ask)
	if err != nil {
		return choice{}, err
	}
	c := choice{tool: got.Tool, version: got.Version, warnings: got.Warnings}
	return c, c.locate(all, app)
}

// locate says where the version comes from: an upstream's own release goes before nixpkgs.
func (c *choice) locate(all *catalogue.Catalogue, app App) error {
	known, err := all.Tool(c.tool)
	if err != nil {
		return err
	}
	_, unpacks := layouts[c.tool]
	if r, ok := known.Release(c.version, platforms[app.Arch]); ok && unpacks {
		if url, err := all.Registries().Address(r.Address); err == nil {
			if c.archive, err = PinnedArchive(app); err != nil {
				return err
			}
			c.release, err = released(c.tool, r, url)
			return err
		}
	}
	list := known.Packages(c.version)
	if len(list) == 0 {
		return fmt.Errorf("choosing %s: %s is no package of nixpkgs, and how its archive is unpacked is not known", c.tool, c.version)
	}
	p := place(list, nixpkgs.of(app.Edition).Commit)
	c.pkg, c.archive = p.Attribute, p.Commit+"#"+p.NAR
	return nil
}

// CanHave says why there is no version for an ask in the catalogue, whether or not a plan can install it as a package.
func (a App) CanHave(tool string, ask versions.Ask) error {
	all, err := a.Versions()
	if err == nil {
		_, err = all.Choose(tool, catalogue.Ask{Range: ask.Range, Platform: platforms[a.Arch], Strict: a.Strict})
	}
	return err
}

// A Picked is a version of a tool that somebody asks for by hand, and how a plan installs it.
type Picked struct {
	Version   string
	Release   string   // of its upstream, as a plan has it; "" for one of nixpkgs
	Package   string   // of nixpkgs
	Archive   string   // that has the package, as in [plan.Phase]
	Libraries []string // Debian packages that a release loads
	Warnings  []string
}

// Pick gives the version of a tool for an ask alone, whatever else the app says. The error is [catalogue.Catalogue.Choose]'s.
func Pick(app App, tool string, ask versions.Ask) (Picked, error) {
	c, err := pick(app, tool, catalogue.Ask{Range: ask.Range})
	return Picked{Version: c.version, Release: c.release, Package: c.pkg, Archive: c.archive, Libraries: c.libraries(), Warnings: c.warnings}, err
}

// place is the package to install of those with one version, the best first: that of the usual archive, and in its archive the one whose
// attribute says most, go_1_26 and not go.
func place(packages []catalogue.Package, usual string) catalogue.Package {
	best := packages[0]
	if i := slices.IndexFunc(packages, func(p catalogue.Package) bool { return p.Commit == usual && p.NAR != "" }); i >= 0 {
		best = packages[i]
	}
	for _, p := range packages {
		if p.Commit == best.Commit && len(p.Attribute) > len(best.Attribute) {
			best = p
		}
	}
	return best
}

// notChosen adds to an error of the catalogue where the version is asked for.
func notChosen(found versions.Found, err error) error {
	if len(found.Asks) == 0 {
		return err
	}
	a := found.Asks[0]
	if a.File == "" {
		return fmt.Errorf("reading %s: %w", a.Place(), err)
	}
	return &source.Error{Op: "reading", Name: a.File, Line: a.Line, Err: err}
}

// whyChosen says which place decided, what it led to, and which other places there are.
func whyChosen(found versions.Found, version string) cause {
	c := byDefault("no version is asked for")
	var others []string
	for i, a := range found.Asks {
		if i == 0 {
			c = cause{file: a.File, line: a.Line, why: a.Why()}
		} else {
			others = append(others, fmt.Sprintf("%s, %.40q", a.Place(), a.Text))
		}
	}
	c.why += ", which gives " + version
	if len(others) > 0 {
		c.why += "; it goes before " + strings.Join(others, " and before ")
	}
	for _, b := range found.Bounds {
		if b.Asked {
			c.why += "; " + b.From + " needs " + b.Range.String()
		}
	}
	return c
}
