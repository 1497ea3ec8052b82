package providers

import (
	"fmt"

	"github.com/org/npx-action/internal/plan"
)

// reasons says what decided each fact of the plan.
func (p *phpApp) reasons() []Reason {
	list := p.versionReasons()
	for _, name := range p.extensions {
		key := phpExtension + name
		for _, field := range []string{"nix", "nix-lib"} {
			list = append(list, Reason{
				Fact: plan.Fact{Phase: "setup", Field: field, Value: p.extensionPackage(name)},
				File: "composer.json", Line: p.Tree.LineOf("composer.json", "require", key),
				Why: "composer.json requires " + key,
			})
		}
	}
	list = append(list, p.serverReasons()...)
	list = append(list, p.commandReasons()...)
	if p.isLaravel() {
		for _, name := range []string{"IS_LARAVEL", "NIXPACKS_PHP_ROOT_DIR"} {
			list = append(list, Reason{
				Fact: plan.Fact{Field: "variable " + name, Value: p.variables()[name]},
				File: laravelFile, Why: laravelFile + " is there, so this is Laravel",
			})
		}
	}
	return list
}

// versionReasons are about all that the version of PHP decides.
func (p *phpApp) versionReasons() []Reason {
	r := Reason{Why: "no version is asked for"}
	if text, ok := p.manifest.Require["php"]; ok {
		r.File, r.Line = "composer.json", p.Tree.LineOf("composer.json", "require", "php")
		r.Why = fmt.Sprintf("require.php is %.80q", text)
	}
	var list []Reason
	for _, f := range []plan.Fact{
		{Field: "nix", Value: p.interpreter()},
		{Field: "nix", Value: p.release.pkg + "Packages.composer"},
		{Field: "nixpkgs", Value: p.release.archive},
	} {
		f.Phase = "setup"
		r.Fact = f
		list = append(list, r)
	}
	return list
}

// serverReasons are about what every PHP app gets.
func (p *phpApp) serverReasons() []Reason {
	list := []Reason{
		{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "nginx"}, Why: "every PHP app is served by nginx"},
		{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: "libmysqlclient"}, Why: "every PHP app gets it"},
		{Fact: plan.Fact{Phase: "setup", Field: "nix-lib", Value: "libmysqlclient"}, Why: "every PHP app gets it"},
		{Fact: plan.Fact{Phase: "setup", Field: "nix-overlay", Value: nodeOverlay}, Why: "Node's package managers come from it"},
		{Fact: plan.Fact{Phase: "install", Field: "cmd", Value: phpMakeDirs}, Why: "nginx writes there"},
		{Fact: plan.Fact{Field: "variable PORT", Value: phpPort}, Why: "no other port is asked for"},
	}
	why := "every PHP app gets Node for its start script"
	for _, pkg := range p.node.nixPackages() {
		r := Reason{Fact: plan.Fact{Phase: "setup", Field: "nix", Value: pkg}, Why: why}
		if p.Tree.HasFile("package.json") {
			r.File, r.Why = "package.json", why+" and package.json"
		}
		list = append(list, r)
	}
	return list
}

// commandReasons are about the commands.
func (p *phpApp) commandReasons() []Reason {
	var list []Reason
	if p.Tree.HasFile("composer.json") {
		list = append(list, Reason{
			Fact: plan.Fact{Phase: "install", Field: "cmd", Value: phpComposer},
			File: "composer.json", Why: "composer.json is there",
		})
	}
	if cmd := p.node.installCommand(); cmd != "" {
		list = append(list, Reason{
			Fact: plan.Fact{Phase: "install", Field: "cmd", Value: cmd},
			File: "package.json", Why: "package.json is there, and the package manager is " + p.node.manager.name,
		})
	}
	if script, cmd := p.buildCommand(); cmd != "" {
		list = append(list, Reason{
			Fact: plan.Fact{Phase: "build", Field: "cmd", Value: cmd},
			File: "package.json", Line: p.Tree.LineOf("package.json", "scripts", script),
			Why: "package.json has the script " + script,
		})
	}
	start := Reason{
		Fact: plan.Fact{Phase: "start", Field: "cmd", Value: p.startCommand()},
		File: firstFile(p.App, phpNginxConf, phpTemplate),
	}
	if start.Why = start.File + " is there"; start.File == "" {
		start.Why = "there is no " + phpNginxConf + " and no " + phpTemplate
	}
	return append(list, start)
}
