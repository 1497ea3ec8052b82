// Package report writes the plan, what changed in it and how the build went, as Markdown for a pull request and for the page of a job.
package report

import (
	"time"

	"github.com/org/npx-action/internal/plan"
)

// A Report is what one run has to say about one app.
type Report struct {
	Name      string // of the app, "" if it has none but its directory's
	App       string // the app's directory in the repository, "." for its top
	SHA       string // the commit
	RunURL    string // "" outside CI
	Files     string // address of the commit's files, to which a slash and a path are added; "" for none
	Plan      plan.Plan
	Detected  []Detection
	Origins   []Origin // of the plan's facts, in the order to show; may be empty
	Base      *Base    // nil if there is nothing to compare with
	Notes     []string
	Warnings  []string
	Build     *Build   // nil if nothing was built
	NotBuilt  string   // why
	BaseError string   // why the base commit's plan is unknown
	Problem   *Problem // why there is no plan, nil if there is one
	Scripts   []Script // what the plan's commands run by names, in the order in which they run

	// What differs between the files of both commits; empty without a base.
	Dependencies []Dependency
	Places       []Place
	Replaced     []Replacement
	NewLocks     []string  // lockfiles that have nothing to be compared with, as only one of the commits has such dependencies
	NewKey       *[]string // the parts of the cache's key that are others, in the words of package cache; nil if that is not known

	NoAlerts bool // the forge may be too old to show a quote that begins with [!WARNING] as a box
}

// A Script is what a command of the plan runs by a name that a file of the app gives it.
type Script struct {
	Phase   string
	Command string // of the plan
	Name    string
	Text    string
	File    string
	Line    int
}

// A Problem is why a plan cannot be made.
type Problem struct {
	Text string // the error
	File string // of the app, that has the mistake; "" if that is not known
	Line int    // from 1; 0 if that is not known
	Hint string // what to do, or ""
}

// A Detection is a provider and why it applies.
type Detection struct{ Provider, Reason string }

// An Origin is a fact of the plan and where it came from.
type Origin struct {
	plan.Fact
	By   string // "provider go", "nixpacks.toml", "--env"
	File string // of the app, that decided; "" if none did
	Line int    // from 1; 0 for the whole file
	Why  string // "" if there is nothing to add
}

// Base is the plan of the commit to compare with.
type Base struct {
	SHA      string
	Branch   string // that it is on, "" if unknown
	Plan     plan.Plan
	Detected []Detection
	Origins  []Origin
	Warnings []string
	Scripts  []Script
}

// Build says how a build went.
type Build struct {
	Digest   string // of the image, "" if the build failed
	Tags     []string
	Pushed   bool
	NotPush  string   // why it was not pushed
	Promoted string   // the reference of the image of the same content that was found, and not built again, "" after a build
	Attested []string // documents beside the pushed image, in words
	Trial    []string // what the trial of the image found, a sentence each without a full stop
	Image    *Image   // nil if it is in no registry
	Before   *Image   // the image of the base branch, nil if there is none or it is not known

	BeforeCost *Cost // what that image's build was, nil if that is not known

	Cache        string // exact, partial, none; "" without a cache
	CacheWhy     string
	CacheKey     string
	CacheFrom    []string // what was imported
	CacheTo      string   // what was written, "" for nothing
	CacheChanged []string // the parts of the key that differ from the branch's newest cache, in the words of package cache

	Steps    []Step
	Duration time.Duration
	Failed   string // the phase or part whose step failed, "" if none did
	Failure  string // what failed, with the last lines of its output; "" if nothing did
}

// A Cost is what a build took.
type Cost struct {
	Duration time.Duration
	Bytes    int64 // that it transferred
}

// An Image is an image as a registry stores it. Sizes are in bytes, compressed.
type Image struct {
	Ref    string
	Size   int64
	Layers []Layer // the lowest first
}

// A Layer is one of an image, with what made it.
type Layer struct {
	Digest string
	Size   int64
	By     string
}

// A Step is one activity of the builder.
type Step struct {
	Part     string // the phase, or another part of the build such as "nix"; "" for what the builder does of its own accord
	Name     string
	Counts   bool // it makes something of the image, and so can be cached
	Cached   bool
	Start    time.Duration // since the first step started
	Duration time.Duration
	Bytes    int64 // transferred: layers, files of the app, package caches
}

// Cached reports how many steps came from a cache, and how many there are.
func (b *Build) Cached() (cached, total int) {
	for _, s := range b.Steps {
		if s.Counts {
			total++
			if s.Cached {
				cached++
			}
		}
	}
	return cached, total
}
