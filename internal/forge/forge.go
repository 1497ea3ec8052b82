// Package forge keeps one comment on a pull or merge request, on GitHub and on GitLab.
package forge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Comment is one comment of a thread.
type Comment struct {
	ID     int64
	Author string // as [Thread.Self] returns it
	Body   string
	URL    string
}

// A Thread is the conversation of one pull or merge request.
type Thread interface {
	// Self identifies the account that writes.
	Self(ctx context.Context) (string, error)
	// List returns all comments, oldest first.
	List(ctx context.Context) ([]Comment, error)
	Create(ctx context.Context, body string) (Comment, error)
	Update(ctx context.Context, id int64, body string) (Comment, error)
	Delete(ctx context.Context, id int64) error
}

// Errors that a caller tells apart. Neither is a reason to fail a build.
var (
	ErrDenied  = errors.New("the token may not comment")
	ErrTooLong = errors.New("the comment is too long")
	// ErrGone says that a comment or a request does not exist any more.
	ErrGone = errors.New("not found")
)

// A Stamp tells one run's comment from another's.
type Stamp struct {
	Key     string // which comment of the thread, such as the app's directory
	Run     int64  // rises from run to run
	Attempt int64
	SHA     string // the commit that the comment is about
}

// An Outcome is what [Upsert] did.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged" // the same text stands there
	Stale     Outcome = "stale"     // a newer run has written
)

// marker is the first line of our comments. It holds digits and hex only, so that nothing from a repository can end or
// forge it.
var marker = regexp.MustCompile(`^<!-- npx-action v=1 key=([0-9a-f]{16}) run=(\d{1,18})\.(\d{1,18}) sha=([0-9a-f]{0,64}) body=([0-9a-f]{16}) -->\n`)

type mark struct {
	key, sha, body string
	run, attempt   int64
}

var notHex = regexp.MustCompile(`[^0-9a-f]`)

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

func stamped(s Stamp, body string) (string, mark) {
	sha := notHex.ReplaceAllString(strings.ToLower(s.SHA), "")
	m := mark{short(s.Key), sha[:min(len(sha), 64)], short(body), max(s.Run, 0), max(s.Attempt, 0)}
	return fmt.Sprintf("<!-- npx-action v=1 key=%s run=%d.%d sha=%s body=%s -->\n%s", m.key, m.run, m.attempt, m.sha, m.body, body), m
}

func parseMark(body string) (mark, bool) {
	g := marker.FindStringSubmatch(strings.ReplaceAll(body, "\r\n", "\n"))
	if g == nil {
		return mark{}, false
	}
	run, _ := strconv.ParseInt(g[2], 10, 64)
	attempt, _ := strconv.ParseInt(g[3], 10, 64)
	return mark{key: g[1], run: run, attempt: attempt, sha: g[4], body: g[5]}, true
}

// find returns our comments with this key, oldest first. A comment is ours if it starts with the marker and the account
// that writes has written it: anybody can quote a marker.
func find(ctx context.Context, t Thread, key string) ([]Comment, error) {
	self, err := t.Self(ctx)
	if err != nil {
		return nil, err
	}
	all, err := t.List(ctx)
	if err != nil {
		return nil, err
	}
	var ours []Comment
	for _, c := range all {
		if m, ok := parseMark(c.Body); ok && m.key == short(key) && c.Author == self {
			ours = append(ours, c)
		}
	}
	return ours, nil
}

// Upsert creates our comment or updates the oldest one, and deletes younger copies that runs side by side have made.
// It writes nothing if the same text stands there or a newer run has written. With create false it only updates.
func Upsert(ctx context.Context, t Thread, s Stamp, body string, create bool) (Comment, Outcome, error) {
	text, m := stamped(s, body)
	ours, err := find(ctx, t, s.Key)
	if err != nil {
		return Comment{}, "", err
	}
	if len(ours) == 0 {
		if !create {
			return Comment{}, Unchanged, nil
		}
		c, err := t.Create(ctx, text)
		return c, Created, err
	}
	first := ours[0]
	for _, c := range ours[1:] {
		if err := t.Delete(ctx, c.ID); err != nil && !errors.Is(err, ErrGone) {
			return Comment{}, "", err
		}
	}
	old, _ := parseMark(first.Body)
	switch {
	case old.run > m.run, old.run == m.run && old.attempt > m.attempt:
		return first, Stale, nil
	case old.body == m.body:
		return first, Unchanged, nil
	}
	c, err := t.Update(ctx, first.ID, text)
	if errors.Is(err, ErrGone) { // deleted since the list was read
		c, err = t.Create(ctx, text)
		return c, Created, err
	}
	return c, Updated, err
}
