package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
	"github.com/org/npx-action/providers"
)

// anyLanguage are the manifests that say nothing of the language.
var anyLanguage = []providers.Manifest{{File: "nixpacks.toml"}, {File: "nixpacks.json"}, {File: "Procfile"}}

// languages are the manifests of all languages, in the order of detection.
var languages = func() []providers.Manifest {
	var list []providers.Manifest
	for _, p := range providers.All() {
		list = append(list, p.Manifests...)
	}
	return list
}()

// manifests make a directory worth planning.
var manifests = slices.Concat(anyLanguage, languages)

// standalone finds the apps outside of workspaces: directories with a manifest whose plan can be started. The root is tried in any
// case if nothing else is found.
func (f *finder) standalone() error {
	tried := 0
	for _, dir := range f.dirs {
		manifest := f.candidate(dir)
		if manifest == "" || f.has(dir) || !f.wanted(dir) {
			continue
		}
		if tried++; tried > maxTried {
			return f.mistake(path.Join(dir, manifest), "", "list those to build under apps in nixpacks.toml", "more than %d directories have a manifest", maxTried)
		}
		f.try(dir)
	}
	if len(f.apps) == 0 && f.config.globs == nil && f.config.apps == nil {
		f.try(".")
	}
	return nil
}

// candidate returns the manifest that makes a directory worth planning, "" if it has none: one that no workspace claims, and that is
// not part of the app around it.
func (f *finder) candidate(dir string) string {
	member := f.member(dir)
	for i, m := range manifests {
		base := m.In(f.files[dir])
		if base == "" || f.claimed[claim{dir, m.File}] || i < len(anyLanguage) && member || i >= len(anyLanguage) && f.within(dir, m) {
			continue
		}
		return base
	}
	return ""
}

// member reports whether a directory has a manifest that belongs to a workspace: what else lies there is about that.
func (f *finder) member(dir string) bool {
	return slices.ContainsFunc(manifests, func(m providers.Manifest) bool { return f.claimed[claim{dir, m.File}] })
}

// within reports whether an app around the directory has a manifest of the same kind, and the directory no lockfile: then it is
// a module of that app.
func (f *finder) within(dir string, m providers.Manifest) bool {
	if dir == "." || slices.ContainsFunc(m.Locks, func(lock string) bool { return f.hasFile(dir, lock) }) {
		return false
	}
	for up := path.Dir(dir); ; up = path.Dir(up) {
		if f.has(up) && m.In(f.files[up]) != "" {
			return true
		}
		if up == "." {
			return false
		}
	}
}

// try adds the app in a directory if its plan can be started, or if nobody can tell because there is something wrong with it.
func (f *finder) try(dir string) {
	if !slices.Contains(f.dirs, dir) {
		return
	}
	why, err := f.starts(dir)
	if err != nil {
		f.apps = append(f.apps, App{Directory: dir, Context: dir, Found: "nothing: its plan is an error", uses: []string{dir}, broken: err})
		return
	}
	if why != "" {
		a := App{Directory: dir, Context: dir, Found: why, uses: append(f.references(dir), dir)}
		f.widen(&a)
		f.apps = append(f.apps, a)
	}
}

// starts says why the plan of a directory can be started, "" if it cannot.
func (f *finder) starts(dir string) (string, error) {
	if library, err := f.library(dir); library || err != nil {
		return "", err
	}
	tree, err := f.tree.Sub(dir)
	if err != nil {
		return "", err
	}
	defer tree.Close()
	why, err := f.options.Starts(tree, nil)
	if err != nil {
		return "", inDirectory(dir, err)
	}
	if f.claimedBy(dir, why) {
		return "", nil
	}
	return why, nil
}

// claimedBy reports whether a workspace claims a directory for the language whose plan starts it: as a member it is no app.
func (f *finder) claimedBy(dir, why string) bool {
	language, _, _ := strings.Cut(why, " ")
	return slices.ContainsFunc(providers.All(), func(p providers.Provider) bool {
		return p.Name == language && slices.ContainsFunc(p.Manifests, func(m providers.Manifest) bool {
			return m.In(f.files[dir]) != "" && f.claimed[claim{dir, m.File}]
		})
	})
}

// inDirectory makes the name of a file in an error one of the repository.
func inDirectory(dir string, err error) error {
	if e, ok := err.(*source.Error); ok && e.Name != "" { //nolint:errorlint // what wraps it would say the old name
		located := *e
		located.Name = path.Join(dir, e.Name)
		return &located
	}
	return &source.Error{Op: "planning", Name: dir, Err: err}
}
