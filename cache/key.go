// Package cache decides which registry cache a build reads and writes.
//
// A cache is named by what the setup and install phases depend on, above all by the bytes of the
// lockfiles. So it survives every commit that does not touch the dependencies, on builders that are
// thrown away after each job, and is written once and never overwritten.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// schema changes when parts are added or computed differently: older caches are then not found.
const schema = "1"

// A Part is one thing that the key depends on, by name, with the SHA-256 of its content in hex.
type Part struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

// Parts are in a fixed order: environment, packages, commands, then files by path.
type Parts []Part

// A Key names a cache. Both values are 32 hexadecimal digits.
type Key struct {
	Exact string // of all parts
	Setup string // of all parts but the files
	Parts Parts
}

// Inputs are what a key is made of.
type Inputs struct {
	Plan         plan.Plan                    // pinned
	Base         string                       // digest of the build image, and of its tools if there are any
	Platform     string                       // such as linux/amd64
	Reproducible bool                         // steps leave out time and chance
	Files        map[string][sha256.Size]byte // digests of the lockfiles, and of the files that the install phase is restricted to
	Secrets      map[string]string            // fingerprints of the secrets that phases ask for, by phase
}

const filePrefix = "file "

// NewKey computes the key of the setup and install phases.
// It does not depend on the branch, the commit, other source files, or the build and start phases' commands.
func NewKey(in Inputs) Key {
	var parts Parts
	add := func(name string, v any) {
		parts = append(parts, Part{name, digest(v)})
	}
	add("schema", schema)
	add("platform", in.Platform)
	add("base image", in.Base)
	add("nix packages", nixPackages(in.Plan))
	if list := releases(in.Plan); len(list) > 0 {
		add("releases", list)
	}
	add("apt packages", aptPackages(in.Plan))
	add("static assets", in.Plan.StaticAssets)
	add("variables", in.Plan.Variables)
	installs := installCommands(in.Plan)
	add("install commands", installs)
	if in.Reproducible {
		add("reproducible", true)
	}
	secrets := map[string]string{}
	for phase, fingerprint := range in.Secrets {
		if _, ok := installs[phase]; ok {
			secrets[phase] = fingerprint
		}
	}
	if len(secrets) > 0 {
		add("secrets", secrets)
	}
	setup := parts.sum()
	for path, sum := range plan.Sorted(in.Files) {
		parts = append(parts, Part{filePrefix + path, hex.EncodeToString(sum[:])})
	}
	return Key{Exact: parts.sum(), Setup: setup, Parts: parts}
}

// Differs names the parts that are not the same in both, in the order of p, then of old.
func (p Parts) Differs(old Parts) []string {
	var names []string
	for _, part := range p {
		if !slices.Contains(old, part) {
			names = append(names, strings.TrimPrefix(part.Name, filePrefix))
		}
	}
	for _, part := range old {
		gone := func(q Part) bool { return q.Name == part.Name }
		if !slices.ContainsFunc(p, gone) {
			names = append(names, strings.TrimPrefix(part.Name, filePrefix)+" (gone)")
		}
	}
	return names
}

func (p Parts) sum() string { return digest(p)[:32] }

// nixPackages are the packages of all phases: they are installed before the first command of any.
func nixPackages(p plan.Plan) any {
	type group struct {
		Archive              string
		Pkgs, Libs, Overlays []string
		Files                []string
	}
	groups := map[string]group{}
	for name, ph := range plan.Sorted(p.Phases) {
		if len(ph.NixPkgs) == 0 && len(ph.NixLibs) == 0 {
			continue
		}
		g := group{Pkgs: ph.NixPkgs, Libs: ph.NixLibs, Overlays: ph.NixOverlays, Files: ph.OnlyIncludeFiles}
		if ph.NixpkgsArchive != nil {
			g.Archive = *ph.NixpkgsArchive
		}
		groups[name] = g
	}
	return groups
}

func aptPackages(p plan.Plan) []string {
	return ofAllPhases(p, func(ph plan.Phase) []string { return ph.AptPkgs })
}

func releases(p plan.Plan) []string {
	return ofAllPhases(p, func(ph plan.Phase) []string { return ph.Releases })
}

// ofAllPhases returns the elements of a list of each phase, sorted, each once.
func ofAllPhases(p plan.Plan, list func(plan.Phase) []string) []string {
	var all []string
	for _, ph := range plan.Sorted(p.Phases) {
		all = append(all, list(ph)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// commands are what a phase runs and where.
type commands struct {
	Cmds, Files, Paths, Caches []string

	// Prune is not run in these phases. But an image of the same key counts as tried.
	Prune []string `json:",omitempty"`
}

// installCommands are the commands of the setup and install phases of every provider and of all that these depend on.
func installCommands(p plan.Plan) map[string]commands {
	out := map[string]commands{}
	var visit func(string)
	visit = func(name string) {
		ph, ok := p.Phases[name]
		if _, seen := out[name]; seen || !ok {
			return
		}
		out[name] = commands{ph.Cmds, ph.OnlyIncludeFiles, ph.Paths, ph.CacheDirectories, ph.PruneCmds}
		for _, dep := range ph.DependsOn {
			visit(dep)
		}
	}
	for name := range plan.Sorted(p.Phases) {
		if base := name[strings.LastIndexByte(name, ':')+1:]; base == "setup" || base == "install" {
			visit(name)
		}
	}
	return out
}

// digest is the SHA-256 of v as JSON, whose maps are in byte order of their keys.
func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // only strings, slices and maps of strings come here
		panic(fmt.Sprintf("encoding a cache key: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
