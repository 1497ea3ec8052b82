package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// An ecosystem is where the packages of a language come from. Each has names of its own.
type ecosystem int

const (
	pypi ecosystem = iota
	npm
	rubygems
	packagist
	cratesIO
	goModules
)

// A systemNeed is what packages need of the system, in editions after 1.39. It is a row of [systemNeeds].
type systemNeed struct {
	what      string // "libGL", for the reason
	packages  map[ecosystem][]string
	unless    []string // packages that bring it along
	direct    bool     // only what the app itself asks for to run, not what its lockfile or its tests bring
	build     systemPackages
	run       systemPackages
	variables map[string]string
	command   string // that the install phase ends with
}

// systemPackages are those of both kinds of system: an interpreter that its makers have built loads the libraries of the distribution, and one of
// nixpkgs loads libraries of nixpkgs alone. Programs run beside either.
type systemPackages struct {
	apt  []string
	nix  []string // packages, for an interpreter of nixpkgs
	libs []string // whose libraries that one finds

	programs []string // of nixpkgs, for both
	debs     []string // programs of the distribution, for both
}

// A systemKind is whose libraries an interpreter loads.
type systemKind struct {
	distribution bool // packages of the image's distribution
	nix          bool // those of nixpkgs
}

// A systemAdded is what an app's packages add to its plan.
type systemAdded struct {
	reasons   []Reason
	buildOnly []string // of apt
	variables map[string]string
	commands  []string
	warnings  []string
}

// addSystem puts into a phase setup what the packages of an app need, each once. Installed says where the app asks for a package, if it does.
func addSystem(app App, of ecosystem, kind systemKind, phase *plan.Phase, installed func(name string, direct bool) (cause, bool)) systemAdded {
	var added systemAdded
	running := map[string]bool{}
	for i := range systemNeeds {
		need := &systemNeeds[i]
		why, ok := need.asked(of, installed)
		if !ok {
			continue
		}
		why.why += ", which needs " + need.what
		add := func(list *[]string, field string, packages []string) {
			for _, pkg := range packages {
				if !slices.Contains(*list, pkg) {
					*list = append(*list, pkg)
					added.reasons = append(added.reasons, why.decided("setup", field, pkg))
				}
			}
		}
		run := need.run.debs
		if kind.distribution {
			run = slices.Concat(run, need.run.apt)
			if len(need.build.apt) > 0 {
				builds := slices.Concat(systemCompilers[of], distributionNames(app, need.build.apt))
				added.buildOnly = append(added.buildOnly, builds...)
				add(&phase.AptPkgs, "apt", builds)
			}
		}
		for _, pkg := range distributionNames(app, run) {
			running[pkg] = true
			add(&phase.AptPkgs, "apt", []string{pkg})
		}
		if kind.nix {
			add(&phase.NixPkgs, "nix", slices.Concat(need.run.nix, need.build.nix))
			add(&phase.NixLibs, "nix-lib", need.run.libs)
		}
		add(&phase.NixPkgs, "nix", slices.Concat(need.run.programs, need.build.programs))
		added.note(need, why)
	}
	added.buildOnly = slices.DeleteFunc(added.buildOnly, func(pkg string) bool { return running[pkg] })
	return added
}

// note adds what a need says of the rest of the plan.
func (a *systemAdded) note(need *systemNeed, why cause) {
	for name, value := range plan.Sorted(need.variables) {
		if a.variables == nil {
			a.variables = map[string]string{}
		}
		a.variables[name] = value
		a.reasons = append(a.reasons, why.decided("", "variable "+name, value))
	}
	if need.command != "" {
		a.commands = append(a.commands, need.command)
		a.reasons = append(a.reasons, why.decided("install", "cmd", need.command))
	}
}

// asked is where the app asks for the first package of a need.
func (n *systemNeed) asked(of ecosystem, installed func(name string, direct bool) (cause, bool)) (cause, bool) {
	for _, name := range n.unless {
		if _, ok := installed(name, false); ok {
			return cause{}, false
		}
	}
	for _, name := range n.packages[of] {
		if why, ok := installed(name, n.direct); ok {
			return why, true
		}
	}
	return cause{}, false
}

// distributionNames are the names that Debian packages have in the distribution of the app's image: Ubuntu 24.04, in which libraries with
// another size of time have a new name, or Debian 11.
func distributionNames(app App, packages []string) []string {
	if !app.Vars.Truthy("DEBIAN") {
		return packages
	}
	var names []string
	for _, pkg := range packages {
		if older, ok := debianNames[pkg]; ok {
			pkg = older
		}
		names = append(names, strings.Replace(pkg, "t64", "", 1))
	}
	return names
}
