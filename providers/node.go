package providers

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

var nodeProvider = Provider{
	Name:         "node",
	Looks:        "package.json",
	Detect:       detectNode,
	Plan:         planNode,
	InstallFiles: nodeInstallFiles,
	Locks:        nodeLocks,
	Prune:        nodePrune,
}

func detectNode(app App) (string, error) {
	if app.Tree.HasFile("package.json") {
		return "package.json", nil
	}
	return "", nil
}

func planNode(app App) (Output, error) {
	n, err := loadNode(app)
	if err != nil {
		return Output{}, err
	}
	members, err := n.members()
	if err != nil {
		return Output{}, err
	}
	cmds := n.commands()
	p := plan.Plan{
		Variables: maps.Clone(nodeVariables),
		Phases: map[string]plan.Phase{
			"setup":   n.setupPhase(),
			"install": n.installPhase(members),
			"build":   n.buildPhase(cmds.build, members),
		},
	}
	if cmds.start != "" {
		p.Start = &plan.Start{Cmd: &cmds.start}
	}
	if n.isVite() {
		p.Variables["NIXPACKS_SPA_OUTPUT_DIR"], _ = n.spaOutput()
	}
	if _, ok := n.servedAsFiles(); ok {
		p.Phases["caddy"] = caddyPhase()
		p.StaticAssets = map[string]string{"Caddyfile": caddyfile}
	}
	n.warnOfArchive()
	return Output{
		Plan:     p,
		Warnings: slices.Concat(n.warnings, n.lockWarnings()),
		Reasons:  n.reasons(cmds, members),
	}, nil
}

// setupPhase names Node, its package manager, and what well-known native packages need.
func (n *nodeApp) setupPhase() plan.Phase {
	p := plan.Phase{
		NixPkgs:        n.nixPackages(),
		NixOverlays:    []string{nodeOverlay},
		NixpkgsArchive: new(n.nixArchive()),
	}
	for _, native := range nodeNatives {
		if n.scan(native.text) != "" {
			p.NixPkgs = append(p.NixPkgs, native.pkgs...)
			p.NixLibs = append(p.NixLibs, native.libs...)
			p.AptPkgs = append(p.AptPkgs, native.apt...)
		}
	}
	return p
}

// scan returns the first of the manifest and the lockfiles that contains the text, wherever that may be, or "".
func (n *nodeApp) scan(text string) string {
	for _, name := range nodeScanned {
		if n.Tree.Contains(name, text) {
			return name
		}
	}
	return ""
}

// installPhase installs what package.json lists; without one it has no command.
func (n *nodeApp) installPhase(members []nodeMember) plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"setup"},
		CacheDirectories: []string{n.manager.cache},
		Paths:            []string{nodeBin},
	}
	if n.usesCorepack() {
		p.Cmds = append(p.Cmds, nodeCorepack)
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

func (n *nodeApp) buildPhase(cmd string, members []nodeMember) plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"install"},
		CacheDirectories: []string{nodeModulesCache},
	}
	if cmd != "" {
		p.Cmds = []string{cmd}
	}
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
