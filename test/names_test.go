package test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/reserved"
)

// TestTheDocumentationListsAllReservedNames compares the rows of names.md with the list, in its order.
func TestTheDocumentationListsAllReservedNames(t *testing.T) {
	text, err := os.ReadFile("../.github/docs/names.md")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	kind := ""
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		switch {
		case !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---"):
		case strings.HasPrefix(line, "| name of a "):
			kind = strings.TrimSpace(strings.TrimPrefix(cells[0], " name of a "))
		default:
			have = append(have, kind+": "+strings.TrimSpace(strings.Join(cells, " | ")))
		}
	}
	for _, n := range reserved.Names() {
		want = append(want, string(n.Kind)+": "+strings.Join([]string{n.Form, n.Owner, n.Others}, " | "))
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("the list and the page (-list +page):\n%s", diff)
	}
}
