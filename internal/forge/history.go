package forge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"
	"github.com/xanzy/go-gitlab"
)

// maxBranches bounds how many branches are asked for. A repository with more protected ones has its releases on the default branch, or
// on the branches that are listed first.
const maxBranches = 100

// MergeBase returns the newest commit that two have in common. Each is a hash or a branch.
func (g *GitHub) MergeBase(ctx context.Context, a, b string) (string, error) {
	base, _, err := g.compare(ctx, a, b)
	return base, err
}

func (g *GitHub) compare(ctx context.Context, a, b string) (base, status string, err error) {
	const what = "asking for the merge base"
	c, resp, err := g.client.Repositories.CompareCommits(ctx, g.owner, g.repo, a, b, &github.ListOptions{PerPage: 1})
	if err != nil {
		return "", "", githubError(what, resp, err)
	}
	if base = c.GetMergeBaseCommit().GetSHA(); base == "" {
		return "", "", fmt.Errorf("%s: %w", what, ErrGone)
	}
	return base, c.GetStatus(), nil
}

// TrustedBranch returns a branch that has a commit and into which not everybody may write: the default branch, or else one that is
// protected; "" if there is none.
func (g *GitHub) TrustedBranch(ctx context.Context, commit, standard string) (string, error) {
	has := func(branch string) (bool, error) {
		_, status, err := g.compare(ctx, branch, commit)
		if errors.Is(err, ErrGone) {
			return false, nil // they have nothing in common; or the token may not read, which the list of branches shows
		}
		return status == "behind" || status == "identical", err
	}
	if ok, err := has(standard); ok || err != nil {
		return standard, err
	}
	protected := true
	opts := &github.BranchListOptions{Protected: &protected, ListOptions: github.ListOptions{PerPage: maxBranches}}
	list, resp, err := g.client.Repositories.ListBranches(ctx, g.owner, g.repo, opts)
	if err != nil {
		return "", githubError("listing protected branches", resp, err)
	}
	for _, b := range list {
		if b.GetName() == standard {
			continue
		}
		if ok, err := has(b.GetName()); ok || err != nil {
			return b.GetName(), err
		}
	}
	return "", nil
}

// MergeBase returns the newest commit that two have in common. Each is a hash or a branch.
func (g *GitLab) MergeBase(ctx context.Context, a, b string) (string, error) {
	c, resp, err := g.client.Repositories.MergeBase(g.project, &gitlab.MergeBaseOptions{Ref: &[]string{a, b}}, gitlab.WithContext(ctx))
	if err != nil {
		return "", gitlabError("asking for the merge base", resp, err)
	}
	return c.ID, nil
}

// TrustedBranch returns a branch that has a commit and into which not everybody may write: the default branch, or else one that is
// protected; "" if there is none.
func (g *GitLab) TrustedBranch(ctx context.Context, commit, standard string) (string, error) {
	kind := "branch"
	opts := &gitlab.GetCommitRefsOptions{Type: &kind, ListOptions: gitlab.ListOptions{PerPage: maxBranches}}
	refs, resp, err := g.client.Commits.GetCommitRefs(g.project, commit, opts, gitlab.WithContext(ctx))
	if err != nil {
		return "", gitlabError("asking which branches have the commit", resp, err)
	}
	if slices.ContainsFunc(refs, func(r *gitlab.CommitRef) bool { return r.Name == standard }) {
		return standard, nil
	}
	for _, r := range refs {
		b, resp, err := g.client.Branches.GetBranch(g.project, r.Name, gitlab.WithContext(ctx))
		if err != nil {
			return "", gitlabError("asking whether a branch is protected", resp, err)
		}
		if b.Protected {
			return r.Name, nil
		}
	}
	return "", nil
}
