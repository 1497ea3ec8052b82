package job

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/forge"
	"github.com/org/npx-action/internal/project"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
)

// writeReport writes the summary and the comment. Neither fails a job: where a token may not write, the summary holds the same.
func writeReport(ctx context.Context, job ci.Job, r report.Report, thread forge.Thread) {
	if err := job.Sink.Summary(r.Summary(report.SummaryLimit)); err != nil {
		job.Sink.Warning(err.Error())
	}
	comment(ctx, job, r, thread)
}

// open finds mistakes in the inputs that are addresses, and opens the forge.
func (j Job) open() (Job, error) {
	if err := jobPasswords(j.Inputs); err != nil {
		return j, err
	}
	transport, err := j.forgeTransport()
	if err != nil {
		return j, err
	}
	if j.thread, j.archive = openForge(j.Job, transport); j.thread != nil {
		j.thread = j.world.guard.Thread(j.thread)
	}
	return j, nil
}

// forgeTransport trusts the certificates of the system, of the input ca-certificates, and of the forge's own authority, which the
// runner has as a file.
func (j Job) forgeTransport() (http.RoundTripper, error) {
	env := j.env()
	trusted, err := env.Certificates(j.checkout(), j.Inputs.CACertificates)
	if err != nil {
		return nil, asInput(err)
	}
	if j.Authority != "" {
		own, err := env.Certificates("", j.Authority)
		if err != nil {
			j.Sink.Warning("the certificates of the forge's authority are not trusted: " + err.Error())
		}
		trusted = slices.Concat(trusted, []byte("\n"), own)
	}
	return registry.NewTransport(bytes.TrimSpace(trusted))
}

// openForge opens the pull request's conversation, and the forge's archive of commits. Either is nil where there is none.
func openForge(job ci.Job, transport http.RoundTripper) (forge.Thread, project.Archiver) {
	e := job.Event
	switch job.System {
	case ci.GitHub:
		gh, err := forge.NewGitHub(forge.NewHTTP(transport), e.API, job.Inputs.Token, e.Repository, e.Number)
		if err != nil {
			job.Sink.Warning(err.Error())
			return nil, nil
		}
		return gh, gh
	case ci.GitLab:
		if job.Inputs.Token == "" {
			return nil, nil
		}
		gl, err := forge.NewGitLab(transport, e.API, job.Inputs.Token, e.Project, e.Number)
		if err != nil {
			job.Sink.Warning(err.Error())
			return nil, nil
		}
		return gl, gl
	}
	return nil, nil
}

// comment creates or updates the comment, if the job is about a pull request and the inputs want it.
func comment(ctx context.Context, job ci.Job, r report.Report, thread forge.Thread) {
	in, e := job.Inputs, job.Event
	if !e.Rights(in).Comment.Allowed {
		return
	}
	if thread == nil || in.Token == "" {
		job.Sink.Notice("no comment: there is no token that may write one; the summary holds the plan")
		return
	}
	c, outcome, err := forge.Upsert(ctx, thread, post(job, r))
	switch {
	case errors.Is(err, forge.ErrDenied):
		job.Sink.Notice("no comment: the token may not write one, or the conversation is locked. GitHub takes permissions pull-requests: write; " +
			"GitLab takes a project access token. The summary holds the plan")
	case err != nil:
		job.Sink.Warning("no comment: " + err.Error())
	default:
		job.Sink.Notice("comment: " + string(outcome))
		if err := job.Sink.Output("comment-url", c.URL); err != nil {
			job.Sink.Warning(err.Error())
		}
	}
}

// appName tells the app of a job from the other apps of the repository: by its name, or by its directory.
func appName(job ci.Job) string {
	return cmp.Or(job.Inputs.Name, filepath.ToSlash(filepath.Clean(job.Inputs.Context)))
}

// post is what the comment says, in a comment of the app's own, or as a part of that which the input comment-key names.
func post(job ci.Job, r report.Report) forge.Post {
	in, e := job.Inputs, job.Event
	app := appName(job)
	p := forge.Post{
		Key: app, Part: app, Run: e.Run, Attempt: e.Attempt, SHA: e.Head,
		Create: in.Comment != "on-change" || r.State() != report.Unchanged, Text: r.Comment,
	}
	if in.CommentKey != "" {
		p.Key, p.Title, p.Text, p.Rank = in.CommentKey, report.Title, r.Part, int(r.State())
	}
	return p
}
