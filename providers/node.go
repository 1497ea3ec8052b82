package providers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

var nodeProvider = Provider{
	Name:         "node",
	Looks:        "package.json",
	Unsupported:  nodeUnsupported,
	Detect:       detectNode,
	Newest:       detectNodeApp,
	Plan:         planNode,
	InstallFiles: nodeInstallFiles,
	Locks:        nodeLocks(),
	Prune:        nodePrune,
	MemberFiles:  []string{"package.json"},
	Language:     nodeLanguage(),
}

func detectNode(app App) (string, error) {
	if app.Tree.HasFile("package.json") {
		return "package.json", nil
	}
	return "", nil
}

// planNode adds how the plan would be with the package manager that a list of workspaces belongs to, where nothing else names one.
func planNode(app App) (Output, error) {
	n, err := loadNode(app)
	if err != nil {
		return Output{}, err
	}
	if err := n.choose(); err != nil {
		return Output{}, err
	}
	if err := n.chooseBun(); err != nil {
		return Output{}, err
	}
	n.warnOfOldLock()
	out, err := n.plan()
	if err != nil {
		return Output{}, err
	}
	lockWarnings := n.lockWarnings()
	if !n.asWorkspace() {
		out.Warnings = append(out.Warnings, lockWarnings...)
		return out, nil
	}
	if err := n.chooseManagerRelease(); err != nil {
		return Output{}, err
	}
	over, err := n.plan()
	if err != nil {
		return Output{}, err
	}
	out.Fixes = append([]Fix{{
		Rule: "workspace-manager", Over: over.Plan, Warning: strings.Join(lockWarnings, ""),
		Why: fmt.Sprintf("%s installs, as no other package manager reads %s; commit %s, without which each build may install other versions",
			n.manager.name, n.manager.workspaceFile, n.manager.lock),
	}}, over.Fixes...)
	return out, nil
}

// asWorkspace makes the app one of the package manager that its list of workspaces belongs to, and reports whether it does so.
func (n *nodeApp) asWorkspace() bool {
	m, ok := workspaceNodeManager(n.Tree.HasFile)
	if !ok || !n.managerOpen || !n.Tree.HasFile(n.manifest) {
		return false
	}
	n.manager, n.managerWhy = m, byFile(m.workspaceFile, "only "+m.name+" reads it")
	return true
}

func (n *nodeApp) plan() (Output, error) {
	members, err := n.members()
	if err != nil {
		return Output{}, err
	}
	cmds := n.commands()
	n.allowOldHashes(&cmds)
	setup, added := n.setupPhase(members)
	install := n.installPhase(members)
	install.Cmds = append(install.Cmds, added.commands...)
	p := plan.Plan{
		Variables: maps.Clone(nodeVariables),
		Phases: map[string]plan.Phase{
			"setup":   setup,
			"install": install,
			"build":   n.buildPhase(cmds, members),
		},
	}
	if cmds.start != "" {
		p.Start = &plan.Start{Cmd: &cmds.start}
	}
	for _, v := range cmds.variables {
		p.Variables[v.name] = v.value
	}
	maps.Copy(p.Variables, added.variables)
	if n.chosen == nil {
		n.warnOfArchive()
	}
	owned, err := n.ownsDatabases(members)
	if err != nil {
		return Output{}, err
	}
	out := Output{
		Plan:      p,
		BuildOnly: append(n.onlyForFiles(cmds.site), added.buildOnly...),
		Fixes:     append(n.directStart(cmds.start), owned...),
		NoStart:   n.noStart,
		Warnings:  slices.Clone(n.warnings),
		Reasons:   append(n.reasons(cmds, members), added.reasons...),
		Chosen:    n.chosenPackages(),
	}
	if cmds.site != nil {
		err = cmds.site.addTo(n.App, &out, cmds.siteWhy)
	}
	return out, err
}

// setupPhase names Node, its package manager, and what well-known native packages need.
func (n *nodeApp) setupPhase(members []nodeMember) (plan.Phase, systemAdded) {
	p := n.tools()
	added := n.addNative(&p, members)
	if n.chosen != nil {
		p = n.chosen.install(p)
	}
	return p, added
}

// tools are Node, where the catalogue does not choose it, and what goes with it.
func (n *nodeApp) tools() plan.Phase {
	if n.chosen != nil {
		if n.bun != nil || n.chosen.tool == bunPackage {
			return plan.Phase{} // nixpkgs has nothing but Bun for it, if that is not chosen already
		}
		pkgs := slices.Clone(n.manager.nix)
		if _, ok := n.asksForBun(); ok {
			pkgs = append(pkgs, bunPackage)
		}
		return plan.Phase{NixPkgs: pkgs}
	}
	return plan.Phase{
		NixPkgs:        n.nixPackages(),
		NixOverlays:    []string{nodeOverlay},
		NixpkgsArchive: new(n.nixArchive()),
	}
}

// installPhase installs what package.json lists; without one it has no command.
func (n *nodeApp) installPhase(members []nodeMember) plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"setup"},
		CacheDirectories: []string{n.cacheDirectory()},
		Paths:            []string{nodeBin},
	}
	if n.release != nil && n.manager.bundled {
		p.Paths = append(p.Paths, npmDir+"/bin")
	}
	if bin := n.memberBin(); bin != "" {
		p.Paths = append(p.Paths, bin)
	}
	if n.usesCorepack() {
		p.Cmds = append(p.Cmds, nodeCorepack)
	}
	if cmd, _ := n.managerInstall(); cmd != "" {
		p.Cmds = append(p.Cmds, cmd)
	}
	if n.bun != nil {
		p.Cmds = append(p.Cmds, n.bunInstall())
	}
	if cmd := n.installCommand(); cmd != "" {
		p.Cmds = append(p.Cmds, cmd)
	}
	if slices.ContainsFunc(members, func(m nodeMember) bool { return m.lists("cypress") }) {
		p.CacheDirectories = append(p.CacheDirectories, cypressCache)
	}
	slices.Sort(p.CacheDirectories)
	return p
}

func (n *nodeApp) buildPhase(cmds nodeCommands, members []nodeMember) plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"install"},
		CacheDirectories: []string{nodeModulesCache},
	}
	if cmds.build != "" {
		p.Cmds = []string{cmds.build}
	}
	p.Cmds = append(p.Cmds, cmds.after...)
	for _, m := range members {
		if m.lists("next") {
			p.CacheDirectories = append(p.CacheDirectories, m.below(nextCache))
		}
	}
	p.CacheDirectories = append(p.CacheDirectories, n.pkg.CacheDirectories...)
	if name := n.tsBuildInfo(); name != "" {
		p.CacheDirectories = append(p.CacheDirectories, name)
	}
	if _, ok := n.moonApp(); ok {
		p.CacheDirectories = append(p.CacheDirectories, moonCache)
	}
	slices.Sort(p.CacheDirectories)
	p.CacheDirectories = slices.Compact(p.CacheDirectories)
	return p
}
