// Package manifests lists the files that planning reads, each with a small content that is valid, so that tests can
// break them one after the other.
package manifests

import (
	"path"
	"slices"
	"strings"
)

// A Manifest is a file that a plan depends on.
type Manifest struct {
	Provider string // that reads it; "" for the user's own layers
	Name     string // slash-separated, relative to the root of the app
	Content  string // small and valid
	Beside   []File // what the app needs for the file to be read
}

// A File is another file of the app.
type File struct{ Name, Content string }

// Format says how a file is written.
type Format int

// The formats. Text is any that is not decoded as a whole.
const (
	Text Format = iota
	JSON
	TOML
	YAML
)

// Format returns how the file is written.
func (m Manifest) Format() Format {
	base := path.Base(m.Name)
	switch {
	case slices.Contains([]string{"Pipfile", "Cargo.lock", "poetry.lock", "pdm.lock", "uv.lock", "mise.lock"}, base):
		return TOML
	case slices.Contains([]string{"Package.resolved", "Pipfile.lock", "composer.lock", "devbox.lock"}, base):
		return JSON
	case slices.Contains([]string{"Procfile", "Staticfile"}, base):
		return YAML
	}
	switch path.Ext(base) {
	case ".json", ".json5", ".jsonc":
		return JSON
	case ".toml":
		return TOML
	case ".yml", ".yaml":
		return YAML
	}
	return Text
}

// Files returns the app around the file: all but the file itself.
func (m Manifest) Files() map[string]string {
	files := map[string]string{}
	for _, f := range m.Beside {
		files[f.Name] = f.Content
	}
	return files
}

// All returns the list, in the order of the providers.
func All() []Manifest {
	return slices.Concat(compiled, virtual, node, python, static, layers)
}

// Names returns each file of the list once, in byte order.
func Names() []string {
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
		for _, f := range m.Beside {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// lines joins the lines of a content.
func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }
