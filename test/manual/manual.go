// Package manual reads the documentation for tests: its pages with their listings, links and sentences, and the commands that it names, so
// that tests can start each of them.
package manual

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Commands are the commands of a program that the pages below the repository's root name, each once and in the order of their text: those
// of shell blocks and of code spans, without comments and with continued lines joined.
func Commands(root, program string) ([]string, error) {
	pages, err := Pages(root)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, page := range pages {
		if strings.HasSuffix(page.Name, specification) {
			continue
		}
		for _, line := range append(blocks(page), spans(page)...) {
			if name, _, _ := strings.Cut(line, " "); name == program {
				list = append(list, line)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// specification is the page that tells of the commands of plans, which nobody types.
const specification = "nixpacks-1.39.md"

var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	comment  = regexp.MustCompile(`(^|\s)#.*`)
)

func blocks(page Page) []string {
	var lines []string
	for _, block := range page.Listings("sh") {
		for line := range strings.Lines(strings.ReplaceAll(block.Text, "\\\n", " ")) {
			lines = append(lines, clean(comment.ReplaceAllString(line, "")))
		}
	}
	return lines
}

func spans(page Page) []string {
	var lines []string
	for _, span := range codeSpan.FindAllStringSubmatch(fence.ReplaceAllString(page.Text, ""), -1) {
		lines = append(lines, clean(strings.ReplaceAll(span[1], `\|`, "|"))) // as a table's cell has a bar
	}
	return lines
}

func clean(line string) string { return strings.Join(strings.Fields(line), " ") }

var described = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)

// Targets are the targets of make that the documentation names, and those that the Makefile describes.
func Targets(root string) ([]string, error) {
	commands, err := Commands(root, "make")
	if err != nil {
		return nil, err
	}
	var list []string
	for _, c := range commands {
		list = append(list, strings.Fields(c)[1:]...)
	}
	list = slices.DeleteFunc(list, func(word string) bool { return strings.Contains(word, "=") })
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		return nil, err
	}
	for _, m := range described.FindAllStringSubmatch(string(makefile), -1) {
		list = append(list, m[1])
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// Builds reports whether a command of npx-action needs a builder, a registry or a Docker engine.
func Builds(command string) bool {
	switch strings.Fields(command)[1] {
	case "build", "run", "verify", "cache", "doctor", "clean":
		return true
	}
	return false
}

var examples = strings.NewReplacer("COMMAND", "plan", "SHELL", "bash", "REF", "origin/main", "[DIR]", ".", "DIR", "out",
	"IMAGE", "ghcr.io/me/app:1", "REPOSITORY", "ghcr.io/me/app/cache")

// Example is a command with a value for each word that stands for one.
func Example(command string) string { return examples.Replace(command) }
