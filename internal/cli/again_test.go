package cli

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

// A scripted solver answers with one error after the other, and remembers what it was asked.
type scripted struct {
	errs []error
	asks []builder.Request
}

func (s *scripted) Solve(_ context.Context, req builder.Request) (builder.Result, error) {
	s.asks = append(s.asks, req)
	return builder.Result{}, s.errs[len(s.asks)-1]
}

func TestABuildThatItsCacheMayHaveEndedRunsOnceMoreWithoutIt(t *testing.T) {
	for title, tt := range map[string]struct {
		err              error
		again            bool
		imports, exports int // of the second attempt
	}{
		"a command that fails":   {err: &builder.StepError{Name: "npm ci", ExitCode: 1}},
		"a step that is no more": {&builder.StepError{Name: "npm ci", Err: errors.New("sha256:00: not found")}, true, 0, 2},
		"a layer that is lost":   {&builder.RegistryError{Action: "pushing", NotFound: true, Err: errors.New("not found")}, true, 0, 2},
		"a refused push":         {err: &builder.RegistryError{Action: "pushing", Denied: true, Err: errors.New("denied")}},
		"a registry that is off": {err: &builder.RegistryError{Action: "pushing", Err: errors.New("503")}},
		"a base that is missing": {err: &builder.RegistryError{Action: "pulling", NotFound: true, Err: errors.New("not found")}},
		"a builder that is away": {err: &builder.UnreachableError{Err: errors.New("gone")}},
		"something else":         {errors.New("building: failed to load cache key"), true, 0, 2},
		"a stalled push":         {err: &builder.StallError{During: "pushing layers"}},
		"a stalled import":       {&builder.StallError{During: "importing cache manifest from r.example/c:1"}, true, 0, 2},
		"a stalled step":         {&builder.StallError{During: "loading what the cache holds for npm ci"}, true, 0, 2},
		"a stalled export":       {&builder.StallError{During: "sending cache export"}, true, 1, 1},
	} {
		var said []string
		im := &image{say: func(kind, text string) { said = append(said, kind+": "+text) }}
		s := &scripted{errs: []error{tt.err, nil}}
		_, err := im.solveOrAgain(t.Context(), s, builder.Request{
			CacheImports: []builder.Cache{{Ref: "r.example/c:1"}},
			CacheExports: []builder.Cache{{Type: builder.Inline}, {Ref: "r.example/c:2"}},
		})
		if again := len(s.asks) == 2; again != tt.again || (err == nil) != again || (len(said) == 1) != again {
			t.Errorf("%s: %d attempts, %v, said %q", title, len(s.asks), err, said)
		}
		if len(s.asks) == 2 && (len(s.asks[1].CacheImports) != tt.imports || len(s.asks[1].CacheExports) != tt.exports) {
			t.Errorf("%s: the second attempt is %+v", title, s.asks[1])
		}
		if len(said) == 1 && !strings.HasPrefix(said[0], "warning: building again without the cache, which may be broken: ") {
			t.Errorf("%s: said %q", title, said)
		}
	}
}

func TestABuildWithoutCachesRunsOnce(t *testing.T) {
	im := &image{say: func(kind, text string) { t.Errorf("said %s: %s", kind, text) }}
	s := &scripted{errs: []error{errors.New("building: odd")}}
	if _, err := im.solveOrAgain(t.Context(), s, builder.Request{}); err == nil || len(s.asks) != 1 {
		t.Errorf("%d attempts, %v", len(s.asks), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s = &scripted{errs: []error{context.Canceled}}
	if _, err := im.solveOrAgain(ctx, s, builder.Request{CacheImports: []builder.Cache{{}}}); !errors.Is(err, context.Canceled) || len(s.asks) != 1 {
		t.Errorf("%d attempts, %v", len(s.asks), err)
	}
}
