package plan

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"
)

// ParseTOML reads a plan from TOML (nixpacks-1.39.md 1.1), which may begin with a byte order mark. Keys, aliases, types,
// warnings and errors are the same as in [ParseJSON].
func ParseTOML(data []byte) (Plan, []Warning, error) {
	doc, root, err := readTOML(data)
	if err != nil {
		return Plan{}, nil, err
	}
	return decode(doc, root)
}

// readTOML makes nodes of a text.
func readTOML(data []byte) (*document, *node, error) {
	doc, err := newDocument(bytes.TrimPrefix(data, byteOrderMark))
	if err != nil {
		return nil, nil, err
	}
	root, err := (&tomlReader{doc: doc}).document()
	return doc, root, err
}

// A tomlReader makes nodes. It works on the syntax tree, because a decoder would lose the positions, and takes time
// that grows with the length of the document alone. Numbers and dates are not looked at: no key of a plan takes them.
type tomlReader struct {
	doc    *document
	parser unstable.Parser
}

// An origin tells what may be added to a table.
type origin int

const (
	fromValue  origin = iota // an inline table, or no table: nothing
	fromDots                 // made by a dotted key: dotted keys, and headers of tables in it
	fromPath                 // made by the header of a table in it: its own header, and headers of tables in it
	fromHeader               // has its own header: headers of tables in it
)

func (r *tomlReader) document() (*node, error) {
	root := &node{kind: kindMap, origin: fromHeader}
	table := root
	r.parser.Reset(r.doc.data)
	for r.parser.NextExpression() {
		var err error
		switch e := r.parser.Expression(); e.Kind {
		case unstable.Table:
			table, err = r.header(root, e)
		case unstable.ArrayTable:
			table, err = r.listHeader(root, e)
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

// header finds or makes the table that a [header] names.
func (r *tomlReader) header(root *node, e *unstable.Node) (*node, error) {
	parent, key, at, err := r.path(root, e.Key(), 1, fromPath)
	if err != nil {
		return nil, err
	}
	switch table := parent.index[key]; {
	case table == nil:
		return parent.add(key, at, &node{kind: kindMap, at: at, origin: fromHeader}), nil
	case table.kind == kindMap && table.origin == fromPath:
		table.origin = fromHeader
		return table, nil
	default:
		return nil, r.taken(key, at, table)
	}
}

// listHeader adds the table that a [[header]] begins to its list.
func (r *tomlReader) listHeader(root *node, e *unstable.Node) (*node, error) {
	parent, key, at, err := r.path(root, e.Key(), 1, fromPath)
	if err != nil {
		return nil, err
	}
	list := parent.index[key]
	if list == nil {
		list = parent.add(key, at, &node{kind: kindList, at: at, origin: fromHeader})
	}
	if list.kind != kindList || list.origin != fromHeader {
		return nil, r.taken(key, at, list)
	}
	table := &node{kind: kindMap, at: at, origin: fromHeader}
	list.items = append(list.items, table)
	return table, nil
}

func (r *tomlReader) keyValue(table *node, e *unstable.Node, depth int) error {
	parent, key, at, err := r.path(table, e.Key(), depth, fromDots)
	if err != nil {
		return err
	}
	if first := parent.index[key]; first != nil {
		return r.taken(key, at, first)
	}
	value, err := r.value(e.Value(), at, depth+1)
	if err != nil {
		return err
	}
	parent.add(key, at, value)
	return nil
}

// path walks from a table along a dotted key, makes the tables that are missing, and returns the last table and
// what is left: the last part of the key, with its offset.
func (r *tomlReader) path(table *node, key unstable.Iterator, depth int, by origin) (*node, string, int, error) {
	part := func() (string, int) { return string(key.Node().Data), int(key.Node().Raw.Offset) }
	for key.Next(); !key.IsLast(); key.Next() {
		name, at := part()
		if depth++; depth > maxDepth {
			return nil, "", at, r.doc.fail(at, "", errDepth, "")
		}
		next := table.index[name]
		if next == nil {
			next = table.add(name, at, &node{kind: kindMap, at: at, origin: by})
		}
		if by == fromPath && next.kind == kindList && next.origin == fromHeader {
			next = next.items[len(next.items)-1]
		}
		if next.kind != kindMap || next.origin == fromValue || by == fromDots && next.origin != fromDots {
			return nil, "", at, r.taken(name, at, next)
		}
		table = next
	}
	name, at := part()
	return table, name, at, nil
}

// taken is about a key that cannot be what it is first and what it is here.
func (r *tomlReader) taken(key string, at int, first *node) error {
	line, _ := r.doc.position(first.at)
	return r.doc.fail(at, "", fmt.Errorf("%s is already defined on line %d", tomlKey(key), line), "define it once")
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
		n.kind, n.text = kindBool, string(v.Data)
	case unstable.LocalDate:
		n.text = string(v.Data)
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

func (n *node) add(key string, at int, value *node) *node {
	if n.index == nil {
		n.index = map[string]*node{}
	}
	n.index[key] = value
	n.members = append(n.members, member{key: key, at: at, value: value})
	return value
}
