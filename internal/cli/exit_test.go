package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/source"
)

func TestStatusOfErrors(t *testing.T) {
	cause := errors.New("cause")
	tests := []struct {
		name string
		err  error
		want int
		hint string
	}{
		{"none", nil, 0, ""},
		{"reader went away", fmt.Errorf("writing the plan: %w", &os.PathError{Op: "write", Err: syscall.EPIPE}), 0, ""},
		{"pipe closed", io.ErrClosedPipe, 0, ""},
		{"any", cause, 1, ""},
		{"app", fmt.Errorf("planning: %w", &source.Error{Op: "reading", Name: "x", Err: cause, Hint: "do"}), 1, "do"},
		{"configuration", fmt.Errorf("planning: %w", &config.Error{File: "x", Err: cause, Hint: "do"}), 2, "do"},
		{"usage", usage("do", "odd"), 2, "do"},
		{"usage without a hint of its own", &failure{statusUsage, &config.Error{File: "x", Err: cause, Hint: "do"}, ""}, 2, "do"},
		{"nothing", &failure{statusNothing, cause, "do"}, 3, "do"},
		{"world", fmt.Errorf("pushing: %w", &failure{statusWorld, cause, ""}), 75, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := status(tt.err); got != tt.want {
				t.Errorf("got status %d, want %d", got, tt.want)
			}
			if tt.err == nil {
				return
			}
			text, hint := message(tt.err)
			if hint != tt.hint || tt.hint != "" && strings.Contains(text, tt.hint) {
				t.Errorf("got %q with hint %q, want the hint %q apart", text, hint, tt.hint)
			}
		})
	}
}

func TestMessagesSteerNothing(t *testing.T) {
	for text, want := range map[string]string{
		"plain":               "plain",
		"two\nlines\n":        "two\n  | lines",
		"a\n::set-output::b":  "a\n  | ::set-output::b",
		"\x1b[31mred\r\x07\t": "\ufffd[31mred\ufffd\ufffd\t",
		"\u009b31m":           "\ufffd31m",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

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
