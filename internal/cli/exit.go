package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/source"
)

// The exit statuses.
const (
	statusOK      = 0  // done
	statusApp     = 1  // the repository cannot be planned or built
	statusUsage   = 2  // wrong usage or configuration
	statusNothing = 3  // no provider matched
	statusWorld   = 75 // the registry, the builder or the forge did not do its part: a retry may help
)

// A failure is an error with the exit status that it means and what the user may do.
type failure struct {
	status int
	err    error
	hint   string // one sentence, or ""
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// usage is a failure of status 2.
func usage(hint, format string, args ...any) error {
	return &failure{statusUsage, fmt.Errorf(format, args...), hint}
}

// choice refuses a value of an option that is none of its words, of which there are at least two.
func choice(option, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	last := len(words) - 1
	return usage("use "+strings.Join(words[:last], ", ")+" or "+words[last], "reading --%s: unknown value %q", option, value)
}

// status is the exit status that an error means.
func status(err error) int {
	var f *failure
	var mistake *config.Error
	var built *graph.Error
	var own interface{ ExitStatus() int } // registry and builder say themselves
	switch {
	case err == nil, closedPipe(err):
		return statusOK
	case errors.As(err, &f):
		return f.status
	case errors.As(err, &mistake), errors.As(err, &built) && isOption(built.Key):
		return statusUsage
	case errors.As(err, &own):
		return own.ExitStatus()
	}
	return statusApp
}

// isOption reports whether a key of the graph's errors is an option of the build and not part of the plan.
func isOption(key string) bool { return key == "cache-key" || strings.HasPrefix(key, "nix-") }

// closedPipe reports whether the reader of our output went away, as head does once it has enough.
func closedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// message splits an error into what is wrong and what to do.
func message(err error) (text, hint string) {
	text = failureText(err)
	var f *failure
	var mistake *config.Error
	var file *source.Error
	switch {
	case errors.As(err, &f) && f.hint != "":
		hint = f.hint
	case errors.As(err, &mistake):
		hint = mistake.Hint
	case errors.As(err, &file):
		hint = file.Hint
	}
	return strings.TrimSuffix(text, "; "+hint), hint
}

// fail prints an error, once, as the last thing that the program says.
func (p *program) fail(err error) {
	text, hint := message(err)
	label := "error:"
	if p.color() {
		label = "\x1b[31merror:\x1b[0m"
	}
	fmt.Fprintf(p.Stderr, "%s %s\n", label, harmless(text))
	if hint != "" {
		fmt.Fprintf(p.Stderr, "hint: %s\n", harmless(hint))
	}
}

// say prints a line such as "warning: ..." for the user, apart from the output.
func (p *program) say(kind, text string) {
	fmt.Fprintf(p.Stderr, "%s: %s\n", kind, harmless(text))
}

// harmless replaces what a repository could put into a message to steer a terminal or a CI system, which both
// GitHub and GitLab let a line do by how it begins.
func harmless(text string) string {
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.TrimRight(text, "\n"))
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  | "), "##[", "## [") // which GitHub obeys anywhere in a line
}
