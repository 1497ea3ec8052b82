package forge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Forges have no conditional write: of two jobs that read, change and write, one may lose its part. So a job that has written looks
// again, later than another one takes from reading to writing, and writes once more if it has to.
const (
	settle = time.Second // and up to as much again, more with each round
	rounds = 20
)

// Upsert writes a post into the comment of its key. It makes the comment, or changes the oldest one, into which it takes the parts
// of younger copies that jobs side by side have made, and deletes these. It writes nothing if the same text stands there or a newer
// run has written. A comment of the key is ours if it starts with the marker and the account that writes has written it: anybody
// can quote a marker. It ends after ten minutes whatever the forge does.
func Upsert(ctx context.Context, t Thread, p Post) (Comment, Outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSlow)
	defer cancel()
	c, outcome, err := converse(ctx, t, p)
	if err != nil && errors.Is(context.Cause(ctx), errSlow) {
		err = errSlow
	}
	return c, outcome, err
}

// errSlow is what a forge that answers too slowly comes to.
var errSlow = fmt.Errorf("the forge was not done after %s", patience)

// converse reads and writes until the comment is as it should be.
func converse(ctx context.Context, t Thread, p Post) (Comment, Outcome, error) {
	self, err := t.Self(ctx)
	if err != nil {
		return Comment{}, "", err
	}
	u := &upsert{t: t, p: p, self: self, page: 1, limit: t.Limit()}
	if err := u.read(ctx); err != nil {
		return Comment{}, "", err
	}
	quick := u.page == 1 // what was read is of this moment
	for round := range rounds {
		done, err := u.step(ctx, quick)
		if err != nil {
			return Comment{}, "", err
		}
		if done {
			return u.result, u.outcome, nil
		}
		if u.wrote {
			u.asked = true // what we have written is put right whatever comes
			if err := pause(ctx, settle+rand.N(settle*time.Duration(round+1))); err != nil {
				return Comment{}, "", err
			}
		}
		quick = true
		if err := u.read(ctx); err != nil {
			return Comment{}, "", err
		}
	}
	return Comment{}, "", ErrBusy
}

type upsert struct {
	t     Thread
	p     Post
	self  string
	page  int // the first that may have comments of ours that are not known
	limit int // of the comment, in bytes

	found   []Comment // ours, oldest first
	wrote   bool
	asked   bool // for the newest commit
	result  Comment
	outcome Outcome
}

// read finds our comments: comments of the pages that are not known, and what has become of the others.
func (u *upsert) read(ctx context.Context) error {
	all, last, err := u.t.List(ctx, u.page)
	if err != nil {
		return err
	}
	u.page = last
	for _, known := range u.found {
		if slices.ContainsFunc(all, func(c Comment) bool { return c.ID == known.ID }) {
			continue
		}
		c, err := u.t.Get(ctx, known.ID)
		if errors.Is(err, ErrGone) {
			continue
		}
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	u.found = slices.DeleteFunc(all, func(c Comment) bool { return c.Author != u.self || !isOurs(c.Body, u.p.Key) })
	slices.SortFunc(u.found, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

// step brings what was read one write closer to what should be there, and reports whether it is. If it is not quick, it
// only says whether there is nothing to write.
func (u *upsert) step(ctx context.Context, quick bool) (done bool, err error) {
	if len(u.found) == 0 {
		if !u.p.Create && !u.wrote {
			u.outcome = Unchanged
			return true, nil
		}
		if quick {
			err = u.write(ctx, nil, u.with(nil))
		}
		return false, err
	}
	first := u.found[0]
	all := map[string]part{}
	for _, c := range u.found {
		for key, p := range parts(c.Body) {
			if old, ok := all[key]; !ok || p.newer(old) {
				all[key] = p
			}
		}
	}
	text, outcome := u.merged(all)
	same := strings.TrimSpace(unixLines(first.Body)) == strings.TrimSpace(text)
	switch {
	case same && len(u.found) == 1:
		u.result = first
		u.outcome = cmp.Or(u.outcome, outcome)
		return true, nil
	case outcome == Updated && !u.asked:
		u.asked = true
		if head, err := u.t.Head(ctx); err == nil && head != "" && u.p.SHA != "" && head != u.p.SHA {
			u.result, u.outcome = first, Stale // the run of that commit writes, or has found nothing to change
			return true, nil
		}
		return false, nil // what was read is old now
	case !quick:
		return false, nil
	}
	if !same {
		if err := u.write(ctx, &first, text); err != nil {
			return false, err
		}
	}
	for _, c := range u.found[1:] {
		if err := u.t.Delete(ctx, c.ID); err != nil && !errors.Is(err, ErrGone) {
			return false, err
		}
	}
	return false, nil
}

// merged is the text with our part in it, unless what is there is as good.
func (u *upsert) merged(all map[string]part) (string, Outcome) {
	mine := newPart(u.p, u.p.Text(u.room(all)))
	old, ok := all[mine.key]
	switch {
	case ok && old.newer(mine):
		return compose(u.p.Key, u.p.Title, all), Stale
	case ok && old.says(mine):
		return compose(u.p.Key, u.p.Title, all), Unchanged
	}
	return u.with(all), Updated
}

func (u *upsert) with(all map[string]part) string {
	mine := newPart(u.p, u.p.Text(u.room(all)))
	set := map[string]part{mine.key: mine}
	for key, p := range all {
		if key != mine.key {
			set[key] = p
		}
	}
	return compose(u.p.Key, u.p.Title, set)
}

// markers is more than what the lines around a comment or a part take, in bytes.
const markers = 384

// room is what our part may have: in a comment of our own all of it, else a share that leaves something to those who come later.
func (u *upsert) room(all map[string]part) int {
	left := u.limit - markers - len(u.p.Title)
	if u.p.Title == "" {
		return left - markers
	}
	for key, p := range all {
		if key != short(u.p.Part) {
			left -= len(p.String()) + 1
		}
	}
	return max(left/4-markers, 0)
}

// write creates a comment, or updates one. A text that is too long is written once more in a tenth of the bytes.
func (u *upsert) write(ctx context.Context, old *Comment, text string) error {
	var err error
	if old == nil {
		_, err = u.t.Create(ctx, text)
		u.outcome = cmp.Or(u.outcome, Created)
	} else {
		_, err = u.t.Update(ctx, old.ID, text)
		if errors.Is(err, ErrGone) { // deleted since it was read
			err = nil
		} else {
			u.outcome = cmp.Or(u.outcome, Updated)
		}
	}
	if errors.Is(err, ErrTooLong) && u.limit == u.t.Limit() {
		u.limit /= 10
		return nil
	}
	u.wrote = u.wrote || err == nil
	return err
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
