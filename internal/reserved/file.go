package reserved

import "slices"

// The files that a job leaves in the top of its checkout, from where the CI system and later jobs take them.
const (
	Plan    = "npx-plan.json"    // of the app in the top; other apps have files of [Plans]
	Summary = "npx-plan.md"      // the comment's text
	Dotenv  = "npx.env"          // outputs, for artifacts:reports:dotenv
	Quality = "npx-quality.json" // warnings, for artifacts:reports:codequality
	Apps    = "npx-apps.yml"     // the child pipeline of discover
)

// otherPlans matches the plans of apps elsewhere.
const otherPlans = "npx-plan-*.json"

// A file is a kind of files with an owner, by a glob.
type file struct{ glob, owner string }

var files = []file{
	{Plan, "the plan of the app"},
	{otherPlans, "the plans of other apps"},
	{Summary, "the summary"},
	{Dotenv, "outputs"},
	{Quality, "warnings"},
	{Apps, "the apps that discover finds"},
}

// Plans are globs of the plans.
func Plans() []string { return []string{Plan, otherPlans} }

// Reports are the files besides the plans.
func Reports() []string {
	var list []string
	for _, f := range files {
		if !slices.Contains(Plans(), f.glob) {
			list = append(list, f.glob)
		}
	}
	return list
}
