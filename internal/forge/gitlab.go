package forge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/xanzy/go-gitlab"

	"github.com/org/npx-action/internal/retry"
)

// GitLab is the notes of a merge request.
type GitLab struct {
	client  *gitlab.Client
	project string
	number  int
}

var _ Thread = (*GitLab)(nil)

// NewGitLab speaks to the REST API at api, such as https://gitlab.com/api/v4. project is its number or path.
// A job's own token may read notes and not write them: token is a project or group access token. It goes to that host alone, and over TLS
// unless it is this machine. A nil transport is Go's own.
func NewGitLab(transport http.RoundTripper, api, token, project string, number int) (*GitLab, error) {
	return newGitLab(gitlab.NewClient, transport, api, token, project, number)
}

// NewGitLabJob speaks with a job's own token, which may read the history and write nothing here. The token goes where the token
// of [NewGitLab] goes.
func NewGitLabJob(transport http.RoundTripper, api, token, project string) (*GitLab, error) {
	return newGitLab(gitlab.NewJobClient, transport, api, token, project, 0)
}

func newGitLab(authorized func(string, ...gitlab.ClientOptionFunc) (*gitlab.Client, error), transport http.RoundTripper, api, token, project string, number int) (*GitLab, error) {
	own, err := tokenOrigin(api)
	if err != nil {
		return nil, err
	}
	if transport == nil {
		transport = http.DefaultTransport
	}
	hc := &http.Client{Transport: oneOrigin{base: transport, own: own}}
	client, err := authorized(token, gitlab.WithBaseURL(api), gitlab.WithHTTPClient(hc), gitlab.WithCustomRetryMax(retry.Retries))
	if err != nil {
		return nil, fmt.Errorf("reading the address of the API: %w", err)
	}
	return &GitLab{client, project, number}, nil
}

// Self implements [Thread].
func (g *GitLab) Self(ctx context.Context) (string, error) {
	u, resp, err := g.client.Users.CurrentUser(gitlab.WithContext(ctx))
	if err != nil {
		return "", gitlabError("asking who comments", resp, err)
	}
	return strconv.Itoa(u.ID), nil
}

// Head implements [Thread].
func (g *GitLab) Head(ctx context.Context) (string, error) {
	mr, resp, err := g.client.MergeRequests.GetMergeRequest(g.project, g.number, nil, gitlab.WithContext(ctx))
	if err != nil {
		return "", gitlabError("reading the merge request", resp, err)
	}
	return mr.SHA, nil
}

// Limit implements [Thread]. GitLab stores a million characters.
func (g *GitLab) Limit() int { return 900_000 }

// List implements [Thread]. Notes that GitLab itself has written are left out.
func (g *GitLab) List(ctx context.Context, page int) ([]Comment, int, error) {
	opts := &gitlab.ListMergeRequestNotesOptions{
		ListOptions: gitlab.ListOptions{PerPage: 100, Page: page},
		OrderBy:     gitlab.Ptr("created_at"),
		Sort:        gitlab.Ptr("asc"),
	}
	var all []Comment
	for range maxPages {
		list, resp, err := g.client.Notes.ListMergeRequestNotes(g.project, g.number, opts, gitlab.WithContext(ctx))
		if err != nil {
			return nil, 0, gitlabError("listing notes", resp, err)
		}
		for _, n := range list {
			if !n.System {
				all = append(all, fromGitLab(n))
			}
		}
		if resp.NextPage == 0 {
			return all, opts.Page, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, 0, fmt.Errorf("listing notes: %w: %d", ErrTooMany, len(all))
}

// Get implements [Thread].
func (g *GitLab) Get(ctx context.Context, id int64) (Comment, error) {
	n, resp, err := g.client.Notes.GetMergeRequestNote(g.project, g.number, int(id), gitlab.WithContext(ctx))
	if err != nil {
		return Comment{}, gitlabError("reading the note", resp, err)
	}
	return fromGitLab(n), nil
}

// Create implements [Thread].
func (g *GitLab) Create(ctx context.Context, body string) (Comment, error) {
	opts := &gitlab.CreateMergeRequestNoteOptions{Body: &body}
	n, resp, err := g.client.Notes.CreateMergeRequestNote(g.project, g.number, opts, gitlab.WithContext(ctx))
	if err != nil {
		return Comment{}, gitlabError("creating the note", resp, err)
	}
	return fromGitLab(n), nil
}

// Update implements [Thread].
func (g *GitLab) Update(ctx context.Context, id int64, body string) (Comment, error) {
	opts := &gitlab.UpdateMergeRequestNoteOptions{Body: &body}
	n, resp, err := g.client.Notes.UpdateMergeRequestNote(g.project, g.number, int(id), opts, gitlab.WithContext(ctx))
	if err != nil {
		return Comment{}, gitlabError("updating the note", resp, err)
	}
	return fromGitLab(n), nil
}

// Delete implements [Thread].
func (g *GitLab) Delete(ctx context.Context, id int64) error {
	resp, err := g.client.Notes.DeleteMergeRequestNote(g.project, g.number, int(id), gitlab.WithContext(ctx))
	if err != nil {
		return gitlabError("deleting a note", resp, err)
	}
	return nil
}

// maxArchive bounds a commit's gzipped tarball in bytes.
const maxArchive = 512 << 20

// Archive returns a gzipped tarball of a commit's files with one top folder. The caller closes it.
func (g *GitLab) Archive(ctx context.Context, sha string) (io.ReadCloser, error) {
	var buf bytes.Buffer
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	opts := &gitlab.ArchiveOptions{Format: gitlab.Ptr("tar.gz"), SHA: &sha}
	resp, err := g.client.Repositories.StreamArchive(g.project, &limitedWriter{&buf, maxArchive}, opts, gitlab.WithContext(ctx))
	if err != nil {
		return nil, gitlabError("fetching commit "+sha, resp, err)
	}
	return io.NopCloser(&buf), nil
}

// limitedWriter is a writer that takes n bytes.
type limitedWriter struct {
	w io.Writer
	n int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.n -= len(p); l.n < 0 {
		return 0, fmt.Errorf("the archive is over the limit of %d bytes", maxArchive)
	}
	return l.w.Write(p)
}

func fromGitLab(n *gitlab.Note) Comment {
	return Comment{ID: int64(n.ID), Author: strconv.Itoa(n.Author.ID), Body: n.Body}
}

func gitlabError(what string, resp *gitlab.Response, err error) error {
	if resp == nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if resp.StatusCode == http.StatusBadRequest && strings.Contains(err.Error(), "is too long") {
		return fmt.Errorf("%s: %w", what, errors.Join(ErrTooLong, err))
	}
	return fmt.Errorf("%s: %w", what, byStatus(resp.StatusCode, err))
}
