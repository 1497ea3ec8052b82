package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/distribution/reference"

	"github.com/org/npx-action/internal/lazyregexp"
)

// Refs are the references of one build's caches. Branch and Default are equal on the default branch;
// either is empty where there is no such branch.
type Refs struct {
	Exact   string // by Key.Exact: written once
	Branch  string // the newest cache of this branch
	Default string // the newest cache of the default branch
	Setup   string // by Key.Setup: the newest cache with the same packages and other lockfiles

	Others []Refs // references of the more trusted writers, which may be read
}

// readable are the references in the order in which they are tried: the references of one kind together, the nearest writer first.
func (r Refs) readable() []string {
	var list []string
	all := append([]Refs{r}, r.Others...)
	for _, kind := range []func(Refs) string{
		func(r Refs) string { return r.Exact },
		func(r Refs) string { return r.Branch },
		func(r Refs) string { return r.Default },
		func(r Refs) string { return r.Setup },
	} {
		for _, one := range all {
			if ref := kind(one); ref != "" && !slices.Contains(list, ref) {
				list = append(list, ref)
			}
		}
	}
	return list
}

// isExact reports whether ref is an exact cache of any writer.
func (r Refs) isExact(ref string) bool {
	return ref == r.Exact || slices.ContainsFunc(r.Others, func(o Refs) bool { return ref == o.Exact })
}

// Branches are the newest caches of the branch and of the default branch, of all writers, in the order in which they are tried.
func (r Refs) Branches() []string {
	var list []string
	all := append([]Refs{r}, r.Others...)
	for _, one := range all {
		list = append(list, one.Branch)
	}
	for _, one := range all {
		list = append(list, one.Default)
	}
	var named []string
	for _, ref := range list {
		if ref != "" && !slices.Contains(named, ref) {
			named = append(named, ref)
		}
	}
	return named
}

// A Scope says for which repository, platform and branches refs are made.
type Scope struct {
	Repository string // such as registry.example/app/cache, optionally with :prefix for the tags
	Platform   string // such as linux/amd64
	Branch     string // "" for tags and detached heads
	Default    string // the default branch, "" if unknown
	Writer     Writer // as whom the build writes; it reads what more trusted ones have written, too
}

// defaultPrefix begins the tags of caches and of images that may be promoted.
const defaultPrefix = "npx1"

// split cuts the scope's repository, in lower case as registries demand, and the prefix of its tags.
func (s Scope) split() (repo, prefix string) {
	repo, prefix = s.Repository, defaultPrefix
	if i := strings.LastIndexByte(repo, ':'); i > strings.LastIndexByte(repo, '/') {
		repo, prefix = repo[:i], repo[i+1:]
	}
	return strings.ToLower(repo), prefix
}

// NewRefs names the caches of a key. Tags are valid in every registry: at most 128 of [A-Za-z0-9_.-].
func NewRefs(s Scope, k Key) (Refs, error) {
	repo, prefix := s.split()
	if strings.Contains(repo, "@") { // which may end a password
		return Refs{}, errors.New("reading cache reference: a repository has no @")
	}
	if _, err := reference.ParseNormalizedNamed(repo + ":" + prefix); err != nil {
		return Refs{}, fmt.Errorf("reading cache reference %q: %w", s.Repository, err)
	}
	if len(prefix) > 32 {
		return Refs{}, fmt.Errorf("reading cache reference %q: the tag prefix is longer than 32 characters", s.Repository)
	}
	if word, ok := endsInWriter(prefix); ok {
		return Refs{}, fmt.Errorf("reading cache reference %q: the tag prefix ends in -%s, by which the caches of others are known", s.Repository, word)
	}
	var all []Refs
	for _, w := range s.Writer.Readable() {
		all = append(all, s.refs(repo+":"+w.prefixed(prefix), w, k))
	}
	all[0].Others = all[1:]
	if len(all) == 1 {
		all[0].Others = nil
	}
	return all[0], nil
}

// refs are the references of one writer. The default branch is a trusted one.
func (s Scope) refs(prefix string, w Writer, k Key) Refs {
	ref := func(suffix string) string { return prefix + "-" + slug(s.Platform, 20) + "-" + suffix }
	r := Refs{Exact: ref(k.Exact), Setup: ref("s-" + k.Setup)}
	if s.Branch != "" {
		r.Branch = ref("b-" + branchSlug(s.Branch))
	}
	if s.Default != "" && w == ByTrusted {
		r.Default = ref("b-" + branchSlug(s.Default))
	}
	return r
}

// endsInWriter finds the prefix that would make the caches of trusted builds look like caches of others under a shorter prefix.
func endsInWriter(prefix string) (Writer, bool) {
	for _, w := range writers {
		if w != ByTrusted && strings.HasSuffix(prefix, "-"+string(w)) {
			return w, true
		}
	}
	return "", false
}

// partsRef is the reference of the document that says which parts the newest cache of a branch was made of.
func partsRef(branchRef string) string { return branchRef + "-parts" }

var unsafe = lazyregexp.New(`[^A-Za-z0-9_.]+`)

func slug(s string, limit int) string {
	s = strings.Trim(unsafe.ReplaceAllString(s, "-"), "-.")
	return s[:min(len(s), limit)]
}

// branchSlug keeps apart branches that have the same slug, such as a/b and a-b.
func branchSlug(branch string) string {
	sum := sha256.Sum256([]byte(branch))
	return slug(branch, 40) + "-" + hex.EncodeToString(sum[:4])
}
