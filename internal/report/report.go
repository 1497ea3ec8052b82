// Package report writes the plan, what changed in it and how the build went, as Markdown for a pull request and for the page of a job.
package report

import (
	"time"

	"github.com/org/npx-action/internal/plan"
)

// A Report is what one run has to say about one app.
type Report struct {
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
	Build     *Build // nil if nothing was built
	NotBuilt  string // why
	BaseError string // why the base commit's plan is unknown
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
	SHA     string
	Branch  string // that it is on, "" if unknown
	Plan    plan.Plan
	Origins []Origin
}

// Build says how a build went.
type Build struct {
	Digest   string // of the image, "" if the build failed
	Tags     []string
	Pushed   bool
	NotPush  string   // why it was not pushed
	Promoted string   // the reference of the image of the same content that was found, and not built again, "" after a build
	Attested []string // documents beside the pushed image, in words
	Image    *Image   // nil if it is in no registry
	Before   *Image   // the image of the base branch, nil if there is none or it is not known

	Cache        string // exact, partial, none; "" without a cache
	CacheWhy     string
	CacheKey     string
	CacheFrom    []string // what was imported
	CacheTo      string   // what was written, "" for nothing
	CacheChanged []string // the parts of the key that are not those of the branch's newest cache, in the words of package cache

	Steps    []Step
	Duration time.Duration
	Failed   string // the phase or part whose step failed, "" if none did
	Failure  string // what failed, with the last lines of its output; "" if nothing did
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

// Changed reports whether the plan differs from the base's. Without a base it does.
func (r Report) Changed() bool {
	return r.Base == nil || len(r.view().changed) > 0
}

// A view is a report with what is needed of it many times.
type view struct {
	Report
	changed []plan.Change
	known   map[string]bool // where the base's plan downloads from
}

func (r Report) view() *view {
	v := &view{Report: r}
	if r.Base != nil {
		v.changed, v.known = plan.Diff(r.Base.Plan, r.Plan), sources(r.Base.Plan)
	}
	return v
}

// A State is what a reader wants to know first.
type State int

// The states, by how much they need a reader.
const (
	Failed    State = iota // the build failed
	Differs                // the plan is another one
	New                    // there is nothing to compare it with
	Unchanged              // nothing to look at
)

// State is the report's.
func (r Report) State() State { return r.view().State() }

// State is the report's.
func (v *view) State() State {
	switch {
	case v.Build != nil && v.Build.Failure != "":
		return Failed
	case v.Base == nil:
		return New
	case len(v.changed) > 0:
		return Differs
	}
	return Unchanged
}
