// Package fault says what an error means to the person who runs the program: an exit status, a text and a hint.
//
// A package whose errors mean more than that the app cannot be built gives them the methods ExitStatus, and Advice where there is one thing to do.
package fault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"syscall"
)

// The exit statuses.
const (
	OK      = 0  // done
	App     = 1  // the repository cannot be planned or built
	Misuse  = 2  // wrong usage or configuration
	Nothing = 3  // no provider matched
	World   = 75 // the registry, the builder or the forge did not do its part: a retry may help
)

// An Error is an error with the exit status that it means and what the user may do.
type Error struct {
	Status int
	Err    error
	Hint   string // one sentence, or ""
}

// Error is the text of the cause.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ExitStatus is what the error says.
func (e *Error) ExitStatus() int { return e.Status }

// Advice is the hint.
func (e *Error) Advice() string { return e.Hint }

// New is an error of this status; hint may be "".
func New(status int, err error, hint string) *Error { return &Error{status, err, hint} }

// Usage is an error of status 2.
func Usage(hint, format string, args ...any) error {
	return New(Misuse, fmt.Errorf(format, args...), hint)
}

// Choice refuses a value of an option that is none of its words, of which there are at least two.
func Choice(option, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	last := len(words) - 1
	return Usage("use "+strings.Join(words[:last], ", ")+" or "+words[last], "reading --%s: unknown value %q", option, value)
}

// Status is the exit status that an error means.
func Status(err error) int {
	if err == nil || ClosedPipe(err) {
		return OK
	}
	var own interface{ ExitStatus() int }
	if errors.As(err, &own) {
		return own.ExitStatus()
	}
	return App
}

// ClosedPipe reports whether the reader of our output went away, as head does once it has enough.
func ClosedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// Message splits an error into its text, which may have several lines, and the hint, "" if there is none.
func Message(err error) (text, hint string) {
	hint = advice(err)
	return strings.TrimSuffix(Text(err), "; "+hint), hint
}

// Text is the error, and of a failed step the end of its output.
func Text(err error) string {
	var step interface{ Output() string }
	if errors.As(err, &step) && step.Output() != "" {
		return err.Error() + "\n\n" + step.Output()
	}
	return err.Error()
}

// advice is the first hint among an error and its causes.
func advice(err error) string {
	if own, ok := err.(interface{ Advice() string }); ok && own.Advice() != "" { // the causes follow
		return own.Advice()
	}
	switch e := err.(type) { //nolint:errorlint // the causes follow, one by one
	case interface{ Unwrap() error }:
		if cause := e.Unwrap(); cause != nil {
			return advice(cause)
		}
	case interface{ Unwrap() []error }:
		for _, cause := range e.Unwrap() {
			if hint := advice(cause); hint != "" {
				return hint
			}
		}
	}
	return ""
}

// WithoutPath drops the path that the caller names already.
func WithoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
