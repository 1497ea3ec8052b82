package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is one of Markdown, less what leads to another host or to a place on the same page.
var link = regexp.MustCompile(`\]\(([^)#\s:]+)(#[^)\s]*)?\)`)

// heading is a line that links can lead to.
var heading = regexp.MustCompile(`(?m)^#+ (.+)$`)

// TestPagesLinkToWhatIsThere follows the links of the README and of the pages in .github.
func TestPagesLinkToWhatIsThere(t *testing.T) {
	pages := []string{"../README.md", "../gitlab/README.md"}
	err := filepath.WalkDir("../.github", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".md") {
			pages = append(pages, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			links++
			target := filepath.Join(filepath.Dir(page), m[1])
			other, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
			if m[2] != "" && !anchors(string(other))[m[2][1:]] {
				t.Errorf("%s links to %s%s, and there is no such heading", page, m[1], m[2])
			}
		}
	}
	if links < 10 {
		t.Errorf("%d links in %d pages", links, len(pages))
	}
}

// anchors are the names that GitHub gives to the headings of a page.
func anchors(page string) map[string]bool {
	names := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		name := strings.ToLower(regexp.MustCompile("[^A-Za-z0-9 _-]+").ReplaceAllString(m[1], ""))
		names[strings.ReplaceAll(name, " ", "-")] = true
	}
	return names
}
