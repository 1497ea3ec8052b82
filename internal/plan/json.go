package plan

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON prints the plan as Nixpacks does (nixpacks-1.39.md 1.1): indented by two spaces, in the order of its
// tables, names in byte order, nothing escaped that need not be, with a final newline. [ParseJSON] reads it
// back. Bytes that are not UTF-8 become U+FFFD.
func (p Plan) JSON() []byte {
	w := &jsonWriter{}
	w.object(func() {
		jsonFields(w, planFields, p)
		if p.Phases != nil {
			w.key(keyPhases)
			w.object(func() {
				for name, phase := range Sorted(p.Phases) {
					w.key(name)
					w.object(func() { jsonFields(w, phaseFields, phase) })
				}
			})
		}
		if p.Start != nil {
			w.key(keyStart)
			w.object(func() { jsonFields(w, startFields, *p.Start) })
		}
	})
	w.buf.WriteByte('\n')
	return w.buf.Bytes()
}

func jsonFields[T any](w *jsonWriter, fields []field[T], v T) {
	for _, f := range fields {
		switch {
		case f.text != nil:
			if s := *f.text(&v); s != nil {
				w.key(f.key)
				w.string(*s)
			}
		case f.list != nil:
			if list := *f.list(&v); list != nil {
				w.key(f.key)
				w.array(list)
			}
		default:
			if dict := *f.dict(&v); dict != nil {
				w.key(f.key)
				w.object(func() {
					for name, value := range Sorted(dict) {
						w.key(name)
						w.string(value)
					}
				})
			}
		}
	}
}

// A jsonWriter prints indented JSON.
type jsonWriter struct {
	buf    bytes.Buffer
	indent []byte // newline and indentation of the open objects
	empty  bool   // nothing was written since the last opening bracket
}

func (w *jsonWriter) open(bracket byte) {
	if w.indent == nil {
		w.indent = []byte{'\n'}
	}
	w.buf.WriteByte(bracket)
	w.indent = append(w.indent, "  "...)
	w.empty = true
}

func (w *jsonWriter) close(bracket byte) {
	w.indent = w.indent[:len(w.indent)-2]
	if !w.empty {
		w.buf.Write(w.indent)
	}
	w.buf.WriteByte(bracket)
	w.empty = false
}

// next begins the line of an element.
func (w *jsonWriter) next() {
	if !w.empty {
		w.buf.WriteByte(',')
	}
	w.empty = false
	w.buf.Write(w.indent)
}

func (w *jsonWriter) object(content func()) {
	w.open('{')
	content()
	w.close('}')
}

func (w *jsonWriter) array(list []string) {
	w.open('[')
	for _, s := range list {
		w.next()
		w.string(s)
	}
	w.close(']')
}

func (w *jsonWriter) key(name string) {
	w.next()
	w.string(name)
	w.buf.WriteString(": ")
}

func (w *jsonWriter) string(s string) {
	// The error is about bytes that are not UTF-8, which are replaced.
	quoted, _ := jsontext.AppendQuote(w.buf.AvailableBuffer(), s)
	w.buf.Write(quoted)
}
