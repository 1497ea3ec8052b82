// Package nix writes the Nix expressions that install a plan's packages, and the command that runs them.
//
// Phases that name the same nixpkgs archive share one expression (nixpacks-1.39.md 4.2). Package and
// library entries of a plan are Nix code and are pasted as they are; everything else that reaches an
// expression or a command line is checked first.
package nix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// Options say where Nix gets its sources and its binaries from. The zero value is GitHub and Nix's own cache.
type Options struct {
	// Mirror takes the place of https://github.com in the addresses of archives, overlays and releases, such as
	// http://mirror.example:8080 (setting nix-mirror).
	Mirror string

	// Mirrors are the addresses that take the place of an upstream's scheme and host, by host: what is below nodejs.org is also below
	// https://mirror.example/node.
	Mirrors map[string]string

	// Substituters are the URLs of binary caches, in order of preference. They replace Nix's own list.
	Substituters []string

	// PublicKeys are the keys, NAME:BASE64, that sign what Substituters serve.
	PublicKeys []string
}

// A File is one expression: a function without arguments that evaluates to an environment for nix-env.
type File struct {
	Name     string   // nixpkgs-ARCHIVE.nix
	Content  string   // Nix
	Phases   []string // the phases whose packages it installs, in byte order
	Includes []string // app files that the phases ask for, by phase and then in their order, repetitions kept
}

// group is what the phases of one archive ask for together.
type group struct {
	archive  string // a commit
	hash     string // of the archive's tree, as fetchTarball takes it; "" if the plan has none
	phases   []string
	pkgs     []string
	libs     []string
	overlays []string
	includes []string
}

// Expressions returns one file for each nixpkgs archive that phases use, in byte order of the archives.
//
// The phases must be pinned: one that names packages but no archive is an error. Errors are of type [*Error].
func Expressions(phases map[string]plan.Phase, opt Options) ([]File, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	from := opt.Through
	groups := map[string]group{}
	for name, ph := range plan.Sorted(phases) {
		if len(ph.NixPkgs) == 0 && len(ph.NixLibs) == 0 {
			continue
		}
		if err := check(name, ph); err != nil {
			return nil, err
		}
		archive, hash, _ := strings.Cut(*ph.NixpkgsArchive, "#")
		g := groups[archive]
		if g.hash != "" && hash != "" && g.hash != hash {
			return nil, &Error{name, "nixpkgsArchive", fmt.Sprintf("%s has two hashes", archive), "give one"}
		}
		g.archive, g.hash = archive, cmp.Or(g.hash, hash)
		g.phases = append(g.phases, name)
		g.pkgs = appendFilled(g.pkgs, ph.NixPkgs)
		g.libs = appendFilled(g.libs, ph.NixLibs)
		g.overlays = append(g.overlays, ph.NixOverlays...)
		g.includes = append(g.includes, ph.OnlyIncludeFiles...)
		groups[g.archive] = g
	}
	var files []File
	for archive, g := range plan.Sorted(groups) {
		files = append(files, File{
			Name:     "nixpkgs-" + archive + ".nix",
			Content:  g.expression(from),
			Phases:   g.phases,
			Includes: g.includes,
		})
	}
	return files, nil
}

// Without returns phases that lack some of their packages: the ones in drop.
func Without(phases map[string]plan.Phase, drop []string) map[string]plan.Phase {
	out := map[string]plan.Phase{}
	for name, ph := range plan.Sorted(phases) {
		ph.NixPkgs = slices.DeleteFunc(slices.Clone(ph.NixPkgs), func(p string) bool { return slices.Contains(drop, p) })
		out[name] = ph
	}
	return out
}

// appendFilled leaves out blank entries: NIXPACKS_LIBS yields them (nixpacks-1.39.md 1.5).
func appendFilled(to, from []string) []string {
	for _, s := range from {
		if strings.TrimSpace(s) != "" {
			to = append(to, s)
		}
	}
	return to
}

// sortedSet returns list in byte order without repetitions.
func sortedSet(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
