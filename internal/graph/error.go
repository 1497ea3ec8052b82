package graph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/org/npx-action/internal/nix"
)

// An Error is a part of a plan that cannot be built, or that would make a wrong image.
type Error struct {
	Phase   string // "" if the key is not a phase's
	Key     string // such as onlyIncludeFiles or start.cmd
	Problem string // with the value, quoted
	Hint    string // what to do about it
}

// Error names the phase and the key.
func (e *Error) Error() string {
	at := e.Key
	if e.Phase != "" {
		at = fmt.Sprintf("phase %s, %s", e.Phase, e.Key)
	}
	return fmt.Sprintf("checking the plan: %s: %s; %s", at, e.Problem, e.Hint)
}

// ExitStatus is 2 if the key is an option of the build, and 1 if it is a part of the plan.
func (e *Error) ExitStatus() int {
	if e.Key == "cache-key" || strings.HasPrefix(e.Key, "nix-") {
		return 2
	}
	return 1
}

// fromNix turns an error of package nix into one of this package.
func fromNix(err error) error {
	var n *nix.Error
	if errors.As(err, &n) {
		return &Error{n.Phase, n.Key, n.Problem, n.Hint}
	}
	return err
}

// at says where a value stands in the plan.
type at struct{ phase, key string }

func (a at) err(hint, format string, args ...any) error {
	return &Error{a.phase, a.key, fmt.Sprintf(format, args...), hint}
}

// quoted returns a list of words for a message.
func quoted(words []string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(q, ", ")
}
