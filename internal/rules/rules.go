// Package rules holds the deliberate differences from Nixpacks: what an edition newer than 1.39 makes of a
// provider's plan.
//
// Rules run after the providers and before the user's layers, so that a user always wins. To add one, write
// its file and add its line to the list in this one.
package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/org/npx-action/internal/plan"
)

// A Subject is what one provider said, before its phases are prefixed and merged with others.
type Subject struct {
	Provider string // its name
	Plan     plan.Plan

	// InstallFiles is the provider's answer to what its install phase reads: files in byte order, or in
	// blocker why it may read anything. nil if the provider has no such phase.
	InstallFiles func() (files []string, blocker string, err error)

	// Fixes are what the provider would rather say, by the name of the rule.
	Fixes []Fix

	// Prune is the provider's answer to how the install phase is rid of what only builds, see [providers.Provider.Prune].
	Prune func() (cmd, blocker string, err error)

	// Prebuilt is the provider's answer to why nothing has to be compiled, see [providers.Provider.Prebuilt].
	Prebuilt func() (why, blocker string, err error)

	// BuildOnly are the provider's packages and releases that only build, see [providers.Provider.BuildOnly].
	BuildOnly []string

	// UserInstall tells that the user's own layers set the commands or the files of the install phase.
	UserInstall bool

	// UserCommands tells that the user's own layers set the commands of any phase.
	UserCommands bool
}

// A Fix is a part of a plan that works where that of Nixpacks 1.39 does not.
type Fix struct {
	Rule string
	Over plan.Plan // to merge over the plan
	Why  string    // as in a [Note]
}

// fix returns the fix of a rule.
func (s Subject) fix(rule string) (Fix, bool) {
	i := slices.IndexFunc(s.Fixes, func(f Fix) bool { return f.Rule == rule })
	if i < 0 {
		return Fix{}, false
	}
	return s.Fixes[i], true
}

// A Rule is a named improvement.
type Rule struct {
	Name  string
	Since string // the first edition that has it

	// Apply returns the plan of the subject as it should be, and what it did or why it did not, for the user;
	// "" if there is nothing to say. It depends on nothing but the subject and does not write to it.
	Apply func(Subject) (p plan.Plan, why string, err error)
}

// A Note is what a rule says about a provider's plan.
type Note struct {
	Rule, Provider string
	Text           string // without a full stop

	Added []plan.Fact // of the provider's plan, its phases not yet prefixed
}

// String returns the note as one line.
func (n Note) String() string { return n.Provider + ": " + n.Text + " (rule " + n.Rule + ")" }

// all lists the rules in the order in which they apply.
var all = []Rule{
	installFiles,
	setuptoolsFiles,
	bundlerFiles,
	pubFiles,
	gleamFiles,
	zigProgram,
	rustRelease,
	mavenCache,
	mavenGoals,
	workspaceManager,
	directStart,
	goStrip,
	healthCheck,
	scriptDependencies,
	pythonStart,
	pythonBytecode,
	pythonVenv,
	wheels,
	javaRuntime,
	slimRuntime,
	unprivilegedUser,
	pruneDev,
	springLibraries,
}

// Names lists the rules of the newest edition in the order in which they apply.
func Names() []string {
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
	}
	return names
}

// Apply returns the plan of s under an edition, and what its rules have to say, in their order.
func Apply(edition Edition, s Subject) (plan.Plan, []Note, error) {
	return apply(all, edition, s)
}

func apply(list []Rule, edition Edition, s Subject) (plan.Plan, []Note, error) {
	var notes []Note
	for _, r := range list {
		if !edition.Has(r.Since) {
			continue
		}
		p, why, err := r.Apply(s)
		if err != nil {
			return plan.Plan{}, nil, fmt.Errorf("applying rule %s to %s: %w", r.Name, s.Provider, err)
		}
		if why != "" {
			notes = append(notes, Note{Rule: r.Name, Provider: s.Provider, Text: why, Added: addedFacts(s.Plan, p)})
		}
		s.Plan = p
	}
	return s.Plan, notes, nil
}

// addedFacts lists the facts that only the new plan has.
func addedFacts(before, after plan.Plan) []plan.Fact {
	old := plan.Facts(before)
	return slices.DeleteFunc(plan.Facts(after), func(f plan.Fact) bool { return slices.Contains(old, f) })
}

// withInstallFiles returns p with another onlyIncludeFiles in its install phase; nil is the whole app.
func withInstallFiles(p plan.Plan, files []string) plan.Plan {
	p.Phases = maps.Clone(p.Phases)
	install := p.Phases[installPhase]
	install.OnlyIncludeFiles = files
	p.Phases[installPhase] = install
	return p
}

// installPhase is the name that every provider gives it.
const installPhase = "install"
