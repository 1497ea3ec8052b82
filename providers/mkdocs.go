package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// mkdocsProvider builds a site by MkDocs, which it installs as other Python packages are. Nixpacks has no such provider.
var mkdocsProvider = Provider{
	Name:         "mkdocs",
	Since:        "2026.12",
	Looks:        "mkdocs.yml, and nothing that is no site",
	Detect:       detectMkDocs,
	Plan:         planMkDocs,
	InstallFiles: mkdocsInstallFiles,
	Locks:        pythonLocks(),
	Fallback:     true, // an app of any language may have its documentation there

	Language: Language{
		Manifests: []Manifest{{File: "mkdocs.yml"}},
		Lockfiles: []Lockfile{},
		Settings:  mkdocsRequirements,
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

// mkdocsConfigs are in the order in which MkDocs looks for them, and mkdocsRequirements where sites name what they need, beside the
// manifests of Python.
var (
	mkdocsConfigs      = []string{"mkdocs.yml", "mkdocs.yaml"}
	mkdocsRequirements = []string{"docs/requirements.txt", "requirements-docs.txt", "docs-requirements.txt", "requirements/docs.txt"}
)

var (
	mkdocsSiteDir = lazyregexp.New(strings.Replace(fmt.Sprintf(siteKeyValue, "site_dir"), `^[ \t]*`, "^", 1))
	mkdocsTheme   = lazyregexp.New(`(?m)^theme:[ \t]*(?:#.*)?(?:\r?\n[ \t]+[^\r\n]*)*?(?:\r?\n[ \t]+name:)?[ \t]*['"]?([A-Za-z][\w-]*)['"]?[ \t]*(?:#.*)?\r?$`)
	mkdocsGit     = lazyregexp.New(`(?m)^[ \t]*-[ \t]*['"]?(git-[a-z-]+)`)
)

func detectMkDocs(app App) (string, error) {
	config := firstFile(app, mkdocsConfigs...)
	if config == "" {
		return "", nil
	}
	python, err := detectPythonProgram(app)
	if err != nil || python == "" {
		return config, err
	}
	site, err := isMkDocsSite(app)
	if !site {
		config = ""
	}
	return config, err
}

// detectPythonApp is [detectPythonProgram] but for a site, which its generator makes.
func detectPythonApp(app App) (string, error) {
	reason, err := detectPythonProgram(app)
	if err != nil || reason == "" {
		return reason, err
	}
	site, err := isMkDocsSite(app)
	if site {
		reason = ""
	}
	return reason, err
}

// isMkDocsSite reports whether what looks like a Python app is a site: it needs MkDocs, and nothing in it can be started.
func isMkDocsSite(app App) (bool, error) {
	if firstFile(app, mkdocsConfigs...) == "" || !app.choosesVersions() {
		return false, nil
	}
	needs := dependenciesOf(app)
	if !needs.has("mkdocs") && !slices.ContainsFunc([]string{"mkdocs-material", "properdocs"}, needs.has) {
		return false, nil
	}
	traits, err := scanPython(app)
	if err != nil {
		return false, err
	}
	guess, err := guessPythonStart(app, traits)
	return guess.cmd == "", err
}

func planMkDocs(app App) (Output, error) {
	config, err := readSiteConfig(app, mkdocsConfigs...)
	if err != nil {
		return Output{}, err
	}
	site, warnings := config.folder(mkdocsSiteDir, "site", "MkDocs")
	inner := app
	inner.UserStart = new("") // so that nothing in the app has to be found to start
	out, err := planPython(inner)
	if err != nil {
		return Output{}, err
	}
	if install := out.Plan.Phases["install"]; len(install.Cmds) == 0 {
		packages, why := mkdocsPackages(app, config)
		install.Cmds = []string{pythonActivate.of(app.Edition) + "pip install " + packages}
		install.CacheDirectories = []string{pipCache}
		install.Paths = []string{pythonVenv + "/bin"}
		out.Plan.Phases["install"] = install
		out.Reasons = append(out.Reasons, why.decided("install", "cmd", ""))
		if why.file == config.name {
			out.Warnings = append(out.Warnings, "there is no requirements.txt, so each build may install other versions, and plugins are missing; commit one")
		}
	}
	const command = "mkdocs build"
	out.Plan.Phases["build"] = plan.Phase{DependsOn: []string{"install"}, Cmds: []string{command}}
	out.Reasons = append(out.Reasons, byFile(config.name, "MkDocs makes the site").decided("build", "cmd", command))
	if m := mkdocsGit.FindStringSubmatch(config.text); m != nil {
		warnings = append(warnings, fmt.Sprintf("%s has the plugin %s, but .git is never in the build; let it fall back to the date of the build", config.name, m[1]))
	}
	out.Warnings = append(out.Warnings, warnings...)
	return out, out.serveSite(app, site, "MkDocs")
}

// mkdocsPackages are what pip is told to install for a site without a manifest of Python. The second MkDocs has neither themes nor plugins.
func mkdocsPackages(app App, config siteConfig) (arguments string, why cause) {
	if file := firstFile(app, mkdocsRequirements...); file != "" {
		return "-r " + file, byFile(file, "the site names its packages there")
	}
	if m := mkdocsTheme.FindStringSubmatch(config.text); m != nil && m[1] == "material" {
		return "'mkdocs<2' mkdocs-material", byLine(app, config.name, "material", "the theme is material")
	}
	return "'mkdocs<2'", byFile(config.name, "MkDocs makes the site")
}

// mkdocsInstallFiles lists what pip reads.
func mkdocsInstallFiles(app App) (files []string, blocker string, err error) {
	if tool, _ := choosePythonTool(app); tool.command != "" {
		return pythonInstallFiles(app)
	}
	file := firstFile(app, mkdocsRequirements...)
	if file == "" {
		return nil, "", nil
	}
	text, err := readRequirements(app, file)
	if err != nil {
		return nil, unread(file, err), nil
	}
	lines, ok := requirementLines(text)
	if !ok {
		return nil, file + " is not understood", nil
	}
	for _, l := range lines {
		if !pythonPackage.MatchString(l.text) || strings.Contains(l.text, "@") {
			return nil, fmt.Sprintf("%s names %.60q, which may be in the app", file, l.text), nil
		}
	}
	return []string{file}, "", nil
}
