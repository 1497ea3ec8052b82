package git

import (
	"container/heap"
	"errors"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// MergeBase returns the hash of the newest commit that both revisions contain, in hexadecimal. An error wraps [ErrMissing] if the
// clone lacks it, as a shallow one may.
func (r *Repository) MergeBase(a, b string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, err := r.mergeBase(a, b)
	if err != nil {
		return "", fmt.Errorf("finding the merge base of %s and %s: %w", a, b, err)
	}
	return h.String(), nil
}

var errUnrelated = errors.New("they have no commit in common")

// mergeBase walks from both sides, the newest commit first, until all that is left is known to both.
func (r *Repository) mergeBase(a, b string) (plumbing.Hash, error) {
	w := ancestry{repo: r, seen: map[plumbing.Hash]side{}}
	for rev, from := range map[string]side{a: left, b: right} {
		c, err := r.commit(rev)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		w.add(c, from)
		if a == b {
			return c.Hash, nil
		}
	}
	var common []*object.Commit
	for w.interesting > 0 || len(common) > 1 && w.queue.Len() > 0 { // dates may lie, so several are told apart by the whole history
		c := heap.Pop(&w.queue).(*object.Commit)
		from := w.seen[c.Hash]
		if from&stale == 0 {
			w.interesting--
		}
		if from == left|right {
			common = append(common, c)
			from |= stale
		}
		if err := w.parents(c, from); err != nil {
			return plumbing.ZeroHash, err
		}
		common = slices.DeleteFunc(common, func(c *object.Commit) bool { return w.seen[c.Hash]&stale != 0 })
	}
	var found *object.Commit
	for _, c := range common {
		if found == nil || c.Committer.When.After(found.Committer.When) {
			found = c
		}
	}
	switch {
	case found != nil:
		return found.Hash, nil
	case w.cut:
		return plumbing.ZeroHash, ErrMissing
	}
	return plumbing.ZeroHash, errUnrelated
}

// A side is from where a commit was reached.
type side uint8

const (
	left side = 1 << iota
	right
	stale // it is an ancestor of a common one
)

// ancestry is a walk through the history, of which the queue holds the next commits.
type ancestry struct {
	repo        *Repository
	seen        map[plumbing.Hash]side
	queue       byDate
	interesting int  // commits of the queue that are not stale
	cut         bool // a parent was not in the clone
}

func (w *ancestry) add(c *object.Commit, from side) {
	old, known := w.seen[c.Hash]
	if known && old|from == old {
		return
	}
	w.seen[c.Hash] = old | from
	if queued := w.queue.has(c.Hash); queued {
		if old&stale == 0 && from&stale != 0 {
			w.interesting--
		}
		return
	}
	heap.Push(&w.queue, c)
	if (old|from)&stale == 0 {
		w.interesting++
	}
}

func (w *ancestry) parents(c *object.Commit, from side) error {
	for _, h := range c.ParentHashes {
		p, err := w.repo.peel(h)
		if errors.Is(err, ErrMissing) {
			w.cut = true
			continue
		}
		if err != nil {
			return err
		}
		w.add(p, from)
	}
	return nil
}

// byDate is a heap of commits, the newest first.
type byDate struct {
	list   []*object.Commit
	queued map[plumbing.Hash]bool
}

func (q *byDate) has(h plumbing.Hash) bool { return q.queued[h] }

// Len implements [heap.Interface].
func (q *byDate) Len() int { return len(q.list) }

// Less implements [heap.Interface].
func (q *byDate) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	if !a.Committer.When.Equal(b.Committer.When) {
		return a.Committer.When.After(b.Committer.When)
	}
	return a.Hash.String() < b.Hash.String()
}

// Swap implements [heap.Interface].
func (q *byDate) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }

// Push implements [heap.Interface].
func (q *byDate) Push(x any) {
	c := x.(*object.Commit)
	if q.queued == nil {
		q.queued = map[plumbing.Hash]bool{}
	}
	q.queued[c.Hash] = true
	q.list = append(q.list, c)
}

// Pop implements [heap.Interface].
func (q *byDate) Pop() any {
	c := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	delete(q.queued, c.Hash)
	return c
}
