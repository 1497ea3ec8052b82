package egress

import (
	"context"

	"github.com/org/npx-action/internal/forge"
)

// Thread stands in front of a conversation, and refuses comments that hold a value.
func (g *Guard) Thread(t forge.Thread) forge.Thread { return &thread{t, g} }

type thread struct {
	forge.Thread
	guard *Guard
}

const comment = "the comment"

// Create implements [forge.Thread].
func (t *thread) Create(ctx context.Context, body string) (forge.Comment, error) {
	if err := t.guard.Check(comment, body); err != nil {
		return forge.Comment{}, err
	}
	return t.Thread.Create(ctx, body)
}

// Update implements [forge.Thread].
func (t *thread) Update(ctx context.Context, id int64, body string) (forge.Comment, error) {
	if err := t.guard.Check(comment, body); err != nil {
		return forge.Comment{}, err
	}
	return t.Thread.Update(ctx, id, body)
}
