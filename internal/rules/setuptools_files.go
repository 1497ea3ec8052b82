package rules

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// setuptoolsFiles gives `pip install .` what it needs beside pyproject.toml, which is all that Nixpacks shows it:
// files named there such as the readme, or the whole app (nixpacks-1.39.md 3.18; issue 514 of Nixpacks). Where
// nothing is missing the restriction stays: setuptools refuses an app of several top-level packages.
var setuptoolsFiles = Rule{Name: "setuptools-files", Since: "2026.12", Apply: applySetuptoolsFiles}

func applySetuptoolsFiles(s Subject) (plan.Plan, string, error) {
	if s.Provider != "python" {
		return s.Plan, "", nil
	}
	return showAll(s, "pyproject.toml")
}

// showAll shows the install phase all that it reads, where Nixpacks shows it the given files alone.
func showAll(s Subject, shown ...string) (plan.Plan, string, error) {
	if s.InstallFiles == nil || s.UserInstall || !slices.Equal(shown, s.Plan.Phases[installPhase].OnlyIncludeFiles) {
		return s.Plan, "", nil
	}
	files, blocker, err := s.InstallFiles()
	switch {
	case err != nil:
		return plan.Plan{}, "", err
	case blocker != "":
		return withInstallFiles(s.Plan, nil), wholeApp(blocker), nil
	case len(files) == 0 || slices.Equal(files, shown):
		return s.Plan, "", nil
	}
	return withInstallFiles(s.Plan, files), onlySees(files), nil
}
