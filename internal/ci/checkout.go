package ci

import (
	"fmt"
	"strings"
	"time"
)

// A Checkout is what the clone in the job's directory says of the files there.
type Checkout struct {
	Head    string   // the commit that they are of, "" if the clone does not say
	Parents []string // the parents of that commit
	Branch  string   // the branch that is checked out, "" for a commit without one
	Trusted string   // the full name of the ref that the input trust-ref names, if the app is of its commit; else ""
	Doubt   string   // why the app is of another commit than Head, or why that is not known; else ""
}

const (
	remedyRequest  = "check out the event's ref"
	remedyCheckout = remedyRequest + ", or set trust-ref to the ref that is checked out"
)

// CheckedOut compares what lies in the job's directory with the event. What is neither the event's commit nor the merge that a forge
// makes of it is foreign, whatever the event is: the event says nothing of it. The ref that the input trust-ref names takes the
// place of the event's if it is checked out, except in jobs for a request, or with rights that the code's author need not have.
func (e Event) CheckedOut(c Checkout, trustRef string) Event {
	merge := len(c.Parents) == 2 && c.Head != e.Head && (c.Head == e.SHA || c.Parents[1] == e.Head) && (e.Kind == PullRequest || e.Kind == MergeQueue && e.Number != 0)
	known := c.Head != "" && (c.Head == e.SHA || c.Head == e.Head || merge)
	requested := e.Kind == PullRequest || e.Kind == MergeQueue
	remedy := remedyCheckout
	if requested {
		remedy = remedyRequest
	}
	switch {
	case c.Doubt != "":
		e.distrust(c.Doubt, remedy)
	case !known:
		e.distrust(fmt.Sprintf("the checkout is of commit %.12s, and the event is of %.12s", c.Head, nameless(e.SHA)), remedy)
	}
	if trustRef == e.Default && strings.HasPrefix(c.Trusted, "refs/tags/") {
		c.Trusted = "" // the default branch is meant, and anybody who may write can make a tag of its name
	}
	lifts := e.Doubt != "" && trustRef != "" && !requested && !e.Privileged && !e.Fork
	switch {
	case lifts && c.Trusted != "":
		return e.onRef(c.Trusted, c.Head)
	case lifts:
		e.Doubt += ", and trust-ref " + fmt.Sprintf("%q", trustRef) + " is not the ref of the checkout"
	}
	if merge {
		e.Base, e.BaseTip = c.Parents[0], false
	}
	if c.Head != "" && c.Head != e.SHA {
		e.SHA, e.CommitDate = c.Head, time.Time{} // labels tell of the commit that is built
		if !requested && !known {
			e = e.named("refs/heads/", c.Branch)
		}
	}
	return e
}

func nameless(sha string) string {
	if sha == "" {
		return "none"
	}
	return sha
}

// named gives the event another ref, or none.
func (e Event) named(prefix, name string) Event {
	e.Ref, e.Branch, e.Tag, e.Base = "", "", "", ""
	if name == "" {
		return e
	}
	e.Ref = prefix + name
	if prefix == "refs/tags/" {
		e.Tag = name
	} else {
		e.Branch = name
	}
	return e
}

// onRef is the event as it would be if the ref itself had been pushed, and were protected.
func (e Event) onRef(ref, head string) Event {
	i := strings.Index(strings.TrimPrefix(ref, "refs/"), "/") + len("refs/") + 1
	if head != e.SHA {
		e.SHA, e.Head, e.CommitDate = head, head, time.Time{}
	}
	if ref != e.Ref {
		e = e.named(ref[:i], ref[i:])
	}
	e.Kind = Manual
	if e.Tag != "" {
		e.Kind = Tag
	}
	e.Doubt, e.Remedy, e.Protected = "", "", true
	return e
}
