package providers

import "strings"

// native is why an app installs packages that need something of the system. Edition 1.39 looks for a text, wherever that may be: so an app with
// html2canvas gets the libraries of canvas. Later ones look for the package, where the manifest or a lockfile says that it is installed.
func (n *nodeApp) native(native nodeNative) (why cause, ok bool) {
	if native.apart && n.chosen != nil && n.chosen.release != "" {
		return cause{}, false
	}
	if !n.Edition.Has(string(webEdition)) {
		for _, name := range nodeScanned {
			if n.Tree.Contains(name, native.text) {
				return byLine(n.App, name, native.text, "it contains the word "+native.text), true
			}
		}
		return cause{}, false
	}
	for _, name := range native.packages {
		if n.root().lists(name) {
			return n.memberWhy(n.root(), name), true
		}
		for _, lock := range n.manager.lockfiles {
			for _, mark := range installedMarks(lock.Format, name) {
				if n.Tree.Contains(lock.File, mark) {
					return byLine(n.App, lock.File, strings.TrimSpace(mark), "it installs "+name), true
				}
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
