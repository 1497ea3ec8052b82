package builder

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A FullError says that the disk of the builder is full. It wraps what failed for that.
type FullError struct{ Err error }

// Error says so before the cause.
func (e *FullError) Error() string {
	return fmt.Sprintf("the builder's disk is full: %v; make room there, or keep its state on a larger disk with --builder-dir", e.Err)
}

// Unwrap returns the cause.
func (e *FullError) Unwrap() error { return e.Err }

// ExitStatus is 75: another builder may have room.
func (*FullError) ExitStatus() int { return 75 }

// noSpace is what the kernel calls it, in any case of letters.
const noSpace = "no space left on device"

// whenFull wraps an error that comes of a full disk: of the daemon, or of a step that says so before it fails.
func whenFull(err error) error {
	full := says(err.Error(), noSpace)
	if step, ok := errors.AsType[*StepError](err); ok && !full {
		full = slices.ContainsFunc(step.Tail, func(line string) bool { return strings.Contains(strings.ToLower(line), noSpace) })
	}
	if full {
		return &FullError{err}
	}
	return err
}
