package providers

import (
	"fmt"
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
	case n.manager.name == "bun":
		return nodeBunArchive
	}
	return nodeArchive
}

// nodePackage returns the newest Node that the app accepts.
func (n *nodeApp) nodePackage(vars plan.Vars) string {
	return fmt.Sprintf("nodejs_%d", n.nodeMajor(vars))
}

func (n *nodeApp) nodeMajor(vars plan.Vars) uint64 {
	text, ok := n.versionText(vars)
	if !ok || text == "*" {
		return nodeDefault
	}
	r, ok := parseNodeRange(text)
	if !ok {
		n.warn("Node version %.80q is not a version range; Node %d is used.", text, nodeDefault)
		return nodeDefault
	}
	for _, major := range nodeMajors {
		if r.overlaps(major) {
			return major
		}
	}
	return nodeDefault
}

// versionText returns what the app says about its Node version, by priority.
func (n *nodeApp) versionText(vars plan.Vars) (string, bool) {
	if v, ok := vars.Config("NODE_VERSION"); ok {
		return v, true
	}
	if v, ok := n.pkg.Engines["node"]; ok {
		return v, true
	}
	if v, err := n.Tree.Read(".nvmrc"); err == nil {
		v = strings.TrimSpace(v)
		if lts, ok := nodeLTS[v]; ok {
			return lts, true
		}
		return strings.TrimPrefix(v, "v"), true
	}
	if v, err := n.Tree.Read(".node-version"); err == nil {
		return strings.ReplaceAll(strings.TrimSpace(v), "v", ""), true
	}
	return "", false
}
