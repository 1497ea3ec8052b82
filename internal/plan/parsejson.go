package plan

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// ParseJSON reads a plan from JSON (nixpacks-1.39.md 1.1): one object in UTF-8 without a byte order mark, in any order,
// with the aliases nixPackages, nixLibraries, aptPackages, commands and envPaths. null is the same as no key. Keys
// that are not known give warnings in the order of the text. Every error is a [*SyntaxError].
func ParseJSON(data []byte) (Plan, []Warning, error) {
	doc, root, err := readJSON(data)
	if err != nil {
		return Plan{}, nil, err
	}
	return decode(doc, root)
}

// readJSON makes nodes of a text.
func readJSON(data []byte) (*document, *node, error) {
	doc, err := newDocument(data)
	if err != nil {
		return nil, nil, err
	}
	if bytes.HasPrefix(doc.data, byteOrderMark) {
		return nil, nil, doc.fail(0, "", errors.New("byte order mark before the JSON text"), "save the file without it")
	}
	r := &jsonReader{doc: doc, dec: jsontext.NewDecoder(bytes.NewReader(doc.data), jsontext.AllowDuplicateNames(true))}
	root, err := r.document()
	return doc, root, err
}

var byteOrderMark = []byte("\ufeff")

// A jsonReader makes nodes. Names that are given twice stay, because unknown maps may have them.
type jsonReader struct {
	doc *document
	dec *jsontext.Decoder
}

func (r *jsonReader) document() (*node, error) {
	root, err := r.value()
	if err != nil {
		return nil, err
	}
	switch _, at, err := r.token(); {
	case errors.Is(err, io.EOF):
		return root, nil
	case err != nil:
		return nil, err
	default:
		return nil, r.doc.fail(at, "", errors.New("text after the end of the object"), "keep one object")
	}
}

// token reads the next token. The error is io.EOF after the last value, else a [*SyntaxError].
func (r *jsonReader) token() (jsontext.Token, int, error) {
	at := int(r.dec.InputOffset())
	t, err := r.dec.ReadToken()
	if err == nil {
		// What separates tokens is before the token, none of it can be part of one.
		at = len(r.doc.data) - len(bytes.TrimLeft(r.doc.data[at:], " \t\r\n,:"))
		return t, at, nil
	}
	if errors.Is(err, io.EOF) {
		return t, len(r.doc.data), err
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at, err = int(syntax.ByteOffset), syntax.Err
	}
	at = min(at, len(r.doc.data))
	return t, at, r.doc.fail(at, "", err, jsonHint(r.doc.data[at:]))
}

// jsonHint knows the two habits from other formats that JSON refuses.
func jsonHint(rest []byte) string {
	switch {
	case bytes.HasPrefix(rest, []byte(",")):
		return "there may be a comma too many"
	case bytes.HasPrefix(rest, []byte("/")), bytes.HasPrefix(rest, []byte("#")):
		return "JSON has no comments"
	}
	return ""
}

func (r *jsonReader) value() (*node, error) {
	t, at, err := r.token()
	if errors.Is(err, io.EOF) {
		return nil, r.doc.fail(at, "", errors.New("no JSON value"), "an empty plan is {}")
	}
	if err != nil {
		return nil, err
	}
	n := &node{at: at}
	switch t.Kind() {
	case '{':
		n.kind = kindMap
		return n, r.object(n)
	case '[':
		n.kind = kindList
		return n, r.array(n)
	case '"':
		n.kind, n.text = kindString, t.String()
	case '0':
		n.kind = kindNumber
	case 'n':
		n.kind = kindNull
	default:
		n.kind, n.text = kindBool, t.String()
	}
	return n, nil
}

func (r *jsonReader) object(n *node) error {
	if r.dec.StackDepth() > maxDepth {
		return r.doc.fail(n.at, "", errDepth, "")
	}
	for r.dec.PeekKind() != '}' {
		t, at, err := r.token()
		if err != nil {
			return err
		}
		m := member{key: t.String(), at: at}
		if m.value, err = r.value(); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
	_, _, err := r.token()
	return err
}

func (r *jsonReader) array(n *node) error {
	if r.dec.StackDepth() > maxDepth {
		return r.doc.fail(n.at, "", errDepth, "")
	}
	for r.dec.PeekKind() != ']' {
		item, err := r.value()
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, _, err := r.token()
	return err
}
