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
	b, err := t.text(name)
	if err != nil {
		return 0
	}
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, bom)), jsontext.AllowDuplicateNames(true))
	for {
		if _, err := d.ReadToken(); err != nil {
			return 0
		}
		if slices.Equal(slices.Collect(d.StackPointer().Tokens()), keys) {
			return 1 + bytes.Count(b[:min(d.InputOffset(), int64(len(b)))], []byte("\n"))
		}
	}
}
