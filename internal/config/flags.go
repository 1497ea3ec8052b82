package config

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// Flags are the command line's options that change the plan (nixpacks-1.39.md 5). The zero value changes nothing.
type Flags struct {
	InstallCmd, BuildCmd, StartCmd *string

	Healthcheck *string // as in [plan.Start]

	Runtime string // what the image holds, "" if not given

	Pkgs []string // added to the Nix packages of phase setup
	Apt  []string // added to its apt packages
	Libs []string // added to its Nix libraries
}

// Layer is the plan of the flags.
func (f Flags) Layer(compat139 bool) plan.Plan {
	phases := map[string]plan.Phase{}
	if len(f.Pkgs)+len(f.Apt)+len(f.Libs) > 0 {
		phases["setup"] = f.setup(compat139)
	}
	if f.InstallCmd != nil {
		phases["install"] = plan.Phase{DependsOn: dependsOn("install", compat139), Cmds: []string{*f.InstallCmd}}
	}
	if f.BuildCmd != nil {
		phases["build"] = plan.Phase{DependsOn: dependsOn("build", compat139), Cmds: []string{*f.BuildCmd}}
	}
	p := plan.Plan{Phases: phases}
	if f.StartCmd != nil || f.Healthcheck != nil || f.Runtime != "" {
		p.Start = &plan.Start{Cmd: f.StartCmd, Healthcheck: f.Healthcheck}
	}
	if f.Runtime != "" {
		p.Start.Runtime = &f.Runtime
	}
	return p
}

// setup leaves the overlays alone also in edition 1.39. Nixpacks erases those of the provider, so that packages that come
// from them are not found (nixpacks-1.39.md 6.1, item 1).
func (f Flags) setup(compat139 bool) plan.Phase {
	return plan.Phase{
		NixPkgs: more(f.Pkgs, compat139),
		AptPkgs: more(f.Apt, compat139),
		NixLibs: more(f.Libs, compat139),
	}
}

// more is list with the token that keeps what was there.
func more(list []string, always bool) []string {
	if len(list) == 0 && !always {
		return nil
	}
	return append(slices.Clone(list), "...")
}
