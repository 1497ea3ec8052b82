package build_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
)

// twins makes the app one for two platforms, of which the second has another plan.
func (s *stand) twins() *stand {
	s.t.Helper()
	for _, arch := range []string{"amd64", "arm64"} {
		registrytest.PushFor(s.t, s.host+"/base:"+arch, "base", arch)
	}
	other := s.spec.Apps[0]
	s.spec.Apps[0].Plan.Plan.BuildImage = new("base.example/base:amd64")
	other.Platform = "linux/arm64"
	other.Plan.Plan = plan.Plan{BuildImage: new("base.example/base:arm64"), Start: &plan.Start{Cmd: new("run for arm")}}
	s.spec.Apps = []build.App{s.spec.Apps[0], other}
	return s
}

func TestImagesForSeveralPlatformsGetTheirNamesAsOneIndex(t *testing.T) {
	s := newStand(t).twins()
	s.spec.Image.Attributes = map[string]string{"annotation.a": "b", "annotation-index.a": "c"}
	out := s.built()
	if out.Digest == "" || out.Promoted != "" || len(s.bench.asked) != 2 || s.bench.closed != 1 || out.ContentKey != "" {
		t.Fatalf("%+v, said %q", out, s.said)
	}
	for _, req := range s.bench.asked {
		e := req.Exports[0]
		if !slices.Equal(e.Refs, []string{s.host + "/app", s.host + "/mirror/app"}) || e.Attrs[builder.ByDigest] != "true" || e.Attrs["annotation.a"] != "b" || e.Attrs["annotation-index.a"] != "" {
			t.Errorf("%s is pushed as %+v", req.Platform, e)
		}
	}
	for _, ref := range s.spec.Image.Names {
		found, err := s.world.Registry.Manifest(t.Context(), ref)
		if err != nil || found.Digest != out.Digest || found.Annotations["a"] != "c" {
			t.Errorf("%s is %+v, %v", ref, found, err)
		}
		for _, arch := range []string{"amd64", "arm64"} {
			one, err := s.world.Registry.Resolve(t.Context(), ref, "linux/"+arch)
			if err != nil || !strings.Contains(string(one.Config), arch) {
				t.Errorf("%s for %s: %s, %v", ref, arch, one.Config, err)
			}
		}
	}
}

