package providers

import (
	"fmt"
	"slices"
	"strings"
)

// chooseNodeManager returns the package manager that the value of packageManager names, else the manager of the lockfile that there
// is, else npm, and the lockfile; "" if that has not decided. Named tells that the value did.
func chooseNodeManager(value string, has func(name string) bool) (m NodeManager, lock string, named bool) {
	name, _, _ := strings.Cut(value, "@")
	if i := slices.IndexFunc(nodeManagers, func(m NodeManager) bool { return m.name == name }); i >= 0 {
		return nodeManagers[i], "", true
	}
	for _, m := range nodeManagers {
		for _, l := range m.lockfiles {
			if has(l.File) {
				return m, l.File, false
			}
		}
	}
	return nodeManagers[len(nodeManagers)-1], "", false
}

// workspaceNodeManager returns the package manager whose list of workspaces there is. It decides where nothing else does, in
// editions after 1.39.
func workspaceNodeManager(has func(name string) bool) (m NodeManager, ok bool) {
	i := slices.IndexFunc(nodeManagers, func(m NodeManager) bool { return m.workspaceFile != "" && has(m.workspaceFile) })
	if i < 0 {
		return NodeManager{}, false
	}
	return nodeManagers[i], true
}

// NodeManagerOf is the package manager by which the plan of a package installs, and its workspace is run. Has reports whether a file
// of a base name lies beside package.json, and after139 whether the plan is of an edition after 1.39; it is asked if that matters.
func NodeManagerOf(p NodePackage, has func(base string) bool, after139 func() bool) NodeManager {
	value, _ := p.PackageManager.(string)
	m, lock, named := chooseNodeManager(value, has)
	if lock != "" || named {
		return m
	}
	other, ok := workspaceNodeManager(has)
	asked, _ := p.askedManager()
	if !ok && asked == "" || !after139() {
		return m
	}
	if asked != "" {
		return nodeManagerCalled(asked)
	}
	return other
}

// nodeManagerCalled is the package manager of that name, which is one of [NodeManagers].
func nodeManagerCalled(name string) NodeManager {
	return nodeManagers[slices.IndexFunc(nodeManagers, func(m NodeManager) bool { return m.name == name })]
}

// Name is how the package manager is called.
func (m NodeManager) Name() string { return m.name }

// Reads reports whether the package manager takes workspaces from the file of that base name.
func (m NodeManager) Reads(base string) bool {
	if m.workspaceFile != "" {
		return base == m.workspaceFile
	}
	return base == "package.json"
}

// Run is the command that runs a script of a member of a workspace, in its root.
func (m NodeManager) Run(member, script string) string {
	return fmt.Sprintf(m.runWorkspace, member, script)
}

// NodeManagers are the names of the package managers.
func NodeManagers() []string {
	var names []string
	for _, m := range nodeManagers {
		names = append(names, m.name)
	}
	return names
}

// chooseManager returns the package manager that Nixpacks 1.39 uses, and why. Open tells that nothing in the app decides.
func (n *nodeApp) chooseManager() (m NodeManager, why cause, open bool) {
	if n.manifest == packageJSON5 {
		return nodeManagerCalled("pnpm"), byFile(n.manifest, "pnpm alone reads it"), false
	}
	value := ""
	if n.pkg.PackageManager != nil {
		value = *n.pkg.PackageManager
	}
	m, lock, named := chooseNodeManager(value, n.Tree.HasFile)
	switch {
	case named:
		return m, n.managerKey(), false
	case lock != "":
		return m, byFile(lock, "it is a lockfile of "+m.name), false
	}
	return m, byDefault("there is no lockfile"), true
}

