package providers

import "github.com/org/npx-action/internal/plan"

// shellProvider runs a script. Nixpacks has no such provider.
var shellProvider = Provider{
	Name:     "shell",
	Since:    "2026.12",
	Looks:    "start.sh",
	Detect:   detectShell,
	Plan:     planShell,
	Fallback: true,

	Language: Language{
		Manifests: []Manifest{}, // a script of any name lies anywhere
		Lockfiles: []Lockfile{},
		Settings:  []string{},
		Caches:    []Cache{},
		Runtimes:  []Runtime{},
		Programs:  []string{},
	},
}

const shellScript = "start.sh"

func detectShell(app App) (string, error) { return firstFile(app, shellScript), nil }

func planShell(App) (Output, error) {
	return Output{
		Plan: plan.Plan{
			// The script's own first line chooses its interpreter, which needs the permission to run.
			Phases: map[string]plan.Phase{"build": {
				DependsOn: []string{"install"}, // as merging gives it to each that has none
				Cmds:      []string{"chmod +x " + shellScript},
			}},
			Start: &plan.Start{Cmd: new("./" + shellScript)},
		},
		Reasons: []Reason{{Fact: plan.Fact{Phase: "start", Field: "cmd"}, File: shellScript, Why: "the app has one"}},
	}, nil
}
