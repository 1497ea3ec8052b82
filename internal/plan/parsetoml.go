package plan

import (
	"bytes"
	"errors"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// ParseTOML reads a plan from TOML (specification 1.1), which may begin with a byte order mark. Keys, aliases, types,
// warnings and errors are those of [ParseJSON].
func ParseTOML(data []byte) (Plan, []Warning, error) {
	doc, err := newDocument(bytes.TrimPrefix(data, byteOrderMark))
	if err != nil {
		return Plan{}, nil, err
	}
	r := &tomlReader{doc: doc}
	root, err := r.document()
	if err != nil {
		return Plan{}, nil, err
	}
	// The syntax tree has positions but may define a table twice, or hold a date that does not exist.
	if err := toml.Unmarshal(doc.data, &map[string]any{}); err != nil {
		return Plan{}, nil, r.invalid(err)
	}
	return decode(doc, root)
}

// A tomlReader makes nodes.
type tomlReader struct {
	doc    *document
	parser unstable.Parser
}

func (r *tomlReader) document() (*node, error) {
	root := &node{kind: kindMap}
	table := root
	r.parser.Reset(r.doc.data)
	for r.parser.NextExpression() {
		var err error
		switch e := r.parser.Expression(); e.Kind {
		case unstable.Table:
			table, err = r.header(root, e, false)
		case unstable.ArrayTable:
			table, err = r.header(root, e, true)
		default:
			err = r.keyValue(table, e, 1)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := r.parser.Error(); err != nil {
		return nil, r.syntax(err)
	}
	return root, nil
}

// header finds or makes the table that a [header] or [[header]] names.
func (r *tomlReader) header(root *node, e *unstable.Node, list bool) (*node, error) {
	parent, last, err := r.path(root, e.Key(), 1)
	if err != nil {
		return nil, err
	}
	at := int(last.Raw.Offset)
	if !list {
		return parent.table(string(last.Data), at), nil
	}
	table := &node{kind: kindMap, at: at}
	if tables := parent.index[string(last.Data)]; tables != nil && tables.kind == kindList {
		tables.items = append(tables.items, table)
	} else {
		parent.add(string(last.Data), at, &node{kind: kindList, at: at, items: []*node{table}})
	}
	return table, nil
}

func (r *tomlReader) keyValue(table *node, e *unstable.Node, depth int) error {
	parent, last, err := r.path(table, e.Key(), depth)
	if err != nil {
		return err
	}
	at := int(last.Raw.Offset)
	value, err := r.value(e.Value(), at, depth+1)
	if err != nil {
		return err
	}
	parent.add(string(last.Data), at, value)
	return nil
}

// path walks from a table along all parts of a dotted key but the last, which it returns.
func (r *tomlReader) path(table *node, key unstable.Iterator, depth int) (*node, *unstable.Node, error) {
	key.Next()
	for !key.IsLast() {
		part := key.Node()
		if depth++; depth > maxDepth {
			return nil, nil, r.doc.fail(int(part.Raw.Offset), "", errDepth, "")
		}
		table = table.table(string(part.Data), int(part.Raw.Offset))
		key.Next()
	}
	return table, key.Node(), nil
}

// value converts a value. at is the offset of its key, for the kinds that have no offset of their own.
func (r *tomlReader) value(v *unstable.Node, at, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, r.doc.fail(at, "", errDepth, "")
	}
	if v.Raw.Length > 0 {
		at = int(v.Raw.Offset)
	}
	n := &node{kind: kindDate, at: at}
	switch v.Kind {
	case unstable.String:
		n.kind, n.text = kindString, string(v.Data)
	case unstable.Bool:
		n.kind = kindBool
	case unstable.Integer, unstable.Float:
		n.kind = kindNumber
	case unstable.Array:
		n.kind = kindList
		for items := v.Children(); items.Next(); {
			item, err := r.value(items.Node(), at, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case unstable.InlineTable:
		n.kind = kindMap
		for pairs := v.Children(); pairs.Next(); {
			if err := r.keyValue(n, pairs.Node(), depth); err != nil {
				return nil, err
			}
		}
	}
	return n, nil
}

// syntax gives an error of the parser its place.
func (r *tomlReader) syntax(err error) error {
	at := len(r.doc.data)
	var syntax *unstable.ParserError
	if errors.As(err, &syntax) && len(syntax.Highlight) > 0 {
		at = int(r.parser.Range(syntax.Highlight).Offset)
	}
	return r.doc.fail(at, "", err, "")
}

// invalid gives an error of the decoder its place.
func (r *tomlReader) invalid(err error) error {
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		return &SyntaxError{Err: err}
	}
	line, column := decode.Position()
	return &SyntaxError{Line: line, Column: column, Err: err}
}

// table returns the map that a header or dotted key goes on in. A key that holds something else gets a second
// member, for the decoder to refuse.
func (n *node) table(key string, at int) *node {
	child := n.index[key]
	if child != nil && child.kind == kindList && len(child.items) > 0 {
		child = child.items[len(child.items)-1]
	}
	if child == nil || child.kind != kindMap {
		child = &node{kind: kindMap, at: at}
		n.add(key, at, child)
	}
	return child
}

func (n *node) add(key string, at int, value *node) {
	if n.index == nil {
		n.index = map[string]*node{}
	}
	n.index[key] = value
	n.members = append(n.members, member{key: key, at: at, value: value})
}
