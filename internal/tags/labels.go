package tags

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// compileLabels reads NAME=VALUE lines with templates. Quotes go where the line is proper CSV, as with metadata-action: so the whole of
// a line may be quoted, and JSON in a value stays as it is.
func compileLabels(what string, lines []string) ([]template, error) {
	var list []template
	for _, line := range lines {
		if fields, err := csv.NewReader(strings.NewReader(line)).Read(); err == nil {
			line = strings.Join(fields, ",")
		}
		if name, _, ok := strings.Cut(line, "="); !ok || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("reading %s %q: it is not NAME=VALUE", what, line)
		}
		t, err := compile(line, globals)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", what, err)
		}
		list = append(list, t)
	}
	return list, nil
}

// labelled are the default labels of the Open Container Initiative with the user's over them, sorted by name. Empty values stay,
// as they take away what a base image says.
func (m *maker) labelled(own []template, version string) []string {
	const prefix = "org.opencontainers.image."
	repo := m.src.Project
	all := map[string]string{
		prefix + "title":       repo.Name,
		prefix + "description": repo.Description,
		prefix + "url":         repo.URL,
		prefix + "source":      repo.URL,
		prefix + "version":     version,
		prefix + "created":     cmp.Or(m.src.Created, m.src.Date).UTC().Format("2006-01-02T15:04:05.000Z"),
		prefix + "revision":    m.src.SHA,
		prefix + "licenses":    repo.License,
	}
	for _, t := range own {
		name, value, _ := strings.Cut(t.render(m.global), "=")
		all[name] = value
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, name+"="+oneLine(all[name]))
	}
	return list
}

// lineBreaks are the line breaks of a description, with the blanks around. A list of labels has one a line.
var lineBreaks = lazyregexp.New(`\s*[\r\n\v\f\x{85}\x{2028}\x{2029}]\s*`)

// oneLine is a value without line breaks.
func oneLine(value string) string {
	if !lineBreaks.MatchString(value) {
		return value
	}
	return strings.TrimSpace(lineBreaks.ReplaceAllString(value, " "))
}

// Map makes a map of NAME=VALUE items.
func Map(list []string) map[string]string {
	m := make(map[string]string, len(list))
	for _, item := range list {
		name, value, _ := strings.Cut(item, "=")
		m[name] = value
	}
	return m
}

// Tags are the references, or the bare names if there is no image.
func (r Result) Tags() []string {
	if len(r.References) == 0 {
		return r.Names
	}
	return r.References
}

// Levelled are the annotations with each level before them, such as manifest:NAME=VALUE.
func (r Result) Levelled(levels []string) []string {
	var list []string
	for _, level := range levels {
		for _, a := range r.Annotations {
			list = append(list, level+":"+a)
		}
	}
	return list
}

// JSON is the output of that name as metadata-action gives it.
func (r Result) JSON(levels []string) (string, error) {
	b, err := json.Marshal(struct {
		Tags        []string          `json:"tags"`
		Names       []string          `json:"tag-names"`
		Labels      map[string]string `json:"labels"`
		Annotations []string          `json:"annotations"`
	}{list(r.Tags()), list(r.Names), Map(r.Labels), list(r.Levelled(levels))})
	if err != nil {
		return "", fmt.Errorf("writing the tags as JSON: %w", err)
	}
	return string(b), nil
}

// list is never null in JSON.
func list(s []string) []string { return append([]string{}, s...) }
