package rules

import "github.com/org/npx-action/internal/plan"

// unprivilegedUser has the program of a slim image run as a user by number who owns no more than what the program writes. The restricted profile of
// Kubernetes refuses other images.
var unprivilegedUser = Rule{Name: "unprivileged-user", Since: "2026.12", Apply: applyUnprivilegedUser}

func applyUnprivilegedUser(s Subject) (plan.Plan, string, error) {
	if !s.Plan.Slim() || s.Plan.Start.User != nil {
		return s.Plan, "", nil
	}
	start := *s.Plan.Start
	start.User = new(plan.Unprivileged)
	why := "the program runs as user " + plan.Unprivileged + ", and writes its home, /tmp and the directories of writable"
	for _, fix := range s.Fixes {
		if fix.Rule == "unprivileged-user" && fix.Over.Start != nil {
			start.Writable = append(start.Writable, fix.Over.Start.Writable...)
			why += ". " + fix.Why
		}
	}
	p := s.Plan
	p.Start = &start
	return p, why, nil
}
