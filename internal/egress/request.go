package egress

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/secret"
)

// A Solver is a connection to a builder.
type Solver interface {
	Solve(ctx context.Context, req builder.Request) (builder.Result, error)
}

// Solver stands in front of a builder. It refuses a request of which a value is a part: of its steps, files, configuration, names,
// annotations or attestations. What the builder makes of such a request, its provenance too, holds no value then but the secrets that a step
// was given. What steps print is shown without the values, and so is the error.
func (g *Guard) Solver(s Solver) Solver {
	if !g.Guards() {
		return s
	}
	return &solver{guard: g, next: s, searched: map[string]bool{}}
}

type solver struct {
	guard *Guard
	next  Solver

	mu       sync.Mutex
	searched map[string]bool // contexts, which one build asks for several times
}

// Solve implements [Solver].
func (s *solver) Solve(ctx context.Context, req builder.Request) (builder.Result, error) {
	if err := s.guard.request(req); err != nil {
		return builder.Result{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(req.Contexts)) {
		if err := s.context(ctx, req.Contexts[name]); err != nil {
			return builder.Result{}, err
		}
	}
	req.Redact = s.guard.Hide
	if req.Inventory != nil {
		inventory := *req.Inventory
		inventory.Attest = s.guard.attest(inventory.Attest)
		req.Inventory = &inventory
	}
	result, err := s.next.Solve(ctx, req)
	return result, s.guard.HideError(err)
}

// request refuses the parts of a request that are known before the build.
func (g *Guard) request(req builder.Request) error {
	if req.Definition != nil {
		for _, op := range req.Definition.Def {
			if err := g.Check("a step of the build", string(op)); err != nil {
				return err
			}
		}
	}
	if err := g.Check("the image's configuration", string(req.ImageConfig)); err != nil {
		return err
	}
	for _, a := range req.Attestations {
		if err := g.Check("the attestation "+a.Name, string(a.Content)); err != nil {
			return err
		}
	}
	exports := slices.Clone(req.Exports)
	for _, b := range req.Byproducts {
		exports = append(exports, b.Export)
	}
	for _, e := range exports {
		if err := cmp.Or(g.Check("a name of the image", strings.Join(e.Refs, "\n")), g.pairs("an annotation", e.Attrs)); err != nil {
			return err
		}
	}
	for _, c := range req.CacheExports {
		if err := cmp.Or(g.Check("the name of the cache", c.Ref), g.pairs("an option of the cache", c.Attrs)); err != nil {
			return err
		}
	}
	return cmp.Or(g.pairs("an option of the build", req.FrontendAttrs), g.Check("the provenance", req.BuilderID))
}

// pairs refuses names and values.
func (g *Guard) pairs(place string, m map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if err := g.Check(place, name+"="+m[name]); err != nil {
			return err
		}
	}
	return nil
}

// context refuses a build context of which a file, a path or a link holds a value: every step can read it, and the image holds it.
func (s *solver) context(ctx context.Context, c builder.Context) error {
	key := fmt.Sprint(c.Dir, "\x00", c.Exclude, "\x00", c.Files)
	s.mu.Lock()
	done := s.searched[key]
	s.mu.Unlock()
	if done {
		return nil
	}
	var mu sync.Mutex
	var leaks []secret.Leak
	err := c.Read(ctx, func(path, link string, content io.Reader) error {
		parts := []io.Reader{strings.NewReader(path + "\x00" + link + "\x00")}
		if content != nil {
			parts = append(parts, content)
		}
		found, err := s.guard.scanner.Stream("the build context", path, io.MultiReader(parts...))
		mu.Lock()
		defer mu.Unlock()
		leaks = append(leaks, found...)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(leaks, func(a, b secret.Leak) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.Secret, b.Secret))
	})
	if err := s.guard.refuse(leaks); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.searched[key] = true
	return nil
}

// attest checks an attestation that is made during the build.
func (g *Guard) attest(next func([][]byte, error) (builder.Attestation, error)) func([][]byte, error) (builder.Attestation, error) {
	return func(files [][]byte, err error) (builder.Attestation, error) {
		a, err := next(files, g.HideError(err))
		if err == nil {
			err = g.Check("the attestation "+a.Name, string(a.Content))
		}
		return a, err
	}
}
