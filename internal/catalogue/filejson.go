package catalogue

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonReader reads an object of lists of tables, {"release": [{"tool": "node", ...}]}; registries is one table.
type jsonReader struct {
	d      *jsontext.Decoder
	text   []byte
	tables []table
}

func readJSON(text []byte) ([]table, error) {
	r := &jsonReader{d: jsontext.NewDecoder(bytes.NewReader(text)), text: text}
	err := r.document()
	if syntax := (*jsontext.SyntacticError)(nil); errors.As(err, &syntax) {
		return nil, fail(int(syntax.ByteOffset), "%s", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil, fail(len(text), "it ends too early")
	}
	return r.tables, err
}

func (r *jsonReader) document() error {
	if err := r.open('{', "the whole"); err != nil {
		return err
	}
	for r.d.PeekKind() == '"' {
		kind, err := r.d.ReadToken()
		if err != nil {
			return err
		}
		name := kind.String()
		if name == "registries" {
			err = r.table(name)
		} else if err = r.open('[', name); err == nil {
			for err == nil && r.d.PeekKind() != ']' {
				err = r.table(name)
			}
			if err == nil {
				_, err = r.d.ReadToken()
			}
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.d.ReadToken(); err != nil {
		return err
	}
	if _, err := r.d.ReadToken(); !errors.Is(err, io.EOF) {
		return fail(r.at(), "text follows the end")
	}
	return nil
}

func (r *jsonReader) table(kind string) error {
	if err := r.open('{', "a "+kind); err != nil {
		return err
	}
	if len(r.tables) == maxRows {
		return fail(r.at(), "there are more than %d tables", maxRows)
	}
	t := table{kind: kind, at: int(r.d.InputOffset()) - 1, values: map[string]value{}}
	for r.d.PeekKind() != '}' {
		name, err := r.d.ReadToken()
		if err != nil {
			return err
		}
		key, at := name.String(), int(r.d.InputOffset())-1
		if r.d.PeekKind() != '"' {
			if _, err := r.d.ReadToken(); err != nil {
				return err
			}
			return fail(at, "%.40q must be text", key)
		}
		v, err := r.d.ReadToken()
		if err != nil {
			return err
		}
		if err := t.set(key, v.String(), at); err != nil {
			return err
		}
	}
	r.tables = append(r.tables, t)
	_, err := r.d.ReadToken()
	return err
}

// open reads the bracket with which something begins.
func (r *jsonReader) open(bracket jsontext.Kind, what string) error {
	kind := r.d.PeekKind()
	if kind != bracket && kind != jsontext.KindInvalid {
		want := "an object"
		if bracket == '[' {
			want = "a list"
		}
		return fail(r.at(), "%.40s must be %s", what, want)
	}
	_, err := r.d.ReadToken()
	return err
}

// at is the offset of the next token.
func (r *jsonReader) at() int {
	i := int(r.d.InputOffset())
	for i < len(r.text) && strings.IndexByte(" \t\r\n:,", r.text[i]) >= 0 {
		i++
	}
	return i
}
