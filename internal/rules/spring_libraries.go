package rules

import (
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

const buildPhase = "build"

// springLibraries has a slim image hold the libraries of Spring Boot beside the jar. They are unpacked by the command that makes the jar, so that no
// layer of a cache has both. A build of the user's own may make another jar, so the rule then changes nothing.
var springLibraries = Rule{Name: "spring-libraries", Since: "2026.12", Apply: func(s Subject) (plan.Plan, string, error) {
	build := s.Plan.Phases[buildPhase]
	f, ok := s.fix("spring-libraries")
	if !ok || s.UserCommands || !s.Plan.Slim() || len(build.Cmds) == 0 {
		return s.Plan, "", nil
	}
	over := f.Over.Phases[buildPhase]
	build.Layers, build.Cmds = over.Layers, slices.Clone(build.Cmds)
	for _, cmd := range over.Cmds {
		build.Cmds[len(build.Cmds)-1] += " && " + cmd
	}
	s.Plan.Phases = maps.Clone(s.Plan.Phases)
	s.Plan.Phases[buildPhase] = build
	return s.Plan, f.Why, nil
}}
