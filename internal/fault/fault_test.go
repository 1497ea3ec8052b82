package fault_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/fault"
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
		{"usage", fault.Usage("do", "odd"), 2, "do"},
		{"usage without a hint of its own", fault.New(fault.Misuse, &config.Error{File: "x", Err: cause, Hint: "do"}, ""), 2, "do"},
		{"nothing", fault.New(fault.Nothing, cause, "do"), 3, "do"},
		{"world", fmt.Errorf("pushing: %w", fault.New(fault.World, cause, "")), 75, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.Status(tt.err); got != tt.want {
				t.Errorf("got status %d, want %d", got, tt.want)
			}
			if tt.err == nil {
				return
			}
			text, hint := fault.Message(tt.err)
			if hint != tt.hint || tt.hint != "" && strings.Contains(text, tt.hint) {
				t.Errorf("got %q with hint %q, want the hint %q apart", text, hint, tt.hint)
			}
		})
	}
}

func TestMessagesSteerNothing(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                 "plain",
		"two\nlines\n":          "two\n  | lines",
		"a\n::set-output::b":    "a\n  | ::set-output::b",
		"\x1b[31mred\r\x07\t":   "\ufffd[31mred\ufffd\ufffd\t",
		"\u009b31m":             "\ufffd31m",
		"a\u202eb\u2066c\u200f": "abc",
		"a\u2028::error::b":     "a ::error::b",
	} {
		if got := fault.Harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestAFailureOfTheBuilderHasItsAdviceAsTheHint(t *testing.T) {
	if text, hint := fault.Message(fmt.Errorf("building: %w", &builder.NoRouteError{})); text != "building: no builder works here" || !strings.Contains(hint, "npx-action doctor") {
		t.Errorf("text %q, hint %q", text, hint)
	}
	if got := fault.Status(&builder.NoRouteError{}); got != fault.World {
		t.Errorf("status %d", got)
	}
}
