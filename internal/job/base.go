package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/report"
)

// A forgeHistory is a forge that knows the history which a shallow clone lacks.
type forgeHistory interface {
	// MergeBase returns the hash of the newest commit that both have.
	MergeBase(ctx context.Context, a, b string) (string, error)
}

// compareHead settles the rights of the job by the commit that is checked out. ok is false without a repository, where the event alone decides.
func (j Job) compareHead() (compared Job, ok bool) {
	c, err := j.readCheckout()
	if err != nil {
		return j, false
	}
	j.Event = j.Event.CheckedOut(c, j.Inputs.TrustRef)
	return j, true
}

// readCheckout asks the clone that the app lies in. A clone in the folder of another one must be a submodule of it, at the commit
// that the other records. The error is [git.ErrNoRepository], and nothing else.
func (j Job) readCheckout() (ci.Checkout, error) {
	root, err := filepath.EvalSymlinks(j.checkout())
	if err != nil {
		return ci.Checkout{}, git.ErrNoRepository // what follows says so
	}
	dir, err := checkout.Directory(root, j.Inputs.Context)
	if err != nil {
		dir = root
	}
	repo, err := git.Open(dir)
	if errors.Is(err, git.ErrNoRepository) || err == nil && !j.holds(repo) {
		return ci.Checkout{}, git.ErrNoRepository
	}
	if err != nil {
		return ci.Checkout{Doubt: err.Error()}, nil
	}
	var c ci.Checkout
	own := true
	for c.Doubt == "" {
		outer, at, err := repo.Outer()
		if err != nil || outer == nil || !j.holds(outer) {
			break
		}
		c.Doubt, own = notRecorded(repo, outer, at)
		if c.Doubt == "" {
			repo = outer
		}
	}
	c.Branch = repo.Branch()
	if c.Head, err = repo.Head(); err == nil {
		if own && j.Inputs.TrustRef != "" {
			c.Trusted = repo.Named(j.Inputs.TrustRef, c.Head)
		}
		c.Parents, err = repo.Parents(c.Head)
	}
	if err != nil && c.Doubt == "" {
		c.Doubt = "the checkout does not say which commit it is of: " + err.Error()
	}
	return c, nil
}

// notRecorded says why a clone in the folder of another one is not what the other's commit records, "" if it is. own reports whether a ref
// of the clone may be trusted, if it is not recorded: no submodule's may, as the repository names where a submodule comes from.
func notRecorded(repo, outer *git.Repository, at string) (doubt string, own bool) {
	head, err := repo.Head()
	if err != nil {
		return fmt.Sprintf("%s is a checkout that does not say which commit it is of", at), false
	}
	recorded, err := outer.Submodule("HEAD", at)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("%s is a checkout of its own, and no submodule", at), true
	}
	if err != nil {
		return fmt.Sprintf("nobody knows whether %s is a submodule: %v", at, err), false
	}
	if recorded != head {
		return fmt.Sprintf("the submodule %s is at commit %.12s, and %.12s is recorded", at, head, recorded), false
	}
	return "", true
}

// holds reports whether a clone is the job's checkout or lies in it. One around the checkout is none of the job's.
func (j Job) holds(repo *git.Repository) bool {
	root, err := filepath.EvalSymlinks(j.checkout())
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, repo.Top())
	return err == nil && filepath.IsLocal(rel)
}

// compareBase adds the plan of the commit that the job compares with, or says why there is none.
func (j plannedJob) compareBase(ctx context.Context, r *report.Report) {
	base, from, err := j.baseOf(ctx, j.dir)
	if err != nil {
		r.BaseError = err.Error()
	} else {
		err = project.Compare(ctx, r, j.input, j.plan, j.dir, base, from)
	}
	if err != nil {
		j.Sink.Warning("no comparison with the base: " + err.Error())
	}
	if r.Base != nil {
		r.Base.Branch = j.Event.BaseBranch
	}
}

// Base is the commit with which the job compares the app in a directory, and the forge that has it, if any. "" means that there is none.
func (j Job) Base(ctx context.Context, dir string) (string, project.Archiver, error) {
	j, err := j.open()
	if err != nil {
		return "", nil, err
	}
	j, _ = j.compareHead()
	return j.baseOf(ctx, dir)
}

// baseOf is the commit to compare with, and the forge that has it, if any: the commit of the inputs, or where the request's branch and its
// target come from. It is one of the clone that the app lies in, which for a submodule is not the one that the event speaks of, and
// which the event's forge need not have. "" means that there is none.
func (j Job) baseOf(ctx context.Context, dir string) (string, project.Archiver, error) {
	e := j.Event
	if j.Inputs.BaseRef != "" || e.Base == "" {
		return j.Inputs.BaseRef, j.archive, nil
	}
	repo, err := git.Open(dir)
	if err != nil {
		return e.Base, j.archive, nil // whoever compares says so
	}
	outer, at, err := repo.Outer()
	if err != nil || outer == nil || !j.holds(outer) {
		base, err := mergeBase(ctx, repo, e, j.archive)
		return base, j.archive, err
	}
	base, err := mergeBase(ctx, outer, e, j.archive)
	if err == nil {
		base, err = outer.Submodule(base, at)
	}
	if err != nil {
		return "", nil, fmt.Errorf("finding the base of the submodule %s: %w", at, err)
	}
	return base, nil, nil
}

// mergeBase is the event's base, or the commit that it has in common with the checkout, where the event names the newest of a branch.
func mergeBase(ctx context.Context, repo *git.Repository, e ci.Event, forge project.Archiver) (string, error) {
	if !e.BaseTip {
		return e.Base, nil
	}
	head, err := repo.Head()
	if err != nil {
		return e.Base, nil // nothing is checked out that could have another base
	}
	base, err := repo.MergeBase(e.Base, head)
	if history, ok := forge.(forgeHistory); ok && errors.Is(err, git.ErrMissing) {
		return history.MergeBase(ctx, e.Base, head)
	}
	return base, err
}
