package ci

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A marker closes what a CI system folds in its log, and opens the next group unless its title is "".
type marker interface{ next(title string) }

// logWriter groups a build's log by phase, line by line, and disarms it: what steps print is foreign text, and CI systems take commands
// from it. BuildKit begins each line with the number of its step, and the first one of a step with its name, which package lower begins with
// the phase in brackets.
type logWriter struct {
	out    io.Writer
	marker marker

	mu      sync.Mutex // progress and messages come side by side
	pending []byte
	phases  map[string]string // by the number of a step
	group   string            // that is open, "" for none
	err     error
}

// maxPending bounds a line, in bytes.
const maxPending = 64 << 10

var (
	logged = lazyregexp.New(`^#(\d+) (.*)`)
	output = lazyregexp.New(`^\d+\.\d+( |$)`) // what a step prints comes behind the seconds since it started
	titled = lazyregexp.New(`^\[([^\]]+)\] `)
	colour = lazyregexp.New(`\x1b\[[0-9;]*m`)
)

// builderGroup is the title of what BuildKit does of its own accord, and of what is done around the phases.
const builderGroup = "builder"

var around = []string{"base", "context", "variables", "profile", "package cache", "start"}

// Write implements [io.Writer].
func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, p...)
	for w.err == nil {
		i := bytes.IndexByte(w.pending, '\n')
		if i < 0 && len(w.pending) < maxPending {
			break
		}
		if i < 0 {
			i = len(w.pending) - 1
		}
		w.line(string(w.pending[:i]))
		w.pending = w.pending[i+1:]
	}
	return len(p), w.err
}

// end writes the rest, and closes the last group.
func (w *logWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.pending) > 0 {
		w.line(string(w.pending))
		w.pending = nil
	}
	w.enter("")
}

func (w *logWriter) line(text string) {
	m := logged.FindStringSubmatch(text)
	if m == nil {
		if strings.TrimSpace(text) == "" {
			return // BuildKit parts steps by blank lines
		}
		w.enter("")
		w.print(text)
		return
	}
	if _, known := w.phases[m[1]]; !known && !output.MatchString(m[2]) {
		phase := builderGroup
		if t := titled.FindStringSubmatch(m[2]); t != nil && !slices.Contains(around, t[1]) {
			phase = t[1]
		}
		w.phases[m[1]] = phase
	}
	if phase := w.phases[m[1]]; phase != "" {
		w.enter(phase)
	}
	w.print(text)
}

func (w *logWriter) enter(group string) {
	if group == w.group {
		return
	}
	w.group = group
	w.marker.next(disarm(group))
}

func (w *logWriter) print(text string) {
	if _, err := io.WriteString(w.out, disarm(text)+"\n"); err != nil && w.err == nil {
		w.err = err
	}
}

// disarm takes from a line what a terminal or a CI system would obey, and leaves its colours. A runner of GitHub reads a line at a
// carriage return too, takes "::" for a command behind blanks of any kind, and "##[" anywhere.
func disarm(text string) string {
	var b strings.Builder
	for text != "" {
		at := colour.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		b.WriteString(strings.Map(visible, text[:at[0]]))
		b.WriteString(text[at[0]:at[1]])
		text = text[at[1]:]
	}
	line := strings.ReplaceAll(b.String(), "##[", "## [")
	if strings.HasPrefix(strings.TrimLeftFunc(colour.ReplaceAllString(line, ""), blank), "::") {
		line = "| " + line
	}
	return line
}

func visible(r rune) rune {
	switch {
	case r == '\t':
		return r
	case r == '\r', r == '\n', r == '\u2028', r == '\u2029', r == '\u0085':
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return -1
	}
	return r
}

func blank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
