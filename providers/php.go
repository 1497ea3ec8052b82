package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// phpProvider follows nixpacks-1.39.md 3.15: nginx in front of PHP-FPM, Composer, and Node for scripts and assets.
var phpProvider = Provider{
	Name:         "php",
	Looks:        "composer.json or index.php",
	Detect:       detectPHP,
	Plan:         planPHP,
	Covers:       []string{"node", "staticfile"}, // it brings Node and nginx along
	InstallFiles: phpInstallFiles,
	Locks:        slices.Concat([]string{"composer.json", "composer.lock"}, nodeLocks()),
	BuildOnly:    []string{"*Packages.composer"},

	Language: Language{
		Manifests: []Manifest{{File: "composer.json", Locks: []string{"composer.lock"}}},
		Lockfiles: []Lockfile{{"composer.lock", ComposerLock}},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{phpRuntime},
		Programs:  []string{"composer"},
	},
}

func detectPHP(app App) (string, error) {
	return firstFile(app, "composer.json", "index.php"), nil
}

func planPHP(app App) (Output, error) {
	p, err := loadPHP(app)
	if err != nil {
		return Output{}, err
	}
	assets, err := p.assets()
	if err != nil {
		return Output{}, err
	}
	phases := map[string]plan.Phase{
		"setup":   p.setupPhase(),
		"install": {DependsOn: []string{"setup"}, Cmds: p.installCommands()},
	}
	if _, cmd := p.buildCommand(); cmd != "" {
		phases["build"] = plan.Phase{DependsOn: []string{"install"}, Cmds: []string{cmd}}
	}
	reasons := append(p.reasons(), p.addSystem(phases)...)
	if p.chosen != nil {
		reasons = append(reasons, p.node.addTools(phases, "install")...)
	} else {
		p.warnOfNode()
	}
	made := plan.Plan{Variables: p.variables(), StaticAssets: assets, Phases: phases}
	if p.noStart == "" {
		made.Start = &plan.Start{Cmd: new(p.startCommand())}
	}
	out := Output{
		Plan:     made,
		Warnings: slices.Concat(p.warnings, p.node.warnings, p.lockWarnings(), p.node.lockWarnings()),
		Reasons:  reasonsOf(made, reasons),
		Chosen:   p.chosenPackages(),
		NoStart:  p.noStart,
	}
	if !p.unprivileged() {
		out.asRoot(p.App, "the app's own configuration of nginx, or its own start, may be for root alone")
	} else if dirs := p.writes(); len(dirs) > 0 {
		out.Fixes = append(out.Fixes, owns(p.framework()+" writes "+strings.Join(dirs, ", "), dirs...))
	}
	return out, nil
}

// assets returns the files that the start command uses.
func (p *phpApp) assets() (map[string]string, error) {
	assets := map[string]string{}
	for _, name := range phpAssets {
		text, err := phpAssetFiles.ReadFile("assets/php/unprivileged/" + name)
		if err != nil || !p.unprivileged() {
			text, err = phpAssetFiles.ReadFile("assets/php/" + name)
		}
		if err != nil {
			return nil, err
		}
		assets[name] = string(text)
	}
	return assets, nil
}

// A phpApp is an app with what its root says about PHP.
type phpApp struct {
	App
	node       *nodeApp
	manifest   composerJSON
	release    phpRelease
	chosen     *choice           // what release is of, in editions after 1.39
	extensions []string          // without the prefix, in byte order
	locked     map[string]string // the packages of composer.lock that need an extension, by it
	noStart    string            // as in [Output]
	warnings   []string
}

func loadPHP(app App) (*phpApp, error) {
	node, err := loadNode(app)
	if err != nil {
		return nil, err
	}
	p := &phpApp{App: app, node: node}
	p.readManifest()
	if err := p.choose(); err != nil {
		return nil, err
	}
	if err := p.readExtensions(); err != nil {
		return nil, err
	}
	if p.findsPrograms() {
		p.findExtensions()
		p.noStart = p.publishedAs()
	}
	return p, nil
}

// setupPhase names PHP with its extensions, Composer, nginx and Node. The extensions are packages of their
// own as well, as Nixpacks has it. In editions after 1.39 Node has a phase of its own.
func (p *phpApp) setupPhase() plan.Phase {
	pkgs := []string{p.interpreter(), "nginx", "libmysqlclient", p.release.pkg + "Packages.composer"}
	libs := p.extensionPackages()
	phase := plan.Phase{
		NixLibs:        append(slices.Clone(libs), "libmysqlclient"),
		NixOverlays:    []string{},
		NixpkgsArchive: new(p.release.archive),
	}
	if p.chosen == nil {
		pkgs = append(pkgs, p.node.nixPackages()...)
		phase.NixOverlays = append(phase.NixOverlays, nodeOverlay)
	}
	phase.NixPkgs = append(pkgs, libs...)
	return phase
}

func (p *phpApp) installCommands() []string {
	cmds := []string{phpMakeDirs}
	if p.Tree.HasFile("composer.json") {
		cmds = append(cmds, phpComposer)
	}
	if cmd, _ := p.node.managerInstall(); cmd != "" {
		cmds = append(cmds, cmd)
	}
	if cmd := p.node.installCommand(); cmd != "" {
		cmds = append(cmds, cmd)
	}
	return cmds
}

// buildCommand returns the script of package.json that builds, and how it is run; both "" if there is none.
func (p *phpApp) buildCommand() (script, cmd string) {
	for _, script := range []string{"prod", "build"} {
		if cmd := p.node.runScript(script); cmd != "" {
			return script, cmd
		}
	}
	return "", ""
}

func (p *phpApp) startCommand() string {
	switch {
	case p.unprivileged():
		return p.prepares() + phpStartUnprivileged
	case p.Tree.HasFile(phpNginxConf):
		return p.opens() + phpStart
	case p.Tree.HasFile(phpTemplate):
		return p.opens() + fmt.Sprintf(phpStartTemplate, "/app")
	}
	return p.opens() + fmt.Sprintf(phpStartTemplate, "/assets")
}

func (p *phpApp) isLaravel() bool { return p.Tree.HasFile(laravelFile) }

func (p *phpApp) variables() map[string]string {
	vars := map[string]string{"PORT": p.port()}
	if p.isLaravel() {
		vars["IS_LARAVEL"] = "yes"
		vars[phpRoot] = laravelRoot
	} else if p.findsPrograms() && p.Tree.HasFile(phpPublicIndex) {
		vars[phpRoot], vars[phpFallback] = laravelRoot, "/index.php"
	}
	return vars
}
