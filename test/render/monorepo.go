package main

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/org/npx-action/internal/forge"
	"github.com/org/npx-action/internal/report"
)

// monorepo is the comment that three jobs share.
func monorepo(ctx context.Context, apps string, changed app) (sample, error) {
	var t thread
	jobs := []app{
		{dir: filepath.Join(apps, "go"), name: "services/api"},
		changed,
		{dir: filepath.Join(apps, "python-uv"), name: "jobs/mailer", alone: true},
	}
	for i, j := range jobs {
		r, err := j.report()
		if err != nil {
			return sample{}, err
		}
		if i == 1 {
			r.Build = built(r, "")
		}
		_, _, err = forge.Upsert(ctx, &t, forge.Post{
			Key: "apps", Title: report.Title, Part: r.App, Rank: int(r.State()), SHA: head, Create: true, Text: r.Part,
		})
		if err != nil {
			return sample{}, err
		}
	}
	return sample{"monorepo", t.body}, nil
}

// thread is a conversation of one comment.
type thread struct {
	mu   sync.Mutex
	body string
}

func (t *thread) Self(context.Context) (string, error) { return "bot", nil }
func (t *thread) Head(context.Context) (string, error) { return head, nil }
func (t *thread) Limit() int                           { return report.Limit }

func (t *thread) List(context.Context, int) ([]forge.Comment, int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.body == "" {
		return nil, 1, nil
	}
	return []forge.Comment{{ID: 1, Author: "bot", Body: t.body}}, 1, nil
}

func (t *thread) Get(ctx context.Context, _ int64) (forge.Comment, error) {
	all, _, err := t.List(ctx, 1)
	return all[0], err
}

func (t *thread) Create(ctx context.Context, body string) (forge.Comment, error) {
	return t.Update(ctx, 1, body)
}

func (t *thread) Update(_ context.Context, id int64, body string) (forge.Comment, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.body = body
	return forge.Comment{ID: id, Author: "bot", Body: body}, nil
}

func (t *thread) Delete(context.Context, int64) error { return nil }
