// Package forge keeps one comment on a pull or merge request, on GitHub and on GitLab.
package forge

import (
	"context"
	"errors"
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
	// Head is the newest commit of the request.
	Head(ctx context.Context) (string, error)
	// List returns the comments of a page, counted from 1, and of all after it, oldest first, and the last page that there is.
	List(ctx context.Context, page int) (comments []Comment, last int, err error)
	// Get returns one comment as it stands there now.
	Get(ctx context.Context, id int64) (Comment, error)
	Create(ctx context.Context, body string) (Comment, error)
	Update(ctx context.Context, id int64, body string) (Comment, error)
	Delete(ctx context.Context, id int64) error
	// Limit is how many bytes a comment may have.
	Limit() int
}

// Errors that a caller tells apart. None is a reason to fail a build.
var (
	ErrDenied  = errors.New("the token may not comment")
	ErrTooLong = errors.New("the comment is too long")
	// ErrGone says that a comment or a request does not exist any more.
	ErrGone = errors.New("not found")
	// ErrTooMany says that not all comments could be read, so that ours may be among the others.
	ErrTooMany = errors.New("there are more comments than are read")
	// ErrBusy says that others write the same comment all the time.
	ErrBusy = errors.New("other jobs keep writing the comment")
)

// A Post is what one job has to say. Posts of the same key share a comment, in which each has a part.
type Post struct {
	Key   string // which comment of the thread
	Title string // Markdown above the parts, "" for none
	Part  string // which part of the comment, such as the app's directory; parts of one rank are in the order of their names
	Rank  int    // from 0 to 9, the first on top

	Run     int64  // rises from run to run
	Attempt int64  // and within a run
	SHA     string // the commit that it is about

	Create bool // make a comment if there is none
	// Text returns Markdown of at most limit bytes.
	Text func(limit int) string
}

// An Outcome is what [Upsert] did.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged" // the same text stands there
	Stale     Outcome = "stale"     // a newer run has written, or the request has newer commits
)
