package builder

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/grpc/status"

	"github.com/org/npx-action/internal/lazyregexp"
)

// SetupError says what this machine or the configuration lacks. Hint says what to do.
type SetupError struct {
	Problem string
	Hint    string
	Status  int // exit status, 1, 2 or 75; 0 is 75
	Log     []string
}

// Error gives the problem, what the daemon wrote last, and the hint.
func (e *SetupError) Error() string {
	return e.Problem + withLog(e.Log) + hint(e.Hint)
}

// Advice is the hint.
func (e *SetupError) Advice() string { return e.Hint }

// ExitStatus is 75 if the machine lacks something, 2 if the configuration is wrong, 1 if the plan asks for more than the builder can do.
func (e *SetupError) ExitStatus() int { return cmp.Or(e.Status, 75) }

// UnreachableError says that the daemon does not answer, or stopped answering.
type UnreachableError struct {
	Address  string
	Embedded bool     // we started it
	Log      []string // the last lines that it wrote, if it is ours
	Err      error
}

// Error names the address and what the daemon wrote last.
func (e *UnreachableError) Error() string {
	if e.Embedded {
		return fmt.Sprintf("connecting to the builder that was started: %v%s", e.Err, withLog(e.Log))
	}
	return fmt.Sprintf("connecting to the builder at %s: %v; check that it runs and that this machine may reach it", e.Address, e.Err)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// ExitStatus is 75.
func (*UnreachableError) ExitStatus() int { return 75 }

// StepError says that a step of the build failed. Name, Command and Tail hold text from the repository and from what it ran.
type StepError struct {
	Name     string
	Command  string   // "" if the step runs none
	ExitCode int      // of the command, 0 if it did not end by itself
	Tail     []string // the last lines of its output, at most 20
	Err      error
}

// Error names the step and how it ended, without its output.
func (e *StepError) Error() string {
	if e.ExitCode != 0 {
		return fmt.Sprintf("running %q: exit status %d", e.Name, e.ExitCode)
	}
	return fmt.Sprintf("running %q: %v", e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// temporary is the exit status of a command that may succeed when it is run again (EX_TEMPFAIL of sysexits.h).
const temporary = 75

// noCommand is the exit status of a shell that finds no program of a name (POSIX).
const noCommand = 127

// ExitStatus is 1, but 75 if that is what the command says of itself.
func (e *StepError) ExitStatus() int {
	if e.ExitCode == temporary {
		return temporary
	}
	return 1
}

// notFound is how Bash and sh say that there is no program of a name.
var notFound = lazyregexp.New(`(?:^|: )([A-Za-z0-9_.+-]+): (?:command )?not found$`)

// Missing is the program that the command did not find, "" if that is not why it failed.
func (e *StepError) Missing() string {
	if e.ExitCode != noCommand {
		return ""
	}
	for _, line := range slices.Backward(e.Tail) {
		if m := notFound.FindStringSubmatch(strings.TrimSpace(colours.ReplaceAllString(line, ""))); m != nil {
			return m[1]
		}
	}
	return ""
}

// Advice says where a program comes from that is missing.
func (e *StepError) Advice() string {
	program := e.Missing()
	if program == "" {
		return ""
	}
	return "add " + program + ` to the app's dependencies, or its Debian package below [phases.setup], as in aptPkgs = ["...", "` + program + `"]`
}

// colours are what a program writes to have text in colour.
var colours = lazyregexp.New(`\x1b\[[0-9;]*m`)

// Output is the end of what the command wrote, without colours, in at most 20 lines.
func (e *StepError) Output() string { return colours.ReplaceAllString(strings.Join(e.Tail, "\n"), "") }

// RegistryError says that the daemon could not pull or push.
type RegistryError struct {
	Action   string // "pulling", "pushing" or "exporting the cache to"
	Ref      string // "" if the daemon does not tell
	Denied   bool   // 401, 403: trying again does not help
	NotFound bool
	// Untrusted says that the registry's certificate is not signed by anybody that the daemon trusts: see Options.CustomCA.
	Untrusted bool
	// Immutable says that the tag is another image already, and that the registry lets no tag be overwritten.
	Immutable bool
	Err       error
}

// Error names the reference and, if access was refused, the right that is missing.
func (e *RegistryError) Error() string {
	text := e.Action
	if e.Ref != "" {
		text += " " + e.Ref
	}
	text = fmt.Sprintf("%s: %v", text, e.Err)
	switch {
	case e.Untrusted:
		return text + "; give the certificate of its CA to the builder"
	case e.Immutable:
		return text + "; its tags cannot be overwritten: give the image another tag"
	case e.Denied && e.Action == "pulling":
		return text + "; the credentials for this registry, if any, do not allow to read it"
	case e.Denied:
		return text + "; the credentials for this registry, if any, do not allow to write there"
	}
	return text
}

// Unwrap returns the cause.
func (e *RegistryError) Unwrap() error { return e.Err }

// ExitStatus is 1 if the registry refused, keeps its tags, is not trusted or does not know the image, else 75.
func (e *RegistryError) ExitStatus() int {
	if e.Denied || e.Immutable || e.NotFound || e.Untrusted {
		return 1
	}
	return 75
}

// EngineError says that a Docker engine did not do what it was asked.
type EngineError struct {
	Action  string // such as "starting a builder with"; "" is "loading the image into"
	Host    string
	Refused bool // it answered with an error
	Err     error
}

// Error names the engine and what it was to do.
func (e *EngineError) Error() string {
	return fmt.Sprintf("%s the engine at %s: %v", cmp.Or(e.Action, "loading the image into"), e.Host, e.Err)
}

// Unwrap returns the cause.
func (e *EngineError) Unwrap() error { return e.Err }

// ExitStatus is 1 if the engine refused, 75 if it could not be reached.
func (e *EngineError) ExitStatus() int {
	if e.Refused {
		return 1
	}
	return 75
}

func hint(s string) string {
	if s == "" {
		return ""
	}
	return "; " + s
}

func withLog(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "\n  " + strings.Join(lines, "\n  ")
}

var urls = lazyregexp.New(`https?://[^\s"']+`)

// brief is an error of the daemon without gRPC's frame, and without the users and queries of URLs, which may be credentials.
func brief(err error) error {
	text := err.Error()
	if s, ok := status.FromError(err); ok && s.Message() != "" {
		text = s.Message()
	}
	text = strings.TrimPrefix(text, "failed to solve: ")
	clean := urls.ReplaceAllStringFunc(text, func(s string) string {
		end := strings.TrimRight(s, ":,;.)")
		u, err := url.Parse(end)
		if err != nil {
			return "URL"
		}
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String() + s[len(end):]
	})
	return errors.New(clean)
}
