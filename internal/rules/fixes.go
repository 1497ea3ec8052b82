package rules

import "github.com/org/npx-action/internal/plan"

var (
	// zigProgram starts the program that the build makes, where Nixpacks starts one that is named like the directory of
	// the checkout (specification 6.1, item 11).
	zigProgram = fix("zig-program")

	// rustRelease asks for a release of Rust by three numbers, which are all that the overlay knows.
	rustRelease = fix("rust-release")

	// mavenCache keeps what Maven downloads, where Nixpacks keeps a directory of that name in the app, which stays empty.
	mavenCache = fix("maven-cache")
)

// fix is a rule that does what a provider knows to be right.
func fix(name string) Rule {
	return Rule{Name: name, Since: "2026.11", Apply: func(s Subject) (plan.Plan, string, error) {
		why := ""
		for _, f := range s.Fixes {
			if f.Rule == name {
				s.Plan, why = plan.Merge(s.Plan, f.Over), f.Why
			}
		}
		return s.Plan, why, nil
	}}
}
