package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// yamlBytes bounds YAML, whose parser needs a hundred times the memory of its text.
const yamlBytes = 2 << 20

// YAML decodes a file that holds exactly one document into v, with the tags of yaml.v3. A plain scalar is
// accepted where a string is wanted; unknown keys are skipped; equal keys are an error; a byte order mark is
// tolerated. The file may have 2 MiB, and aliases may not multiply it.
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

var (
	yamlLine = regexp.MustCompile(`^line (\d+): `)
	yamlType = regexp.MustCompile("(?s)^cannot unmarshal !!([a-z]+)( `.*`)? into (.*)$")
)

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
	if m := yamlType.FindStringSubmatch(text); m != nil {
		kind, ok := map[string]string{"seq": "an array", "map": "a table", "str": "a string", "int": "a whole number", "float": "a number", "bool": "a boolean"}[m[1]]
		if !ok {
			kind = "of type " + m[1]
		}
		text = fmt.Sprintf("%s%s where %s is wanted", kind, m[2], wantedText(m[3]))
	}
	e.Err = errors.New(oneLine(text))
	return e
}

// oneLine makes blanks of what would break the line of a message that quotes the file.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
