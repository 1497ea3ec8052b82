package build_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
)

// metadata is what a build says in JSON.
func metadata(t *testing.T, out build.Outcome) (m struct {
	Promoted, ContentKey string
	Pushed               bool
}) {
	t.Helper()
	if err := json.Unmarshal(out.Metadata(), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAnImageOfTheSameContentIsPromotedWithoutABuilder(t *testing.T) {
	first := newStand(t)
	first.spec.Image.Labels = map[string]string{"revision": "one"}
	key := first.built().ContentKey

	second := standAt(t, first.host)
	second.spec.Image.Labels, second.spec.Image.Names = map[string]string{"revision": "two"}, []string{first.host + "/app:v2", first.host + "/mirror/app:v2"}
	second.spec.Image.Attributes = map[string]string{"annotation.revision": "two"}
	// Where things come from is no part of what they are.
	second.spec.Steps = build.Steps{CacheKey: "other", NoMounts: true, Certificates: []byte("x"), Nix: nix.Options{Mirror: "https://mirror.example"}}
	second.spec.Apps[0].Ignore = []string{"npx-plan.json"}
	out := second.built()
	if out.Promoted != first.host+"/app:npx1-c-linux-amd64-"+key || out.ContentKey != key || out.Digest == "" || len(second.bench.asked) > 0 {
		t.Fatalf("got %+v, said %q", out, second.said)
	}
	for _, ref := range second.spec.Image.Names {
		m, err := second.world.Registry.Manifest(t.Context(), ref)
		if err != nil || m.Digest != out.Digest || m.Annotations["revision"] != "two" {
			t.Errorf("%s is %+v, %v", ref, m, err)
		}
	}
	if m := metadata(t, out); m.Promoted != out.Promoted || m.ContentKey != key || !m.Pushed {
		t.Errorf("metadata is %+v", m)
	}
	if r := out.Report("", nil); r.Promoted != out.Promoted || !r.Pushed {
		t.Errorf("report is %+v", r)
	}
	if len(second.said) > 0 {
		t.Errorf("said %q", second.said)
	}
}

func TestAJobThatPushesNothingBuildsNothingThatIsThere(t *testing.T) {
	first := newStand(t)
	key := first.built().ContentKey
	for _, skips := range []bool{true, false} {
		s := standAt(t, first.host)
		s.spec.Output, s.spec.Image.Names = build.Output{SkipIfPublished: skips}, []string{s.host + "/app:pr-7"}
		out := s.built()
		if built := len(s.bench.asked) > 0; built == skips {
			t.Fatalf("skips %t: %+v", skips, out)
		}
		if skips && (out.Promoted != s.host+"/app:npx1-c-linux-amd64-"+key || out.Digest != "" || out.Pushed) {
			t.Errorf("%+v, said %q", out, s.said)
		}
		if _, err := s.world.Registry.Manifest(t.Context(), s.spec.Image.Names[0]); err == nil {
			t.Error("the image was pushed")
		}
	}
}

func TestWhatIsBuiltAndNotPromoted(t *testing.T) {
	first := newStand(t)
	base, _ := first.world.Registry.Manifest(t.Context(), first.host+"/base:1")
	first.built()
	for title, change := range map[string]func(*build.Spec){
		"another file":        func(s *build.Spec) { apptest.Write(t, s.Dir, "main", "another line") },
		"another command":     func(s *build.Spec) { s.Apps[0].Plan.Plan.Start = &plan.Start{Cmd: new("run fast")} },
		"another compression": func(s *build.Spec) { s.Image.Compression = "zstd" },
		"a bill of materials": func(s *build.Spec) { s.Attest.SBOM = true },
		"provenance":          func(s *build.Spec) { s.Attest.Provenance = "min" },
		"another base":        func(*build.Spec) { registrytest.Push(t, first.host+"/base:1", "another base") },
		"a trial each time":   func(s *build.Spec) { s.Trial = build.TrialAlways },
		"no trial":            func(s *build.Spec) { s.Trial = build.TrialNever },
		"no cache":            func(s *build.Spec) { s.Steps.Anew = true },
		"never":               func(s *build.Spec) { s.Cache.Promote = build.PromoteNever },
		"no push":             func(s *build.Spec) { s.Output.Push = false },
		"an archive too":      func(s *build.Spec) { s.Output.Exports = []builder.Export{{Kind: builder.OCI, Dest: "x"}} },
		"no right to read":    func(s *build.Spec) { s.Cache.Policy = cache.Policy{} },
	} {
		s := standAt(t, first.host)
		change(&s.spec)
		s.bench.refuse = &builder.UnreachableError{Address: "tcp://127.0.0.1:1"}
		if out, err := s.run(); err == nil || out.Promoted != "" || fault.Status(err) != fault.World || len(s.bench.dialled) != 1 {
			t.Errorf("%s: got %+v, %v", title, out, err)
		}
		if title == "another base" && registrytest.Push(t, first.host+"/base:1", "base") != base.Digest {
			t.Fatal("the base is not what it was")
		}
	}
	if out := standAt(t, first.host).built(); out.Promoted == "" {
		t.Errorf("unchanged: %+v", out)
	}
}

func TestAnImageIsLeftToBePromotedByThoseWhoMayWriteTheCache(t *testing.T) {
	first := newStand(t)
	first.spec.Cache.Policy.Write = false
	first.built()
	if out := standAt(t, first.host).built(); out.Promoted != "" {
		t.Errorf("an image of an untrusted job is promoted: %+v", out)
	}
}

func TestSomethingElseUnderTheContentsTagIsNotPromoted(t *testing.T) {
	first := newStand(t)
	first.spec.Image.Names = first.spec.Image.Names[:1]
	key := first.built().ContentKey
	registrytest.Push(t, first.host+"/app:npx1-c-linux-amd64-"+key, "an attacker")
	s := standAt(t, first.host)
	s.spec.Image.Names = s.spec.Image.Names[:1]
	if out := s.built(); out.Promoted != "" {
		t.Errorf("got %+v", out)
	}
	if len(s.said) != 1 || !strings.HasPrefix(s.said[0], "warning: the image is built although there is one of this content: ") {
		t.Errorf("said %q", s.said)
	}
}

func TestALookUpThatFailsIsNoHit(t *testing.T) {
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/manifests/npx1-") {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}))
	registrytest.Push(t, host+"/base:1", "base")
	s := standAt(t, host)
	s.spec.Image.Names = s.spec.Image.Names[:1]
	if out := s.built(); out.Promoted != "" {
		t.Errorf("got %+v", out)
	}
	if len(s.said) != 2 || !strings.Contains(s.said[0], "nobody knows whether there is one of this content") || !strings.Contains(s.said[1], "cannot be promoted later") {
		t.Errorf("said %q", s.said)
	}
}

func TestARegistryThatRefusesAPromotionEndsTheBuild(t *testing.T) {
	frozen := false
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !frozen || r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/manifests/v1") {
			return false
		}
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"errors":[{"code":"TAG_INVALID","message":"it is immutable"}]}`)
		return true
	}))
	registrytest.Push(t, host+"/base:1", "base")
	standAt(t, host).built()
	frozen = true
	if out := standAt(t, host).built(); out.Promoted == "" {
		t.Errorf("the same image again: %+v", out)
	}
	s := standAt(t, host)
	s.spec.Image.Labels = map[string]string{"revision": "two"}
	if _, err := s.run(); fault.Status(err) != fault.App || !strings.Contains(err.Error(), host+"/app:v1: its registry lets no tag be overwritten") {
		t.Errorf("got %v", err)
	}
}
