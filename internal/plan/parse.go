package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/nearest"
)

// A SyntaxError is a mistake in a configuration file or saved plan.
type SyntaxError struct {
	Line   int    // from 1; 0 if unknown
	Column int    // in bytes, from 1; 0 if unknown
	Key    string // dotted path of the key, "" if the text itself is wrong
	Err    error
	Hint   string // what to do about it, "" if there is nothing to say
}

// Error gives the place, the key, the cause and the hint.
func (e *SyntaxError) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ", column %d", e.Column)
		}
		b.WriteString(": ")
	}
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Err.Error())
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Err }

// A Warning is a key that is not known and was ignored, as Nixpacks does silently.
type Warning struct {
	Line    int    // from 1
	Key     string // dotted path
	Nearest string // the known key of the same place that looks most like it, "" if none does
}

// String is one sentence with its line.
func (w Warning) String() string {
	s := fmt.Sprintf("line %d: unknown key %s is ignored", w.Line, w.Key)
	if w.Nearest != "" {
		s += ", did you mean " + w.Nearest + "?"
	}
	return s
}

// A decoder makes a plan of a document (nixpacks-1.39.md 1.1).
type decoder struct {
	doc      *document
	warnings []Warning
}

func decode(doc *document, root *node) (Plan, []Warning, error) {
	d := &decoder{doc: doc}
	p, err := d.plan(root)
	if err != nil {
		return Plan{}, nil, err
	}
	return p, d.warnings, nil
}

func (d *decoder) plan(root *node) (p Plan, err error) {
	slots := fieldSlots(d, planFields, &p)
	slots[keySchema] = d.forget(keySchema)
	for _, key := range []string{keyApps, keyCatalogue, keyDate, keyStrict} {
		slots[key] = slot{key, func(string, *node) error { return nil }} // others read them
	}
	slots[keyPhases] = slot{keyPhases, func(path string, n *node) (err error) {
		p.Phases, err = d.phases(path, n)
		return err
	}}
	slots[keyStart] = slot{keyStart, func(path string, n *node) error {
		p.Start = &Start{}
		return d.object(path, n, fieldSlots(d, startFields, p.Start))
	}}
	err = d.object("", root, slots)
	return p, err
}

func (d *decoder) phases(path string, n *node) (map[string]Phase, error) {
	phases := map[string]Phase{}
	err := d.each(path, n, func(path string, m member) error {
		var phase Phase
		slots := fieldSlots(d, phaseFields, &phase)
		slots[keyName] = d.forget(keyName)
		err := d.object(path, m.value, slots)
		phases[m.key] = phase
		return err
	})
	return phases, err
}

// forget reads a string of no effect.
func (d *decoder) forget(key string) slot {
	return slot{key, func(path string, n *node) error {
		_, err := d.text(path, n)
		return err
	}}
}

// A slot is where the value of a key goes.
type slot struct {
	name string // of the field, also if the key is its alias
	read func(path string, n *node) error
}

// fieldSlots maps the keys and aliases of fields to the fields of out.
func fieldSlots[T any](d *decoder, fields []field[T], out *T) map[string]slot {
	slots := make(map[string]slot, 2*len(fields))
	for _, f := range fields {
		s := slot{f.key, func(path string, n *node) error { return decodeField(d, path, n, f, out) }}
		slots[f.key] = s
		if f.alias != "" {
			slots[f.alias] = s
		}
	}
	return slots
}

func decodeField[T any](d *decoder, path string, n *node, f field[T], out *T) error {
	switch {
	case f.text != nil:
		s, err := d.text(path, n)
		*f.text(out) = &s
		return err
	case f.list != nil:
		list, err := d.list(path, n)
		*f.list(out) = list
		return err
	}
	dict := map[string]string{}
	*f.dict(out) = dict
	return d.each(path, n, func(path string, m member) (err error) {
		dict[m.key], err = d.text(path, m.value)
		return err
	})
}

// object reads a map of known keys. A null is as good as no key.
func (d *decoder) object(path string, n *node, slots map[string]slot) error {
	if n.kind != kindMap {
		return d.mismatch(n, path, kindMap)
	}
	seen := map[string]int{}
	for _, m := range n.members {
		path := join(path, m.key)
		s, ok := slots[m.key]
		if !ok {
			d.unknown(m, path, slots)
			continue
		}
		if at, ok := seen[s.name]; ok {
			return d.duplicate(m, path, at)
		}
		seen[s.name] = m.at
		if m.value.kind == kindNull {
			continue
		}
		if err := s.read(path, m.value); err != nil {
			return err
		}
	}
	return nil
}

// each reads a map of any keys.
func (d *decoder) each(path string, n *node, read func(path string, m member) error) error {
	if n.kind != kindMap {
		return d.mismatch(n, path, kindMap)
	}
	seen := make(map[string]int, len(n.members))
	for _, m := range n.members {
		path := join(path, m.key)
		if at, ok := seen[m.key]; ok {
			return d.duplicate(m, path, at)
		}
		seen[m.key] = m.at
		if err := read(path, m); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) text(path string, n *node) (string, error) {
	if n.kind != kindString {
		return "", d.mismatch(n, path, kindString)
	}
	return n.text, nil
}

// maxTokens bounds how much a list can repeat the lower layers' one, which grows by a multiple per layer.
const maxTokens = 64

func (d *decoder) list(path string, n *node) ([]string, error) {
	if n.kind != kindList {
		return nil, d.mismatch(n, path, kindList)
	}
	list := make([]string, len(n.items))
	tokens := 0
	for i, item := range n.items {
		s, err := d.text(fmt.Sprintf("%s[%d]", path, i), item)
		if err != nil {
			return nil, err
		}
		if isToken(s) {
			tokens++
		}
		list[i] = s
	}
	if tokens > maxTokens {
		return nil, d.doc.fail(n.at, path, fmt.Errorf("%d entries that stand for the rest, more than %d", tokens, maxTokens), `write "..." once`)
	}
	return list, nil
}

func (d *decoder) mismatch(n *node, path string, want kind) error {
	wanted, hint := string(want), ""
	switch {
	case want == kindList:
		wanted = "a list of strings"
		if n.kind == kindString {
			hint = "put it in square brackets"
		}
	case want == kindString && n.kind != kindList && n.kind != kindMap && n.kind != kindNull:
		hint = "put it in quotes"
	case n.kind == kindNull:
		hint = "leave it out"
	}
	return d.doc.fail(n.at, path, fmt.Errorf("want %s, got %s", wanted, n.kind), hint)
}

// duplicate is about a key that stands at the offset first already, maybe by its alias.
func (d *decoder) duplicate(m member, path string, first int) error {
	line, _ := d.doc.position(first)
	return d.doc.fail(m.at, path, fmt.Errorf("given twice, first on line %d", line), "keep one")
}

// unknown records a warning.
func (d *decoder) unknown(m member, path string, slots map[string]slot) {
	line, _ := d.doc.position(m.at)
	d.warnings = append(d.warnings, Warning{Line: line, Key: path, Nearest: nearest.Name(m.key, slices.Sorted(maps.Keys(slots)))})
}

// join appends a key to a dotted path.
func join(path, key string) string {
	if path == "" {
		return tomlKey(key)
	}
	return path + "." + tomlKey(key)
}
