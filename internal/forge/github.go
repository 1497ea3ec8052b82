package forge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v60/github"
)

// maxPages bounds how many pages of a hundred comments are read.
const maxPages = 50

// GitHub is the conversation of a pull request.
type GitHub struct {
	client      *github.Client
	plain       *http.Client // without the token
	owner, repo string
	number      int
	bot         bool // the token is an app's, as tokens of workflows are
}

var _ Thread = (*GitHub)(nil)

// NewGitHub speaks to the REST API at api, such as https://api.github.com, which is "" for that one. repository is owner/name. The token goes to
// that host alone, and over TLS unless it is this machine.
func NewGitHub(hc *http.Client, api, token, repository string, number int) (*GitHub, error) {
	owner, repo, ok := strings.Cut(repository, "/")
	if !ok {
		return nil, fmt.Errorf("reading repository %q: it is not owner/name", repository)
	}
	api = cmp.Or(api, "https://api.github.com")
	base, err := url.Parse(strings.TrimSuffix(api, "/") + "/")
	if err != nil {
		return nil, fmt.Errorf("reading the address of the API: %w", err)
	}
	with := *hc
	if token != "" {
		own, err := tokenOrigin(api)
		if err != nil {
			return nil, err
		}
		with.Transport = oneOrigin{hc.Transport, own, token}
	}
	client := github.NewClient(&with)
	client.BaseURL = base
	bot := strings.HasPrefix(token, "ghs_") || strings.HasPrefix(token, "v1.")
	return &GitHub{client, hc, owner, repo, number, bot}, nil
}

// Self asks GraphQL, which answers tokens of workflows and apps too; REST refuses those.
func (g *GitHub) Self(ctx context.Context) (string, error) {
	path := "graphql"
	if strings.HasSuffix(g.client.BaseURL.Path, "/api/v3/") { // GitHub Enterprise Server
		path = "/api/graphql"
	}
	req, err := g.client.NewRequest(http.MethodPost, path, map[string]string{"query": "{viewer{login}}"})
	if err != nil {
		return "", fmt.Errorf("asking who comments: %w", err)
	}
	var answer struct {
		Data struct {
			Viewer struct {
				Login string `json:"login"`
			} `json:"viewer"`
		} `json:"data"`
	}
	resp, err := g.client.Do(ctx, req, &answer)
	if err != nil {
		return "", githubError("asking who comments", resp, err)
	}
	if answer.Data.Viewer.Login == "" {
		return "", fmt.Errorf("asking who comments: %w", ErrDenied)
	}
	login := answer.Data.Viewer.Login
	return account(login, g.bot || strings.HasSuffix(login, botMark)), nil
}

// botMark ends the login of a bot in REST, and in some answers of GraphQL.
const botMark = "[bot]"

// account is a login with its kind: a person may be called as an app is.
func account(login string, bot bool) string {
	login = strings.TrimSuffix(login, botMark)
	if bot {
		return login + botMark
	}
	return login
}

// Head implements [Thread].
func (g *GitHub) Head(ctx context.Context) (string, error) {
	pr, resp, err := g.client.PullRequests.Get(ctx, g.owner, g.repo, g.number)
	if err != nil {
		return "", githubError("reading the pull request", resp, err)
	}
	return pr.GetHead().GetSHA(), nil
}

// Limit implements [Thread]. GitHub stores 262144 bytes and speaks of 65536 characters; this is below either.
func (g *GitHub) Limit() int { return 60_000 }

