package manual

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Page is a file of the documentation.
type Page struct {
	Name string // from the root of the repository, with slashes
	Text string
}

// Pages reads all pages of the documentation below the root of the repository, in the order of their names.
func Pages(root string) ([]Page, error) {
	var all []Page
	for _, pattern := range []string{"*.md", "gitlab/*.md", ".github/*.md", ".github/docs/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			all = append(all, Page{filepath.ToSlash(name), string(text)})
		}
	}
	slices.SortFunc(all, func(a, b Page) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// A Listing is a block of code on a page.
type Listing struct {
	Page     string
	Line     int    // of its first line of code, from 1
	Language string // "" if the page names none
	Text     string
}

// File is the name of the file that the listing's first line says it is, "" if that line says none.
func (l Listing) File() string {
	first, _, _ := strings.Cut(l.Text, "\n")
	name, ok := strings.CutPrefix(first, "# ")
	if !ok || strings.ContainsAny(name, " ") || !strings.ContainsAny(name, ".") {
		return ""
	}
	return name
}

var (
	jobs     = regexp.MustCompile(`(?m)^jobs:`)
	manifest = regexp.MustCompile(`(?m)^apiVersion:`)
)

// Forge is where a listing of YAML belongs: github, for workflows and lists of steps, or gitlab. It is "" for an object of Kubernetes.
func (l Listing) Forge() string {
	switch {
	case strings.HasPrefix(l.Text, "- "), jobs.MatchString(l.Text):
		return "github"
	case manifest.MatchString(l.Text):
		return ""
	}
	return "gitlab"
}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// Listings are the blocks of code of a page in one of the languages, or in any language if none is given.
func (p Page) Listings(languages ...string) []Listing {
	var list []Listing
	for _, at := range fence.FindAllStringSubmatchIndex(p.Text, -1) {
		language := p.Text[at[2]:at[3]]
		if len(languages) > 0 && !slices.Contains(languages, language) {
			continue
		}
		list = append(list, Listing{p.Name, 1 + strings.Count(p.Text[:at[4]], "\n"), language, p.Text[at[4]:at[5]]})
	}
	return list
}

var (
	heading     = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]+`)
	linkText    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// Anchors are the names that GitHub gives to the headings of a page.
func (p Page) Anchors() map[string]bool {
	names := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(p.Text, ""), -1) {
		text := strings.ToLower(linkText.ReplaceAllString(m[1], "$1"))
		names[strings.ReplaceAll(notInAnchor.ReplaceAllString(text, ""), " ", "-")] = true
	}
	return names
}

// Section is the text below the heading of an anchor, up to the next heading that is not deeper; "" if there is no such heading.
func (p Page) Section(anchor string) string {
	var b strings.Builder
	depth := 0
	code := false
	for line := range strings.Lines(p.Text) {
		code = code != strings.HasPrefix(line, "```")
		if marks, _, ok := strings.Cut(line, " "); ok && !code && strings.Trim(marks, "#") == "" && marks != "" {
			if depth > 0 && len(marks) <= depth {
				break
			}
			if depth == 0 && (Page{Text: line}).Anchors()[anchor] {
				depth = len(marks)
				continue
			}
		}
		if depth > 0 {
			b.WriteString(line)
		}
	}
	return b.String()
}

// A Link is one on a page.
type Link struct{ Text, Target, Anchor string } // Target is "" for the page itself

var (
	inText = regexp.MustCompile(`\[((?:!\[[^\]]*\]\([^)]*\)|[^\]\[])*)\]\(([^)\s]+)\)`)
	image  = regexp.MustCompile(`!\[([^\]]*)\]\(([^)\s]+)\)`)
	inHTML = regexp.MustCompile(`(?:src|srcset|href)="([^"]+)"`)
)

// Links are the links and the pictures of a page, without code and without what leads to another host.
func (p Page) Links() []Link {
	text := codeSpan.ReplaceAllStringFunc(fence.ReplaceAllString(p.Text, ""), func(s string) string { return strings.Repeat("x", len(s)) })
	var list []Link
	add := func(words, address string) {
		if strings.Contains(address, "://") || strings.HasPrefix(address, "mailto:") {
			return
		}
		target, anchor, _ := strings.Cut(address, "#")
		list = append(list, Link{words, target, anchor})
	}
	for _, m := range inText.FindAllStringSubmatch(text, -1) {
		add(m[1], m[2])
	}
	for _, m := range image.FindAllStringSubmatch(text, -1) {
		add(m[1], m[2])
	}
	for _, m := range inHTML.FindAllStringSubmatch(text, -1) {
		add("", m[1])
	}
	return list
}
