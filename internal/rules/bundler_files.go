package rules

import "github.com/org/npx-action/internal/plan"

// bundlerFiles gives `bundle install` what it needs beside Gemfile and Gemfile.lock, which is all that Nixpacks shows
// it unless they contain the word "local": .ruby-version, or the whole app if the Gemfile reads from it. It names no
// lock that is not there (nixpacks-1.39.md 3.16; 6.1, item 18).
var bundlerFiles = Rule{Name: "bundler-files", Since: "2026.12", Apply: applyBundlerFiles}

func applyBundlerFiles(s Subject) (plan.Plan, string, error) {
	if s.Provider != "ruby" {
		return s.Plan, "", nil
	}
	return showAll(s, "Gemfile", "Gemfile.lock")
}
