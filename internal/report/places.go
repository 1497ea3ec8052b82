package report

import (
	"fmt"
	"strings"
)

// A Place is a host that lockfiles download packages from, and no lockfile of the base.
type Place struct {
	Name     string   // the host, and where everybody may have packages there, the owner
	Files    []string // that name it
	Packages []string // that come from there; may be empty
}

// How many places, and packages of one, are named.
const (
	shownPlaces   = 5
	shownPackages = 3
)

// placeNames are the new places, as Markdown.
func (r *view) placeNames() []string {
	var names []string
	for _, p := range r.Places {
		names = append(names, code(shorten(p.Name, 80)))
	}
	if more := len(names) - shownPlaces; more > 0 {
		names = append(names[:shownPlaces:shownPlaces], fmt.Sprintf("%d more", more))
	}
	return names
}

// placeRisk says that packages come from elsewhere, "" if they do not. The versions may be as before, and the content another one.
func (r *view) placeRisk() string {
	return before("**packages now come from** ", enumerate(r.placeNames()))
}

// placeRows are the rows of the table of changes.
func (r *view) placeRows() []string {
	var rows []string
	for _, p := range r.Places[:min(len(r.Places), shownPlaces)] {
		var packages []string
		for _, name := range p.Packages[:min(len(p.Packages), shownPackages)] {
			packages = append(packages, code(shorten(name, 80)))
		}
		if more := len(p.Packages) - shownPackages; more > 0 {
			packages = append(packages, fmt.Sprintf("%d more", more))
		}
		var files []string
		for _, name := range p.Files {
			files = append(files, code(shorten(name, 80)))
		}
		rows = append(rows, row("⚠️ new source of packages", code(shorten(p.Name, 80))+before(" for ", enumerate(packages))+"<br><sub>"+someNames(files)+"</sub>"))
	}
	if more := len(r.Places) - shownPlaces; more > 0 {
		rows = append(rows, row("⚠️ new sources of packages", fmt.Sprintf("%d more", more)))
	}
	return rows
}

// placeHeadline is what a headline says of them.
func (r *view) placeHeadline() string {
	return before("packages from ", strings.Join(r.placeNames(), ", "))
}
