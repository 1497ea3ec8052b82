package planner

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// A release is a version of a runtime and the packages by which plans install it.
type release struct {
	runtime, version string
	ended            string // the last day of security fixes, by its makers: YYYY-MM-DD
	packages         []string
}

// endOfLifeAsOf is the day of the table below. It stands for today, so that a plan has the same warnings every day.
const endOfLifeAsOf = "2026-11-21"

// releases are those whose end is known. A package name may stand with the archive that gives it that version.
// Go is not here: its command downloads the toolchain that go.mod asks for.
var releases = []release{
	{"Node.js", "14", "2023-04-30", []string{"nodejs_14", "nodejs-14_x"}},
	{"Node.js", "16", "2023-09-11", []string{"nodejs_16", "nodejs-16_x"}},
	{"Node.js", "18", "2025-04-30", []string{"nodejs_18", "nodejs-18_x"}},
	{"Node.js", "20", "2026-04-30", []string{"nodejs_20", "nodejs-20_x"}},
	{"Node.js", "22", "2027-04-30", []string{"nodejs_22"}},
	{"Node.js", "23", "2025-06-01", []string{"nodejs_23"}},
	{"Python", "2.7", "2020-01-01", []string{"python27"}},
	{"Python", "3.7", "2023-06-27", []string{"python37"}},
	{"Python", "3.8", "2024-10-07", []string{"python38"}},
	{"Python", "3.9", "2025-10-31", []string{"python39"}},
	{"Python", "3.10", "2026-10-31", []string{"python310"}},
	{"Python", "3.11", "2027-10-31", []string{"python311"}},
	{"PHP", "7.4", "2022-11-28", []string{"php74"}},
	{"PHP", "8.0", "2023-11-26", []string{"php80"}},
	{"PHP", "8.1", "2025-12-31", []string{"php81"}},
	{"PHP", "8.2", "2026-12-31", []string{"php82", "php@e24b4c09e963677b1beea49d411cd315a024ad3a"}},
	{"Ruby", "2.6", "2022-04-12", []string{"ruby_2_6", "rbenv@2.6"}},
	{"Ruby", "2.7", "2023-03-31", []string{"ruby_2_7", "rbenv@2.7"}},
	{"Ruby", "3.0", "2024-04-23", []string{"ruby_3_0", "rbenv@3.0"}},
	{"Ruby", "3.1", "2025-03-26", []string{"ruby_3_1", "rbenv@3.1"}},
	{"Ruby", "3.2", "2026-03-31", []string{"ruby_3_2", "rbenv@3.2"}},
	{".NET", "6", "2024-11-12", []string{"dotnet-sdk", "dotnet-sdk_6"}},
	{".NET", "7", "2024-05-14", []string{"dotnet-sdk_7"}},
	{".NET", "8", "2026-11-10", []string{"dotnet-sdk_8"}},
	{".NET", "9", "2026-11-10", []string{"dotnet-sdk_9"}},
	{"Java", "19", "2023-03-21", []string{"jdk19", "jdk@59dc10b5a6f2a592af36375c68fda41246794b86"}},
	{"Java", "20", "2023-09-19", []string{"jdk20"}},
}

// endOfLife warns about the runtimes of a finished plan that get no security fixes any more.
func endOfLife(p plan.Plan) []string {
	var warnings []string
	for _, phase := range plan.Sorted(p.Phases) {
		for _, name := range installed(phase) {
			i := slices.IndexFunc(releases, func(r release) bool { return slices.Contains(r.packages, name) })
			if i < 0 || releases[i].ended > endOfLifeAsOf {
				continue
			}
			r := releases[i]
			w := fmt.Sprintf("%s %s has had no security fixes since %s; ask for a newer version", r.runtime, r.version, r.ended)
			if !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	return warnings
}

var (
	// A package may be a Nix expression, such as (php83.withExtensions ...).
	nixName      = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]*`)
	rbenvInstall = regexp.MustCompile(`\brbenv install (\d+\.\d+)`)
)

// installed lists the names, as in [releases], of what a phase installs.
func installed(phase plan.Phase) []string {
	var names []string
	for _, pkg := range phase.NixPkgs {
		for _, name := range nixName.FindAllString(pkg, -1) {
			names = append(names, name)
			if phase.NixpkgsArchive != nil {
				names = append(names, name+"@"+*phase.NixpkgsArchive)
			}
		}
	}
	for _, cmd := range phase.Cmds {
		if m := rbenvInstall.FindStringSubmatch(cmd); m != nil {
			names = append(names, "rbenv@"+m[1])
		}
	}
	return names
}
