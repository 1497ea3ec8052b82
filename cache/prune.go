package cache

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/internal/lazyregexp"
)

// A Kind says what a tag of ours is there for.
type Kind string

// The kinds of tags.
const (
	LayerCacheTag   Kind = "cache"   // of one set of packages and lockfiles
	BranchTag       Kind = "branch"  // points to the newest cache of a branch
	SetupTag        Kind = "setup"   // points to the newest cache of one set of packages
	NoteTag         Kind = "note"    // says something of a cache
	PackageCacheTag Kind = "store"   // a package cache that a cache's builds may begin with
	ContentTag      Kind = "content" // points to an image that may be promoted
)

// A Tag is a name that [NewRefs] or [ContentRef] makes, taken apart.
type Tag struct {
	Kind     Kind
	Platform string // as in the tag, such as linux-amd64
	Writer   Writer
	Branch   string // of a Branch: its slug
	Of       string // of a Note or Package: the tag of the cache that it belongs to
}

const (
	hex32 = `[0-9a-f]{32}`
	// platform is one that Linux runs on, as in a tag. A looser form would take the caches of the prefix shop-web for caches of shop.
	platform = `linux-(?:386|amd64|arm|arm64|loong64|mips64|mips64le|ppc64le|riscv64|s390x)(?:-v[0-9]+)?`
)

var tagForms = []struct {
	kind Kind
	form *lazyregexp.Regexp // of what follows the prefix: the platform, and perhaps the branch
}{
	{ContentTag, lazyregexp.New(`^c-(` + platform + `)-` + hex32 + `$`)},
	{SetupTag, lazyregexp.New(`^(` + platform + `)-s-` + hex32 + `$`)},
	{BranchTag, lazyregexp.New(`^(` + platform + `)-b-(.*-[0-9a-f]{8})$`)},
	{LayerCacheTag, lazyregexp.New(`^(` + platform + `)-` + hex32 + `$`)},
}

// besides are the tags that belong to a cache or to an image, by what follows its own.
var besides = []struct {
	kind  Kind
	form  *lazyregexp.Regexp
	image bool
}{
	{NoteTag, lazyregexp.New(`^(.+)-(?:parts|stores)$`), false},
	{NoteTag, lazyregexp.New(`^(.+)` + pushedSuffix + `$`), true},
	{PackageCacheTag, lazyregexp.New(`^(.+)-d-[0-9a-f]{8}$`), false},
}

// ParseTag takes a tag apart; ok is false for one that we do not write under this prefix. Images that may be promoted are known by
// the prefix npx1 only.
func ParseTag(prefix, tag string) (parsed Tag, ok bool) {
	for _, b := range besides {
		if m := b.form.FindStringSubmatch(tag); m != nil {
			if of, ok := parseCache(prefix, m[1]); ok && (of.Kind == ContentTag) == b.image {
				return Tag{Kind: b.kind, Platform: of.Platform, Writer: of.Writer, Of: m[1]}, true
			}
		}
	}
	return parseCache(prefix, tag)
}

