// Package plan holds the build plan: what to install, what to run, what to start.
//
// The plan is the plan of Nixpacks 1.39, key for key, so that its configuration files, saved plans and
// variables keep working. A plan is plain data; every function here returns a new one and never
// writes to its arguments.
package plan

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// A Plan says how an app becomes an image.
//
// Absent and empty are different: a nil slice, map or pointer is absent and is not printed, an empty
// non-nil slice or map is printed as [] or {} and overrides what it is merged over.
type Plan struct {
	Providers    []string          // provider names and the tokens "..." and "@auto"; always [] once pinned
	BuildImage   *string           // image that every phase runs on; set once pinned
	Variables    map[string]string // environment of every phase and of the image
	StaticAssets map[string]string // slash-separated name below /assets to content
	Phases       map[string]Phase  // by name; never nil after a merge
	Start        *Start            // nil if nothing says how to start

	// BuildTools is an addition of ours: an image whose files the phases find on top of BuildImage, and the app's image has not.
	BuildTools *string

	// Edition is an addition of ours. It is read from configuration files, decides which rules apply,
	// and is not part of a finished plan.
	Edition *string
}

// A Phase is a set of packages and a list of commands. Its name is its key in [Plan.Phases].
type Phase struct {
	DependsOn        []string // names of phases that run before
	NixPkgs          []string // Nix expressions, each one element
	NixLibs          []string // Nix expressions whose lib directories go to LD_LIBRARY_PATH
	NixOverlays      []string // tarball URLs, perhaps each with the hash of its tree: URL#sha256-BASE64
	NixpkgsArchive   *string  // commit of nixpkgs, perhaps with # and the hash of its archive as fetchTarball takes it
	AptPkgs          []string // Debian package names
	Cmds             []string // shell commands, run in order in /app
	OnlyIncludeFiles []string // app files to copy before the commands; nil copies everything
	CacheDirectories []string // absolute, below ~, or relative to /app
	Paths            []string // put in front of PATH, in the phase and in the image

	// Releases, Secrets, PruneCmds and Layers are additions of ours.
	Releases  []string // upstreams' own releases, each as package store writes one
	Secrets   []string // names of secrets that the commands get as environment variables
	PruneCmds []string // shell commands that remove what the phase made and only later phases need; for slim images
	Layers    []string // directories below /app, or absolute ones, that a slim image has in layers of their own
}

// ReleaseNames lists the releases of a phase by tool and version, as in node@22.14.0.
func (p Phase) ReleaseNames() []string {
	var names []string
	for _, text := range p.Releases {
		name, _, _ := strings.Cut(text, " ")
		names = append(names, name)
	}
	return names
}

// A Start says how the container starts.
type Start struct {
	Cmd              *string  // run by the image's bash entry point
	RunImage         *string  // base of the final image; nil keeps the build image
	OnlyIncludeFiles []string // app files to copy into the run image or the slim image; empty copies /app whole
	User             *string  // created, and the user of the container

	// Runtime, WithoutPkgs, Writable, Base, Init, Healthcheck and Processes are additions of ours.
	Runtime     *string  // [Slim] or [Full]; nil is Full
	WithoutPkgs []string // of the phases' NixPkgs, AptPkgs and Releases (by NAME@VERSION), the packages that a slim image need not have
	Writable    []string // directories below /app, or absolute ones, that belong to the user
	Base        *string  // of a slim image: [StaticBase], or nil for the small base of the build image
	Init        *string  // the release, as NAME@VERSION, whose program is the first process of a slim image, or [NoInit]; nil is NoInit
	Healthcheck *string  // a command that ends well while the program is well, or a path to ask for on PORT, as GET /health

	Processes map[string]string // other commands that the image can start, by name: labels, and programs of a slim image
}

// What an image holds besides what the phases wrote.
const (
	Full = "full" // the build image with all packages, as in Nixpacks
	Slim = "slim" // a small base with the packages that are needed to run
)

// Unprivileged is the user and the group of a program that needs no rights, by number: Kubernetes takes no name as one that is not root.
const Unprivileged = "65532"

// StaticBase is the base of a program that needs no file of a distribution: certificates, time zones and the accounts of root and the user.
const StaticBase = "static"

// NoInit is in place of an init for a program that is the first process itself.
const NoInit = "none"

// Slim reports whether the image is to hold no more than what runs.
func (p Plan) Slim() bool {
	return p.Start != nil && p.Start.Runtime != nil && *p.Start.Runtime == Slim
}

// BuildImages lists the images that the phases stand on, the lowest first; none before the plan is pinned.
func (p Plan) BuildImages() []string {
	var refs []string
	for _, ref := range []*string{p.BuildImage, p.BuildTools} {
		if ref != nil {
			refs = append(refs, *ref)
		}
	}
	return refs
}

// AtRunTime lists the packages and the releases of the phases that a slim image has, in the order of the phases' names.
// A release is NAME@VERSION.
// An entry of AptPkgs may be several packages.
func (p Plan) AtRunTime() []string {
	var all []string
	for _, phase := range Sorted(p.Phases) {
		for _, pkg := range slices.Concat(phase.NixPkgs, phase.AptPkgs, phase.ReleaseNames()) {
			if p.Start == nil || !slices.Contains(p.Start.WithoutPkgs, pkg) {
				all = append(all, pkg)
			}
		}
	}
	return all
}

// Vars are the declared variables that a plan may depend on, by name.
type Vars map[string]string

// Sorted ranges over m in byte order of the keys, the only order in which maps may reach output.
func Sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
