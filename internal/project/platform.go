package project

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/planner"
)

// A Platform is what an image is made for, such as linux/amd64.
type Platform struct {
	Name  string
	More  []string // further ones, of a build for several
	given bool
}

// Set takes one or more, separated by commas, if images can be made for them.
func (f *Platform) Set(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		if _, err := planner.NixArch(name); err != nil {
			return err
		}
		switch {
		case !f.given:
			f.Name, f.given = name, true
		case name != f.Name && !slices.Contains(f.More, name):
			f.More = append(f.More, name)
		}
	}
	return nil
}

// String is the value.
func (f *Platform) String() string { return strings.Join(append([]string{f.Name}, f.More...), ",") }

// Type is what the help shows for the value.
func (f *Platform) Type() string { return "platform" }

// Alone finds several platforms where one is wanted.
func (f *Platform) Alone(what string) error {
	if len(f.More) > 0 {
		return fault.Usage("give one of them", "--platform is given as %s, and %s is for one at a time", f, what)
	}
	return nil
}

// All are the platforms, the first one first.
func (f *Platform) All() []string { return append([]string{f.Name}, f.More...) }
