package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// A Reason says what in the app decided one fact of a provider's plan.
type Reason struct {
	// Fact is of the provider's own plan, its phases not yet prefixed. Without a Value it is every value of the
	// field that no other reason is about.
	Fact plan.Fact
	File string // that decided; "" if nothing in the app did and a default holds
	Line int    // from 1; 0 for the whole file
	Why  string // without a full stop, such as `engines.node is ">=20"` or "no version is asked for"
}

// A cause is what decided something that shows in one fact of a plan or in several.
type cause struct {
	file string // "" for a variable or a default
	line int    // from 1; 0 for the whole file
	why  string
}

// byDefault is the cause if nothing in the app or the variables decided.
func byDefault(why string) cause { return cause{why: why} }

// byVariable is the cause if the app's variable NIXPACKS_name decided.
func byVariable(app App, name string) cause {
	value, _ := app.Vars.Config(name)
	return cause{why: fmt.Sprintf("the variable NIXPACKS_%s is %.60q", name, value)}
}

// byFile is the cause if a file as a whole decided, or that there is one.
func byFile(name, why string) cause { return cause{file: name, why: why} }

// byLine is the cause if the first line of a file that contains text decided.
func byLine(app App, name, text, why string) cause {
	return cause{file: name, line: app.Tree.Line(name, text), why: why}
}

// byKey is the cause if the value that the keys lead to in a JSON file decided: engines.node is ">=20".
func byKey(app App, name, value string, keys ...string) cause {
	return cause{file: name, line: app.Tree.LineOf(name, keys...), why: fmt.Sprintf("%s is %.60q", strings.Join(keys, "."), value)}
}

// place is where the cause is, for a warning: a file and a line, else what it says.
func (c cause) place() string {
	switch {
	case c.file == "":
		return c.why
	case c.line == 0:
		return c.file
	}
	return fmt.Sprintf("%s:%d", c.file, c.line)
}

// decided is the reason for a fact of a phase, or of the start, or of the plan itself; value may be "" as in
// [Reason].
func (c cause) decided(phase, field, value string) Reason {
	return Reason{Fact: plan.Fact{Phase: phase, Field: field, Value: value}, File: c.file, Line: c.line, Why: c.why}
}

// noLockfile warns unless the app has one of the lockfiles, of which the first is the usual one.
func noLockfile(app App, names ...string) []string {
	if firstFile(app, names...) != "" {
		return nil
	}
	return []string{fmt.Sprintf("there is no %s, so each build may install other versions; commit one", names[0])}
}

// reasonsOf returns the reasons that are about something that the plan has: a provider may say why a command is as it is
// before it is known whether there is one.
func reasonsOf(p plan.Plan, all []Reason) []Reason {
	facts := plan.Facts(p)
	return slices.DeleteFunc(all, func(r Reason) bool {
		return !slices.ContainsFunc(facts, func(f plan.Fact) bool {
			return f.Phase == r.Fact.Phase && f.Field == r.Fact.Field && (r.Fact.Value == "" || r.Fact.Value == f.Value)
		})
	})
}
