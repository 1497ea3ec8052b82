package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// aliases are other names by which people call the tools.
var aliases = map[string]string{
	"nodejs":     "node",
	"golang":     "go",
	"python3":    "python",
	"cpython":    "python",
	"dotnet-sdk": "dotnet",
	"aspnetcore": "aspnetcore-runtime",
	"jdk":        "java",
	"openjdk":    "java",
	"rustc":      "rust",
	"postgres":   "postgresql",
}

// Later is the tool that has the later versions of another, by the catalogue's names; "" for most.
func Later(tool string) string {
	if tool == "yarn" {
		return "yarn-berry"
	}
	return ""
}

// An UnknownError tells of a tool that is not in the catalogue.
type UnknownError struct {
	Name string
	Near []string // names that differ little, the nearest first; at most three
}

// Error is one line, which ends in the nearest names.
func (e *UnknownError) Error() string {
	text := fmt.Sprintf("unknown tool %.40q", e.Name)
	if len(e.Near) > 0 {
		text += ": did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return text
}

// near returns up to three names that differ from the given one in at most a third of its letters, or that it begins or ends.
func (c *Catalogue) near(name string) []string {
	if len(name) > 40 {
		return nil // longer than any name that could be meant
	}
	name = strings.ToLower(name)
	type candidate struct {
		name string
		far  int
	}
	var list []candidate
	add := func(known, canonical string) {
		far := levenshtein.ComputeDistance(name, known)
		if far <= max(1, len(name)/3) {
			list = append(list, candidate{canonical, far})
		} else if len(name) > 2 && (strings.HasPrefix(known, name) || strings.HasPrefix(name, known) && len(known) > 2) {
			list = append(list, candidate{canonical, len(name)/3 + 1})
		}
	}
	for _, known := range c.names {
		add(known, known)
	}
	for alias, canonical := range aliases {
		if slices.Contains(c.names, canonical) {
			add(alias, canonical)
		}
	}
	slices.SortFunc(list, func(a, b candidate) int { return cmp.Or(a.far-b.far, strings.Compare(a.name, b.name)) })
	var names []string
	for _, x := range list {
		if !slices.Contains(names, x.name) && len(names) < 3 {
			names = append(names, x.name)
		}
	}
	return names
}
