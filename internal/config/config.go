// Package config reads what the user says about a plan: the configuration file, the variables, the Procfile and
// the flags. Each is a layer, a [plan.Plan] of which only the given fields are set (nixpacks-1.39.md 1.5 to 1.8).
//
// Several functions take compat139: true keeps what Nixpacks 1.39 does even where it surprises, for that edition;
// false does what the user meant.
package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// An Error is a mistake of the user's in a configuration file or an option.
type Error struct {
	File string // the file or the option, as the user knows it
	Line int    // from 1; 0 if not known
	Key  string // such as phases.install.cmds; "" if not known
	Err  error
	Hint string // one sentence on what to do; may be ""
}

// Error gives file:line: key: cause, without the hint.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Key != "" {
		b.WriteString(": " + e.Key)
	}
	return b.String() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ExitStatus is 2.
func (*Error) ExitStatus() int { return 2 }

// Advice is the hint.
func (e *Error) Advice() string { return e.Hint }

// A Layer is a plan with its origin.
type Layer struct {
	Name     string // of the file or option, "" if there is none
	Plan     plan.Plan
	Warnings []string // one sentence each, such as unknown keys

	// Background is the name of the process of a Procfile that Plan starts though it serves nobody: a worker that takes jobs from a queue. It is ""
	// for any other start, and in 1.39.
	Background string

	// Lines says where the facts of Plan are, for files of the configuration.
	Lines map[plan.Fact]int

	// Settings are what the files of the configuration say of versions, the file of the directory above first. They count in the newest edition.
	Settings []Settings
}

// Settings are what one file says of versions.
type Settings struct {
	plan.Settings

	Name string // of the file
	Err  error  // that they cannot be read; an [*Error]
}

// Unread are warnings of settings that do not count.
func (l Layer) Unread() []string {
	var warnings []string
	for _, s := range l.Settings {
		for _, given := range s.Given {
			warnings = append(warnings, fmt.Sprintf("%s:%s is ignored", s.Name, given))
		}
	}
	return warnings
}

// parse decodes data by the extension of name, toml or json.
func parse(name, extension string, data []byte) (Layer, error) {
	decode, lines, settings := plan.ParseJSON, plan.LinesJSON, plan.SettingsJSON
	if extension == "toml" {
		decode, lines, settings = plan.ParseTOML, plan.LinesTOML, plan.SettingsTOML
	}
	p, warnings, err := decode(data)
	if err != nil {
		return Layer{}, locate(name, err)
	}
	layer := Layer{Name: name, Plan: p, Lines: lines(data)}
	if s, err := settings(data); err != nil || len(s.Given) > 0 {
		layer.Settings = []Settings{{Settings: s, Name: name, Err: locate(name, err)}}
	}
	for _, w := range warnings {
		layer.Warnings = append(layer.Warnings, warning(name, w))
	}
	return layer, nil
}

// locate adds the name of the file to an error of the codec.
func locate(name string, err error) error {
	if err == nil {
		return nil
	}
	var syntax *plan.SyntaxError
	if errors.As(err, &syntax) {
		return &Error{File: name, Line: syntax.Line, Key: syntax.Key, Err: syntax.Err, Hint: syntax.Hint}
	}
	return &Error{File: name, Err: err}
}

// warning says on one line what the codec passed over.
func warning(name string, w plan.Warning) string {
	text := fmt.Sprintf("%s:%d: unknown key %s is ignored", name, w.Line, w.Key)
	if w.Nearest != "" {
		text += ", did you mean " + w.Nearest + "?"
	}
	return text
}
