package rules

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// setuptoolsFiles gives `pip install .` the whole app where pyproject.toml alone cannot be built, for example
// because it names a readme (specification 3.18; issue 514 of Nixpacks). Where it can be built, the
// restriction stays: with the sources there, setuptools refuses an app of several top-level packages.
var setuptoolsFiles = Rule{Name: "setuptools-files", Since: "2026.11", Apply: applySetuptoolsFiles}

// setuptoolsShown is what Nixpacks shows the command.
var setuptoolsShown = []string{"pyproject.toml"}

func applySetuptoolsFiles(s Subject) (plan.Plan, string, error) {
	shown := s.Plan.Phases[installPhase].OnlyIncludeFiles
	if s.Provider != "python" || s.InstallFiles == nil || s.UserInstall || !slices.Equal(shown, setuptoolsShown) {
		return s.Plan, "", nil
	}
	_, blocker, err := s.InstallFiles()
	if err != nil || blocker == "" {
		return s.Plan, "", err
	}
	return withInstallFiles(s.Plan, nil), wholeApp(blocker), nil
}
