package providers

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// hugoProvider builds a site by Hugo. Nixpacks has no such provider.
var hugoProvider = Provider{
	Name:         "hugo",
	Since:        "2026.12",
	Looks:        "hugo.toml, hugo.yaml or hugo.json, or content/ and config.toml of Hugo",
	Detect:       detectHugo,
	Plan:         planHugo,
	InstallFiles: hugoInstallFiles,
	Locks:        slices.Concat([]string{"go.mod", "go.sum"}, nodeLocks()),
	Covers:       []string{"go", "node"}, // of its modules and its assets

	Language: Language{
		Manifests: []Manifest{{File: "hugo.toml"}, {File: "hugo.yaml"}, {File: "hugo.json"}},
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{{Dir: hugoCache, Downloads: true}},
		Runtimes:  []Runtime{{Name: "Hugo", Packages: patterns(`^hugo$`)}},
		Programs:  []string{},
	},
}

// hugoCache holds the modules that a build downloads.
const hugoCache = "/root/.cache/hugo_cache"

// hugoConfigs are the configurations of Hugo alone, and hugoOldConfigs those whose names others have too, in the order in which Hugo looks for them:
// https://gohugo.io/configuration/introduction/
var (
	hugoConfigs    = hugoNames("hugo", "config/_default/hugo")
	hugoOldConfigs = hugoNames("config", "config/_default/config")
)

func hugoNames(names ...string) []string {
	var files []string
	for _, name := range names {
		for _, extension := range []string{".toml", ".yaml", ".yml", ".json"} {
			files = append(files, name+extension)
		}
	}
	return files
}

// Keys of a configuration. Hugo does not care for their case.
var (
	hugoBaseURL    = siteKey("baseurl")
	hugoLanguage   = siteKey("languagecode")
	hugoPublishDir = siteKey("publishdir")
	hugoTheme      = siteKey("theme")
	hugoThemesDir  = siteKey("themesdir")
	hugoGitInfo    = siteKey("enablegitinfo")
)

func siteKey(name string) *lazyregexp.Regexp { return lazyregexp.New(fmt.Sprintf(siteKeyValue, name)) }

// hugoConfig is the app's configuration, without a name if it has none.
func hugoConfig(app App) (siteConfig, error) {
	if c, err := readSiteConfig(app, hugoConfigs...); c.name != "" || err != nil {
		return c, err
	}
	c, err := readSiteConfig(app, hugoOldConfigs...)
	if err != nil || c.name == "" || !app.Tree.HasDir("content") {
		return siteConfig{}, nil // it may be of anything
	}
	_, base := c.value(hugoBaseURL)
	if _, language := c.value(hugoLanguage); base+language == 0 {
		return siteConfig{}, nil
	}
	return c, nil
}

// detectHugo passes over a Go program that has its documentation in the same folder.
func detectHugo(app App) (string, error) {
	if firstFile(app, slices.Concat(hugoConfigs, hugoOldConfigs)...) == "" {
		return "", nil
	}
	sources, err := app.Tree.Files("*.go")
	if err != nil || slices.ContainsFunc(sources, func(f string) bool { return !strings.Contains(f, "/") }) {
		return "", err
	}
	c, err := hugoConfig(app)
	return c.name, err
}

func planHugo(app App) (Output, error) {
	config, err := hugoConfig(app)
	if err != nil || config.name == "" {
		return Output{None: true}, err
	}
	var out Output
	build := plan.Phase{DependsOn: []string{"install"}, CacheDirectories: []string{hugoCache}}
	if app.Tree.HasFile("package.json") {
		if out, err = hugoNode(app, &build); err != nil {
			return Output{}, err
		}
	} else {
		out.Plan.Phases = map[string]plan.Phase{}
	}
	c, err := chooseOr(app, "hugo", "hugo")
	if err != nil {
		return Output{}, err
	}
	setup := c.install(plan.Phase{})
	if app.Tree.HasFile("go.mod") && !app.Tree.HasDir("_vendor") {
		module, err := chooseGo(app, true)
		if err != nil {
			return Output{}, err
		}
		out.addSetup("go:setup", module.setup, module.reasons)
		build.DependsOn = append(build.DependsOn, "go:setup")
		out.Warnings = append(out.Warnings, module.warnings...)
		out.Chosen = append(out.Chosen, module.chosen...)
	}
	out.addSetup("setup", setup, c.reasons())
	const command = "hugo --gc --minify"
	build.Cmds = append(build.Cmds, command)
	build.DependsOn = append(build.DependsOn, "setup")
	out.Plan.Phases["build"] = build
	out.Reasons = append(out.Reasons, byFile(config.name, "Hugo makes the site").decided("build", "cmd", command))
	out.Warnings = slices.Concat(out.Warnings, c.warnings, hugoThemes(app, config), config.linksBelow(hugoBaseURL))
	out.withoutGit(config)
	site, warnings := config.folder(hugoPublishDir, "public", "Hugo")
	out.Warnings = append(out.Warnings, warnings...)
	return out, out.serveSite(app, site, "Hugo")
}

