package source

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var bom = []byte("\ufeff")

// JSON decodes a file into v, with the tags of encoding/json. The text is strict JSON; a byte order mark is
// tolerated. Names are matched exactly, unknown ones are skipped, the last of equal names counts; null is
// as if absent; a value of the wrong type is an error. A file whose name ends in .json5 is read as JSON5, see https://spec.json5.org.
func (t *Tree) JSON(name string, v any) error {
	if isJSON5(name) {
		return t.json5(name, v)
	}
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
		e := parseError(name, b, syntax.ByteOffset, strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
		if at := syntax.ByteOffset; at < int64(len(b)) && strings.IndexByte(",/]}", b[at]) >= 0 {
			e.Hint = "JSON has no comments, and no comma before a closing bracket"
		}
		return e
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

// semanticText words an error of types, because the library's own text is not stable.
func semanticText(e *json.SemanticError) string {
	where := keyText(slices.Collect(e.JSONPointer.Tokens()))
	kind := map[jsontext.Kind]string{
		'n': "null", 'f': "a boolean", 't': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
	}[e.JSONKind]
	switch {
	case errors.Is(e.Err, strconv.ErrSyntax) && e.GoType != nil:
		return fmt.Sprintf("%s must be %s, not %.40s", where, jsonTypeName(e.GoType), e.JSONValue)
	case errors.Is(e.Err, strconv.ErrRange):
		return fmt.Sprintf("%s is out of range", where)
	case e.Err != nil:
		return where + ": " + e.Err.Error()
	case kind == "" || e.GoType == nil:
		return where + " is of the wrong type"
	}
	return fmt.Sprintf("%s must be %s, not %s", where, jsonTypeName(e.GoType), kind)
}

// keyText names a value by the keys that lead to it.
func keyText(keys []string) string {
	if len(keys) == 0 {
		return "the value"
	}
	return fmt.Sprintf("%.200q", strings.Join(keys, "."))
}

// jsonTypeName names the type of JSON that decodes into a Go type.
func jsonTypeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return jsonTypeName(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	}
	return "something else"
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

// parseError names the line and column of an offset.
func parseError(name string, b []byte, offset int64, text string) *Error {
	before := b[:min(offset, int64(len(b)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return &Error{Op: parsing, Name: name, Line: line, Column: column, Err: errors.New(text)}
}