func parseCache(prefix, tag string) (parsed Tag, ok bool) {
	rest, ok := strings.CutPrefix(tag, prefix+"-")
	if !ok {
		return Tag{}, false
	}
	writer := ByTrusted
	for _, w := range writers {
		if after, ok := strings.CutPrefix(rest, string(w)+"-"); ok && w != ByTrusted {
			writer, rest = w, after
		}
	}
	for _, f := range tagForms {
		m := f.form.FindStringSubmatch(rest)
		if m == nil || f.kind == ContentTag && prefix != defaultPrefix {
			continue
		}
		parsed = Tag{Kind: f.kind, Platform: m[1], Writer: writer}
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
	Tags    []string  // sorted
	Ours    bool      // its kind of manifest is one that we write
	Created time.Time // or pushed, where that is known
	Parts   []string  // digests of the manifests that it is made of, or that it names
}

// Rules say what is kept. What any rule keeps is kept.
type Rules struct {
	Prefix   string        // of tags
	Last     int           // the newest of each kind and platform
	Within   time.Duration // what is younger
	Branches []string      // what these branches point to, names or patterns of path.Match; nil is all branches
}

// Prune returns the entries that go, in the order given. An entry goes only if we wrote it and all of its tags, and no rule and
// no other entry needs it. What belongs to caches goes with the last of them.
func (r Rules) Prune(entries []Entry, now time.Time) []Entry {
	p := pruning{rules: r, kept: map[string]bool{}, needed: map[string]bool{}}
	var caches, notes, packages []Entry
	for _, e := range entries {
		switch {
		case !r.ours(e):
			p.keep(e)
		case r.kind(e) == NoteTag:
			notes = append(notes, e)
		case r.kind(e) == PackageCacheTag:
			packages = append(packages, e)
		default:
			caches = append(caches, e)
		}
	}
	rank := r.ranks(caches, now)
	p.sort(caches, func(e Entry) bool {
		return rank[e.Digest] < r.Last || now.Sub(e.Created) < r.Within && !e.Created.After(now.Add(slack)) || slices.ContainsFunc(e.Tags, func(tag string) bool {
			t, _ := ParseTag(r.Prefix, tag)
			return t.Kind == BranchTag && r.branch(t.Branch)
		})
	})
	p.sort(notes, p.belongs)
	p.sort(packages, p.belongs) // after the notes, which name the package caches that their caches were made with
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return p.kept[e.Digest] })
}

// slack is how far clocks may be apart. What is dated later has a date that somebody chose, and none is known.
const slack = 24 * time.Hour

// KeepsManifest reports whether only the tags of an entry go. An image may run somewhere under its digest, which no registry tells;
// a cache does not.
func (r Rules) KeepsManifest(e Entry) bool { return r.kind(e) == ContentTag }

// A pruning knows so far which tags stay.
type pruning struct {
	rules  Rules
	kept   map[string]bool // digests and tags
	needed map[string]bool // digests
}

func (p *pruning) keep(e Entry) {
	p.kept[e.Digest] = true
	for _, tag := range e.Tags {
		p.kept[tag] = true
	}
	for _, part := range e.Parts {
		p.needed[part] = true
	}
}

func (p *pruning) sort(entries []Entry, stays func(Entry) bool) {
	for _, e := range entries {
		if p.needed[e.Digest] || stays(e) {
			p.keep(e)
		}
	}
}

// belongs reports whether a cache stays that an entry belongs to.
func (p *pruning) belongs(e Entry) bool {
	return slices.ContainsFunc(e.Tags, func(tag string) bool {
		t, _ := ParseTag(p.rules.Prefix, tag)
		return p.kept[t.Of]
	})
}

// kind is the kind of the tags of an entry of ours: all have the same, or all are of caches.
func (r Rules) kind(e Entry) Kind {
	t, _ := ParseTag(r.Prefix, e.Tags[0])
	return t.Kind
}

func (r Rules) ours(e Entry) bool {
	foreign := func(tag string) bool { _, ok := ParseTag(r.Prefix, tag); return !ok }
	return e.Ours && len(e.Tags) > 0 && !slices.ContainsFunc(e.Tags, foreign)
}

// ranks count, for each entry, the newer ones of its kind, writer and platform: what pull requests write drives out nothing else.
func (r Rules) ranks(entries []Entry, now time.Time) map[string]int {
	sorted := slices.Clone(entries)
	known := func(e Entry) time.Time {
		if e.Created.After(now.Add(slack)) {
			return time.Time{}
		}
		return e.Created
	}
	slices.SortStableFunc(sorted, func(a, b Entry) int { return known(b).Compare(known(a)) })
	count, rank := map[string]int{}, map[string]int{}
	for _, e := range sorted {
		group := "cache "
		t, _ := ParseTag(r.Prefix, e.Tags[len(e.Tags)-1])
		if t.Kind == ContentTag {
			group = "image "
		}
		group += string(t.Writer) + " " + t.Platform
		rank[e.Digest] = count[group]
		count[group]++
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
