package build_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// A race is two runs of a branch: this one is of the older commit, and the other one gives names while this one builds.
type race struct {
	*stand
	newer string
	asked []string // of the registry
}

// newRace has an image with the names main and edge, which nobody had at the first look. The commit of the other run is newer, if so.
func newRace(t *testing.T, newer bool) *race {
	t.Helper()
	r := &race{newer: strings.Repeat("b", 40)}
	host := registrytest.Serve(t, registrytest.Before(func(_ http.ResponseWriter, req *http.Request) bool {
		if req.URL.Path != "/v2/" { // which says how to log in
			r.asked = append(r.asked, req.Method+" "+req.URL.Path)
		}
		return false
	}))
	registrytest.Push(t, host+"/base:1", "base")
	r.stand = standAt(t, host)
	r.spec.Image.Names = []string{host + "/app:main", host + "/app:edge"}
	r.spec.Cache.Promote = build.PromoteNever
	client := r.world.Registry
	r.world.Claim = build.NewClaim(func(ctx context.Context, ref string) string {
		if there := build.Revision(ctx, client, ref, "linux/amd64"); newer && there == r.newer {
			return there
		}
		return ""
	})
	if left, lost := r.world.Claim.Look(t.Context(), client, r.spec.Image.Names, func(text string) { t.Error(text) }); lost != "" || len(left) != 2 {
		t.Fatalf("at the first look: %q, %q", left, lost)
	}
	return r
}

// give is what the other run does.
func (r *race) give(tags ...string) {
	r.t.Helper()
	config := v1.Config{Labels: map[string]string{build.OCILabel + "revision": r.newer}}
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64", Config: config})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, tag := range tags {
		registrytest.Write(r.t, r.host+"/app:"+tag, img)
	}
	r.asked = nil
}

// holder is the commit of the image that a tag is of.
func (r *race) holder(tag string) string {
	return build.Revision(r.t.Context(), r.world.Registry, r.host+"/app:"+tag, "linux/amd64")
}

// pushedTo are the tags of the last push.
func (r *race) pushedTo() []string {
	var tags []string
	for _, e := range r.request().Exports {
		if e.Kind == builder.Push {
			for _, ref := range e.Refs {
				tags = append(tags, strings.TrimPrefix(ref, r.host+"/app:"))
			}
		}
	}
	return tags
}

// givesOnce has the other run give tags when the image is there for the first time.
func (r *race) givesOnce(tags ...string) {
	first := true
	r.bench.before = func() {
		if first {
			first = false
			r.give(tags...)
		}
	}
}

func TestNamesAreLookedAtAgainWhenTheImageIsThere(t *testing.T) {
	for title, tt := range map[string]struct {
		newer         bool
		taken, pushed []string
		solves        int
	}{
		"nothing happened":       {true, nil, []string{"main", "edge"}, 1},
		"a newer commit's":       {true, []string{"main"}, []string{"edge"}, 2},
		"an older commit's":      {false, []string{"main"}, []string{"main", "edge"}, 1},
		"all are newer commits'": {true, []string{"main", "edge"}, nil, 2},
	} {
		t.Run(title, func(t *testing.T) {
			r := newRace(t, tt.newer)
			r.withCache("{}")
			r.bench.steps = []builder.Step{{Name: "npm ci", Digest: "sha256:1", InGraph: true, Duration: time.Minute}}
			r.bench.exporting = &builder.Step{Name: "exporting to image", Digest: "sha256:2", Duration: time.Second}
			r.givesOnce(tt.taken...)
			out := r.built()
			if len(r.bench.asked) != tt.solves {
				t.Fatalf("%d builds", len(r.bench.asked))
			}
			if got := r.pushedTo(); !slices.Equal(got, tt.pushed) || (out.Digest != "") != (len(tt.pushed) > 0) {
				t.Errorf("pushed to %q, %+v", got, out)
			}
			if last := r.request(); len(last.CacheExports) != 1 || tt.solves == 2 && last.Before != nil {
				t.Errorf("the last build is %+v", last)
			}
			if (out.Lost != "") != (len(tt.pushed) == 0) || out.Pushed != (len(tt.pushed) > 0) {
				t.Errorf("pushed %t, %q", out.Pushed, out.Lost)
			}
			warned := strings.Count(strings.Join(r.said, "\n"), "stays where it is")
			if warned != len(tt.taken) && tt.newer || !tt.newer && warned > 0 {
				t.Errorf("said %q", r.said)
			}
			if len(out.Steps) != 2 || out.Steps[0].Cached || out.Steps[1].Start < time.Minute == (tt.solves == 2) {
				t.Errorf("steps %+v", out.Steps)
			}
		})
	}
}

