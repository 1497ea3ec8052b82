package source

import (
	"strings"
	"testing"
)

func TestScript(t *testing.T) {
	const head = "# /// script\n"
	for _, tt := range []struct {
		text  string
		name  string
		found bool
		err   string
	}{
		{head + "# name = 'a'\n# ///\n", "a", true, ""},
		{"#!/usr/bin/env python\r\n\r\n" + head + "# name = 'a'\r\n# ///\r\nimport x\n", "a", true, ""},
		{"\ufeff" + head + "#\n# # a comment\n# name = \"a\"\n# ///", "a", true, ""},
		{head + "# [tool]\n# name = 'b'\n# ///\n", "", true, ""},
		{head + "# name = '''\n# ///\n# '''\n# ///\n", "///\n", true, ""}, // the last end counts
		{head + "# name = 'a'\n", "", false, ""},
		{head + "# name = 'a'\nx = 1\n# ///\n", "", false, ""},
		{"x = '# /// script'\n", "", false, ""},
		{"", "", false, ""},
		{"\n" + head + "# name = 'a\n# ///\n", "", false, "parsing d/f:3: "},
		{head + "# name = 1\n# ///\n", "", false, "parsing d/f:2"},
		{head + "# a" + strings.Repeat(".a", 20_000) + " = 1\n# ///\n", "", false, "parsing d/f:2"},
	} {
		var got manifest
		found, err := mapTree(t, map[string]string{"d/f": tt.text}, Limits{}).Script("d/f", &got)
		switch {
		case tt.err != "":
			if err == nil || !strings.HasPrefix(err.Error(), tt.err) {
				t.Errorf("%.60q: %v, want %s", tt.text, err, tt.err)
			}
		case err != nil || found != tt.found || got.Name != tt.name:
			t.Errorf("%.60q: %q, %t, %v", tt.text, got.Name, found, err)
		}
	}
	if found, err := mapTree(t, nil, Limits{}).Script("d/f", new(manifest)); found || err != nil {
		t.Errorf("a file that is not there: %t, %v", found, err)
	}
}
