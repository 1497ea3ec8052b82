package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
	"github.com/org/npx-action/internal/versions"
	"github.com/org/npx-action/providers"
)

// A wish is a version of a tool that a list of Nix packages asks for, as in nodejs@22.14.0.
type wish struct {
	name   string          // of the tool as the catalogue has it
	tool   *catalogue.Tool // that has the version: of name, or a later one
	phase  string          // with the list that counts
	ask    versions.Ask
	picked providers.Picked
	err    error    // that there is nothing to pick: only commands can install it
	origin Origin   // of the list
	texts  []string // as they stand in all lists; the layers below say the others
}

// readWishes reads what the user's lists of Nix packages ask for by tool and version. One of an upper layer goes before one of a lower. Edition
// 1.39 takes all of them as Nix expressions.
func readWishes(in Input, user *userConfig) ([]*wish, error) {
	if user.compat139 {
		return nil, nil
	}
	var wishes []*wish
	said := user.origins(in)
	for _, layer := range []plan.Plan{user.flags, user.json, user.env, user.file.Plan} {
		above := len(wishes)
		for phase, p := range plan.Sorted(layer.Phases) {
			for _, text := range p.NixPkgs {
				if !catalogue.Versioned(text) || !slices.Contains(user.merged.Phases[phase].NixPkgs, text) {
					continue
				}
				origin := said[plan.Fact{Phase: phase, Field: "nix", Value: text}]
				w, err := readWish(in, user, phase, text, origin)
				if err != nil {
					return nil, wrongWish(origin, phase, text, err)
				}
				i := slices.IndexFunc(wishes, func(other *wish) bool { return other.name == w.name })
				switch {
				case i < 0:
					wishes = append(wishes, w)
				case i >= above && wishes[i].texts[0] != text:
					return nil, wrongWish(origin, phase, text, fmt.Errorf("%q asks for another version of %s; keep one", wishes[i].texts[0], w.name))
				default:
					wishes[i].texts = append(wishes[i].texts, text)
				}
			}
		}
	}
	return wishes, nil
}

func readWish(in Input, user *userConfig, phase, text string, origin Origin) (*wish, error) {
	app := app(in, user, user.vars)
	all, err := app.Versions()
	if err != nil {
		return nil, err
	}
	tool, asked, err := all.Parse(text)
	if err != nil {
		return nil, err
	}
	ask := versions.Ask{File: origin.File, Line: origin.Line, Key: "nixPkgs", Text: text, Range: asked}
	if strings.HasPrefix(origin.By, "NIXPACKS_") {
		ask.Key = origin.By
	} else if origin.File == "" {
		ask.Option = origin.By
	}
	w := &wish{name: tool.Name, tool: tool, phase: phase, ask: ask, origin: origin, texts: []string{text}}
	if err := app.CanHave(tool.Name, ask); err != nil {
		later := catalogue.Later(tool.Name)
		if later == "" || app.CanHave(later, ask) != nil {
			return nil, err
		}
		if w.tool, err = all.Tool(later); err != nil {
			return nil, err
		}
	}
	w.picked, w.err = providers.Pick(app, w.tool.Name, ask)
	return w, nil
}

func wrongWish(origin Origin, phase, text string, err error) error {
	e := &config.Error{File: origin.By, Line: origin.Line, Err: fmt.Errorf("%.80q: %w", text, err), Hint: "the command versions lists what can be had"}
	if origin.File != "" {
		e.Key = "phases." + phase + ".nixPkgs"
	}
	return e
}

// asked are the wishes by tool, for the providers.
func (l *userConfig) asked() map[string]versions.Ask {
	all := map[string]versions.Ask{}
	for _, w := range l.wishes {
		all[w.name] = w.ask
	}
	return all
}

// A granted is a plan in which wishes are fulfilled, and what came of them.
type granted struct {
	plan     plan.Plan
	base     plan.Plan // what the providers say, without what had to go
	origins  origins   // of what is new
	warnings []string  // a sentence for each newer patch and each line that has ended
	chosen   []string  // the packages and releases of the wishes, as in [providers.Output]
}