func TestANameThatHasNotMovedCostsOneQuestion(t *testing.T) {
	r := newRace(t, true)
	r.bench.before = func() { r.asked = nil }
	r.spec.Output.Exports = nil
	asked := 0
	r.world.Connect = func(context.Context, builder.Options) (build.Builder, error) {
		return wrapper{r.bench, func(req *builder.Request) {
			before := req.Before
			req.Before = func(ctx context.Context, start builder.Starter) error {
				r.asked = nil
				err := before(ctx, start)
				asked = len(r.asked)
				return err
			}
		}, nil}, nil
	}
	r.built()
	if asked != 2 {
		t.Errorf("asked %d times: %q", asked, r.asked)
	}
}

func TestABuildThatLostItsOnlyNamesAndHasNothingElseToWriteEnds(t *testing.T) {
	r := newRace(t, true)
	r.givesOnce("main", "edge")
	if out := r.built(); out.Digest != "" || len(r.bench.asked) != 1 || out.Pushed || out.Lost == "" {
		t.Errorf("%+v, %d builds", out, len(r.bench.asked))
	}
}

func TestANameThatWasLostIsNotGivenByALaterAttempt(t *testing.T) {
	r := newRace(t, true)
	r.give("main")
	for range 2 { // as with a package cache that cannot be read
		if r.built(); !slices.Equal(r.pushedTo(), []string{"edge"}) {
			t.Errorf("pushed to %q", r.pushedTo())
		}
	}
	r.give("edge")
	for range 2 {
		if out := r.built(); out.Pushed {
			t.Errorf("pushed to %q", r.pushedTo())
		}
	}
	if got := r.pushedTo(); len(got) > 0 {
		t.Errorf("pushed to %q", got)
	}
}

func TestASearchedImageLeavesNamesOfANewerCommit(t *testing.T) {
	r := newRace(t, true)
	r.asking("install", "TOKEN")
	r.spec.Secrets = build.Secrets{"TOKEN": "correct-horse"}
	r.bench.image = func() v1.Image { return imageOf(t, "clean") }
	r.givesOnce("main")
	r.built()
	if there := r.holder("main"); there != r.newer {
		t.Errorf("main is of the commit %q", there)
	}
	if found, _, err := r.world.Registry.Exists(t.Context(), r.host+"/app:edge"); err != nil || !found {
		t.Errorf("edge: %t, %v", found, err)
	}
}

func TestAPromotionLeavesNamesOfANewerCommit(t *testing.T) {
	for _, taken := range [][]string{{"main"}, {"main", "edge"}} {
		r := newRace(t, true)
		standAt(t, r.host).built()
		r.spec.Cache.Promote = build.PromoteAuto
		r.give(taken...)
		out := r.built()
		if out.Promoted == "" || out.Pushed != (len(taken) == 1) || (out.Digest != "") != out.Pushed {
			t.Fatalf("%+v, said %q", out, r.said)
		}
		for _, tag := range []string{"main", "edge"} {
			if got := slices.Contains(taken, tag); got != (r.holder(tag) == r.newer) {
				t.Errorf("%s is of the commit %q", tag, r.holder(tag))
			}
		}
	}
}

func TestAnIndexLeavesNamesOfANewerCommit(t *testing.T) {
	r := newRace(t, true)
	r.twins()
	r.give("main", "edge")
	out := r.built()
	if out.Digest != "" || out.Pushed || out.Lost == "" {
		t.Errorf("%+v", out)
	}
	if b := out.Report(out.Lost, nil); b.Pushed {
		t.Errorf("the report is %+v", b)
	}
}

func TestAnImageThatSaysNoCommitIsOfNone(t *testing.T) {
	s := newStand(t)
	registrytest.Push(t, s.host+"/app:1", "a")
	for _, ref := range []string{"/app:1", "/app:none"} {
		if got := build.Revision(t.Context(), s.world.Registry, s.host+ref, "linux/amd64"); got != "" {
			t.Errorf("%s: %q", ref, got)
		}
	}
}
