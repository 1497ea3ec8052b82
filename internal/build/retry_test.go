package build_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
)

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
		s := newStand(t).withCache("{}")
		s.spec.Cache.From, s.spec.Cache.Inline = []string{"r.example/c:1"}, true
		s.bench.fail = func(n int, _ builder.Request) error {
			if n == 1 {
				return tt.err
			}
			return nil
		}
		_, err := s.run()
		asked := s.bench.asked
		warned := s.saying("warning: building again without the cache, which may be broken: ")
		if again := len(asked) == 2; again != tt.again || (err == nil) != again || warned != again {
			t.Errorf("%s: %d attempts, %v, said %q", title, len(asked), err, s.said)
		}
		if len(asked) == 2 && (len(asked[1].CacheImports) != tt.imports || len(asked[1].CacheExports) != tt.exports) {
			t.Errorf("%s: the second attempt is %+v", title, asked[1])
		}
	}
}

func TestABuildWithoutCachesRunsOnce(t *testing.T) {
	s := newStand(t)
	s.bench.fail = func(int, builder.Request) error { return errors.New("building: odd") }
	if _, err := s.run(); err == nil || len(s.bench.asked) != 1 || len(s.said) > 0 {
		t.Errorf("%d attempts, %v, said %q", len(s.bench.asked), err, s.said)
	}
	s = newStand(t)
	s.spec.Cache.From = []string{"r.example/c:1"}
	ctx, cancel := context.WithCancel(t.Context())
	s.bench.fail = func(int, builder.Request) error { cancel(); return context.Canceled }
	if _, err := build.Run(ctx, s.spec, s.world); !errors.Is(err, context.Canceled) || len(s.bench.asked) != 1 || strings.Contains(strings.Join(s.said, ""), "again") {
		t.Errorf("%d attempts, %v", len(s.bench.asked), err)
	}
}
