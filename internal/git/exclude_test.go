package git

import "testing"

func TestExcludeAddsWhatIsMissing(t *testing.T) {
	for _, tt := range []struct{ text, prefix, want string }{
		{"", ".", "/a\n/b-*\n"},
		{"# comment", ".", "\n/a\n/b-*\n"},
		{"/a\n", ".", "/b-*\n"},
		{"/a\n/b-*\n", ".", ""},
		{"/a\n/b-*\n", "sub", "/sub/a\n/sub/b-*\n"},
	} {
		if got := missingPatterns(tt.text, tt.prefix, []string{"a", "b-*"}); got != tt.want {
			t.Errorf("%q in %s: got %q, want %q", tt.text, tt.prefix, got, tt.want)
		}
	}
}
