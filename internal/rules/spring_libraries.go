package rules

import "github.com/org/npx-action/internal/plan"

// springLibraries has a slim image hold the libraries of Spring Boot beside the jar. A build of the user's own may make another jar, so the rule then
// changes nothing.
var springLibraries = Rule{Name: "spring-libraries", Since: "2026.12", Apply: func(s Subject) (plan.Plan, string, error) {
	if s.UserCommands || !s.Plan.Slim() {
		return s.Plan, "", nil
	}
	return fix("spring-libraries").Apply(s)
}}
