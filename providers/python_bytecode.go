package providers

import (
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// pythonCompile compiles what was installed, on all cores. A package may hold a file that is no Python of this version, which is no fault.
const pythonCompile = " && { python -m compileall -qq -j 0 " + pythonVenv + "/lib || true; }"

// bytecodeFix has a tool that leaves packages without bytecode compile them once. The program's user may not write the bytecode. So each start would
// compile all modules that it loads.
func (t pythonTool) bytecodeFix(install plan.Phase) []Fix {
	if !t.uncompiled || len(install.Cmds) == 0 {
		return nil
	}
	cmds := slices.Clone(install.Cmds)
	cmds[0] += pythonCompile
	return []Fix{{Rule: "python-bytecode", Why: "the packages are compiled once, and not by each start",
		Over: plan.Plan{Phases: map[string]plan.Phase{"install": {Cmds: cmds}}}}}
}
