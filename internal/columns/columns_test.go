package columns_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/org/npx-action/internal/columns"
)

func TestWrappedTextFitsAndLosesNothing(t *testing.T) {
	for _, text := range []string{"", "one", "a  b   c ", strings.Repeat("word ", 40), strings.Repeat("ü", 100) + " " + strings.Repeat("ä ", 50)} {
		for width := 1; width < 90; width++ {
			lines := columns.Wrap(text, width)
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
	if got := columns.Hanging("- cmd  one two three", 14); got != "- cmd  one\n    two three" {
		t.Errorf("%q", got)
	}
}

func TestATableFitsAndLosesNothing(t *testing.T) {
	rows := [][]string{
		{"NAME", "DIRECTORY", "FOUND BY"},
		{"api", "apps/api", "apps/api/package.json has the script start"},
		{"payments-and-invoices", "services/finance/payments-and-invoices", "python because of main.py"},
		{"ünï", ".", ""},
	}
	for width := 64; width < 140; width++ {
		table := columns.Table(rows, width)
		for _, row := range rows {
			for _, cell := range row {
				for _, word := range strings.Fields(cell) {
					if !strings.Contains(table, word) {
						t.Fatalf("at %d the word %q is missing:\n%s", width, word, table)
					}
				}
			}
		}
		for line := range strings.Lines(table) {
			if utf8.RuneCountInString(line) > width+1 && len(strings.Fields(line)) > 1 {
				t.Errorf("at %d a line is too long:\n%s", width, table)
			}
		}
	}
	want := `NAME  DIRECTORY  FOUND BY
api   apps/api   apps/api/package.json has the
                 script start
payments-and-invoices
      services/finance/payments-and-invoices
                 python because of main.py
ünï   .
`
	if got := columns.Table(rows, 50); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := columns.Table(nil, 50); got != "" {
		t.Errorf("no rows become %q", got)
	}
}
