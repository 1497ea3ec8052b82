package rules

import "github.com/org/npx-action/internal/plan"

var (
	// zigProgram starts the program that the build makes, where Nixpacks starts one that is named like the directory of
	// the checkout (nixpacks-1.39.md 6.1, item 11).
	zigProgram = fix("zig-program")

	// rustRelease asks for a release of Rust by three numbers, which are all that the overlay knows.
	rustRelease = fix("rust-release")

	// mavenCache keeps what Maven downloads, where Nixpacks keeps a directory of that name in the app, which stays empty.
	mavenCache = fix("maven-cache")

	// mavenGoals has Maven neither list the dependencies nor copy the jar to its repository.
	mavenGoals = fix("maven-goals")

	// workspaceManager installs by the package manager whose list of workspaces the app has, where Nixpacks installs by npm,
	// which does not read it.
	workspaceManager = fix("workspace-manager")

	// directStart starts the program that a script names, where Nixpacks starts the script by a package manager.
	directStart = fix("direct-start")

	// goStrip leaves the symbol table and the debug information out of programs.
	goStrip = fix("go-strip")

	// healthCheck gives the image the health check that the framework of the app answers.
	healthCheck = fix("health-check")

	// scriptDependencies installs what a Python script names in a comment, where no other file names anything.
	scriptDependencies = fix("script-dependencies")

	// pythonBytecode compiles the packages that uv, Poetry and PDM install.
	pythonBytecode = fix("python-bytecode")

	// pythonStart starts what the Python files of an app make or serve, where Nixpacks goes by their names. Where there is nothing
	// to start, the plan has no start command.
	pythonStart = start("python-start")
)

// start is a rule like those of [fix] that starts what the provider knows to be right, and nothing else.
func start(name string) Rule {
	r := fix(name)
	merge := r.Apply
	r.Apply = func(s Subject) (plan.Plan, string, error) {
		for _, f := range s.Fixes {
			if f.Rule == name {
				s.Plan.Start = nil
			}
		}
		return merge(s)
	}
	return r
}

// fix is a rule that does what a provider knows to be right.
func fix(name string) Rule {
	return Rule{Name: name, Since: "2026.12", Apply: func(s Subject) (plan.Plan, string, error) {
		why := ""
		for _, f := range s.Fixes {
			if f.Rule == name {
				s.Plan, why = plan.Merge(s.Plan, f.Over), f.Why
			}
		}
		return s.Plan, why, nil
	}}
}
