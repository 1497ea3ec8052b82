package cache

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Kind says what a tag of ours is there for.
type Kind string

// The kinds of tags.
const (
	Exactly Kind = "cache"   // of one set of packages and lockfiles
	Branch  Kind = "branch"  // points to the newest cache of a branch
	Setup   Kind = "setup"   // points to the newest cache of one set of packages
	Note    Kind = "note"    // explains the cache of a branch
	Image   Kind = "content" // points to an image that may be promoted
)

// A Tag is a name that [NewRefs] or [ContentRef] makes, taken apart.
type Tag struct {
	Kind     Kind
	Platform string // as in the tag, such as linux-amd64
	Branch   string // of a Branch or Note: its slug
}

const hex32 = `[0-9a-f]{32}`

var tagForms = []struct {
	kind Kind
	form *regexp.Regexp // of what follows the prefix: the platform, and perhaps the branch
}{
	{Image, regexp.MustCompile(`^c-([a-z0-9]+(?:-[A-Za-z0-9_.]+)+)-` + hex32 + `$`)},
	{Setup, regexp.MustCompile(`^([a-z0-9]+(?:-[A-Za-z0-9_.]+)+)-s-` + hex32 + `$`)},
	{Note, regexp.MustCompile(`^([a-z0-9]+(?:-[A-Za-z0-9_.]+)+?)-b-(.*-[0-9a-f]{8})-parts$`)},
	{Branch, regexp.MustCompile(`^([a-z0-9]+(?:-[A-Za-z0-9_.]+)+?)-b-(.*-[0-9a-f]{8})$`)},
	{Exactly, regexp.MustCompile(`^([a-z0-9]+(?:-[A-Za-z0-9_.]+)+)-` + hex32 + `$`)},
}

// ParseTag takes a tag apart; ok is false for one that we do not write under this prefix. Images that may be promoted are known by
// the prefix npx1 only.
func ParseTag(prefix, tag string) (parsed Tag, ok bool) {
	rest, ok := strings.CutPrefix(tag, prefix+"-")
	if !ok {
		return Tag{}, false
	}
	for _, f := range tagForms {
		m := f.form.FindStringSubmatch(rest)
		if m == nil || f.kind == Image && prefix != defaultPrefix {
			continue
		}
		parsed = Tag{Kind: f.kind, Platform: m[1]}
		if len(m) > 2 {
			parsed.Branch = m[2]
		}
		return parsed, true
	}
	return Tag{}, false
}

// An Entry is a manifest with all its tags.
type Entry struct {
	Digest  string
	Tags    []string // sorted
	Ours    bool     // its kind of manifest is one that we write
	Created time.Time
	Parts   []string // digests of the manifests that it is made of
}

// Rules say what is kept. What any rule keeps is kept.
type Rules struct {
	Prefix   string        // of tags
	Last     int           // the newest of each kind and platform
	Within   time.Duration // what is younger
	Branches []string      // what these branches point to, names or patterns of path.Match; nil is all branches
}

// Prune returns the entries that go, in the order given. An entry goes only if we wrote it and all of its tags, and no rule and
// no other entry needs it.
func (r Rules) Prune(entries []Entry, now time.Time) []Entry {
	var candidates []Entry
	needed := map[string]bool{}
	for _, e := range entries {
		if r.ours(e) {
			candidates = append(candidates, e)
			continue
		}
		needed[e.Digest] = true
		for _, part := range e.Parts {
			needed[part] = true
		}
	}
	rank := r.ranks(candidates)
	keptBranches := map[string]bool{}
	var gone []Entry
	for _, e := range candidates {
		keep := needed[e.Digest] || rank[e.Digest] < r.Last || now.Sub(e.Created) < r.Within
		for _, tag := range e.Tags {
			t, _ := ParseTag(r.Prefix, tag)
			keep = keep || t.Kind == Branch && r.branch(t.Branch)
		}
		if !keep {
			gone = append(gone, e)
			continue
		}
		for _, tag := range e.Tags {
			if t, _ := ParseTag(r.Prefix, tag); t.Kind == Branch {
				keptBranches[t.Platform+" "+t.Branch] = true
			}
		}
	}
	// A note has no age: it goes with its branch's cache.
	return slices.DeleteFunc(gone, func(e Entry) bool {
		t, _ := ParseTag(r.Prefix, e.Tags[0])
		return t.Kind == Note && keptBranches[t.Platform+" "+t.Branch]
	})
}

func (r Rules) ours(e Entry) bool {
	foreign := func(tag string) bool { _, ok := ParseTag(r.Prefix, tag); return !ok }
	return e.Ours && len(e.Tags) > 0 && !slices.ContainsFunc(e.Tags, foreign)
}

// ranks count, for each entry, the newer ones of its kind and platform. Notes are of no rank.
func (r Rules) ranks(entries []Entry) map[string]int {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b Entry) int { return b.Created.Compare(a.Created) })
	count, rank := map[string]int{}, map[string]int{}
	for _, e := range sorted {
		group := ""
		for _, tag := range e.Tags {
			t, _ := ParseTag(r.Prefix, tag)
			switch t.Kind {
			case Image:
				group = "image " + t.Platform
			case Note:
				group = "note"
			default:
				group = "cache " + t.Platform
			}
		}
		rank[e.Digest] = count[group]
		count[group]++
		if group == "note" {
			rank[e.Digest] = r.Last
		}
	}
	return rank
}

// branch reports whether a branch, known by its slug, is kept.
func (r Rules) branch(slugged string) bool {
	if r.Branches == nil {
		return true
	}
	for _, name := range r.Branches {
		if branchSlug(name) == slugged {
			return true
		}
		if !strings.ContainsAny(name, "*?[") {
			continue
		}
		pattern := unsafe.ReplaceAllStringFunc(name, func(s string) string { return strings.ReplaceAll(s, "/", "-") })
		if ok, err := path.Match(pattern, slugged[:len(slugged)-len("-01234567")]); err == nil && ok {
			return true
		}
	}
	return false
}
