package test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/test/manual"
)

// The pages that are older than this test may have as many faults as this file says, a page a line.
const oldFaults = "english.txt"

// TestThePagesAreInPlainEnglish counts, in the documentation, sentences that are too long and turns of phrase that make a reader look back.
// New ones are an error, and so is a number that is too high: it would let a new one in. With -update the file of old faults says how many are
// left; it never says more than before.
func TestThePagesAreInPlainEnglish(t *testing.T) {
	text, err := os.ReadFile(oldFaults)
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var page string
		var n int
		if _, err := fmt.Sscanf(line, "%s %d\n", &page, &n); err != nil {
			t.Fatalf("%s: %q: %v", oldFaults, line, err)
		}
		allowed[page] = n
	}
	pages, err := manual.Pages("..")
	if err != nil {
		t.Fatal(err)
	}
	var left strings.Builder
	for _, page := range pages {
		var faults []string
		for _, sentence := range page.Sentences() {
			for _, fault := range manual.Faults(sentence) {
				faults = append(faults, fault+": "+sentence)
			}
		}
		if len(faults) > allowed[page.Name] {
			slices.Sort(faults)
			t.Errorf("%s has %d faults, and may have %d:\n%s", page.Name, len(faults), allowed[page.Name], strings.Join(faults, "\n"))
		}
		if len(faults) < allowed[page.Name] && !*update {
			t.Errorf("%s has %d faults, and %s still allows %d: `go test ./test -run English -update` lowers the number", page.Name, len(faults), oldFaults, allowed[page.Name])
		}
		if n := min(len(faults), allowed[page.Name]); n > 0 {
			fmt.Fprintf(&left, "%s %d\n", page.Name, n)
		}
	}
	if *update {
		if err := os.WriteFile(oldFaults, []byte(left.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
