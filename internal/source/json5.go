package source

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

func isJSON5(name string) bool { return path.Ext(name) == ".json5" }

// json5 is [Tree.JSON] for a file in JSON5, which is JSON in the grammar of JavaScript. Infinity and NaN are errors.
func (t *Tree) json5(name string, v any) error {
	plain, err := t.plainJSON5(name)
	if err != nil {
		return err
	}
	err = decodeJSON(name, plain, v)
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Column, e.Hint = 0, "" // they are about the JSON that it was made
	}
	return err
}

// plainJSON5 is the JSON of a file in JSON5, each token on its line.
func (t *Tree) plainJSON5(name string) ([]byte, error) {
	b, err := t.text(name)
	if err != nil {
		return nil, err
	}
	w := json5Writer{lexer: js.NewLexer(parse.NewInputBytes(bytes.Clone(bytes.TrimPrefix(b, bom))))}
	for w.next() {
	}
	if err := w.lexer.Err(); !errors.Is(err, io.EOF) {
		e := &Error{Op: parsing, Name: name, Err: err}
		if at := (*parse.Error)(nil); errors.As(err, &at) {
			e.Line, e.Err = at.Line, errors.New(at.Message)
		}
		return nil, e
	}
	return w.out, nil
}

// A json5Writer turns tokens of JavaScript into tokens of JSON. The grammar is for the decoder of JSON to check.
type json5Writer struct {
	lexer *js.Lexer
	out   []byte
	comma bool   // one is read and not written, as it may be the last of its list
	open  []byte // brackets
	last  byte   // of the token before; 0 for none
}

// next takes a token, and reports whether there was one.
func (w *json5Writer) next() bool {
	kind, text := w.lexer.Next()
	switch kind {
	case js.ErrorToken:
		w.writeComma(0)
		return false
	case js.WhitespaceToken, js.LineTerminatorToken, js.CommentToken, js.CommentLineTerminatorToken:
		w.breakLines(text)
		return true
	case js.CommaToken:
		w.writeComma(',')
		w.comma = true
		return true
	}
	w.writeComma(text[0])
	key := len(w.open) > 0 && w.open[len(w.open)-1] == '{' && strings.IndexByte("{,", w.last) >= 0
	switch {
	case kind == js.OpenBraceToken || kind == js.OpenBracketToken:
		w.open = append(w.open, text[0])
		w.write(text)
	case kind == js.CloseBraceToken || kind == js.CloseBracketToken:
		w.open = w.open[:max(len(w.open)-1, 0)]
		w.write(text)
	case kind == js.StringToken:
		w.quote(text[1 : len(text)-1])
	case key && js.IsIdentifierName(kind):
		w.quote(text)
	case kind == js.AddToken || kind == js.SubToken: // a sign, as the space behind each token keeps two numbers apart
		w.write(bytes.Trim(text, "+"))
		return true
	case js.IsNumeric(kind):
		w.write(jsonNumber(string(text)))
	default:
		w.write(text)
	}
	w.breakLines(text)
	return true
}

// writeComma writes the comma that was read, unless it is the last of a list, after a value.
func (w *json5Writer) writeComma(next byte) {
	if !w.comma {
		return
	}
	w.comma = false
	if strings.IndexByte("]}", next) < 0 || next == 0 || strings.IndexByte("[{,:", w.last) >= 0 {
		w.write([]byte(","))
	}
}

func (w *json5Writer) write(token []byte) {
	if len(token) > 0 {
		w.out, w.last = append(w.out, token...), token[len(token)-1]
	}
}

// breakLines writes the line breaks of a text.
func (w *json5Writer) breakLines(text []byte) {
	if len(w.out) == 0 || w.out[len(w.out)-1] != '\n' {
		w.out = append(w.out, ' ') // so that tokens stay apart
	}
	w.out = append(w.out, bytes.Repeat([]byte("\n"), bytes.Count(text, []byte("\n")))...)
}

// quote writes a string of JSON for the inside of a string of JavaScript, or for a name.
func (w *json5Writer) quote(text []byte) {
	quoted, _ := jsontext.AppendQuote(nil, unescape(string(text)))
	w.write(quoted)
}

// jsonNumber is a number of JSON for one of JavaScript. One that is none of JSON5 stays as it is, for the decoder to refuse.
func jsonNumber(text string) []byte {
	if n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 64); err == nil && len(text) > 2 && text[1]|0x20 == 'x' {
		return strconv.AppendUint(nil, n, 10)
	}
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	digits, exponent, _ := strings.Cut(text, ".")
	if exponent == "" || exponent[0]|0x20 == 'e' {
		text = digits + exponent
	}
	return []byte(text)
}

// escapes are the characters that stand for another one after a backslash.
var escapes = map[byte]string{'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '0': "\x00", '\n': ""}

// unescape reads the escapes of a string of JavaScript. An escape that is cut short stands for its letter.
func unescape(text string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		out.WriteString(before)
		if !found || after == "" {
			return out.String()
		}
		units, size := hexEscape(after)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(after)
			to, ok := escapes[after[0]]
			if !ok && after[:size] != "\u2028" && after[:size] != "\u2029" { // at the end of a line
				to = after[:size]
			}
			out.WriteString(to)
		} else {
			out.WriteString(string(utf16.Decode(units)))
		}
		text = after[size:]
	}
}

// hexEscape reads x and two digits, or u and four, or two such for one character; size is 0 if it is neither.
func hexEscape(text string) (units []uint16, size int) {
	for digits := map[byte]int{'x': 2, 'u': 4}[text[0]]; digits > 0 && len(text) > size+digits; {
		n, err := strconv.ParseUint(text[size+1:size+1+digits], 16, 16)
		if err != nil {
			return nil, 0
		}
		units, size = append(units, uint16(n)), size+1+digits
		if len(units) == 2 || !utf16.IsSurrogate(rune(n)) || !strings.HasPrefix(text[size:], `\u`) {
			break
		}
		size++ // the second half
	}
	return units, size
}
