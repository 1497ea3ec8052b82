package git

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"github.com/org/npx-action/internal/lazyregexp"
)

// ErrRevision means that a text cannot be a revision, whatever the clone holds.
var ErrRevision = errors.New("not a revision that is supported: give a hash, a branch or a tag, with ~N or ^N")

// commit returns the commit that a revision names.
func (r *Repository) commit(rev string) (*object.Commit, error) {
	base, steps := splitRevision(rev)
	if base == "" || strings.ContainsAny(base, ":^~ ") || strings.Contains(base, "@{") || strings.Contains(base, "..") {
		return nil, ErrRevision
	}
	h, err := r.hash(base)
	if err != nil {
		return nil, err
	}
	c, err := r.peel(h)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		if c, err = r.step(c, s); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Date returns when the commit that a revision names was committed.
func (r *Repository) Date(rev string) (time.Time, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.commit(rev)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the date of %s: %w", rev, err)
	}
	return c.Committer.When, nil
}

// A step goes from a commit to one of its ancestors: N generations up for ~N, the N-th parent for ^N.
type step struct {
	up bool
	n  int
}

var revisionStep = lazyregexp.New(`[~^][0-9]{0,6}$`)

// splitRevision cuts the steps off a revision, which are returned in the order in which they are taken.
func splitRevision(rev string) (base string, steps []step) {
	for {
		loc := revisionStep.FindStringIndex(rev)
		if loc == nil {
			break
		}
		s := step{up: rev[loc[0]] == '~', n: 1}
		if digits := rev[loc[0]+1:]; digits != "" {
			s.n, _ = strconv.Atoi(digits)
		}
		steps = append([]step{s}, steps...)
		rev = rev[:loc[0]]
	}
	if rev == "@" {
		rev = "HEAD"
	}
	return rev, steps
}

func (r *Repository) step(c *object.Commit, s step) (*object.Commit, error) {
	parents, times := s.n, 1
	if s.up {
		parents, times = 1, s.n
	}
	if parents == 0 {
		return c, nil
	}
	for range times {
		if len(c.ParentHashes) < parents {
			return nil, fmt.Errorf("commit %s has no such parent", c.Hash)
		}
		next, err := r.peel(c.ParentHashes[parents-1])
		if err != nil {
			return nil, err
		}
		c = next
	}
	return c, nil
}

// hash finds the object that a full hash, a reference or an abbreviated hash names, in this order, as git does,
// but for a name that begins with refs/, which is the full one alone.
func (r *Repository) hash(base string) (plumbing.Hash, error) {
	if plumbing.IsHash(base) {
		return plumbing.NewHash(base), nil
	}
	for _, rule := range plumbing.RefRevParseRules {
		// A tag may be called refs/remotes/origin/main: a full name is no short one of another ref.
		if strings.HasPrefix(base, "refs/") && rule != "%s" {
			continue
		}
		ref, err := storer.ResolveReference(r.stores[0], plumbing.ReferenceName(fmt.Sprintf(rule, base)))
		if err == nil {
			return ref.Hash(), nil
		}
	}
	list := slices.DeleteFunc(r.abbreviated(base), func(h plumbing.Hash) bool {
		_, err := r.peel(h)
		return err != nil
	})
	switch len(list) {
	case 0:
		return plumbing.ZeroHash, ErrMissing
	case 1:
		return list[0], nil
	}
	return plumbing.ZeroHash, fmt.Errorf("%d commits begin so", len(list))
}

func (r *Repository) abbreviated(base string) []plumbing.Hash {
	const shortest = 4 // as in git
	base = strings.ToLower(base)
	prefix, err := hex.DecodeString(base[:len(base)&^1])
	if err != nil || len(base) < shortest {
		return nil
	}
	var list []plumbing.Hash
	for _, s := range r.stores {
		hashes, err := s.HashesWithPrefix(prefix)
		if err != nil {
			continue
		}
		for _, h := range hashes {
			if strings.HasPrefix(h.String(), base) && !slices.Contains(list, h) {
				list = append(list, h)
			}
		}
	}
	return list
}

// peel returns a commit, or the one that an annotated tag is about.
func (r *Repository) peel(h plumbing.Hash) (*object.Commit, error) {
	const tags = 10 // about each other
	for range tags {
		o, err := r.object(plumbing.AnyObject, h)
		if err != nil {
			return nil, err
		}
		switch o.Type() {
		case plumbing.CommitObject:
			return object.DecodeCommit(r.stores[0], o)
		case plumbing.TagObject:
			t := &object.Tag{}
			if err := t.Decode(o); err != nil {
				return nil, err
			}
			h = t.Target
		default:
			return nil, fmt.Errorf("object %s is no commit but a %s", h, o.Type())
		}
	}
	return nil, fmt.Errorf("tag %s does not lead to a commit", h)
}

// object reads an object, unless it is too large to be held in memory.
func (r *Repository) object(t plumbing.ObjectType, h plumbing.Hash) (plumbing.EncodedObject, error) {
	s := r.store(h)
	if s == nil {
		return nil, ErrMissing
	}
	l, err := openLoose(s, h)
	if err == nil {
		defer l.Close()
		if t != plumbing.AnyObject && t != l.kind {
			return nil, ErrMissing
		}
		return l.load(h)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	n, err := s.EncodedObjectSize(h)
	if err != nil {
		return nil, missing(err)
	}
	if n > objectBytes {
		return nil, tooLarge(h, n)
	}
	o, err := s.EncodedObject(t, h)
	return o, missing(err)
}

// store returns the store that has an object, or nil.
func (r *Repository) store(h plumbing.Hash) *filesystem.Storage {
	for _, s := range r.stores {
		if s.HasEncodedObject(h) == nil {
			return s
		}
	}
	return nil
}

// size returns the size of an object in bytes without reading all of it.
func (r *Repository) size(h plumbing.Hash) (int64, error) {
	s := r.store(h)
	if s == nil {
		return 0, ErrMissing
	}
	l, err := openLoose(s, h)
	if err == nil {
		return l.size, l.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	n, err := s.EncodedObjectSize(h)
	return n, missing(err)
}

// missing words the errors for objects that are not there.
func missing(err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) || errors.Is(err, plumbing.ErrReferenceNotFound) {
		return ErrMissing
	}
	return err
}