// grant puts into a merged plan what each wish gives, in the place of its text. A provider that has chosen by the wish installs it already;
// what is the same tool in another version goes.
// Chosen are the packages that the providers have chosen by the catalogue, as in [providers.Output].
func (l *userConfig) grant(p, base plan.Plan, chosen []string) (granted, error) {
	g := granted{p.Clone(), base.Clone(), origins{}, nil, nil}
	for _, w := range l.wishes {
		here := w.installed(g.plan)
		if slices.ContainsFunc(here, w.satisfies) || w.byCommand(g.plan, chosen) {
			w.drop(g.plan)
			continue
		}
		if i := slices.IndexFunc(w.installed(g.base), w.satisfies); i >= 0 {
			// The user's list stands in the place of the provider's.
			f := w.installed(g.base)[i]
			if was, is := g.base.Phases[f.phase].NixpkgsArchive, g.plan.Phases[f.phase].NixpkgsArchive; was != nil && is != nil && *was == *is {
				w.put(g.plan, f.phase, f.element)
				continue
			}
		}
		if w.err != nil {
			return g, wrongWish(w.origin, w.phase, w.texts[0], w.err)
		}
		for _, f := range here {
			if f.code {
				return g, wrongWish(w.origin, w.phase, w.texts[0], fmt.Errorf("it cannot take the place of %s, which the plan installs", f.element))
			}
			remove(g.plan, f)
			remove(g.base, f)
		}
		fact := w.install(g.plan)
		origin := Origin{By: w.origin.By, File: w.origin.File, Line: w.origin.Line, Why: w.ask.Why() + ", which gives " + w.picked.Version}
		g.origins.note(fact, origin)
		if archive := g.plan.Phases[fact.Phase].NixpkgsArchive; w.picked.Release == "" && *archive == w.picked.Archive {
			g.origins.note(plan.Fact{Phase: fact.Phase, Field: "nixpkgs", Value: *archive}, origin)
		}
		g.warnings = append(g.warnings, w.picked.Warnings...)
		g.chosen = append(g.chosen, id(fact.Value))
		without(g.plan, here, fact.Value)
	}
	return g, nil
}

// A toolElement is an element of a plan that installs some version of a tool.
type toolElement struct {
	phase   string
	element string
	release bool   // and no Nix package
	code    bool   // a Nix expression that has the tool in it
	version string // "" if it is not known
}

// installed lists the elements of a plan that install the tool.
func (w *wish) installed(p plan.Plan) []toolElement {
	var list []toolElement
	for name, phase := range plan.Sorted(p.Phases) {
		for _, text := range phase.Releases {
			if r, err := store.ParseRelease(text); err == nil && r.Name == w.tool.Name {
				list = append(list, toolElement{phase: name, element: text, release: true, version: r.Version})
			}
		}
		at := ""
		if phase.NixpkgsArchive != nil {
			at = commit(*phase.NixpkgsArchive)
		}
		for _, pkg := range phase.NixPkgs {
			if catalogue.Versioned(pkg) {
				continue
			}
			for _, word := range words(pkg) {
				if version, of := w.tool.Of(word, at); of {
					list = append(list, toolElement{phase: name, element: pkg, code: word != pkg, version: version})
					break
				}
			}
		}
	}
	return list
}

// attribute is a word of a Nix expression that may be an attribute of nixpkgs.
var attribute = lazyregexp.New(`[A-Za-z_][A-Za-z0-9_.-]*`)

// words are the words of a Nix expression, each followed by its beginnings up to a dot: php83 of php83.withExtensions.
func words(pkg string) []string {
	var list []string
	for _, word := range attribute.FindAllString(pkg, -1) {
		list = append(list, word)
		for i := strings.LastIndexByte(word, '.'); i > 0; i = strings.LastIndexByte(word[:i], '.') {
			list = append(list, word[:i])
		}
	}
	return list
}

func (w *wish) satisfies(f toolElement) bool {
	return f.version != "" && (f.version == w.picked.Version || w.ask.Range.Allows(f.version))
}

// byCommand reports whether a command of the plan installs what the wish asks for, by what a provider has chosen.
func (w *wish) byCommand(p plan.Plan, chosen []string) bool {
	for _, id := range chosen {
		name, version, _ := strings.Cut(id, "@")
		if name != w.name || version == "" || !w.ask.Range.Allows(version) {
			continue
		}
		for _, phase := range p.Phases {
			if slices.ContainsFunc(phase.Cmds, func(cmd string) bool {
				return strings.Contains(cmd, "@"+version+" ") || strings.HasSuffix(cmd, "@"+version)
			}) {
				return true
			}
		}
	}
	return false
}

