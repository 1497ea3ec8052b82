package cache

import (
	"slices"
	"strings"
)

// maxLayers is after how many builds a store starts from nothing: what no build uses any more is in it until then, and each layer
// is one more to unpack.
const maxLayers = 8

// Packages is what the choice of package caches depends on.
type Packages struct {
	Phases []PhaseRecord // as they are to be run, without starts, in their order
	// Targets are the cache directories of each phase, by its name, sorted.
	Targets map[string][]string
	Records []Record // beside the layer caches that are imported, best first
	// OnlyExact says that the only record belongs to the exact layer cache: then only what it lacks is exported.
	OnlyExact bool
	Registry  bool                       // whether steps that run take directories from the registry and leave them there
	Skip      func(target string) string // why a directory is left to the builder even so, "" if it is not
	Limit     int64                      // bytes of a store as stored
	Has       func(digest string) bool   // whether the registry has a store
}

// A Choice says with which package caches a build runs its steps.
type Choice struct {
	Phases   []PhaseRecord     // with their starts
	Restored []string          // directories of steps that run, and begin with a store
	Empty    []string          // directories of steps that run, and begin with nothing
	Left     map[string]string // directories that the builder keeps although others are stored, with the reason
	Lost     []string          // directories whose store is gone from the registry
	Export   []string          // directories to export if their step runs; all are sorted
}

// Choose gives a phase that the imported layer caches hold the same package caches again, so that it is not run: the digest of a
// store is in the key of its steps. A phase that has to run, and all after it, gets the newest stores.
func (p Packages) Choose() Choice {
	c := Choice{Left: map[string]string{}}
	begun := map[string]bool{} // by a phase that runs: those after it go on from there
	runs := false
	for _, ph := range p.Phases {
		if old := p.held(ph.Identity); old != nil && !runs {
			ph.Starts = slices.Clone(old.Starts)
		} else {
			runs = true
			ph.Starts = nil
			for _, target := range p.Targets[ph.Name] {
				if begun[target] {
					continue
				}
				begun[target] = true
				ph.Starts = append(ph.Starts, Start{target, p.begin(target, &c)})
			}
		}
		c.Phases = append(c.Phases, ph)
	}
	c.Export = append(slices.Clone(c.Restored), c.Empty...)
	if p.OnlyExact {
		c.Export = slices.DeleteFunc(c.Export, func(target string) bool { return p.Records[0].store(target) != nil && !slices.Contains(c.Lost, target) })
	}
	slices.Sort(c.Export)
	return c
}

// held returns a phase of the layer caches, if all that it started from is still there.
func (p Packages) held(identity string) *PhaseRecord {
	for _, r := range p.Records {
		old := r.phase(identity)
		if old != nil && !slices.ContainsFunc(old.Starts, func(s Start) bool { return s.isStore() && !p.Has(s.From) }) {
			return old
		}
	}
	return nil
}

func (s Start) isStore() bool { return s.From != Builders && s.From != Nothing }

// begin chooses what a directory holds when a phase that runs begins.
func (p Packages) begin(target string, c *Choice) string {
	if !p.Registry {
		return Builders
	}
	if why := p.Skip(target); why != "" {
		c.Left[target] = why
		return Builders
	}
	for _, r := range p.Records {
		s := r.store(target)
		switch {
		case s == nil:
			continue
		case s.Digest == "" && s.Layers <= 1 && s.Size > p.Limit:
			c.Left[target] = "it is too large"
			return Builders
		case s.Digest == "", s.Layers >= maxLayers, s.Size > p.Limit:
			// Anew: what is in it for nothing may be what makes it large.
		case !p.Has(s.Digest):
			c.Lost = append(c.Lost, target)
			continue
		default:
			c.Restored = append(c.Restored, target)
			return s.Digest
		}
		break
	}
	c.Empty = append(c.Empty, target)
	return Nothing
}

// WithoutStores is the choice with an empty directory in place of each store, to be exported in its place.
func (c Choice) WithoutStores() Choice {
	c.Empty, c.Restored, c.Export = append(slices.Clone(c.Empty), c.Restored...), nil, nil
	phases := c.Phases
	c.Phases = nil
	for _, ph := range phases {
		ph.Starts = slices.Clone(ph.Starts)
		for i, s := range ph.Starts {
			if s.From == Builders {
				continue
			}
			ph.Starts[i].From = Nothing
			c.Export = append(c.Export, s.Target)
		}
		c.Phases = append(c.Phases, ph)
	}
	slices.Sort(c.Export)
	c.Export = slices.Compact(c.Export)
	return c
}

// Next returns the record to write after a build that has exported stores.
func (p Packages) Next(c Choice, exported []Store) Record {
	next := Record{Phases: c.Phases}
	if p.OnlyExact { // the layer cache still belongs to the steps that wrote it
		next.Phases = p.Records[0].Phases
	}
	next.Stores = slices.Clone(exported)
	for _, r := range p.Records {
		for _, s := range r.Stores {
			if next.store(s.Target) == nil && p.declares(s.Target) && !slices.Contains(c.Lost, s.Target) {
				next.Stores = append(next.Stores, s)
			}
		}
	}
	slices.SortFunc(next.Stores, func(a, b Store) int { return strings.Compare(a.Target, b.Target) })
	return next
}

func (p Packages) declares(target string) bool {
	for _, targets := range p.Targets {
		if slices.Contains(targets, target) {
			return true
		}
	}
	return false
}
