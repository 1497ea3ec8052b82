package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// nixPackages returns Node and the package manager. Ruby and PHP add them to their own.
func (n *nodeApp) nixPackages() []string {
	return []string{n.nodePackage(n.Vars), n.managerPackage()}
}

// nixArchive returns the nixpkgs commit for the packages. It does not look at NIXPACKS_NODE_VERSION: nor
// does Nixpacks 1.39, so a version 16 that only the variable asks for is not in it.
func (n *nodeApp) nixArchive() string {
	name := n.nodePackage(nil)
	switch {
	case strings.Contains(name, "14"), strings.Contains(name, "16"):
		return nodeOldArchive
	case n.manager.archive != "":
		return n.manager.archive
	}
	return nodeArchive
}

// nodePackage returns the newest Node that the app accepts.
func (n *nodeApp) nodePackage(vars plan.Vars) string {
	return fmt.Sprintf("nodejs_%d", n.nodeMajor(vars))
}

func (n *nodeApp) nodeMajor(vars plan.Vars) uint64 {
	asked, ok := n.askedVersion(vars)
	if !ok || asked.version == "*" {
		return nodeDefault
	}
	r, ok := parseNodeRange(asked.version)
	if !ok {
		n.warn("%s asks for Node %.80q, which is not a version range; Node %d is used", asked.where, asked.text, nodeDefault)
		return nodeDefault
	}
	for _, major := range nodeMajors {
		if r.overlaps(major) {
			return major
		}
	}
	n.warn("%s asks for Node %.80q, which has no package here; Node %d is used", asked.where, asked.text, nodeDefault)
	return nodeDefault
}

// A nodeAsked is what the app says about its Node version.
type nodeAsked struct {
	where   string // a file or a variable
	text    string // as it stands there
	version string // a range, if it is one
	why     cause
}

// askedVersion returns what the app says about its Node version, by priority.
func (n *nodeApp) askedVersion(vars plan.Vars) (nodeAsked, bool) {
	if v, ok := vars.Config(nodeVariable); ok {
		return nodeAsked{"NIXPACKS_" + nodeVariable, v, v, byVariable(n.App, nodeVariable)}, true
	}
	if v, ok := n.pkg.Engines["node"]; ok {
		return nodeAsked{n.manifest, v, v, byKey(n.App, n.manifest, v, "engines", "node")}, true
	}
	if v, err := n.Tree.Read(nvmFile); err == nil {
		v = strings.TrimSpace(v)
		return nodeAsked{nvmFile, v, cmp.Or(nodeLTS[v], strings.TrimPrefix(v, "v")), n.asksFor(nvmFile, v)}, true
	}
	if v, err := n.Tree.Read(nodenvFile); err == nil {
		v = strings.TrimSpace(v)
		return nodeAsked{nodenvFile, v, strings.ReplaceAll(v, "v", ""), n.asksFor(nodenvFile, v)}, true
	}
	return nodeAsked{}, false
}

// asksFor is the cause if a file that holds nothing but a version decided.
func (n *nodeApp) asksFor(name, version string) cause {
	return byLine(n.App, name, version, fmt.Sprintf("it asks for %.60q", version))
}

// versionWhy is why the Node version is what it is.
func (n *nodeApp) versionWhy(vars plan.Vars) cause {
	if n.chosen != nil {
		return n.chosen.why
	}
	if asked, ok := n.askedVersion(vars); ok {
		return asked.why
	}
	return byDefault("no version is asked for")
}

// warnOfArchive warns of a version that the variable asks for, but that the archive does not have.
func (n *nodeApp) warnOfArchive() {
	asked, ok := n.Vars.Config(nodeVariable)
	major := n.nodeMajor(n.Vars)
	if !ok || slices.Contains(nodeOldMajors, major) == (n.nixArchive() == nodeOldArchive) || major == nodeDefault {
		return
	}
	n.warn("NIXPACKS_%s asks for Node %.80q. The packages that the app's files choose may lack Node %d; ask for it in engines.node of package.json",
		nodeVariable, asked, major)
}
