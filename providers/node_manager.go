package providers

import (
	"slices"
	"strings"
)

// chooseManager returns the package manager that packageManager names, else that of the lockfile in the
// root, else npm.
func (n *nodeApp) chooseManager() nodeManager {
	if n.pkg.PackageManager != nil {
		name, _, _ := strings.Cut(*n.pkg.PackageManager, "@")
		if i := slices.IndexFunc(nodeManagers, func(m nodeManager) bool { return m.name == name }); i >= 0 {
			return nodeManagers[i]
		}
	}
	for _, m := range nodeManagers {
		if slices.ContainsFunc(m.locks, n.Tree.HasFile) {
			return m
		}
	}
	return nodeManagers[len(nodeManagers)-1]
}

// managerPackage returns the Nix package of the package manager, in the version that wrote the lockfile.
func (n *nodeApp) managerPackage() string {
	m := n.manager
	// A lockfile that cannot be read is as none, as for Nixpacks.
	text, _ := n.Tree.Read(m.lock)
	for _, v := range m.versions {
		if strings.HasPrefix(text, v.mark) || !m.prefix && strings.Contains(text, v.mark) {
			return v.pkg
		}
	}
	return m.pkg
}

// usesCorepack reports whether the package manager is the one that packageManager asks for. For npm the
// Nix package does, and Node 14 has no Corepack.
func (n *nodeApp) usesCorepack() bool {
	pm := n.pkg.PackageManager
	return pm != nil && !strings.HasPrefix(*pm, "npm") && !strings.Contains(n.nodePackage(n.Vars), "14")
}

// installCommand returns "" if there is no package.json.
func (n *nodeApp) installCommand() string {
	switch has := n.Tree.HasFile; {
	case !has("package.json"):
		return ""
	case n.manager.name == "pnpm":
		return "pnpm i --frozen-lockfile"
	case n.manager.name == "yarn" && has(".yarnrc.yml"):
		return "yarn install --check-cache"
	case n.manager.name == "yarn":
		return "yarn install --frozen-lockfile"
	case has("package-lock.json"):
		return "npm ci"
	case has("bun.lockb"), has("bun.lock"):
		return "bun i --no-save"
	}
	return "npm i"
}

// runScript returns the command that runs a script of package.json, "" if it has none of the name.
func (n *nodeApp) runScript(name string) string {
	if _, ok := n.pkg.Scripts[name]; !ok {
		return ""
	}
	return n.manager.name + " run " + name
}
