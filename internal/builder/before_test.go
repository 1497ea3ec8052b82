//go:build world

package builder_test

import (
	"context"
	"errors"
	"testing"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// TestARefusedResultIsExportedByTheNextSolve refuses a push when the image is there. Nothing is pushed then, and the same request with other names has
// nothing left to run, even if the first one was to take nothing from caches.
func TestARefusedResultIsExportedByTheNextSolve(t *testing.T) {
	c := shared(t)
	host := registrytest.Serve(t, nil)
	base, contexts := program(t)
	refused := errors.New("the name is taken")
	req := builder.Request{
		Definition: marshal(t, run(base, "refused once", "write", "/a", "of a refused result")), Contexts: contexts, NoCache: true,
		Exports: []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:taken"}}},
		Before:  func(context.Context, builder.Starter) error { return refused },
	}
	if _, err := c.Solve(t.Context(), req); !errors.Is(err, refused) {
		t.Fatalf("error is %v", err)
	}
	req.Before, req.NoCache, req.Exports = nil, false, []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:free"}}}
	r := solve(t, c, req)
	if cached, total := r.Cached(); cached != total || total == 0 {
		t.Errorf("%d of %d steps are cached", cached, total)
	}
	if got := content(t, registrytest.Image(t, host+"/app:free"), "a"); got != "of a refused result" {
		t.Errorf("/a is %q", got)
	}
	if registrytest.Exists(t, host+"/app:taken") {
		t.Error("the refused name was pushed")
	}
}
