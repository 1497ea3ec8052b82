package job

import (
	"context"
	"errors"
	"strings"

	"github.com/org/npx-action/internal/checkout"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/forge"
	"github.com/org/npx-action/internal/git"
)

// A branchHistory is a forge that knows which branches have a commit.
type branchHistory interface {
	// TrustedBranch returns a branch that has the commit: the default one, which is named, or else a protected one; "" if there is none.
	TrustedBranch(ctx context.Context, commit, standard string) (string, error)
}

// settleTag finds out whether the default branch or a protected one has the commit of a tag. A checkout of a tag has as a rule neither
// a branch nor the history, so the forge is asked. Where nobody can say, the tag counts as a branch does that is
// not protected, and a warning says why.
func (j Job) settleTag(ctx context.Context) Job {
	e := &j.Event
	if !e.AsksForBranches() || j.Inputs.Mode == "plan" || j.Inputs.Mode == ci.Discover {
		return j
	}
	if j.onDefaultBranch() {
		e.OnBranch = e.Default
		return j
	}
	err := errors.New("there is no forge to ask")
	if asked := j.tagForge(); asked != nil {
		e.OnBranch, err = asked.TrustedBranch(ctx, e.SHA, e.Default)
	}
	if err == nil {
		return j
	}
	e.OnBranch = ""
	e.TagDoubt, _, _ = strings.Cut(err.Error(), "\n")
	way := "give the token contents: read, check out with fetch-depth: 0, or protect the tag by a ruleset"
	if j.System == ci.GitLab {
		way = "protect the tag, or set NPX_TOKEN to a token that may read the repository"
	}
	j.Sink.Warning("the tag is treated as a branch that is not protected, as nobody knows which branches have its commit: " + e.TagDoubt + "; " + way)
	return j
}

// onDefaultBranch reports whether the clone knows that the default branch of its origin has the event's commit.
func (j Job) onDefaultBranch() bool {
	dir, err := checkout.Directory(j.checkout(), j.Inputs.Context)
	if err != nil || j.Event.Default == "" {
		return false
	}
	repo, err := git.Open(dir)
	if err != nil {
		return false
	}
	for { // the outermost one in the checkout is the event's
		outer, _, err := repo.Outer()
		if err != nil || outer == nil || !j.holds(outer) {
			break
		}
		repo = outer
	}
	base, err := repo.MergeBase("refs/remotes/origin/"+j.Event.Default, j.Event.SHA)
	return err == nil && base == j.Event.SHA
}

// tagForge is the forge as the job's own token sees it, nil if there is none.
func (j Job) tagForge() branchHistory {
	if asked, ok := j.archive.(branchHistory); ok {
		return asked
	}
	if j.System != ci.GitLab || j.Token == "" {
		return nil
	}
	transport, err := j.forgeTransport()
	if err != nil {
		return nil
	}
	gl, err := forge.NewGitLabJob(transport, j.Event.API, j.Token, j.Event.Project)
	if err != nil {
		return nil
	}
	return gl
}
