package providers

import "github.com/org/npx-action/internal/plan"

// schemeProvider follows nixpacks-1.39.md 3.11: a site that Haunt makes.
var schemeProvider = Provider{
	Name:   "scheme",
	Looks:  hauntFile,
	Detect: func(app App) (string, error) { return firstFile(app, hauntFile), nil },
	Plan:   planScheme,

	Language: Language{
		Manifests: []Manifest{{File: hauntFile}},
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

const (
	hauntFile = "haunt.scm"
	guileInit = "init.scm"
)

func planScheme(app App) (Output, error) {
	var warnings []string
	if app.UserStart == nil && !app.Tree.HasFile(guileInit) {
		warnings = []string{"there is no " + guileInit + ", which the start command runs; set a start command"}
	}
	return Output{
		Plan: plan.Plan{
			Phases: map[string]plan.Phase{
				"setup": {NixPkgs: []string{"haunt", "guile"}, NixOverlays: []string{}},
				"build": {DependsOn: []string{"install", "setup"}, Cmds: []string{"haunt build"}},
			},
			Start: &plan.Start{Cmd: new("guile " + guileInit + " --auto-compile")},
		},
		Warnings: warnings,
		Reasons: []Reason{
			byFile(hauntFile, "Haunt makes the site").decided("setup", "nix", ""),
			byFile(hauntFile, "Haunt makes the site").decided("build", "cmd", ""),
			byDefault("the start command of every app with "+hauntFile).decided("start", "cmd", ""),
		},
	}, nil
}
