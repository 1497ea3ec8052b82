package providers

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// reasons says why the plan is as it is.
func (n *nodeApp) reasons(cmds nodeCommands, members []nodeMember) []Reason {
	list := slices.Concat(n.toolReasons(), n.installReasons(members), n.buildReasons(cmds, members))
	if cmds.start != "" {
		list = append(list, cmds.startWhy.decided("start", "cmd", cmds.start))
	}
	for name, value := range plan.Sorted(nodeVariables) {
		list = append(list, byDefault("it is set for every Node app").decided("", "variable "+name, value))
	}
	for _, v := range cmds.variables {
		list = append(list, v.why.decided("", "variable "+v.name, v.value))
	}
	return list
}

// toolReasons are about Node and its package manager.
func (n *nodeApp) toolReasons() []Reason {
	if n.chosen != nil {
		list := n.chosen.reasons()
		for _, pkg := range n.chosen.libraries() {
			list = append(list, n.chosen.why.decided("setup", "apt", pkg))
		}
		if n.bun != nil {
			return append(list, n.bun.why.decided("install", "cmd", n.bunInstall()))
		}
		if n.chosen.tool == bunPackage {
			return list
		}
		for _, pkg := range n.manager.nix {
			list = append(list, n.managerWhy.decided("setup", "nix", pkg))
		}
		if why, ok := n.asksForBun(); ok {
			list = append(list, why.decided("setup", "nix", bunPackage))
		}
		return list
	}
	manager, managerWhy := n.chooseManagerPackage()
	return []Reason{
		n.versionWhy(n.Vars).decided("setup", "nix", n.nodePackage(n.Vars)),
		managerWhy.decided("setup", "nix", manager),
		n.archiveWhy().decided("setup", "nixpkgs", ""),
		byDefault("it has the package managers in each of their versions").decided("setup", "nix-overlay", nodeOverlay),
	}
}

// archiveWhy is why the archive is what it is; see nixArchive.
func (n *nodeApp) archiveWhy() cause {
	switch n.nixArchive() {
	case nodeOldArchive:
		return n.versionWhy(nil)
	case n.manager.archive:
		return n.managerWhy
	}
	return byDefault("it has the newest versions of Node")
}

func (n *nodeApp) installReasons(members []nodeMember) []Reason {
	list := []Reason{
		n.managerWhy.decided("install", "cache", n.cacheDirectory()),
		byDefault("the commands of installed packages are there").decided("install", "path", nodeBin),
	}
	if bin := n.memberBin(); bin != "" {
		list = append(list, byVariable(n.App, workspaceVariable).decided("install", "path", bin))
	}
	if n.usesCorepack() {
		list = append(list, n.managerKey().decided("install", "cmd", nodeCorepack))
	}
	if cmd, why := n.managerInstall(); cmd != "" {
		list = append(list, why.decided("install", "cmd", cmd))
		if n.manager.bundled {
			list = append(list, why.decided("install", "path", npmDir+"/bin"))
		}
	}
	if cmd, why := n.chooseInstall(); cmd != "" {
		list = append(list, why.decided("install", "cmd", cmd))
	}
	for _, m := range members {
		if m.lists("cypress") {
			list = append(list, n.memberWhy(m, "cypress").decided("install", "cache", cypressCache))
		}
	}
	return list
}

func (n *nodeApp) buildReasons(cmds nodeCommands, members []nodeMember) []Reason {
	list := []Reason{byDefault("build tools keep their caches there").decided("build", "cache", nodeModulesCache)}
	if cmds.build != "" {
		list = append(list, cmds.buildWhy.decided("build", "cmd", cmds.build))
	}
	for _, cmd := range cmds.after {
		list = append(list, cmds.afterWhy.decided("build", "cmd", cmd))
	}
	for _, m := range members {
		if m.lists("next") {
			list = append(list, n.memberWhy(m, "next").decided("build", "cache", m.below(nextCache)))
		}
	}
	own := cause{n.manifest, n.Tree.LineOf(n.manifest, "cacheDirectories"), "cacheDirectories lists it"}
	for _, dir := range n.pkg.CacheDirectories {
		list = append(list, own.decided("build", "cache", dir))
	}
	if name := n.tsBuildInfo(); name != "" {
		list = append(list, byFile("tsconfig.json", "incremental TypeScript keeps its state there").decided("build", "cache", name))
	}
	if _, ok := n.moonApp(); ok {
		list = append(list, byVariable(n.App, moonVariable).decided("build", "cache", moonCache))
	}
	return list
}

// memberWhy is the cause if a package lists a dependency.
func (n *nodeApp) memberWhy(m nodeMember, dependency string) cause {
	key := "dependencies"
	if _, ok := m.pkg.Dependencies[dependency]; !ok {
		key = "devDependencies"
	}
	return cause{m.file, n.Tree.LineOf(m.file, key, dependency), key + " has " + dependency}
}
