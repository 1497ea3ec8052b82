package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/providers"
	"github.com/org/npx-action/test/manual"
)

// documentation is all pages, by their names from the root of the repository.
func documentation(t *testing.T) map[string]manual.Page {
	t.Helper()
	pages, err := manual.Pages("..")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]manual.Page{}
	for _, page := range pages {
		byName[page.Name] = page
	}
	return byName
}

// thePage is the text of one page.
func thePage(t *testing.T, name string) string {
	t.Helper()
	page, ok := documentation(t)[name]
	if !ok {
		t.Fatalf("there is no page %s", name)
	}
	return page.Text
}

// TestPagesLinkToWhatIsThere follows the links of all pages, to files and to headings.
func TestPagesLinkToWhatIsThere(t *testing.T) {
	pages := documentation(t)
	links := 0
	for name, page := range pages {
		for _, link := range page.Links() {
			links++
			target := name
			if link.Target != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(name), link.Target))
			}
			if _, err := os.Stat(filepath.Join("..", target)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link.Target)
			}
			if link.Anchor != "" && !pages[target].Anchors()[link.Anchor] {
				t.Errorf("%s links to %s#%s, and there is no such heading", name, link.Target, link.Anchor)
			}
		}
	}
	if links < 10 {
		t.Errorf("%d links in %d pages", links, len(pages))
	}
}

func TestThePageOfProvidersListsThemInOrder(t *testing.T) {
	const name = "README.md"
	rest := thePage(t, name)
	for _, p := range providers.All() {
		_, after, found := strings.Cut(rest, "\n| `"+p.Name+"` |")
		if !found {
			t.Errorf("%s has no row for %s after those before it", name, p.Name)
			continue
		}
		rest = after
	}
}

func TestThePageOfEditionsListsTheRules(t *testing.T) {
	const name = "README.md"
	text := thePage(t, name)
	for _, rule := range rules.Names() {
		if !strings.Contains(text, "\n| `"+rule+"` |") {
			t.Errorf("%s has no row for the rule %s", name, rule)
		}
	}
}
