package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// venvFix makes the virtual environment in a phase of its own, which sees no file. No dependency changes it, so that a cache has it. Python installs
// pip there: 3.3 of the 13.6 s that 48 packages took on two cores.
func venvFix(install plan.Phase) []Fix {
	if len(install.Cmds) == 0 || !strings.HasPrefix(install.Cmds[0], pythonMakesVenv+" && ") {
		return nil
	}
	return []Fix{{Rule: "python-venv", Why: "the virtual environment is made once, and not for each dependency",
		Over: plan.Plan{Phases: map[string]plan.Phase{
			pythonVenvPhase: {DependsOn: []string{"setup"}, Cmds: []string{pythonMakesVenv}, OnlyIncludeFiles: []string{}},
			"install":       {DependsOn: append(slices.Clone(install.DependsOn), pythonVenvPhase)},
		}}}}
}