// addSetup adds a phase that installs, with its reasons, which are the reasons of a phase setup.
func (o *Output) addSetup(name string, phase plan.Phase, reasons []Reason) {
	o.Plan.Phases[name] = phase
	for _, r := range reasons {
		r.Fact.Phase = name
		o.Reasons = append(o.Reasons, r)
	}
}

// hugoNode is the part of a plan that installs the Node packages of a site, and builds its assets if a script does so. A script that runs Hugo
// is left to the command that does.
func hugoNode(app App, build *plan.Phase) (Output, error) {
	n, err := loadNode(app)
	if err != nil {
		return Output{}, err
	}
	node, err := planNode(app)
	if err != nil {
		return Output{}, err
	}
	out := Output{Plan: plan.Plan{Variables: node.Plan.Variables, Phases: map[string]plan.Phase{}}, Warnings: node.Warnings, Chosen: node.Chosen}
	install := node.Plan.Phases["install"]
	install.DependsOn = []string{"node:setup"}
	out.Plan.Phases["node:setup"], out.Plan.Phases["install"] = node.Plan.Phases["setup"], install
	for _, r := range node.Reasons {
		switch r.Fact.Phase {
		case "setup":
			r.Fact.Phase = "node:setup"
		case "install", "":
		default:
			continue
		}
		out.Reasons = append(out.Reasons, r)
	}
	if script := n.pkg.Scripts["build"]; script != "" && !strings.Contains(script, "hugo") {
		cmd := n.runScript("build")
		build.Cmds = append(build.Cmds, cmd)
		out.Reasons = append(out.Reasons, n.scriptWhy("build").decided("build", "cmd", cmd))
	}
	return out, nil
}

// hugoInstallFiles lists what the install of the Node packages reads.
func hugoInstallFiles(app App) (files []string, blocker string, err error) {
	if !app.Tree.HasFile("package.json") {
		return nil, "", nil
	}
	return nodeInstallFiles(app)
}

// hugoThemes warns of a theme that is not there.
func hugoThemes(app App, config siteConfig) []string {
	if warnings := emptySubmodules(app); warnings != nil {
		return warnings
	}
	theme, line := config.value(hugoTheme)
	dir, _ := config.value(hugoThemesDir)
	if dir == "" {
		dir = "themes"
	}
	at := path.Join(dir, theme)
	if theme == "" || !plainName.MatchString(theme) || app.Tree.HasDir(at) || app.Tree.HasDir("_vendor") {
		return nil
	}
	return []string{fmt.Sprintf("%s:%d: the theme %s is not in %s, so Hugo will not find it", config.name, line, theme, at)}
}

// withoutGit turns off what reads dates from Git, which would end the build.
func (o *Output) withoutGit(config siteConfig) {
	const variable = "HUGO_ENABLEGITINFO"
	if value, line := config.value(hugoGitInfo); value == "true" {
		if o.Plan.Variables == nil {
			o.Plan.Variables = map[string]string{}
		}
		o.Plan.Variables[variable] = "false"
		o.Reasons = append(o.Reasons, cause{config.name, line, "the build has no .git to read dates from"}.decided("", "variable "+variable, ""))
		o.Warnings = append(o.Warnings, fmt.Sprintf("%s:%d: the pages have no dates from Git, because .git is never in the build", config.name, line))
	}
}
