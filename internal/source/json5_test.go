package source

import (
	"strings"
	"testing"
	"time"
)

func TestJSON5(t *testing.T) {
	main := "m"
	decodeTable(t, (*Tree).json5, []decodeTest{
		{text: "\ufeff// a\n{ /* b\n */ name: 'n', size: +1, 'main': \"m\", engines: {a: 'b',}, files: ['f', ], }\n// c",
			want: manifest{Name: "n", Size: 1, Main: &main, Engines: map[string]string{"a": "b"}, Files: []string{"f"}}},
		{text: `{"name":"n","name":"m"}`, want: manifest{Name: "m"}},
		{text: `{$a_1: 0x10, true: null, size: 0xFF, ratio: -.5}`, want: manifest{Size: 255, Ratio: -.5}},
		{text: `{ratio: 5.}`, want: manifest{Ratio: 5}},
		{text: `{ratio: 5.e1}`, want: manifest{Ratio: 50}},
		{text: `{private: true, main: null}`, want: manifest{Private: true}},
		{text: `{n\u0061me: 'n'}`, want: manifest{Name: "n"}},
		{text: `{name: 'it\'s "\x41\u00e9\ud83d\ude00\t\q\
\0"'}`, want: manifest{Name: "it's \"Aé😀\tq\x00\""}},
		{text: `{name: 'a\u12'}`, want: manifest{Name: "au12"}},
		{text: "{\n name: 1}", err: `parsing d/f:2: "name" must be a string, not a number`},
		{text: "{\n\n name: 'n' size: 1}", err: "parsing d/f:3: "},
		{text: "{\n name: 'n',, size: 1}", err: "parsing d/f:2: "},
		{text: "{\n files: [,]}", err: "parsing d/f:2: "},
		{text: "{\n name: 'n\n'}", err: "parsing d/f:2: "},
		{text: "{\n /* name: 'n'}", err: "parsing d/f:"},
		{text: "{\n size: 1+2}", err: "parsing d/f:2: "},
		{text: "{\n size: Infinity}", err: "parsing d/f:2: "},
		{text: "{\n name: n}", err: "parsing d/f:2: "},
		{text: "{\n name: `n`}", err: "parsing d/f:2: "},
		{text: "{\n name: /n/}", err: "parsing d/f:2: "},
		{text: "{\n files: [a: 1]}", err: "parsing d/f:2: "},
		{text: "{\n size: 0xFFFFFFFFFFFFFFFFFF}", err: "parsing d/f:2: "},
		{text: "{\n size: 0b1}", err: "parsing d/f:2: "},
		{text: "{\n}\n}", err: "parsing d/f:3: "},
		{text: "{name: 'n'", err: "parsing d/f:1: "},
		{text: "", err: "parsing d/f"},
		{text: ",", err: "parsing d/f"},
		{text: "'", err: "parsing d/f"},
		{text: "\\", err: "parsing d/f"},
	})
}

func TestLargeJSON5TakesLittleTime(t *testing.T) {
	for name, text := range map[string]string{
		"deep":     strings.Repeat("[", 8<<20),
		"braces":   strings.Repeat("{a:", 4<<20),
		"commas":   "[" + strings.Repeat(",", 8<<20) + "]",
		"comments": strings.Repeat("/*\n*/", 2<<20) + "{}",
		"escapes":  "{name:'" + strings.Repeat(`\u0041`, 2<<20) + "'}",
		"closed":   strings.Repeat("]", 8<<20),
	} {
		start := time.Now()
		var got manifest
		err := mapTree(t, map[string]string{"f.json5": text}, Limits{}).JSON("f.json5", &got)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if good := name == "comments" || name == "escapes"; good != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), "parsing f.json5") {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}
