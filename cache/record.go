package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Record stands beside a layer cache. It says from which package caches the cached steps were run: they are part of the steps'
// own keys, so a step is found again only if it is given the same ones. And it names the newest store of each directory.
type Record struct {
	Phases []PhaseRecord `json:"phases"`
	Stores []Store       `json:"stores,omitempty"` // sorted by target
}

// A PhaseRecord is a phase as it was run. Equal identities are equal steps on equal files, up to the package caches.
type PhaseRecord struct {
	Name     string  `json:"name"`
	Identity string  `json:"identity"`
	Starts   []Start `json:"starts,omitempty"` // sorted by target; a directory without one goes on from the phase before
}

// A Start is what a cache directory held when a phase began.
type Start struct {
	Target string `json:"target"`
	From   string `json:"from"` // the digest of a store, or one of Builders and Nothing
}

// What a [Start] can be from besides a store.
const (
	Builders = "builder" // what the builder kept, which is in no key
	Nothing  = "nothing"
)

// A Store is a cache directory as an image in the cache's repository: a layer for each build that added to it.
type Store struct {
	Target string `json:"target"`
	Digest string `json:"digest,omitempty"` // of the manifest, "" if the store was empty, or too large to be kept
	Size   int64  `json:"size"`             // of the layers as stored, in bytes
	Layers int    `json:"layers"`
}

// recordAnnotation holds a [Record] as JSON.
const recordAnnotation = "npx-action.package-caches"

// recordRef is the reference of the record beside the layer cache at ref.
func recordRef(ref string) string { return ref + "-stores" }

// StoreRef is the tag that keeps the newest store of a directory, beside the layer cache at ref, from being cleaned up.
func StoreRef(ref, target string) string {
	sum := sha256.Sum256([]byte(target))
	return ref + "-d-" + hex.EncodeToString(sum[:4])
}

// RecordDocument returns the reference and the annotations of the record to write beside the layer cache at ref.
func RecordDocument(ref string, r Record) (string, map[string]string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", nil, fmt.Errorf("encoding the record of package caches: %w", err)
	}
	return recordRef(ref), map[string]string{recordAnnotation: string(text)}, nil
}

// ReadRecord returns the record beside the layer cache at ref, nil if there is none.
func ReadRecord(ctx context.Context, s cacheReader, ref string) (*Record, error) {
	notes, err := s.Annotations(ctx, recordRef(ref))
	if err != nil {
		return nil, err
	}
	return ParseRecord(notes)
}

// ParseRecord returns the record in the annotations of its document, nil if they are of another one.
func ParseRecord(annotations map[string]string) (*Record, error) {
	text, ok := annotations[recordAnnotation]
	if !ok {
		return nil, nil
	}
	var r Record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, fmt.Errorf("reading the record of package caches: %w", err)
	}
	return &r, r.check()
}

var digestPattern = lazyregexp.New(`^sha256:[0-9a-f]{64}$`)

// Named returns the digests of the stores that a record names: the stores to begin with, and the stores that cached steps were run from.
func (r Record) Named() []string {
	var list []string
	for _, s := range r.Stores {
		if s.Digest != "" {
			list = append(list, s.Digest)
		}
	}
	for _, p := range r.Phases {
		for _, s := range p.Starts {
			if s.isStore() {
				list = append(list, s.From)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (r Record) check() error {
	for _, s := range r.Stores {
		if !cleanTarget(s.Target) || s.Digest != "" && !digestPattern.MatchString(s.Digest) || s.Size < 0 || s.Layers < 0 {
			return fmt.Errorf("reading the record of package caches: the store %q is malformed", s.Target)
		}
	}
	for _, p := range r.Phases {
		for _, s := range p.Starts {
			if !cleanTarget(s.Target) || s.From != Builders && s.From != Nothing && !digestPattern.MatchString(s.From) {
				return fmt.Errorf("reading the record of package caches: phase %q starts %q from %q", p.Name, s.Target, s.From)
			}
		}
	}
	return nil
}

func cleanTarget(target string) bool {
	return strings.HasPrefix(target, "/") && path.Clean(target) == target
}

// phase returns the phase of an identity, nil if it was not run.
func (r Record) phase(identity string) *PhaseRecord {
	for i, p := range r.Phases {
		if p.Identity == identity {
			return &r.Phases[i]
		}
	}
	return nil
}

// store returns the record of a directory, nil if there is none.
func (r Record) store(target string) *Store {
	for i, s := range r.Stores {
		if s.Target == target {
			return &r.Stores[i]
		}
	}
	return nil
}
