package rules

import "github.com/org/npx-action/internal/plan"

// pubFiles gives `dart pub get` the lock beside pubspec.yaml, which is all that Nixpacks shows it, so that each build
// has the same versions; or the whole app if it has packages of its own (nixpacks-1.39.md 3.3).
var pubFiles = Rule{Name: "pub-files", Since: "2026.12", Apply: applyPubFiles}

func applyPubFiles(s Subject) (plan.Plan, string, error) {
	if s.Provider != "dart" {
		return s.Plan, "", nil
	}
	return showAll(s, "pubspec.yaml")
}
