package cache

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Hit says how much of the dependencies a build finds in the registry.
type Hit string

// The values of a Hit.
const (
	ExactHit   Hit = "exact"   // the same packages, commands and lockfiles were built before
	PartialHit Hit = "partial" // an older cache exists; some of its steps may be reused
	NoHit      Hit = "none"
)

// A Lookup is what the registry holds for a build.
type Lookup struct {
	Key    Key
	Hit    Hit
	Import []string // existing references, best first
	Export string   // reference to write, "" if nothing is to be written
	Also   []string // tags that point to Export after it is written
	Why    string   // one sentence: why not an exact hit, and why nothing is exported if so

	Changed []string // after a partial hit, the parts of the key that differ from the branch's newest cache, if they are known
}

// A cacheReader is the part of a registry that a lookup needs.
type cacheReader interface {
	// Exists reports whether ref can be read. A registry that cannot be reached is an error.
	Exists(ctx context.Context, ref string) (bool, error)
	// Annotations returns the annotations of the manifest at ref, nil if there is none.
	Annotations(ctx context.Context, ref string) (map[string]string, error)
}

// partsAnnotation prefixes the annotations of the document at [partsRef]: one for each part.
const partsAnnotation = "npx-action.part/"

// Look finds the caches to import and decides on the export: only if the policy allows it and the exact one is absent,
// so that a cache is written once for each change of the dependencies.
// A cache is a help and never a condition: errors of the registry come back as a sentence in Why.
func Look(ctx context.Context, s cacheReader, refs Refs, key Key, p Policy) Lookup {
	l := Lookup{Key: key, Hit: NoHit}
	if !p.Read {
		l.Why = p.Reason
		return l
	}
	var trouble error
	for _, ref := range refs.readable() {
		ok, err := s.Exists(ctx, ref)
		if err != nil {
			trouble = err
			break // the next one would only take as long to fail
		}
		if !ok {
			continue
		}
		l.Import = append(l.Import, ref)
		if refs.isExact(ref) {
			break // the others can add nothing that the exact one lacks, and each costs a request
		}
	}
	var why []string
	switch {
	case trouble != nil:
		why = append(why, fmt.Sprintf("the cache cannot be read: %v", trouble))
	case len(l.Import) > 0 && refs.isExact(l.Import[0]):
		l.Hit = ExactHit
	case len(l.Import) > 0:
		l.Hit = PartialHit
		l.Changed = changedParts(ctx, s, refs, key)
		why = append(why, difference(l.Changed))
	default:
		why = append(why, "there is no cache yet")
	}
	switch {
	case l.Hit == ExactHit || trouble != nil:
	case !p.Write:
		why = append(why, "nothing is written: "+p.Reason)
	default:
		l.Export = refs.Exact
		l.Also = also(refs)
	}
	l.Why = strings.Join(why, "; ")
	return l
}

func also(refs Refs) []string {
	tags := []string{refs.Setup}
	if refs.Branch != "" {
		tags = append(tags, refs.Branch)
	}
	return tags
}

// changedParts names the parts of the key that differ from the newest cache of the branch, or of the default branch.
func changedParts(ctx context.Context, s cacheReader, refs Refs, key Key) []string {
	for _, branch := range refs.Branches() {
		notes, err := s.Annotations(ctx, partsRef(branch))
		if err != nil || len(notes) == 0 {
			continue
		}
		if names := key.Parts.Differs(parseParts(notes)); len(names) > 0 {
			return names
		}
	}
	return nil
}

func difference(changed []string) string {
	if len(changed) == 0 {
		return "the lockfiles or packages changed since the last cache"
	}
	return "changed since the last cache: " + strings.Join(changed, ", ")
}

// Document returns the reference and the annotations of the document to write after an export, by which a later miss
// is explained. The reference is empty where there is no branch.
func Document(refs Refs, key Key) (ref string, annotations map[string]string) {
	if refs.Branch == "" {
		return "", nil
	}
	annotations = map[string]string{}
	for i, p := range key.Parts {
		annotations[fmt.Sprintf("%s%04d", partsAnnotation, i)] = p.Digest + " " + p.Name
	}
	return partsRef(refs.Branch), annotations
}

// IsDocument reports whether annotations belong to such a document.
func IsDocument(annotations map[string]string) bool { return len(parseParts(annotations)) > 0 }

func parseParts(annotations map[string]string) Parts {
	var parts Parts
	for name, value := range annotations {
		digest, part, ok := strings.Cut(value, " ")
		if ok && strings.HasPrefix(name, partsAnnotation) {
			parts = append(parts, Part{part, digest})
		}
	}
	slices.SortFunc(parts, func(a, b Part) int { return strings.Compare(a.Name, b.Name) })
	return parts
}
