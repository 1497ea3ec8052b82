package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// yamlBytes bounds YAML, whose parser needs a hundred times the memory of its text.
const yamlBytes = 2 << 20

var bom = []byte("\ufeff")

// JSON decodes a file into v, with the tags of encoding/json. The text is strict JSON; a byte order mark is
// tolerated. Names are matched exactly, unknown ones are skipped, the last of equal names counts; null is
// as if absent; a value of the wrong type is an error.
func (t *Tree) JSON(name string, v any) error {
	b, err := t.text(name)
	if err != nil {
		return err
	}
	return decodeJSON(name, bytes.TrimPrefix(b, bom), v)
}

// JSONC is [Tree.JSON] for a file that may have // and /* */ comments outside of strings.
func (t *Tree) JSONC(name string, v any) error {
	b, err := t.text(name)
	if err != nil {
		return err
	}
	b = bytes.TrimPrefix(b, bom)
	plain, at := stripComments(b)
	if at >= 0 {
		return parseError(name, b, int64(at), "the comment is not closed")
	}
	return decodeJSON(name, plain, v)
}

func decodeJSON(name string, b []byte, v any) error {
	err := json.Unmarshal(b, v, jsontext.AllowDuplicateNames(true))
	if err == nil {
		return nil
	}
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return parseError(name, b, syntax.ByteOffset, strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	case errors.As(err, &semantic):
		return parseError(name, b, valueAt(b, semantic.ByteOffset), semanticText(semantic))
	}
	return &Error{Op: parsing, Name: name, Err: err}
}

// valueAt skips what stands between the end of a token and the next value.
func valueAt(b []byte, offset int64) int64 {
	for offset < int64(len(b)) && strings.IndexByte(" \t\r\n:,", b[offset]) >= 0 {
		offset++
	}
	return offset
}

// semanticText words an error of types. The library's own text is not stable.
func semanticText(e *json.SemanticError) string {
	where := "the value"
	if p := string(e.JSONPointer); p != "" {
		where = strconv.Quote(strings.TrimPrefix(p, "/"))
	}
	kind := map[jsontext.Kind]string{
		'n': "null", 'f': "a boolean", 't': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
	}[e.JSONKind]
	switch {
	case e.Err != nil:
		return where + ": " + e.Err.Error()
	case kind == "" || e.GoType == nil:
		return where + " is of the wrong type"
	}
	return fmt.Sprintf("%s must be %s, not %s", where, wanted(e.GoType), kind)
}

// stripComments blanks comments outside of strings, keeping line breaks, so that positions stay true. It
// returns the offset of a comment that does not end, or -1.
func stripComments(b []byte) ([]byte, int) {
	out := bytes.Clone(b)
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case bytes.HasPrefix(b[i:], []byte("//")):
			end := i + lineEnd(b[i:])
			blank(out[i:end])
			i = end - 1
		case bytes.HasPrefix(b[i:], []byte("/*")):
			n := bytes.Index(b[i+2:], []byte("*/"))
			if n < 0 {
				return nil, i
			}
			end := i + 2 + n + 2
			blank(out[i:end])
			i = end - 1
		}
	}
	return out, -1
}

func lineEnd(b []byte) int {
	if n := bytes.IndexByte(b, '\n'); n >= 0 {
		return n
	}
	return len(b)
}

func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// TOML decodes a file into v, with the tags of go-toml. Unknown keys are skipped; a value of the wrong type
// is an error. A byte order mark is tolerated.
func (t *Tree) TOML(name string, v any) error {
	b, err := t.text(name)
	if err != nil {
		return err
	}
	err = toml.Unmarshal(bytes.TrimPrefix(b, bom), v)
	if err == nil {
		return nil
	}
	e := &Error{Op: parsing, Name: name, Err: errors.New(strings.TrimPrefix(err.Error(), "toml: "))}
	if d := (*toml.DecodeError)(nil); errors.As(err, &d) {
		e.Line, e.Column = d.Position()
	}
	return e
}

// YAML decodes a file that holds exactly one document into v, with the tags of yaml.v3. A plain scalar is
// accepted where a string is wanted; unknown keys are skipped; equal keys are an error. The file may have
// 2 MiB, and aliases may not multiply it.
func (t *Tree) YAML(name string, v any) error {
	b, err := t.text(name)
	if err != nil {
		return err
	}
	if len(b) > yamlBytes {
		return sizeError(name, int64(len(b)), yamlBytes)
	}
	d := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, bom)))
	switch err := d.Decode(v); {
	case errors.Is(err, io.EOF):
		return &Error{Op: parsing, Name: name, Err: errors.New("the file is empty")}
	case err != nil:
		return yamlError(name, err)
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		return &Error{Op: parsing, Name: name, Line: second.Line, Err: errors.New("there is more than one document")}
	case !errors.Is(err, io.EOF):
		return yamlError(name, err)
	}
	return nil
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

func yamlError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if types := (*yaml.TypeError)(nil); errors.As(err, &types) && len(types.Errors) > 0 {
		text = types.Errors[0]
	}
	e := &Error{Op: parsing, Name: name}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	e.Err = errors.New(text)
	return e
}

// parseError names the line and column of an offset.
func parseError(name string, b []byte, offset int64, text string) error {
	before := b[:min(offset, int64(len(b)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return &Error{Op: parsing, Name: name, Line: line, Column: column, Err: errors.New(text)}
}
