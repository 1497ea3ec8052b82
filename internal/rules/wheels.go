package rules

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// wheels leaves out what packages are compiled with, where the lockfile says that each of them is built. A command of the user's may need a compiler, so
// the rule then changes nothing.
var wheels = Rule{Name: "wheels", Since: "2026.12", Apply: applyWheels}

// compilerVariables name the compilers of the phase setup.
var compilerVariables = []string{"CC", "CXX"}

func applyWheels(s Subject) (plan.Plan, string, error) {
	if s.Prebuilt == nil || s.UserCommands || len(s.Plan.Phases[installPhase].Cmds) == 0 {
		return s.Plan, "", nil
	}
	why, blocker, err := s.Prebuilt()
	switch {
	case err != nil:
		return plan.Plan{}, "", err
	case blocker != "":
		return s.Plan, "the build has compilers: " + blocker, nil
	case why == "":
		return s.Plan, "", nil
	}
	p := s.Plan.Clone()
	setup := p.Phases[setupPhase]
	setup.NixPkgs = slices.DeleteFunc(setup.NixPkgs, s.buildsOnly)
	setup.AptPkgs = slices.DeleteFunc(setup.AptPkgs, s.buildsOnly)
	if len(setup.NixPkgs)+len(setup.NixLibs) == 0 {
		setup.NixPkgs, setup.NixOverlays, setup.NixpkgsArchive = nil, nil, nil
	}
	p.Phases[setupPhase] = setup
	maps.DeleteFunc(p.Variables, func(name, _ string) bool { return slices.Contains(compilerVariables, name) })
	return p, "the build has no compilers: " + why, nil
}

// setupPhase is the name that every provider gives the phase that installs packages.
const setupPhase = "setup"
