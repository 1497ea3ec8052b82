package option

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecretsAreReadLineByLine(t *testing.T) {
	for text, want := range map[string]Pairs{
		"":                                nil,
		"A=hunter22\n":                    {{"A", "hunter22"}},
		"\n  A=x=y \r\n# c\nB=z":          {{"A", "x=y "}, {"B", "z"}},
		"A=\nB=z":                         {{"B", "z"}},
		`A={"a":"b"}`:                     {{"A", `{"a":"b"}`}},
		"\"A=one\ntwo \"\"q\"\"\n\"\nB=z": {{"A", "one\ntwo \"q\"\n"}, {"B", "z"}},
		`"A=one"`:                         {{"A", "one"}},
	} {
		var got Pairs
		if err := got.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
