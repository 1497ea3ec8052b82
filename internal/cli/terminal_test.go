package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrappedTextFitsAndLosesNothing(t *testing.T) {
	for _, text := range []string{"", "one", "a  b   c ", strings.Repeat("word ", 40), strings.Repeat("ü", 100) + " " + strings.Repeat("ä ", 50)} {
		for width := 1; width < 90; width++ {
			lines := wrap(text, width)
			if got := strings.Join(lines, " "); got != text {
				t.Fatalf("%q at %d becomes %q", text, width, got)
			}
			for _, line := range lines {
				if utf8.RuneCountInString(line) > width && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%q at %d has the line %q", text, width, line)
				}
			}
		}
	}
	if got := hanging("- cmd  one two three", 14); got != "- cmd  one\n    two three" {
		t.Errorf("%q", got)
	}
}
