package rules

import "github.com/org/npx-action/internal/plan"

// gleamFiles gives `gleam deps download` the whole app if it has packages of its own; Nixpacks shows it gleam.toml and
// manifest.toml alone (nixpacks-1.39.md 3.8).
var gleamFiles = Rule{Name: "gleam-files", Since: "2026.12", Apply: applyGleamFiles}

func applyGleamFiles(s Subject) (plan.Plan, string, error) {
	if s.Provider != "gleam" {
		return s.Plan, "", nil
	}
	return showAll(s, "gleam.toml", "manifest.toml")
}
