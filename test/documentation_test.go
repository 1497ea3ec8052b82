package test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// The sizes that a reader takes in, in bytes. ARCHITECTURE and the page about Nixpacks are there to look things up in.
const (
	mostOfReadme = 10_000
	mostOfPage   = 12_000
)

// unlimited are pages that may be larger.
var unlimited = []string{".github/docs/nixpacks-1.39.md", ".github/ARCHITECTURE.md"}

func TestPagesAreShort(t *testing.T) {
	for name, page := range documentation(t) {
		most := mostOfPage
		if name == "README.md" {
			most = mostOfReadme
		}
		if len(page.Text) > most && !slices.Contains(unlimited, name) {
			t.Errorf("%s has %d bytes, and may have %d: split it", name, len(page.Text), most)
		}
	}
}

// questions are those that the README answers under "How do I", by a word of the link.
var questions = []string{"Docker Hub", "ECR without keys", "two registries", "npm package", "Python package", "Go module", "ffmpeg", "another Node", "QEMU",
	"native runners", "deploy the digest", "with Docker", "without Docker", "restricted profile", "Nixpacks plan", "no comment", "plan alone", "monorepo"}

// TestReadmeAnswersWithinTwoClicks follows the link of each question. What it leads to shows code, or leads to a page that does.
func TestReadmeAnswersWithinTwoClicks(t *testing.T) {
	pages := documentation(t)
	links := manual.Page{Text: pages["README.md"].Section("how-do-i")}.Links()
	for _, question := range questions {
		i := slices.IndexFunc(links, func(l manual.Link) bool { return strings.Contains(strings.Join(strings.Fields(l.Text), " "), question) })
		if i < 0 {
			t.Errorf("README.md does not answer %q", question)
			continue
		}
		answer := pages[links[i].Target].Section(links[i].Anchor)
		shown := strings.Contains(answer, "\n```")
		for _, second := range (manual.Page{Text: answer}).Links() {
			shown = shown || strings.Contains(pages[".github/docs/"+second.Target].Text, "\n```")
		}
		if !shown {
			t.Errorf("README.md leads for %q to %s#%s, where nothing is shown", question, links[i].Target, links[i].Anchor)
		}
	}
}

// TestEveryPageIsReached follows the links from the README: nobody finds a page that none leads to.
func TestEveryPageIsReached(t *testing.T) {
	pages := documentation(t)
	reached := map[string]bool{"README.md": true, "gitlab/README.md": true}
	for queue := []string{"README.md"}; len(queue) > 0; queue = queue[1:] {
		for _, link := range pages[queue[0]].Links() {
			target := filepath.ToSlash(filepath.Join(filepath.Dir(queue[0]), link.Target))
			if _, isPage := pages[target]; isPage && link.Target != "" && !reached[target] {
				reached[target] = true
				queue = append(queue, target)
			}
		}
	}
	for name := range pages {
		if !reached[name] {
			t.Errorf("no link leads from the README to %s", name)
		}
	}
}

// TestTheFiguresOfTheReadmeAreMeasured compares its sizes of images with the table that the corpus writes, and its number of providers with
// the list.
func TestTheFiguresOfTheReadmeAreMeasured(t *testing.T) {
	pages := documentation(t)
	rows := regexp.MustCompile(`(?m)^\| ([a-z-]+) \| (\d+) \|$`).FindAllStringSubmatch(pages["README.md"].Text, -1)
	if len(rows) < 3 {
		t.Errorf("README.md has %d sizes", len(rows))
	}
	for _, row := range rows {
		if !strings.Contains(pages[".github/docs/corpus.md"].Text, "\n| "+row[1]+" |  | starts and answers | "+row[2]+" | ") {
			t.Errorf("README.md says that the image of %s has %s MB, and the corpus does not", row[1], row[2])
		}
	}
	if want := fmt.Sprintf("[%d kinds of apps]", len(providers.All())); !strings.Contains(pages["README.md"].Text, want) {
		t.Errorf("README.md does not say %s", want)
	}
}

// TestReadmeListsInputsThatThereAre is about the inputs that people set.
func TestReadmeListsInputsThatThereAre(t *testing.T) {
	section := documentation(t)["README.md"].Section("the-inputs-that-people-set")
	rows := regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(section, -1)
	for _, row := range rows {
		if !slices.Contains(declared(), row[1]) {
			t.Errorf("the action has no input %s", row[1])
		}
	}
	if len(rows) != 10 {
		t.Errorf("README.md lists %d inputs, want 10", len(rows))
	}
}

func TestThePageOfProvidersListsThemInOrder(t *testing.T) {
	const name = ".github/docs/providers.md"
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

func TestThePageOfEditionsListsThemAndTheRules(t *testing.T) {
	const name = ".github/docs/editions.md"
	text := thePage(t, name)
	for _, edition := range rules.Editions() {
		if !strings.Contains(text, "\n| `"+string(edition)+"` |") {
			t.Errorf("%s has no row for the edition %s", name, edition)
		}
	}
	for _, rule := range rules.Names() {
		if !strings.Contains(text, "\n| `"+rule+"` |") {
			t.Errorf("%s has no row for the rule %s", name, rule)
		}
	}
}
