package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/source"
)

// A kind is a language by the manifest that a directory of it has.
type kind struct {
	manifest string   // a base name, or *. and an extension
	locks    []string // that make a manifest in another app's directory one of its own
}

// kinds are the manifests that make a directory worth planning. Files that lie anywhere, such as main.py and index.html, do so in
// the root alone.
var kinds = []kind{
	{"nixpacks.toml", nil},
	{"nixpacks.json", nil},
	{"Procfile", nil},
	{packageJSON, []string{"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"}},
	{cargoToml, []string{"Cargo.lock"}},
	{goMod, []string{"go.sum"}},
	{"pyproject.toml", []string{"poetry.lock", "uv.lock", "pdm.lock"}},
	{"requirements.txt", nil},
	{"Pipfile", []string{"Pipfile.lock"}},
	{"Gemfile", []string{"Gemfile.lock"}},
	{"composer.json", []string{"composer.lock"}},
	{"pom.xml", nil},
	{"gradlew", nil},
	{"build.sbt", nil},
	{"project.clj", nil},
	{"mix.exs", []string{"mix.lock"}},
	{"gleam.toml", []string{"manifest.toml"}},
	{"pubspec.yaml", []string{"pubspec.lock"}},
	{"deno.json", []string{"deno.lock"}},
	{"deno.jsonc", []string{"deno.lock"}},
	{"Package.swift", []string{"Package.resolved"}},
	{"shard.yml", []string{"shard.lock"}},
	{"package.yaml", []string{"stack.yaml.lock"}},
	{"haunt.scm", nil},
	{"Staticfile", nil},
	{"*.csproj", nil},
	{"*.fsproj", nil},
}

// anyLanguage is how many kinds there are at the start of the list that say nothing of the language.
const anyLanguage = 3

// in returns the first of a kind's manifests in a directory.
func (k kind) in(bases []string) string {
	extension, any := strings.CutPrefix(k.manifest, "*")
	for _, base := range bases {
		if base == k.manifest || any && strings.HasSuffix(base, extension) {
			return base
		}
	}
	return ""
}

// standalone finds the apps outside of workspaces: directories with a manifest whose plan can be started. The root is tried in any
// case if nothing else is found.
func (f *finder) standalone() error {
	tried := 0
	for _, dir := range f.dirs {
		k := f.candidate(dir)
		if k == "" || f.has(dir) || !f.wanted(dir) {
			continue
		}
		if tried++; tried > maxTried {
			return f.mistake(path.Join(dir, k), "", "list those to build under apps in nixpacks.toml", "more than %d directories have a manifest", maxTried)
		}
		if err := f.try(dir); err != nil {
			return err
		}
	}
	if len(f.apps) == 0 && f.config.globs == nil && f.config.apps == nil {
		return f.try(".")
	}
	return nil
}

// candidate returns the manifest that makes a directory worth planning, "" if it has none: one that no workspace claims, and that is
// not part of the app around it.
func (f *finder) candidate(dir string) string {
	member := f.member(dir)
	for i, k := range kinds {
		base := k.in(f.files[dir])
		if base == "" || f.claimed[claim{dir, k.manifest}] || i < anyLanguage && member || i >= anyLanguage && f.within(dir, k) {
			continue
		}
		return base
	}
	return ""
}

// member reports whether a directory has a manifest that belongs to a workspace: what else lies there is about that.
func (f *finder) member(dir string) bool {
	return slices.ContainsFunc(kinds, func(k kind) bool { return f.claimed[claim{dir, k.manifest}] })
}

// within reports whether an app around the directory has a manifest of the same kind, and the directory no lockfile: then it is
// a module of that app.
func (f *finder) within(dir string, k kind) bool {
	if dir == "." || slices.ContainsFunc(k.locks, func(lock string) bool { return f.hasFile(dir, lock) }) {
		return false
	}
	for up := path.Dir(dir); ; up = path.Dir(up) {
		if f.has(up) && k.in(f.files[up]) != "" {
			return true
		}
		if up == "." {
			return false
		}
	}
}

// try adds the app in a directory if its plan can be started.
func (f *finder) try(dir string) error {
	if !slices.Contains(f.dirs, dir) {
		return nil
	}
	if library, err := f.library(dir); library || err != nil {
		return err
	}
	tree, err := f.tree.Sub(dir)
	if err != nil {
		return err
	}
	defer tree.Close()
	why, err := f.options.Starts(tree)
	if err != nil {
		return inDirectory(dir, err)
	}
	if why != "" {
		f.apps = append(f.apps, App{Directory: dir, Context: dir, Found: why, uses: append(f.references(dir), dir)})
	}
	return nil
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
