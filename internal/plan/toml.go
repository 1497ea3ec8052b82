package plan

import (
	"fmt"
	"strings"
)

// TOML prints the plan as Nixpacks does (nixpacks-1.39.md 1.1): top-level keys, then one table after the other, long
// lists over several lines, strings without escapes where they can do without, and a second newline at the end.
// [ParseTOML] reads it back, if all strings are UTF-8.
func (p Plan) TOML() []byte {
	w := &tomlWriter{}
	tomlFields(w, "", planFields, p)
	if p.Phases != nil && len(p.Phases) == 0 {
		w.table(keyPhases)
	}
	first := true
	for name, phase := range Sorted(p.Phases) {
		if !first {
			w.blank()
		}
		first = false
		w.header(keyPhases + "." + tomlKey(name))
		tomlFields(w, "", phaseFields, phase)
	}
	if p.Start != nil {
		w.table(keyStart)
		tomlFields(w, keyStart+".", startFields, *p.Start)
	}
	w.WriteByte('\n')
	return []byte(w.String())
}

// tomlFields prints fields. Tables is what comes before the names of their tables.
func tomlFields[T any](w *tomlWriter, tables string, fields []field[T], v T) {
	for _, f := range fields {
		switch {
		case f.text != nil:
			if s := *f.text(&v); s != nil {
				w.pair(f.key, tomlString(*s))
			}
		case f.list != nil:
			if list := *f.list(&v); list != nil {
				w.pair(f.key, tomlList(list))
			}
		default:
			if dict := *f.dict(&v); dict != nil {
				w.table(tables + f.key)
				for name, value := range Sorted(dict) {
					w.pair(tomlKey(name), tomlString(value))
				}
			}
		}
	}
}

// A tomlWriter prints tables.
type tomlWriter struct{ strings.Builder }

// table begins a table at the top level, which a blank line sets apart from the text before it.
func (w *tomlWriter) table(name string) {
	w.blank()
	w.header(name)
}

func (w *tomlWriter) blank() {
	if w.Len() > 0 {
		w.WriteByte('\n')
	}
}

func (w *tomlWriter) header(name string) { w.WriteString("[" + name + "]\n") }

func (w *tomlWriter) pair(key, value string) { w.WriteString(key + " = " + value + "\n") }

func tomlList(list []string) string {
	switch len(list) {
	case 0:
		return "[]"
	case 1:
		return "[" + tomlString(list[0]) + "]"
	}
	var b strings.Builder
	b.WriteString("[\n")
	for _, s := range list {
		b.WriteString("    " + tomlString(s) + ",\n")
	}
	b.WriteByte(']')
	return b.String()
}

// tomlKey quotes a text that is not a bare key.
func tomlKey(s string) string {
	bare := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
	if bare {
		return s
	}
	return `"` + tomlEscape(s, false) + `"`
}

// tomlString prefers the literal forms, which have no escapes.
func tomlString(s string) string {
	lines := strings.Contains(s, "\n")
	control := strings.IndexFunc(s, func(r rune) bool { return (r < ' ' && r != '\t' && r != '\n') || r == 0x7f }) >= 0
	literal := !control && !strings.Contains(s, "'''") && !strings.HasSuffix(s, "'")
	switch {
	case literal && lines:
		return "'''\n" + s + "'''"
	case literal && strings.Contains(s, "'"):
		return "'''" + s + "'''"
	case literal:
		return "'" + s + "'"
	case lines:
		return `"""` + "\n" + tomlEscape(s, true) + `"""`
	}
	return `"` + tomlEscape(s, false) + `"`
}

// tomlShort are the characters that have a short escape.
var tomlShort = map[rune]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '"': '"', '\\': '\\'}

// tomlEscape escapes s for a basic string, which may hold newlines as they are if lines is set.
func tomlEscape(s string, lines bool) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' && lines:
			b.WriteRune(r)
		case tomlShort[r] != 0:
			b.WriteByte('\\')
			b.WriteByte(tomlShort[r])
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
