package report

import (
	"fmt"
	"strings"
)

// A Replacement is a package that the lockfiles hold in the same version as the base's, with other content.
type Replacement struct {
	Name, Version string
	File          string // the lockfile
}

// shownReplaced bounds how many are named.
const shownReplaced = 5

// replacedNames are these packages, as Markdown.
func (r *view) replacedNames() []string {
	var names []string
	for _, p := range r.Replaced[:min(len(r.Replaced), shownReplaced)] {
		names = append(names, code(shorten(p.Name+" "+p.Version, 80)))
	}
	if more := len(r.Replaced) - shownReplaced; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return names
}

// replacedRisk says that a version is not what it was, "" if there is none: who publishes a version may not change it.
func (r *view) replacedRisk() string {
	return before("**other content under the same version:** ", enumerate(r.replacedNames()))
}

// replacedRows are the rows of the table of changes.
func (r *view) replacedRows() []string {
	if len(r.Replaced) == 0 {
		return nil
	}
	var files []string
	seen := map[string]bool{}
	for _, p := range r.Replaced {
		if !seen[p.File] {
			seen[p.File] = true
			files = append(files, code(shorten(p.File, 80)))
		}
	}
	return []string{row("⚠️ same version, other content", strings.Join(r.replacedNames(), "<br>")+"<br><sub>"+someNames(files)+"</sub>")}
}

// replacedHeadline is what a headline says of them.
func (r *view) replacedHeadline() string {
	return before("other content under the same version of ", strings.Join(r.replacedNames(), ", "))
}
