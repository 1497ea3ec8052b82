package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A nodeApp is an app with what its root says about Node. It is the zero manifest without package.json,
// for the providers that bring Node along.
type nodeApp struct {
	App
	manifest    string // the file that describes the package, whether there is one or not
	pkg         packageJSON
	manager     NodeManager
	managerWhy  cause
	managerOpen bool    // nothing in the app says which package manager it is
	chosen      *choice // the Node of editions after 1.39; nil in 1.39, and for the providers that bring Node along
	release     *managerRelease
	bun         *managerRelease // that the app asks for; nil for the package of nixpkgs, and for none
	warnings    []string        // in order, each once
	at          string          // directory of a member of a workspace, where the app is one; "" for the root
	noStart     string          // as in [Output]
}

// loadNode reads the root of an app.
func loadNode(app App) (*nodeApp, error) {
	n := &nodeApp{App: app, manifest: app.nodeManifest(".")}
	if app.Tree.HasFile(n.manifest) {
		if err := app.Tree.JSON(n.manifest, &n.pkg); err != nil {
			return nil, err
		}
	}
	n.manager, n.managerWhy, n.managerOpen = n.chooseManager()
	n.askedManager()
	return n, nil
}

// depends reports whether the app depends on a package. Development dependencies count only if the
// manifest has no other: so does Nixpacks 1.39.
func (p *packageJSON) depends(name string) bool {
	deps := p.Dependencies
	if deps == nil {
		deps = p.DevDependencies
	}
	_, ok := deps[name]
	return ok
}

// dependencyWhy is the cause if the app depends on a package.
func (n *nodeApp) dependencyWhy(name, why string) cause {
	key := "dependencies"
	if n.pkg.Dependencies == nil {
		key = "devDependencies"
	}
	return cause{n.manifest, n.Tree.LineOf(n.manifest, key, name), why}
}

func (n *nodeApp) warn(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(n.warnings, s) {
		n.warnings = append(n.warnings, s)
	}
}

// A nodeMember is a directory of the app that has a package.json, the root included.
type nodeMember struct {
	dir  string // "." is the root
	file string // that describes the package
	pkg  packageJSON
}

// members returns every package in the tree, apart from installed ones. One that cannot be read is
// passed over with a warning: fixtures and templates are often no JSON.
func (n *nodeApp) members() ([]nodeMember, error) {
	names, err := n.Tree.Files("**/package.json")
	if err != nil {
		return nil, err
	}
	if n.Edition.Has(string(webEdition)) {
		others, err := n.Tree.Files("**/" + packageJSON5)
		if err != nil {
			return nil, err
		}
		names = append(names, others...)
	}
	var list []nodeMember
	for _, name := range names {
		if strings.Contains(name, "node_modules") || name != n.nodeManifest(path.Dir(name)) {
			continue
		}
		m := nodeMember{dir: path.Dir(name), file: name}
		if err := n.Tree.JSON(name, &m.pkg); err != nil {
			n.warn("a package is left out of the plan: %v", err)
			continue
		}
		list = append(list, m)
	}
	return list, nil
}

// lists reports whether the package has the dependency, for production or development.
func (m nodeMember) lists(name string) bool {
	_, prod := m.pkg.Dependencies[name]
	_, dev := m.pkg.DevDependencies[name]
	return prod || dev
}

// below returns the path of a file of the package.
func (m nodeMember) below(name string) string { return path.Join(m.dir, name) }
