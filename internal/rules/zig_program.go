package rules

import (
	"github.com/org/npx-action/internal/plan"
)

// zigProgram starts the program that build.zig names, or the only one that was built. Nixpacks starts one that is named
// like the directory of the checkout, which differs from machine to machine (specification 6.1, item 11).
var zigProgram = Rule{Name: "zig-program", Since: "2026.11", Apply: applyZigProgram}

func applyZigProgram(s Subject) (plan.Plan, string, error) {
	if s.Provider != "zig" || s.Plan.Start == nil {
		return s.Plan, "", nil
	}
	p := s.Plan.Clone()
	if s.Program == "" {
		p.Start.Cmd = new("./zig-out/bin/*")
		return p, "build.zig does not say what the program is called, so what lies in zig-out/bin is started", nil
	}
	p.Start.Cmd = new("./zig-out/bin/" + s.Program)
	return p, "build.zig names the program " + s.Program, nil
}
