package egress

import (
	"io"

	"github.com/org/npx-action/internal/ci"
)

// Sink stands in front of what writes the results of a job. It refuses outputs and summaries that hold a value. A message is
// shown without it, and [Guard.Err] fails the job; a log is shown without it.
func (g *Guard) Sink(s ci.Sink) ci.Sink { return &sink{g, s} }

type sink struct {
	guard *Guard
	out   ci.Sink
}

// Output implements [ci.Sink].
func (s *sink) Output(name, value string) error {
	if err := s.guard.Check("the output "+name, value); err != nil {
		return err
	}
	return s.out.Output(name, value)
}

// Summary implements [ci.Sink].
func (s *sink) Summary(markdown string) error {
	if err := s.guard.Check("the summary", markdown); err != nil {
		return err
	}
	return s.out.Summary(markdown)
}

// Mask implements [ci.Sink]. The runner has to be told the value.
func (s *sink) Mask(secret string) { s.out.Mask(secret) }

// Notice implements [ci.Sink].
func (s *sink) Notice(msg string) { s.out.Notice(s.message("a notice", msg)) }

// Warning implements [ci.Sink].
func (s *sink) Warning(msg string) { s.out.Warning(s.message("a warning", msg)) }

// Error implements [ci.Sink].
func (s *sink) Error(msg string) { s.out.Error(s.message("an error message", msg)) }

func (s *sink) message(place, msg string) string {
	if s.guard.Check(place, msg) == nil {
		return msg
	}
	return s.guard.Hide(msg)
}

// Log implements [ci.Sink].
func (s *sink) Log(f func(io.Writer) error) error {
	return s.out.Log(func(w io.Writer) error {
		lines := s.guard.lines(w)
		err := f(lines)
		if cerr := lines.Close(); err == nil {
			err = cerr
		}
		return err
	})
}
