package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/lazyregexp"
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
	b = bytes.TrimPrefix(b, bom)
	d := yaml.NewDecoder(bytes.NewReader(b))
	var first yaml.Node
	switch err := d.Decode(&first); {
	case errors.Is(err, io.EOF):
		return &Error{Op: parsing, Name: name, Err: errors.New("the file is empty")}
	case err != nil:
		return yamlError(name, b, err)
	}
	if err := checkKeys(name, &first); err != nil {
		return err
	}
	if err := first.Decode(v); err != nil {
		return yamlError(name, b, err)
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		return &Error{Op: parsing, Name: name, Line: second.Line, Err: errors.New("there is more than one document")}
	case !errors.Is(err, io.EOF):
		return yamlError(name, b, err)
	}
	return nil
}

// Bounds of a mapping, each key of which the decoder compares with each other, and reports each pair of equals.
const (
	yamlKeys       = 10_000
	yamlDuplicates = 100
)

// checkKeys refuses a mapping that would take too long to decode.
func checkKeys(name string, n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		if count := len(n.Content) / 2; count > yamlKeys {
			return &Error{Op: parsing, Name: name, Line: n.Line, Err: &LimitError{yamlKeys, fmt.Sprintf("the table has more than %d keys", yamlKeys)}}
		}
		lines, duplicates := map[string]int{}, 0
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				continue
			}
			line, found := lines[key.Value]
			if !found {
				lines[key.Value] = key.Line
				continue
			}
			if duplicates++; duplicates > yamlDuplicates {
				return &Error{Op: parsing, Name: name, Line: key.Line, Err: fmt.Errorf("mapping key %.40q already defined at line %d", key.Value, line)}
			}
		}
	}
	for _, child := range n.Content {
		if err := checkKeys(name, child); err != nil {
			return err
		}
	}
	return nil
}

var (
	yamlLine = lazyregexp.New(`^line (\d+): `)
	yamlType = lazyregexp.New("(?s)^cannot unmarshal !!([a-z]+)( `.*`)? into (.*)$")
)

func yamlError(name string, b []byte, err error) error {
	line, text := YAMLError(b, err)
	e := &Error{Op: parsing, Name: name, Line: line}
	if m := yamlType.FindStringSubmatch(text); m != nil {
		kind, ok := map[string]string{"seq": "an array", "map": "a table", "str": "a string", "int": "a whole number", "float": "a number", "bool": "a boolean"}[m[1]]
		if !ok {
			kind = "of type " + m[1]
		}
		text = fmt.Sprintf("%s%s where %s is wanted", kind, m[2], wantedText(m[3]))
	}
	e.Err = errors.New(text)
	return e
}

// YAMLError returns the line that an error of decoding b is about, 0 if it is about the whole, and one line of text
// without it.
func YAMLError(b []byte, err error) (line int, text string) {
	line, text = yamlPlace(err)
	if line == 0 && strings.Contains(text, yamlControl) {
		line = 1 + bytes.Count(b[:max(bytes.IndexFunc(b, isControl), 0)], []byte("\n"))
	} else if line == 0 {
		// The decoder has no number for the first line, so it is made the second.
		if again := yaml.Unmarshal(slices.Concat([]byte("\n"), b), new(yaml.Node)); again != nil {
			line, _ = yamlPlace(again)
			line = max(line-1, 0)
		}
	}
	return line, oneLine(text)
}

// yamlControl is an error that comes without its place.
const yamlControl = "control characters are not allowed"

func isControl(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) }

func yamlPlace(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	if types := (*yaml.TypeError)(nil); errors.As(err, &types) && len(types.Errors) > 0 {
		text = types.Errors[0]
	}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	return line, text
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
