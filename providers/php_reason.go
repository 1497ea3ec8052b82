package providers

import (
	"slices"
)

// reasons says what decided each fact of the plan.
func (p *phpApp) reasons() []Reason {
	list := slices.Concat(p.setupReasons(), p.nodeReasons(), p.commandReasons())
	list = append(list, byDefault("no other port is asked for").decided("", "variable PORT", p.port()))
	if p.isLaravel() {
		why := byFile(laravelFile, "Laravel has it")
		for _, name := range []string{"IS_LARAVEL", phpRoot} {
			list = append(list, why.decided("", "variable "+name, p.variables()[name]))
		}
	} else {
		why := byFile(phpPublicIndex, "it is what the web shall see of the app")
		for _, name := range []string{phpRoot, phpFallback} {
			list = append(list, why.decided("", "variable "+name, p.variables()[name]))
		}
	}
	for _, name := range phpAssets {
		list = append(list, byDefault("every PHP app gets it").decided("", "asset "+name, ""))
	}
	return list
}

func (p *phpApp) setupReasons() []Reason {
	version := p.versionWhy()
	always := byDefault("every PHP app gets it")
	list := []Reason{
		version.decided("setup", "nix", p.interpreter()),
		version.decided("setup", "nix", p.release.pkg+"Packages.composer"),
		version.decided("setup", "nixpkgs", p.release.archive),
		always.decided("setup", "nix", "nginx"),
		always.decided("setup", "nix", "libmysqlclient"),
		always.decided("setup", "nix-lib", "libmysqlclient"),
	}
	for _, name := range p.extensions {
		why := p.extensionWhy(name)
		for _, field := range []string{"nix", "nix-lib"} {
			list = append(list, why.decided("setup", field, p.extensionPackage(name)))
		}
	}
	return list
}

// versionWhy is why the version of PHP is what it is.
func (p *phpApp) versionWhy() cause {
	if p.chosen != nil {
		return p.chosen.why
	}
	if text, ok := p.manifest.Require["php"]; ok {
		return byKey(p.App, "composer.json", text, "require", "php")
	}
	return byDefault("no version is asked for")
}

// nodeReasons are about Node, which the start command needs in any case.
func (p *phpApp) nodeReasons() []Reason {
	n := p.node
	var list []Reason
	if n.chosen == nil {
		manager, managerWhy := n.chooseManagerPackage()
		list = []Reason{
			n.versionWhy(n.Vars).decided("setup", "nix", n.nodePackage(n.Vars)),
			managerWhy.decided("setup", "nix", manager),
			byDefault("it has Node's package managers in each of their versions").decided("setup", "nix-overlay", nodeOverlay),
		}
	}
	if cmd, why := n.managerInstall(); cmd != "" {
		list = append(list, why.decided("install", "cmd", cmd))
	}
	if cmd, why := n.chooseInstall(); cmd != "" {
		list = append(list, why.decided("install", "cmd", cmd))
	}
	if script, cmd := p.buildCommand(); cmd != "" {
		list = append(list, n.scriptWhy(script).decided("build", "cmd", cmd))
	}
	return list
}

func (p *phpApp) commandReasons() []Reason {
	list := []Reason{byDefault("nginx writes there").decided("install", "cmd", phpMakeDirs)}
	if p.Tree.HasFile("composer.json") {
		list = append(list, byFile("composer.json", "Composer installs what it requires").decided("install", "cmd", phpComposer))
	}
	start := byDefault("there is no " + phpNginxConf + " and no " + phpTemplate)
	if name := firstFile(p.App, phpNginxConf, phpTemplate); name != "" {
		start = byFile(name, "it is the configuration of nginx")
	}
	return append(list, start.decided("start", "cmd", p.startCommand()))
}
