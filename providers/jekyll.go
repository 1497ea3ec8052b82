package providers

import (
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// jekyllProvider builds a site by Jekyll, which it installs as other gems are. Nixpacks has no such provider.
var jekyllProvider = Provider{
	Name:         "jekyll",
	Since:        "2026.12",
	Looks:        "_config.yml, and a Gemfile with jekyll or github-pages",
	Detect:       detectJekyll,
	Plan:         planJekyll,
	InstallFiles: rubyInstallFiles,
	Locks:        rubyGemfiles,
	Covers:       []string{"ruby", "node"},

	Language: Language{
		Manifests: []Manifest{}, // a site has a Gemfile
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

// jekyllConfigs are in the order in which Jekyll looks for them: https://jekyllrb.com/docs/configuration/
var jekyllConfigs = []string{"_config.yml", "_config.yaml", "_config.toml"}

var (
	jekyllGem         = lazyregexp.New(`(?m)^[ \t]*gem[ \t(]*['"](?:jekyll|github-pages)['"]`)
	jekyllLocked      = lazyregexp.New(`(?m)^    (?:jekyll|github-pages) \(`)
	jekyllDestination = siteKey("destination")
	jekyllBaseURL     = siteKey("baseurl")
)

// jekyllBuild is for a site whose gems are installed.
const jekyllBuild = "bundle exec jekyll build"

func detectJekyll(app App) (string, error) {
	config := firstFile(app, jekyllConfigs...)
	if config == "" || !app.Tree.HasFile(rubyGemfiles[0]) || firstFile(app, "config.ru", railsFile) != "" {
		return "", nil
	}
	r := loadRuby(app)
	if !jekyllGem.MatchString(r.gemfile.text) && !jekyllLocked.MatchString(r.lock.text) {
		return "", nil
	}
	return config, nil
}

func planJekyll(app App) (Output, error) {
	config, err := readSiteConfig(app, jekyllConfigs...)
	if err != nil {
		return Output{}, err
	}
	out, err := planRuby(app)
	if err != nil {
		return Output{}, err
	}
	build := out.Plan.Phases["build"]
	build.Cmds = append(build.Cmds, jekyllBuild)
	out.Plan.Phases["build"] = build
	setup := out.Plan.Phases["setup"]
	setup.AptPkgs = slices.DeleteFunc(slices.Clone(setup.AptPkgs), func(pkg string) bool { return pkg == "procps" }) // of a server
	out.Plan.Phases["setup"] = setup
	if out.Plan.Variables == nil {
		out.Plan.Variables = plan.Vars{}
	}
	out.Plan.Variables["JEKYLL_ENV"] = "production"
	out.Reasons = append(out.Reasons,
		byFile(config.name, "Jekyll makes the site").decided("build", "cmd", jekyllBuild),
		byDefault("the site is built to be served").decided("", "variable JEKYLL_ENV", ""))
	site, warnings := config.folder(jekyllDestination, "_site", "Jekyll")
	out.Warnings = slices.Concat(out.Warnings, warnings, config.linksBelow(jekyllBaseURL), emptySubmodules(app))
	return out, out.serveSite(app, site, "Jekyll")
}