// drop removes the texts of the wish.
func (w *wish) drop(p plan.Plan) {
	for name, phase := range p.Phases {
		if !slices.ContainsFunc(phase.NixPkgs, w.is) {
			continue
		}
		phase.NixPkgs = slices.DeleteFunc(phase.NixPkgs, w.is)
		if len(phase.NixLibs) == 0 && !slices.ContainsFunc(phase.NixPkgs, func(pkg string) bool { return !isDots(pkg) }) {
			phase.NixPkgs = []string{} // so that no archive is looked for
		}
		p.Phases[name] = phase
	}
}

func (w *wish) is(text string) bool { return slices.Contains(w.texts, text) }

// put sets a package in the place of the texts, in a phase that may be another than theirs.
func (w *wish) put(p plan.Plan, name, pkg string) {
	phase := p.Phases[name]
	if i := slices.IndexFunc(phase.NixPkgs, w.is); i >= 0 {
		phase.NixPkgs[i] = pkg
	} else {
		phase.NixPkgs = append(phase.NixPkgs, pkg)
	}
	p.Phases[name] = phase
	w.drop(p)
}

// install adds what was picked. A package of another archive than its phase's has a phase of its own, as a phase has one archive.
func (w *wish) install(p plan.Plan) plan.Fact {
	phase := p.Phases[w.phase]
	if w.picked.Release != "" {
		w.drop(p)
		phase = p.Phases[w.phase]
		phase.Releases = append(phase.Releases, w.picked.Release)
		for _, library := range w.picked.Libraries {
			if !slices.Contains(phase.AptPkgs, library) {
				phase.AptPkgs = append(phase.AptPkgs, library)
			}
		}
		p.Phases[w.phase] = phase
		return plan.Fact{Phase: w.phase, Field: "release", Value: w.picked.Release}
	}
	others := slices.ContainsFunc(slices.Concat(phase.NixPkgs, phase.NixLibs), func(pkg string) bool { return !isDots(pkg) && !w.is(pkg) })
	if phase.NixpkgsArchive == nil && !others {
		phase.NixpkgsArchive = &w.picked.Archive
		p.Phases[w.phase] = phase
	}
	if phase.NixpkgsArchive != nil && commit(*phase.NixpkgsArchive) == commit(w.picked.Archive) {
		w.put(p, w.phase, w.picked.Package)
		return plan.Fact{Phase: w.phase, Field: "nix", Value: w.picked.Package}
	}
	w.drop(p)
	name := w.tool.Name + "-" + w.picked.Version + ":setup"
	p.Phases[name] = plan.Phase{NixPkgs: []string{w.picked.Package}, NixOverlays: []string{}, NixpkgsArchive: &w.picked.Archive}
	return plan.Fact{Phase: name, Field: "nix", Value: w.picked.Package}
}

// commit is the one of an archive, as a plan has it.
func commit(archive string) string {
	commit, _, _ := strings.Cut(archive, "#")
	return commit
}

func remove(p plan.Plan, f toolElement) {
	phase := p.Phases[f.phase]
	is := func(element string) bool { return element == f.element }
	if f.release {
		phase.Releases = slices.DeleteFunc(phase.Releases, is)
	} else {
		phase.NixPkgs = slices.DeleteFunc(phase.NixPkgs, is)
	}
	p.Phases[f.phase] = phase
}

// id is what other parts of a plan call an element: NAME@VERSION of a release.
func id(element string) string {
	if r, err := store.ParseRelease(element); err == nil {
		return r.ID()
	}
	return element
}

// without lets a slim image be without the new element if it was without one of the old. Releases go by NAME@VERSION there.
func without(p plan.Plan, old []toolElement, element string) {
	if p.Start == nil {
		return
	}
	for i, name := range p.Start.WithoutPkgs {
		if slices.ContainsFunc(old, func(f toolElement) bool { return id(f.element) == name }) {
			p.Start.WithoutPkgs[i] = id(element)
		}
	}
}
