package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// addNative adds what the app's packages need of the system. Edition 1.39 looks for a text, wherever that may be: so an app with html2canvas gets
// the libraries of canvas. Later ones look for the package, where a manifest or the lockfile says that it is installed.
func (n *nodeApp) addNative(p *plan.Phase, members []nodeMember) systemAdded {
	if n.Edition.Has(string(webEdition)) {
		return addSystem(n.App, npm, n.system(p), p, func(name string, direct bool) (cause, bool) { return n.installs(name, direct, members) })
	}
	var added systemAdded
	for _, native := range nodeNatives {
		why, ok := n.contains(native.text)
		if !ok {
			continue
		}
		p.NixPkgs = append(p.NixPkgs, native.pkgs...)
		p.NixLibs = append(p.NixLibs, native.libs...)
		p.AptPkgs = append(p.AptPkgs, native.apt...)
		for field, values := range plan.Sorted(map[string][]string{"nix": native.pkgs, "nix-lib": native.libs, "apt": native.apt}) {
			for _, v := range values {
				added.reasons = append(added.reasons, why.decided("setup", field, v))
			}
		}
	}
	return added
}

// system is whose libraries the programs load that run the app: Node's, and Bun's where that is of nixpkgs.
func (n *nodeApp) system(p *plan.Phase) systemKind {
	if n.chosen == nil {
		return systemKind{nix: true}
	}
	kind := n.chosen.system()
	kind.nix = kind.nix || slices.Contains(p.NixPkgs, bunPackage)
	return kind
}

func (n *nodeApp) contains(text string) (why cause, ok bool) {
	for _, name := range nodeScanned {
		if n.Tree.Contains(name, text) {
			return byLine(n.App, name, text, "it contains the word "+text), true
		}
	}
	return cause{}, false
}

// installs is where the app asks for a package: in its manifest, in one of a member of its workspace, or in the lockfile. A direct package is
// asked for to run.
func (n *nodeApp) installs(name string, direct bool, members []nodeMember) (why cause, ok bool) {
	all := []nodeMember{n.root()}
	if n.pkg.Workspaces != nil || n.manager.workspaceFile != "" && n.Tree.HasFile(n.manager.workspaceFile) {
		all = append(all, members...)
	}
	for _, m := range all {
		if _, runs := m.pkg.Dependencies[name]; runs || !direct && m.lists(name) {
			return n.memberWhy(m, name), true
		}
	}
	if direct {
		return cause{}, false
	}
	for _, lock := range n.manager.lockfiles {
		for _, mark := range installedMarks(lock.Format, name) {
			if n.Tree.Contains(lock.File, mark) {
				return byLine(n.App, lock.File, strings.TrimSpace(mark), "it installs "+name), true
			}
		}
	}
	return cause{}, false
}

// installedMarks are texts of a lockfile, of which it has one if a package is installed. A package that is only expected beside another has none.
func installedMarks(format Format, name string) []string {
	switch format {
	case NPMLock:
		return []string{"node_modules/" + name + `": {`}
	case YarnLock:
		return []string{"\n" + name + "@", "\n\"" + name + "@"}
	case PNPMLock: // of versions 9, 6 and 5
		return []string{"\n  " + name + "@", "\n  '" + name + "@", "\n  /" + name + "@", "\n  '/" + name + "@", "\n  /" + name + "/", "\n  '/" + name + "/"}
	case BunLock:
		return []string{`"` + name + `": ["`}
	}
	return nil
}