func TestImagesForSeveralPlatformsArePromotedAsOneIndexWithoutABuilder(t *testing.T) {
	first := newStand(t).twins()
	first.built()
	s := standAt(t, first.host).twins()
	s.spec.Image.Names = []string{s.host + "/app:v2"}
	s.spec.Image.Attributes = map[string]string{"annotation.revision": "two", "annotation-index.revision": "two"}
	out := s.built()
	if out.Digest == "" || strings.Count(out.Promoted, "npx1-c-linux-") != 2 || len(s.bench.dialled) > 0 {
		t.Fatalf("%+v, said %q", out, s.said)
	}
	found, err := s.world.Registry.Manifest(t.Context(), s.host+"/app:v2")
	if err != nil || found.Digest != out.Digest || found.Annotations["revision"] != "two" {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestNothingIsBuiltWithoutABuilderForEachPlatform(t *testing.T) {
	s := newStand(t).twins()
	s.spec.Apps[1].Address = "tcp://arm:1"
	s.bench.refuse = &builder.UnreachableError{Address: "tcp://127.0.0.1:1"}
	if _, err := s.run(); err == nil || !strings.HasPrefix(err.Error(), "linux/amd64: ") {
		t.Errorf("error is %v", err)
	}
	s.bench.refuse, s.bench.info = nil, builder.Info{Address: "tcp://one:1", Platforms: []string{"linux/amd64"}}
	if _, err := s.run(); fault.Status(err) != fault.Misuse || !contains(err, "there is no builder for linux/arm64: that at tcp://one:1 builds linux/amd64") || len(s.bench.asked) > 0 {
		t.Errorf("error is %v", err)
	}
	s.spec.Apps[1].Plan.Plan.Start = &plan.Start{Cmd: new("a\x00")}
	if _, err := s.run(); err == nil || !strings.HasPrefix(err.Error(), "linux/arm64: checking the plan: ") {
		t.Errorf("a plan that cannot be built: %v", err)
	}
}

func TestEachBuilderIsReachedOnce(t *testing.T) {
	s := newStand(t).twins()
	s.spec.Builder.Host, s.spec.Apps[1].Address = "tcp://amd:1", "tcp://arm:1"
	s.built()
	var hosts []string
	for _, o := range s.bench.dialled {
		hosts = append(hosts, o.Host)
	}
	if !slices.Equal(hosts, []string{"tcp://amd:1", "tcp://arm:1"}) || s.bench.closed != 2 {
		t.Errorf("reached %q, closed %d", hosts, s.bench.closed)
	}
}

func TestAPlatformThatABuilderCannotRunIsAnErrorWithAHint(t *testing.T) {
	for _, tt := range []struct {
		platforms []string
		said      string
		fails     bool
	}{
		{nil, "", false},
		{[]string{"linux/arm64", "linux/amd64"}, "", false},
		{[]string{"linux/amd64", "linux/arm64/v8"}, "emulates linux/arm64, which is slow", false},
		{[]string{"linux/amd64", "linux/386"}, "", true},
	} {
		s := newStand(t)
		registrytest.PushFor(t, s.host+"/base:1", "base", "arm64")
		s.spec.Apps[0].Platform = "linux/arm64"
		s.bench.info = builder.Info{Address: "tcp://h:1", Platforms: tt.platforms}
		_, err := s.run()
		if _, hint := fault.Message(fmt.Errorf("%w", errorOr(err))); (fault.Status(err) == fault.Misuse) != tt.fails || tt.fails != strings.Contains(hint, "--buildkit-host linux/arm64=ADDRESS") {
			t.Errorf("%q: %v, %s", tt.platforms, err, hint)
		}
		if s.saying("emulates") != (tt.said != "") {
			t.Errorf("%q: said %q", tt.platforms, s.said)
		}
	}
}

// errorOr is an error in any case.
func errorOr(err error) error {
	if err == nil {
		return fmt.Errorf("none")
	}
	return err
}

func TestTheOutcomeForSeveralPlatformsIsThatOfAll(t *testing.T) {
	s := newStand(t).twins().withCache("{}")
	s.bench.steps = []builder.Step{{Name: "[install] a", InGraph: true}, {Name: "exporting"}}
	out := s.built()
	var names []string
	for _, step := range out.Steps {
		names = append(names, step.Name)
	}
	slices.Sort(names)
	want := []string{"[linux/amd64 install] a", "[linux/arm64 install] a", "linux/amd64 exporting", "linux/arm64 exporting"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !s.saying("cache: linux/amd64: none (") || !out.CacheExported || out.Lookup == nil {
		t.Errorf("%+v, said %q", out, s.said)
	}
	// One has its cache, and the other one has not.
	s.spec.Apps[1].Plan.Plan.Variables = map[string]string{"another": "key"}
	s.world.Connect = s.bench.wrapped(func(r *builder.Result) { r.CacheExported, r.CacheWarning = false, "full" })
	if out = s.built(); out.Lookup.Hit == "exact" || out.CacheExported || !strings.Contains(out.CacheWarning, "linux/arm64: full") {
		t.Errorf("%+v", out)
	}
}

func TestLinesOfSeveralBuildsStayWhole(t *testing.T) {
	s := newStand(t).twins()
	var b strings.Builder
	s.world.Progress = builder.Progress{Writer: &b, Mode: "auto", Step: func(builder.Step) {}}
	s.built()
	var group sync.WaitGroup
	var want []string
	for _, req := range s.bench.asked {
		if req.Progress.Mode != "plain" {
			t.Errorf("mode %q", req.Progress.Mode)
		}
		for i := range 50 {
			want = append(want, fmt.Sprintf("%s line %d", req.Platform, i))
		}
		group.Go(func() {
			for i := range 50 {
				fmt.Fprint(req.Progress.Writer, "line ")
				fmt.Fprintf(req.Progress.Writer, "%d\n\n", i)
			}
			req.Progress.Step(builder.Step{Name: "[install] a"})
		})
	}
	group.Wait()
	var got []string
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			got = append(got, line)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
