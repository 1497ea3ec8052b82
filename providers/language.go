package providers

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Language is what other packages know of a provider's apps, before there is a plan and after. An empty list says that
// there is nothing to know. A test fails where a list is nil: its author has forgotten it.
type Language struct {
	// Manifests are the files that make a directory of a repository worth planning. Files that lie anywhere, such as
	// main.py and index.html, are none.
	Manifests []Manifest

	// Lockfiles list the packages of an app with their versions, for the bill of materials.
	Lockfiles []Lockfile

	// Settings are the base names of the files, beside manifests and lockfiles, that decide what is installed.
	Settings []string

	// Caches are the directories that plans keep between builds.
	Caches []Cache

	// Runtimes are the Nix packages that people know under another name.
	Runtimes []Runtime

	// Programs are names that begin no sentence with a capital: their makers write them so, and they are what is typed.
	Programs []string
}

// A Manifest is a file that says how a directory is built.
type Manifest struct {
	File string // a base name, or *. and an extension

	// Locks are the base names of lockfiles that make such a directory an app of its own, even below another of its kind.
	Locks []string
}

// In returns the first of the base names that is such a manifest, "" if none is.
func (m Manifest) In(bases []string) string {
	extension, any := strings.CutPrefix(m.File, "*")
	for _, base := range bases {
		if base == m.File || any && strings.HasSuffix(base, extension) {
			return base
		}
	}
	return ""
}

// A Lockfile is a file that lists packages with their versions.
type Lockfile struct {
	File   string // the base name
	Format Format
}

// A Format is how a lockfile is written. The package sbom has a reader for each.
type Format string

// The formats that are read.
const (
	NPMLock          Format = "npm"
	PNPMLock         Format = "pnpm"
	YarnLock         Format = "yarn"
	BunLock          Format = "bun"
	DenoLock         Format = "deno"
	RequirementsText Format = "requirements"
	PythonTables     Format = "python tables" // TOML whose packages are tables [[package]]
	PipfileLock      Format = "pipfile"
	GoModules        Format = "go.mod"
	CargoLock        Format = "cargo"
	ComposerLock     Format = "composer"
	BundlerLock      Format = "bundler"
	MixLock          Format = "mix"
	PubLock          Format = "pub"
	NuGetLock        Format = "nuget"
	GradleLock       Format = "gradle"

	Unread Format = "" // the bill of materials has nothing of it
)

// LockfilesOf lists the base names of the lockfiles of a format, each once, in the order of [All].
func LockfilesOf(format Format) []string {
	var files []string
	for _, p := range All() {
		for _, l := range p.Lockfiles {
			if l.Format == format && !slices.Contains(files, l.File) {
				files = append(files, l.File)
			}
		}
	}
	return files
}

// A Cache is a directory that plans keep between builds.
type Cache struct {
	Dir string // an absolute path, or the end of one

	// Downloads says that it holds what an index gives again, as opposed to what a compiler made.
	Downloads bool
}

// CacheAt returns the row of a cache directory, an absolute path. An absolute path that is listed goes before the end of one.
func CacheAt(target string) (Cache, bool) {
	var end Cache
	for _, p := range All() {
		for _, c := range p.Caches {
			switch {
			case c.Dir == target:
				return c, true
			case c.Dir[0] != '/' && strings.HasSuffix(target, "/"+c.Dir):
				end = c
			}
		}
	}
	return end, end.Dir != ""
}

// A Runtime is what apps of a language run on.
type Runtime struct {
	Name string // by which people know it

	// Packages match the Nix packages and the releases of it, as they are in plans. The groups are the numbers of the version.
	Packages []*lazyregexp.Regexp

	// Releases are those whose end is known.
	Releases []Release
}

// A Release is a version of a runtime that its makers end some day.
type Release struct {
	Version string
	Ended   string // the last day of security fixes, by its makers: YYYY-MM-DD

	// Packages are the names by which plans install it: a word of a Nix package, perhaps with an at sign and the archive that
	// gives the package that version, or rbenv@ and the version.
	Packages []string
}

// EndOfLifeAsOf is the day of all tables of releases: YYYY-MM-DD. It stands for today, so that a plan has the same warnings
// every day.
const EndOfLifeAsOf = "2026-11-21"

// Recognise returns the name and the version, of digits and dots only and perhaps "", of the runtime that a Nix package or a release is.
func Recognise(pkg string) (name, version string, ok bool) {
	for _, p := range All() {
		for _, r := range p.Runtimes {
			for _, pattern := range r.Packages {
				if m := pattern.FindStringSubmatch(pkg); m != nil {
					numbers := slices.DeleteFunc(m[1:], func(n string) bool { return n == "" })
					return r.Name, strings.Join(numbers, "."), true
				}
			}
		}
	}
	return "", "", false
}

// ReleaseOf returns the runtime and the release that a plan installs by a name, as in [Release].
func ReleaseOf(name string) (Runtime, Release, bool) {
	for _, p := range All() {
		for _, runtime := range p.Runtimes {
			for _, r := range runtime.Releases {
				if slices.Contains(r.Packages, name) {
					return runtime, r, true
				}
			}
		}
	}
	return Runtime{}, Release{}, false
}

// patterns compiles the regular expressions of a runtime's packages.
func patterns(texts ...string) []*lazyregexp.Regexp {
	var list []*lazyregexp.Regexp
	for _, text := range texts {
		list = append(list, lazyregexp.New(text))
	}
	return list
}
