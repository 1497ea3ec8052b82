package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxPattern bounds the text that is kept between two pieces of a stream. Of a longer value, the beginning is searched for.
const maxPattern = 16 << 10

// wrapped is the length from which programs break base64 into lines: 64 characters in PEM, 76 elsewhere.
const wrapped = 64

// A pattern is a text that gives a secret away.
type pattern struct {
	secret int
	text   string
}

// plainForms are the texts that a value appears as: as it is, in JSON, and in a URL's query, whose percent signs are undone
// before the search.
func plainForms(value string) []string {
	forms := []string{value, strings.ReplaceAll(value, " ", "+")}
	for _, html := range []bool{true, false} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(html)
		_ = e.Encode(value) // a string always has a JSON form
		forms = append(forms, b.String()[1:b.Len()-len("\"\n")])
	}
	return forms
}

// base64Forms are the parts of base64 that are the same whatever comes before and after the value, in both alphabets: one for
// each place where the value may begin in a group of three bytes. Characters that also hold bits of something else are left
// out, and with them the padding.
func base64Forms(value string) []string {
	var forms []string
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
		first := (before*8 + 5) / 6
		last := (before + len(value)) * 8 / 6
		std := text[first:last]
		forms = append(forms, std, strings.NewReplacer("+", "-", "/", "_").Replace(std))
	}
	return forms
}
