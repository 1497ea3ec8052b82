package plan

import (
	"bytes"
	"errors"
	"slices"
	"unicode/utf8"
)

// A kind is what a value is, in words for people that fit both formats.
type kind string

const (
	kindNull   kind = "null"
	kindBool   kind = "a boolean"
	kindNumber kind = "a number"
	kindDate   kind = "a date"
	kindString kind = "a string"
	kindList   kind = "a list"
	kindMap    kind = "a map"
)

// A node is a value of a document, of either format.
type node struct {
	kind    kind
	at      int // byte offset
	text    string
	items   []*node
	members []member // in the order of the document

	// Only while reading TOML.
	origin origin
	index  map[string]*node // the members by name
}

// A member is an entry of a map.
type member struct {
	key   string
	at    int // byte offset of the key
	value *node
}

// maxDepth is how deep values may nest. Nixpacks' parser has the same limit for JSON; a plan needs 5.
const maxDepth = 128

var errDepth = errors.New("nested too deeply")

// A document is normalised text whose offsets it translates.
type document struct {
	data  []byte
	lines []int // offset of each line's first byte
}

// newDocument turns CRLF into LF and refuses text that is not UTF-8.
func newDocument(data []byte) (*document, error) {
	d := &document{data: bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), lines: []int{0}}
	for i, c := range d.data {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if !utf8.Valid(d.data) {
		return nil, d.fail(invalidOffset(d.data), "", errors.New("invalid UTF-8"), "save the file as UTF-8")
	}
	return d, nil
}

func invalidOffset(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// position gives the line and the column in bytes of an offset, both counted from 1.
func (d *document) position(offset int) (line, column int) {
	line, found := slices.BinarySearch(d.lines, offset)
	if found {
		return line + 1, 1
	}
	return line, offset - d.lines[line-1] + 1
}

func (d *document) fail(offset int, key string, err error, hint string) *SyntaxError {
	line, column := d.position(offset)
	return &SyntaxError{Line: line, Column: column, Key: key, Err: err, Hint: hint}
}
