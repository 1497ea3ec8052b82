package catalogue

import (
	"errors"

	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads the tables of a TOML text. It works on the syntax tree, because a decoder would lose the positions.
func readTOML(text []byte) ([]table, error) {
	var tables []table
	var p unstable.Parser
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		name, at, err := singleKey(e)
		if err != nil {
			return nil, err
		}
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			if want := name == "registries"; (e.Kind == unstable.Table) != want {
				return nil, fail(at, "the header of a %s is [[%[1]s]], and registries have [registries]", name)
			}
			if len(tables) == maxRows {
				return nil, fail(at, "there are more than %d tables", maxRows)
			}
			tables = append(tables, table{kind: name, at: at, values: map[string]value{}})
		default:
			if len(tables) == 0 {
				return nil, fail(at, "%.40q belongs to no table: begin with a header such as [[release]]", name)
			}
			v := e.Value()
			if v.Kind != unstable.String && v.Kind != unstable.LocalDate {
				return nil, fail(at, "%.40q must be text", name)
			}
			if err := tables[len(tables)-1].set(name, string(v.Data), at); err != nil {
				return nil, err
			}
		}
	}
	err := p.Error()
	if syntax := (*unstable.ParserError)(nil); errors.As(err, &syntax) {
		at := 0
		if len(syntax.Highlight) > 0 {
			at = int(p.Range(syntax.Highlight).Offset)
		}
		return nil, fail(at, "%s", syntax.Message)
	}
	return tables, err
}

// singleKey returns the key of an expression, which must not be dotted.
func singleKey(e *unstable.Node) (name string, at int, err error) {
	parts := e.Key()
	parts.Next()
	name, at = string(parts.Node().Data), int(parts.Node().Raw.Offset)
	if !parts.IsLast() {
		return "", 0, fail(at, "dotted keys have no meaning here")
	}
	return name, at, nil
}

func (t table) set(name, text string, at int) error {
	if _, twice := t.values[name]; twice {
		return fail(at, "%.40q is given twice", name)
	}
	if len(text) > maxValue {
		return fail(at, "%.40q has more than %d bytes", name, maxValue)
	}
	t.values[name] = value{text, at}
	return nil
}
