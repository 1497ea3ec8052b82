package test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/test/manual"
)

// Pages that are older than this test may have as many faults as this file says, a page a line.
const oldFaults = "english.txt"

// described are the files of YAML that people read: inputs, outputs and what init writes.
var described = []string{"action.yml", "gitlab/templates/npx.yml", "gitlab/templates/discover.yml", "internal/workflow/github.yml",
	"internal/workflow/github-monorepo.yml", "internal/workflow/gitlab.yml", "internal/workflow/gitlab-monorepo.yml"}

// commentsOf are the comments of the program's code, a page for each directory, whose name ends in a slash.
func commentsOf(t *testing.T) []manual.Page {
	t.Helper()
	files, err := manual.Comments("..")
	if err != nil {
		t.Fatal(err)
	}
	var pages []manual.Page
	for _, file := range files {
		if strings.HasPrefix(file.Name, "test/") || strings.HasSuffix(file.Name, "_test.go") {
			continue
		}
		dir := path.Dir(file.Name) + "/"
		i := slices.IndexFunc(pages, func(p manual.Page) bool { return p.Name == dir })
		if i < 0 {
			i = len(pages)
			pages = append(pages, manual.Page{Name: dir})
		}
		pages[i].Text += file.Text + "\n"
	}
	return pages
}

// readByPeople are the pages of the documentation, the descriptions of inputs, and the texts of the program: help, errors, warnings and the words
// of comments. What the words of a comment give together is tested in package render.
func readByPeople(t *testing.T) []manual.Page {
	t.Helper()
	pages, err := manual.Pages("..")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := manual.Texts("..")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, texts...)
	for _, name := range described {
		page, err := manual.Descriptions("..", name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
	}
	return pages
}

// TestTextsForPeopleAreInPlainEnglish counts sentences that are too long and turns of phrase that make a reader look back. New ones are an
// error, and so is a number that is too high: it would let a new one in. With -update the file of old faults says how many are left; it never
// says more than before.
func TestTextsForPeopleAreInPlainEnglish(t *testing.T) {
	allowed := oldFaultsOf(t)
	sentences := 0
	var left strings.Builder
	for _, page := range append(readByPeople(t), commentsOf(t)...) {
		var faults []string
		for _, sentence := range page.Sentences() {
			sentences++
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
	if sentences < 5000 {
		t.Errorf("only %d sentences were found", sentences)
	}
	if *update {
		if err := os.WriteFile(oldFaults, []byte(left.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// oldFaultsOf are the faults that are allowed, by the name of the page.
func oldFaultsOf(t *testing.T) map[string]int {
	t.Helper()
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
	return allowed
}
