package source

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/org/npx-action/internal/lazyregexp"
)

// tomlDots bounds the dots in a line of TOML: each part of a dotted key is a table in a table.
const tomlDots = 10_000

// TOML decodes a file into v, with the tags of go-toml. Unknown keys are skipped; equal keys and a value of the
// wrong type are errors; a byte order mark is tolerated. A key that no field has exactly is taken for the field
// that differs in case, as go-toml does.
func (t *Tree) TOML(name string, v any) error {
	b, err := t.text(name)
	if err != nil {
		return err
	}
	return decodeTOML(name, bytes.TrimPrefix(b, bom), v)
}

func decodeTOML(name string, b []byte, v any) error {
	line := 1
	for text := range bytes.Lines(b) {
		if bytes.Count(text, []byte(".")) > tomlDots {
			return &Error{Op: parsing, Name: name, Line: line, Err: &LimitError{tomlDots, fmt.Sprintf("the line has more than %d dots", tomlDots)}}
		}
		line++
	}
	if err := toml.Unmarshal(b, v); err != nil {
		return tomlError(name, err)
	}
	return nil
}

// tomlType is how go-toml words an error of types: by the type in Go, which says nothing to the app's author.
var tomlType = lazyregexp.New(`^cannot decode TOML ([a-z -]+) into .*?([a-z0-9]+|\[\][^ ]*|map\[[^ ]*)$`)

func tomlError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "toml: ")
	e := &Error{Op: parsing, Name: name, Err: errors.New(text)}
	d := (*toml.DecodeError)(nil)
	if !errors.As(err, &d) {
		return e
	}
	e.Line, e.Column = d.Position()
	if m := tomlType.FindStringSubmatch(text); m != nil {
		e.Err = fmt.Errorf("%s must be %s, not %s", keyText(d.Key()), wantedText(m[2]), article(m[1]))
	}
	return e
}

// wantedText names the type that decodes into the Go type of this name.
func wantedText(goType string) string {
	switch goType = strings.TrimLeft(goType, "*"); {
	case goType == "string":
		return "a string"
	case goType == "bool":
		return "a boolean"
	case strings.HasPrefix(goType, "[]"):
		return "an array"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	}
	return "a table"
}

func article(noun string) string {
	if strings.IndexByte("aeiou", noun[0]) >= 0 {
		return "an " + noun
	}
	return "a " + noun
}
