package providers

import (
	"slices"
	"strings"
)

// chooseManager returns the package manager that packageManager names, else that of the lockfile in the
// root, else npm, and why.
func (n *nodeApp) chooseManager() (nodeManager, cause) {
	if n.pkg.PackageManager != nil {
		name, _, _ := strings.Cut(*n.pkg.PackageManager, "@")
		if i := slices.IndexFunc(nodeManagers, func(m nodeManager) bool { return m.name == name }); i >= 0 {
			return nodeManagers[i], n.managerKey()
		}
	}
	for _, m := range nodeManagers {
		if lock := firstFile(n.App, m.locks...); lock != "" {
			return m, byFile(lock, "it is a lockfile of "+m.name)
		}
	}
	npm := nodeManagers[len(nodeManagers)-1]
	if lock := firstFile(n.App, nodeOwnLocks[npm.name]...); lock != "" {
		return npm, byFile(lock, "it is a lockfile of "+npm.name)
	}
	return npm, byDefault("there is no lockfile")
}

// managerKey is the cause if packageManager decided.
func (n *nodeApp) managerKey() cause {
	return byKey(n.App, "package.json", *n.pkg.PackageManager, "packageManager")
}

// lockWarnings warns of dependencies without a lockfile of the package manager.
func (n *nodeApp) lockWarnings() []string {
	if len(n.pkg.Dependencies)+len(n.pkg.DevDependencies) == 0 && n.pkg.Workspaces == nil {
		return nil
	}
	return noLockfile(n.App, nodeOwnLocks[n.manager.name]...)
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

// usesCorepack reports whether the package manager is the one that packageManager asks for. For npm the
// Nix package does, and Node 14 has no Corepack.
func (n *nodeApp) usesCorepack() bool {
	pm := n.pkg.PackageManager
	return pm != nil && !strings.HasPrefix(*pm, "npm") && !strings.Contains(n.nodePackage(n.Vars), "14")
}

// installCommand returns "" if there is no package.json.
func (n *nodeApp) installCommand() string {
	cmd, _ := n.chooseInstall()
	return cmd
}

func (n *nodeApp) chooseInstall() (string, cause) {
	const yarnSettings, npmLock = ".yarnrc.yml", "package-lock.json"
	bunLock := firstFile(n.App, "bun.lockb", "bun.lock")
	switch has := n.Tree.HasFile; {
	case !has("package.json"):
		return "", cause{}
	case n.manager.name == "pnpm":
		return "pnpm i --frozen-lockfile", n.managerWhy
	case n.manager.name == "yarn" && has(yarnSettings):
		return "yarn install --check-cache", byFile(yarnSettings, "it is of Yarn 2 or newer")
	case n.manager.name == "yarn":
		return "yarn install --frozen-lockfile", n.managerWhy
	case has(npmLock):
		return "npm ci", byFile(npmLock, "npm installs what it lists")
	case bunLock != "":
		return "bun i --no-save", byFile(bunLock, "Bun installs what it lists")
	}
	return "npm i", byDefault("there is no " + npmLock)
}

// runScript returns the command that runs a script of package.json, "" if it has none of the name.
func (n *nodeApp) runScript(name string) string {
	if _, ok := n.pkg.Scripts[name]; !ok {
		return ""
	}
	return n.manager.name + " run " + name
}
