package test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/org/npx-action/test/manual"
)

// The page that comments cite as the source of what Nixpacks does.
const cited = ".github/docs/nixpacks-1.39.md"

var (
	citation = regexp.MustCompile(`nixpacks-1\.39\.md((?: |, |; | and | to |\d+\.\d+|[\dA]\b(?:\.\d+)?|items? \d+)*)`)
	place    = regexp.MustCompile(`items? (\d+)(?: and (\d+))?|[\dA](?:\.\d+)?`)
	nameless = regexp.MustCompile(`(?i)specification (?:section )?(?:\d+|A)(?:\.\d|\b)`)
)

// TestCitationsNameSectionsThatThereAre reads the comments of the code. A reader finds the source of each fact: the page by its name, and on
// it the section, or the item of a section's list.
func TestCitationsNameSectionsThatThereAre(t *testing.T) {
	places := citable(t)
	files, err := manual.Comments("..")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		text := strings.Join(strings.Fields(file.Text), " ")
		for _, old := range nameless.FindAllString(text, -1) {
			t.Errorf("%s: %q does not name the page nixpacks-1.39.md", file.Name, old)
		}
		for _, found := range citation.FindAllStringSubmatch(text, -1) {
			cites := citedPlaces(found[1])
			if len(cites) == 0 && !strings.HasSuffix(file.Name, "_test.go") {
				t.Errorf("%s cites the page without a section: %q", file.Name, found[0])
			}
			for _, p := range cites {
				n++
				if !places[p] {
					t.Errorf("%s cites %s, and %s has no such section", file.Name, p, cited)
				}
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d citations were found", n)
	}
}

// citedPlaces are the places of the words after the page's name: sections such as "3.18", and items such as "6.1 item 9".
func citedPlaces(words string) []string {
	var list []string
	section := ""
	for _, m := range place.FindAllStringSubmatch(words, -1) {
		if m[1] == "" {
			section = m[0]
			list = append(list, section)
			continue
		}
		for _, item := range m[1:] {
			if item != "" {
				list = append(list, section+" item "+item)
			}
		}
	}
	return list
}

var (
	section = regexp.MustCompile(`^##+ ([\dA](?:\.\d+)?)[. ]`)
	item    = regexp.MustCompile(`^(\d+)\. `)
)

// citable are the sections of the page, and the items of their lists.
func citable(t *testing.T) map[string]bool {
	t.Helper()
	places := map[string]bool{}
	at := ""
	for line := range strings.Lines(thePage(t, cited)) {
		if m := section.FindStringSubmatch(line); m != nil {
			at = m[1]
			places[at] = true
		}
		if m := item.FindStringSubmatch(line); m != nil && at != "" {
			places[at+" item "+m[1]] = true
		}
	}
	if !places["3.18"] || !places["6.1 item 21"] || places["3.24"] {
		t.Fatalf("the sections of %s are %v", cited, places)
	}
	return places
}

func TestCitedPlaces(t *testing.T) {
	for words, want := range map[string]string{
		" 3.16; 6.1, item 18":      "3.16|6.1|6.1 item 18",
		" 1.2; 6.1, items 2 and 3": "1.2|6.1|6.1 item 2|6.1 item 3",
		" 1.5 to 1.8":              "1.5|1.8",
		" 1.5 and 5":               "1.5|5",
		" A.4, and ":               "A.4",
		"":                         "",
	} {
		if got := strings.Join(citedPlaces(words), "|"); got != want {
			t.Errorf("%q cites %s, want %s", words, got, want)
		}
	}
}
