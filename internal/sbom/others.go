package sbom

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"
	"golang.org/x/mod/modfile"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/source"
)

// golang reads go.mod, which since Go 1.17 lists all modules that a build needs; go.sum has many more.
func golang(t *source.Tree, name string) ([]Package, error) {
	content, err := t.Bytes(name)
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse(name, content, nil)
	if err != nil { // as of a newer Go; replacements are not read then
		file, err = modfile.ParseLax(name, content, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var list []Package
	for _, r := range file.Require {
		known, version := r.Mod.Path, r.Mod.Version
		for _, to := range file.Replace {
			if to.Old.Path == known && (to.Old.Version == "" || to.Old.Version == version) {
				known, version = to.New.Path, to.New.Version
			}
		}
		if version != "" { // else it is a directory of the app
			entry := pkg(packageurl.TypeGolang, known, version)
			entry.direct = !r.Indirect
			list = append(list, entry)
		}
	}
	return list, nil
}

// composer reads composer.lock.
func composer(t *source.Tree, name string) ([]Package, error) {
	type entries []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	var lock struct {
		Packages entries `json:"packages"`
		Dev      entries `json:"packages-dev"`
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for i, of := range []entries{lock.Packages, lock.Dev} {
		for _, e := range of {
			entry := pkg(packageurl.TypeComposer, e.Name, e.Version)
			entry.dev = i == 1
			list = append(list, entry)
		}
	}
	return list, nil
}

// gem is a line of a section GEM: four blanks, the name and the version with its platform.
var gem = lazyregexp.New(`^    ([A-Za-z0-9._-]+) \(([^)]+)\)$`)

// gemRemote is where the gems of a section are from.
var gemRemote = lazyregexp.New(`^  remote: (\S+)$`)

// gemAsked is a line of the section DEPENDENCIES.
var gemAsked = lazyregexp.New(`^  ([A-Za-z0-9._-]+)`)

// bundler reads Gemfile.lock.
func bundler(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	direct := map[string]bool{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && line[0] != ' ' {
			section = line
		}
		if m := gem.FindStringSubmatch(line); m != nil && section == "GEM" {
			list = append(list, pkg(packageurl.TypeGem, m[1], m[2]))
		}
		if m := gemRemote.FindStringSubmatch(line); m != nil {
			list = append(list, at(packageurl.TypeGem, m[1]))
		}
		if m := gemAsked.FindStringSubmatch(line); m != nil && section == "DEPENDENCIES" {
			direct[m[1]] = true
		}
	}
	for i := range list {
		list[i].direct = direct[list[i].purl.Name]
	}
	return list, nil
}

// hexPackage is an entry of a package from Hex: "key": {:hex, :name, "version", ...
var hexPackage = lazyregexp.New(`\{:hex,\s*:"?([a-z0-9_]+)"?,\s*"([^"]+)"`)

// mix reads mix.lock.
func mix(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	for _, m := range hexPackage.FindAllStringSubmatch(text, -1) {
		list = append(list, pkg(packageurl.TypeHex, m[1], m[2]))
	}
	return list, nil
}

// pub reads pubspec.lock.
func pub(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Packages map[string]struct {
			Dependency string `yaml:"dependency"`
			Source     string `yaml:"source"`
			From       any    `yaml:"description"`
			Version    string `yaml:"version"`
		} `yaml:"packages"`
	}
	if err := t.YAML(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, known := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[known]
		if p.Source != "hosted" {
			list = append(list, at("pub", texts(p.From)...))
			continue
		}
		entry := pkg("pub", known, p.Version)
		entry.dev, entry.direct = p.Dependency == "direct dev", strings.HasPrefix(p.Dependency, "direct ")
		entry.places = texts(p.From)
		list = append(list, entry)
	}
	return list, nil
}

// nuget reads packages.lock.json.
func nuget(t *source.Tree, name string) ([]Package, error) {
	var lock struct {
		Dependencies map[string]map[string]struct {
			Type     string `json:"type"`
			Resolved string `json:"resolved"`
		} `json:"dependencies"`
	}
	if err := t.JSON(name, &lock); err != nil {
		return nil, err
	}
	var list []Package
	for _, framework := range slices.Sorted(maps.Keys(lock.Dependencies)) {
		of := lock.Dependencies[framework]
		for _, known := range slices.Sorted(maps.Keys(of)) {
			if p := of[known]; p.Resolved != "" && p.Type != "Project" {
				entry := pkg(packageurl.TypeNuget, known, p.Resolved)
				entry.direct = p.Type == "Direct"
				list = append(list, entry)
			}
		}
	}
	return list, nil
}

// gradle reads gradle.lockfile: GROUP:NAME:VERSION=CONFIGURATIONS.
func gradle(t *source.Tree, name string) ([]Package, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Package
	for line := range strings.Lines(text) {
		coordinates, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		if parts := strings.Split(coordinates, ":"); len(parts) == 3 && coordinates[0] != '#' {
			list = append(list, pkg(packageurl.TypeMaven, parts[0]+"/"+parts[1], parts[2]))
		}
	}
	return list, nil
}