// askedManager makes the app one of the package manager of which it asks for a version, where nothing else decides.
func (n *nodeApp) askedManager() {
	if !n.managerOpen || !n.Edition.Has(string(webEdition)) || !n.Tree.HasFile(n.manifest) {
		return
	}
	p, err := ReadNodePackage(n.Tree, n.manifest)
	if err != nil {
		return // whoever reads the package for a plan says so
	}
	if name, keys := p.askedManager(); name != "" {
		n.manager, n.managerOpen = nodeManagerCalled(name), false
		n.managerWhy = cause{n.manifest, n.Tree.LineOf(n.manifest, keys...), strings.Join(keys, ".") + " asks for it"}
	}
}

// managerKey is the cause if packageManager decided.
func (n *nodeApp) managerKey() cause {
	return byKey(n.App, n.manifest, *n.pkg.PackageManager, "packageManager")
}

// lockWarnings warns of dependencies without a lockfile of the package manager.
func (n *nodeApp) lockWarnings() []string {
	if len(n.pkg.Dependencies)+len(n.pkg.DevDependencies) == 0 && n.pkg.Workspaces == nil {
		return nil
	}
	names := []string{n.manager.lock}
	for _, l := range n.manager.lockfiles {
		names = append(names, l.File)
	}
	return noLockfile(n.App, names...)
}

// managerPackage returns the Nix package of the package manager, in the version that wrote the lockfile.
func (n *nodeApp) managerPackage() string {
	pkg, _ := n.chooseManagerPackage()
	return pkg
}

func (n *nodeApp) chooseManagerPackage() (string, cause) {
	m := n.manager
	// A lockfile that cannot be read is as none, as for Nixpacks.
	text, _ := n.Tree.Read(m.lock)
	for _, v := range m.versions {
		if strings.HasPrefix(text, v.mark) || !m.prefix && strings.Contains(text, v.mark) {
			return v.pkg, byLine(n.App, m.lock, v.mark, "it has "+v.mark)
		}
	}
	return m.pkg, n.managerWhy
}

// usesCorepack reports whether edition 1.39 installs the package manager that packageManager asks for. For npm the
// Nix package does, and Node 14 has no Corepack.
func (n *nodeApp) usesCorepack() bool {
	pm := n.pkg.PackageManager
	return n.chosen == nil && pm != nil && !strings.HasPrefix(*pm, "npm") && !strings.Contains(n.nodePackage(n.Vars), "14")
}

// installCommand returns "" if there is no package.json.
func (n *nodeApp) installCommand() string {
	cmd, _ := n.chooseInstall()
	return cmd
}

func (n *nodeApp) chooseInstall() (string, cause) {
	if !n.Tree.HasFile(n.manifest) {
		return "", cause{}
	}
	install := n.manager.install
	if n.Edition.Has(string(webEdition)) {
		if n.lockfile() == "" {
			return n.manager.unlocked, byDefault("there is no " + n.manager.lock)
		}
		if n.release != nil && n.release.berry {
			return n.manager.frozenBerry, n.release.why
		}
		install = n.manager.frozen
	}
	for _, i := range install {
		switch {
		case i.file != "" && n.Tree.HasFile(i.file):
			return i.cmd, byFile(i.file, i.why)
		case i.file == "" && i.why != "":
			return i.cmd, byDefault(i.why)
		case i.file == "":
			return i.cmd, n.managerWhy
		}
	}
	return "", cause{}
}

// runPackage is what stands before a package to run one of its programs. Editions after 1.39 run the release that the app lists.
func (n *nodeApp) runPackage(name string) string {
	if n.manager.exec != "" && n.Edition.Has(string(webEdition)) && n.root().lists(name) {
		return n.manager.exec
	}
	return n.manager.dlx
}

// lockfile is the one that the package manager installs from, "" if there is none.
func (n *nodeApp) lockfile() string {
	var names []string
	for _, l := range n.manager.lockfiles {
		names = append(names, l.File)
	}
	return firstFile(n.App, names...)
}

// runScript returns the command that runs a script of package.json, "" if it has none of the name.
func (n *nodeApp) runScript(name string) string {
	if _, ok := n.pkg.Scripts[name]; !ok {
		return ""
	}
	return n.manager.name + " run " + name
}