// List implements [Thread].
func (g *GitHub) List(ctx context.Context, page int) ([]Comment, int, error) {
	opts := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: page}}
	var all []Comment
	for range maxPages {
		list, resp, err := g.client.Issues.ListComments(ctx, g.owner, g.repo, g.number, opts)
		if err != nil {
			return nil, 0, githubError("listing comments", resp, err)
		}
		for _, c := range list {
			all = append(all, fromGitHub(c))
		}
		if resp.NextPage == 0 {
			return all, opts.Page, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, 0, fmt.Errorf("listing comments: %w: %d", ErrTooMany, len(all))
}

// Get implements [Thread].
func (g *GitHub) Get(ctx context.Context, id int64) (Comment, error) {
	c, resp, err := g.client.Issues.GetComment(ctx, g.owner, g.repo, id)
	if err != nil {
		return Comment{}, githubError("reading the comment", resp, err)
	}
	return fromGitHub(c), nil
}

// Create implements [Thread].
func (g *GitHub) Create(ctx context.Context, body string) (Comment, error) {
	c, resp, err := g.client.Issues.CreateComment(ctx, g.owner, g.repo, g.number, &github.IssueComment{Body: &body})
	if err != nil {
		return Comment{}, githubError("creating the comment", resp, err)
	}
	return fromGitHub(c), nil
}

// Update implements [Thread].
func (g *GitHub) Update(ctx context.Context, id int64, body string) (Comment, error) {
	c, resp, err := g.client.Issues.EditComment(ctx, g.owner, g.repo, id, &github.IssueComment{Body: &body})
	if err != nil {
		return Comment{}, githubError("updating the comment", resp, err)
	}
	return fromGitHub(c), nil
}

// Delete implements [Thread].
func (g *GitHub) Delete(ctx context.Context, id int64) error {
	resp, err := g.client.Issues.DeleteComment(ctx, g.owner, g.repo, id)
	if err != nil {
		return githubError("deleting a comment", resp, err)
	}
	return nil
}

// Archive returns a gzipped tarball of a commit's files with one top folder. The caller closes it.
func (g *GitHub) Archive(ctx context.Context, sha string) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSlow)
	body, err := g.archive(ctx, sha)
	if err != nil {
		cancel()
		return nil, err
	}
	return callBody{body, cancel}, nil
}

// callBody is a body with which a call is over.
type callBody struct {
	io.ReadCloser
	end func()
}

// Close implements [io.Closer].
func (e callBody) Close() error {
	defer e.end()
	return e.ReadCloser.Close()
}

func (g *GitHub) archive(ctx context.Context, sha string) (io.ReadCloser, error) {
	opts := &github.RepositoryContentGetOptions{Ref: sha}
	link, resp, err := g.client.Repositories.GetArchiveLink(ctx, g.owner, g.repo, github.Tarball, opts, 3)
	if err != nil {
		return nil, githubError("asking for commit "+sha, resp, err)
	}
	if err := g.keepsTLS(&http.Request{URL: link}, nil); err != nil {
		return nil, fmt.Errorf("fetching commit %s: %w", sha, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetching commit %s: %w", sha, err)
	}
	// The link carries its own permission and may lead to another host, which must not see the token.
	plain := *g.plain
	plain.CheckRedirect = g.keepsTLS
	res, err := plain.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetching commit %s: %w", sha, err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("fetching commit %s: the forge answers %s", sha, res.Status)
	}
	return res.Body, nil
}

// keepsTLS refuses to go on without TLS: the links of archives hold a permission of their own.
func (g *GitHub) keepsTLS(r *http.Request, via []*http.Request) error {
	const most = 10 // as in package http
	if len(via) >= most {
		return fmt.Errorf("%d redirects", most)
	}
	if from, to := originOf(g.client.BaseURL), originOf(r.URL); from.private() && !to.private() {
		return fmt.Errorf("%s leads to %s, which is without TLS", from, to)
	}
	return nil
}

func fromGitHub(c *github.IssueComment) Comment {
	return Comment{ID: c.GetID(), Author: account(c.GetUser().GetLogin(), c.GetUser().GetType() == "Bot"), Body: c.GetBody(), URL: c.GetHTMLURL()}
}

// githubError sorts an error by the answer's status. The messages of go-github hold no credentials.
func githubError(what string, resp *github.Response, err error) error {
	var limit *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	if resp == nil || errors.As(err, &limit) || errors.As(err, &secondary) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, byStatus(resp.StatusCode, err))
}

func byStatus(status int, err error) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return errors.Join(ErrDenied, err)
	case http.StatusNotFound, http.StatusGone:
		return errors.Join(ErrGone, err)
	case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return errors.Join(ErrTooLong, err)
	}
	return err
}
