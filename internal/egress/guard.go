// Package egress is the one door by which a job gives anything to others. It knows the secret values that the job holds, also those that
// its event may not use, and lets nothing pass that holds one of them: no plan, comment, summary, output, annotation, report, image
// configuration, label, attestation or child pipeline. In the log, a value is replaced.
//
// The wrappers of this package stand in front of what writes, so that who is given a wrapper has no way around it.
package egress

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/secret"
)

// A Value is a secret of a job. Kind says in words what it is, and may be shown.
type Value struct{ Kind, Text string }

// A Guard knows the values of a job. It may be used by several goroutines. A nil guard knows none.
type Guard struct {
	scanner *secret.Scanner // nil without values

	mu    sync.Mutex
	leaks []secret.Leak
}

// New makes a guard. A value under [secret.MinLength] bytes is left out, as it would be found in text that has nothing to do with it. Of
// equal values, the first counts.
func New(values []Value) *Guard {
	kinds := map[string]string{}
	var known []string
	for _, v := range values {
		text := strings.TrimSpace(v.Text)
		if len(text) < secret.MinLength || slices.Contains(known, text) {
			continue
		}
		known = append(known, text)
		kind := v.Kind
		for n := 2; kinds[kind] != ""; n++ {
			kind = fmt.Sprintf("%s (%d)", v.Kind, n)
		}
		kinds[kind] = text
	}
	if len(kinds) == 0 {
		return &Guard{}
	}
	return &Guard{scanner: secret.NewScanner(kinds)}
}

// Guards reports whether there are values to look for.
func (g *Guard) Guards() bool { return g != nil && g.scanner != nil }

// Err is a [secret.LeakError] about all that was found and refused so far, nil if that is nothing. A job with such an error has failed,
// whatever became of the single refusals.
func (g *Guard) Err() error {
	if g == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return leakError(g.leaks)
}

// refuse remembers leaks.
func (g *Guard) refuse(leaks []secret.Leak) error {
	if len(leaks) == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, l := range leaks {
		if !slices.Contains(g.leaks, l) {
			g.leaks = append(g.leaks, l)
		}
	}
	return leakError(leaks)
}

func leakError(leaks []secret.Leak) error {
	if len(leaks) == 0 {
		return nil
	}
	return &secret.LeakError{Leaks: slices.Clone(leaks)}
}

// Check refuses a text that others will see as place, such as "the plan". In JSON, the error names the path.
func (g *Guard) Check(place, text string) error {
	if !g.Guards() {
		return nil
	}
	place = g.scanner.Hide(place) // a name that the repository chose may be a part of it
	leaks := g.scanner.Document(place, []byte(text))
	if len(leaks) == 0 {
		if plain := withoutMarkup(text); plain != text {
			leaks = g.scanner.Document(place, []byte(plain))
		}
	}
	return g.refuse(leaks)
}

// Layouts refuses OCI layouts, see [secret.Scanner.Layouts].
func (g *Guard) Layouts(ctx context.Context, dirs []string, isBase func(diffID string) bool) error {
	if !g.Guards() {
		return nil
	}
	leaks, err := g.scanner.Layouts(ctx, dirs, isBase)
	if err != nil {
		return err
	}
	return g.refuse(leaks)
}

// Hide puts [secret.Mark] in place of all values. It is for what a build says, which goes on.
func (g *Guard) Hide(text string) string {
	if !g.Guards() {
		return text
	}
	return g.scanner.Hide(text)
}

// HideError hides the values in the text of an error, which is as before to errors.Is and errors.As.
func (g *Guard) HideError(err error) error {
	if err == nil || g.Hide(err.Error()) == err.Error() {
		return err
	}
	return &hiddenError{g.Hide(err.Error()), err}
}

type hiddenError struct {
	text string
	err  error
}

func (e *hiddenError) Error() string { return e.text }

func (e *hiddenError) Unwrap() error { return e.err }

// Writer hides the values in each text that is written at once.
func (g *Guard) Writer(w io.Writer) io.Writer {
	if !g.Guards() {
		return w
	}
	return hidingWriter{g, w}
}

type hidingWriter struct {
	guard *Guard
	w     io.Writer
}

// Write implements [io.Writer].
func (h hidingWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(h.w, h.guard.Hide(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
