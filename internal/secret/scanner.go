package secret

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A Scanner knows what gives secrets away: their values, also in JSON, base64 of either alphabet, and percent-encoding. It
// may be used by several goroutines.
type Scanner struct {
	names  []string
	all    *matcher
	broken *matcher // base64 that may be broken into lines; nil without any
	hidden replacer
}

// NewScanner makes a scanner for secrets by name, which [Check] has passed. White space at the ends of a value does not count.
func NewScanner(secrets map[string]string) *Scanner {
	s := &Scanner{names: slices.Sorted(maps.Keys(secrets)), all: newMatcher()}
	var values []string
	for i, name := range s.names {
		value := strings.TrimSpace(secrets[name])
		values = append(values, value)
		value = strings.ToValidUTF8(value[:min(len(value), maxPattern)], "")
		for _, text := range plainForms(value) {
			s.all.add(pattern{i, text})
		}
		for _, text := range base64Forms(value) {
			s.all.add(pattern{i, text})
			if len(text) >= wrapped-2 {
				if s.broken == nil {
					s.broken = newMatcher()
				}
				s.broken.add(pattern{i, text})
			}
		}
	}
	s.hidden = newReplacer(values)
	return s
}

// Text returns the names of the secrets that a text gives away, sorted.
func (s *Scanner) Text(text string) []string {
	var names []string
	search := s.search(func(name string) { names = append(names, name) })
	search.write([]byte(text))
	slices.Sort(names)
	return slices.Compact(names)
}

// A search is one stream of data, seen in all views.
type search struct {
	plain   *stream
	escaped *view
	broken  *view // nil if nothing can be
}

func (s *Scanner) search(found func(name string)) *search {
	report := func(i int) { found(s.names[i]) }
	out := &search{
		plain:   &stream{m: s.all, found: report},
		escaped: &view{stream: &stream{m: s.all, found: report}, undo: unescape},
	}
	if s.broken != nil {
		out.broken = &view{stream: &stream{m: s.broken, found: report}, undo: unwrap}
	}
	return out
}

func (s *search) write(p []byte) {
	_, _ = s.plain.Write(p)
	_, _ = s.escaped.Write(p)
	if s.broken != nil {
		_, _ = s.broken.Write(p)
	}
}

// Write implements io.Writer.
func (s *search) Write(p []byte) (int, error) {
	s.write(p)
	return len(p), nil
}

// A Leak is a secret and where it was found. The place holds no value.
type Leak struct{ Secret, Place string }

// A LeakError says that what was built holds secrets.
type LeakError struct{ Leaks []Leak }

// shownLeaks is how many places an error names.
const shownLeaks = 5

// Error names the secrets and the places.
func (e *LeakError) Error() string {
	var b strings.Builder
	b.WriteString("checking for secrets: ")
	for i, l := range e.Leaks[:min(len(e.Leaks), shownLeaks)] {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s is in %s", l.Secret, l.Place)
	}
	if more := len(e.Leaks) - shownLeaks; more > 0 {
		fmt.Fprintf(&b, "; and in %d more places", more)
	}
	return b.String()
}

// ExitStatus is 1.
func (*LeakError) ExitStatus() int { return 1 }

// Advice is what to do, whatever the value is and wherever it was.
func (*LeakError) Advice() string {
	return "delete what holds it in the command that writes it, or let the command read the variable where it is needed"
}

// mask hides the parts of a place that give a secret away.
func (s *Scanner) mask(place string) string {
	if len(s.Text(place)) == 0 {
		return place
	}
	parts := strings.Split(place, "/")
	for i, part := range parts {
		if len(s.Text(part)) > 0 {
			parts[i] = "***"
		}
	}
	if place = strings.Join(parts, "/"); len(s.Text(place)) > 0 {
		return "***"
	}
	return place
}

// Stream searches all bytes of a file that has a place in what people see as about, such as "the build context".
func (s *Scanner) Stream(about, place string, r io.Reader) ([]Leak, error) {
	f := &finder{scanner: s, prefix: about + ": "}
	_, err := io.Copy(s.search(func(name string) { f.add(name, place) }), r)
	return f.leaks, err
}
