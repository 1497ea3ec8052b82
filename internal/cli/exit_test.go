package cli

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
)

// closedWriter is a standard output whose reader is gone.
type closedWriter struct{}

func (closedWriter) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestClosedOutputIsNoFailure(t *testing.T) {
	for _, args := range [][]string{{"plan"}, {"detect"}, {"version"}} {
		var stderr bytes.Buffer
		got := Main(t.Context(), Process{Args: args, Dir: t.TempDir(), Stdout: closedWriter{}, Stderr: &stderr})
		if got != 0 || strings.Contains(stderr.String(), "error") {
			t.Errorf("%q ends with %d: %s", args, got, &stderr)
		}
	}
}

// fullWriter is a standard output on a full disk.
type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestFailedOutputIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"plan"}, {"detect"}, {"version"}} {
		var stderr bytes.Buffer
		got := Main(t.Context(), Process{Args: args, Dir: t.TempDir(), Stdout: fullWriter{}, Stderr: &stderr})
		if got != 1 || !strings.Contains(stderr.String(), "error: writing the ") {
			t.Errorf("%q ends with %d: %s", args, got, &stderr)
		}
	}
}
