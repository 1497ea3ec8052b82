package rules

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// pythonVenv makes the virtual environment of Python in a phase of its own. The install then does not begin with the command of that phase. Where the
// user's own install makes it, the rule changes nothing.
var pythonVenv = Rule{Name: "python-venv", Since: "2026.12", Apply: func(s Subject) (plan.Plan, string, error) {
	f, ok := s.fix("python-venv")
	if !ok || s.UserInstall {
		return s.Plan, "", nil
	}
	p, why, err := fix("python-venv").Apply(s)
	install := p.Phases[installPhase]
	install.Cmds = slices.Clone(install.Cmds)
	for _, phase := range plan.Sorted(f.Over.Phases) {
		for _, cmd := range phase.Cmds {
			install.Cmds[0] = strings.TrimPrefix(install.Cmds[0], cmd+" && ")
		}
	}
	p.Phases[installPhase] = install
	return p, why, err
}}
