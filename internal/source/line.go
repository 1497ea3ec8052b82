package source

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Line returns the number, from 1, of the first line of a file that contains substr; 0 if there is none or the
// file cannot be read. It is for telling people where to look, not for decisions.
func (t *Tree) Line(name, substr string) int {
	b, err := t.text(name)
	if err != nil {
		return 0
	}
	before, _, found := bytes.Cut(b, []byte(substr))
	if !found {
		return 0
	}
	return 1 + bytes.Count(before, []byte("\n"))
}

// LineOf is [Tree.Line] for the value that the keys lead to in a JSON file, such as "engines", "node".
func (t *Tree) LineOf(name string, keys ...string) int {
	line := 0
	t.lines(name, func(tokens []string, at int) bool {
		if slices.Equal(tokens, keys) {
			line = at
		}
		return line == 0
	})
	return line
}

// LinesIn is [Tree.LineOf] for all values of the object that the keys lead to, by their own keys: one look at the file for all.
func (t *Tree) LinesIn(name string, keys ...string) map[string]int {
	lines := map[string]int{}
	t.lines(name, func(tokens []string, at int) bool {
		if n := len(keys); len(tokens) == n+1 && slices.Equal(tokens[:n], keys) && lines[tokens[n]] == 0 {
			lines[tokens[n]] = at
		}
		return true
	})
	return lines
}

// lines calls visit with the keys that lead to each token of a JSON file, and its line, until visit returns false.
func (t *Tree) lines(name string, visit func(tokens []string, line int) bool) {
	read := t.text
	if isJSON5(name) {
		read = t.plainJSON5
	}
	b, err := read(name)
	if err != nil {
		return
	}
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, bom)), jsontext.AllowDuplicateNames(true))
	line, counted := 1, 0
	for {
		if _, err := d.ReadToken(); err != nil {
			return
		}
		at := min(int(d.InputOffset()), len(b))
		line += bytes.Count(b[counted:at], []byte("\n"))
		counted = at
		if !visit(slices.Collect(d.StackPointer().Tokens()), line) {
			return
		}
	}
}
