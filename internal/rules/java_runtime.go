package rules

import "github.com/org/npx-action/internal/plan"

// javaRuntime has the image hold a Java runtime in place of the JDK. A command of the user's may look for the JDK, so the rule then changes nothing.
var javaRuntime = Rule{Name: "java-runtime", Since: "2026.12", Apply: func(s Subject) (plan.Plan, string, error) {
	if s.UserCommands {
		return s.Plan, "", nil
	}
	return fix("java-runtime").Apply(s)
}}
