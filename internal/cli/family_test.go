package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
)

// twins is an app for two platforms, of which the second has another plan.
func twins(t *testing.T, host string, said *[]string) *image {
	t.Helper()
	im := promotable(t, host, said)
	im.refs = []string{host + "/app:v1", host + "/app:latest"}
	for _, arch := range []string{"amd64", "arm64"} {
		pushFor(t, host+"/base:"+arch, "base", arch)
	}
	im.plan.Plan.BuildImage = new("base.example/base:amd64")
	other := *im
	other.platform = "linux/arm64"
	other.plan.Plan = plan.Plan{BuildImage: new("base.example/base:arm64"), Start: &plan.Start{Cmd: new("run for arm")}}
	im.others = []*image{&other}
	return im
}

func TestAFamilyThatWasBuiltIsPromotedAsOneIndexWithoutABuilder(t *testing.T) {
	host := serve(t, nil)
	var said []string
	first := twins(t, host, &said)
	for _, im := range newFamily(first).images {
		im.refs = []string{host + "/app:built-" + im.platform[len("linux/"):]}
		im.byDigest = false // as a builder pushes it, under some name
		pushedBy(t, im)
	}
	im := twins(t, host, &said)
	im.exporter = map[string]string{"annotation.revision": "two", "annotation-index.revision": "two"}
	out, err := im.build(t.Context())
	if err != nil || out.Digest == "" || strings.Count(out.promoted, "npx1-c-linux-") != 2 {
		t.Fatalf("%+v, %v, said %q", out, err, said)
	}
	for _, ref := range im.refs {
		found, err := im.registry.Manifest(t.Context(), ref)
		if err != nil || found.Digest != out.Digest || found.Annotations["revision"] != "two" {
			t.Errorf("%s is %+v, %v", ref, found, err)
		}
		for _, arch := range []string{"amd64", "arm64"} {
			one, err := im.registry.Resolve(t.Context(), ref, "linux/"+arch)
			if err != nil || !strings.Contains(string(one.Config), arch) {
				t.Errorf("%s for %s: %s, %v", ref, arch, one.Config, err)
			}
		}
	}
}

func TestNothingOfAFamilyIsBuiltWithoutABuilderForEach(t *testing.T) {
	host := serve(t, nil)
	var said []string
	im := twins(t, host, &said)
	_, err := im.build(t.Context())
	if err == nil || !strings.HasPrefix(err.Error(), "linux/amd64: connecting to the builder") {
		t.Errorf("error is %v", err)
	}
	im.others[0].plan.Plan.Start = &plan.Start{Cmd: new("a\x00")}
	if _, err := im.build(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "linux/arm64: checking the plan: ") {
		t.Errorf("a plan that cannot be built: %v", err)
	}
}

func TestAFamilyIsPlannedForEachPlatform(t *testing.T) {
	in := planner.Input{Tree: tree(t, map[string]string{"nixpacks.toml": "[start]\ncmd = \"run\"\n", ".dockerignore": "data"}), Arch: "x86_64"}
	result, err := planner.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	im := &image{plan: result, platform: "linux/amd64", builders: addresses{"linux/arm64": "tcp://arm:1"}}
	im.graph.Ignore, im.daemon.Host = []string{"data", ".git", "own"}, "unix:///here"
	if err := im.more([]string{"linux/arm64"}, in); err != nil {
		t.Fatal(err)
	}
	other := im.others[0]
	got := []any{other.platform, other.cache.scope, other.daemon.Host, other.graph.Ignore, im.daemon.Host}
	want := []any{"linux/arm64", cache.Scope{Platform: "linux/arm64"}, "tcp://arm:1", []string{"data", ".git", "own"}, "unix:///here"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := im.more([]string{"linux/mips"}, in); status(err) != statusUsage {
		t.Errorf("an unknown platform: %v", err)
	}
}

func TestImagesOfAFamilyArePushedByDigest(t *testing.T) {
	im := &image{refs: []string{"r.example/b:1", "r.example/a:1", "r.example/a:2"}, push: true, byDigest: true, exporter: map[string]string{"annotation.a": "b"}}
	want := builder.Export{Kind: builder.Push, Refs: []string{"r.example/a", "r.example/b"}, Attrs: map[string]string{builder.ByDigest: "true", "annotation.a": "b"}}
	if diff := cmp.Diff(want, im.pushed()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"r.example/a@sha256:x", "r.example/b@sha256:x"}, im.named("sha256:x")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheOutcomeOfAFamilyIsThatOfAll(t *testing.T) {
	exact, none := &cache.Lookup{Hit: cache.Exact}, &cache.Lookup{Hit: cache.None}
	f := family{images: []*image{{platform: "linux/amd64"}, {platform: "linux/arm64"}, {platform: "linux/s390x"}}}
	all := []*begun{
		{out: outcome{lookup: exact, Result: builder.Result{CacheExported: true, Steps: []builder.Step{{Name: "[install] a", InGraph: true}, {Name: "exporting"}}}}},
		{out: outcome{lookup: none, Result: builder.Result{CacheWarning: "full", Steps: []builder.Step{{Name: "[install] a", InGraph: true, Cached: true}}}}},
		nil,
	}
	out := f.outcome(all)
	var names []string
	for _, s := range out.Steps {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"[linux/amd64 install] a", "linux/amd64 exporting", "[linux/arm64 install] a"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out.lookup != none || out.CacheExported || out.CacheWarning != "linux/arm64: full" || out.promoted != "" {
		t.Errorf("%+v", out)
	}
}

func TestLinesOfSeveralBuildsStayWhole(t *testing.T) {
	var b bytes.Buffer
	var mu sync.Mutex
	var group sync.WaitGroup
	var want []string
	for _, platform := range []string{"one", "two"} {
		p := beside(builder.Progress{Writer: &b, Mode: "auto"}, platform, &mu)
		if p.Mode != "plain" {
			t.Errorf("mode %q", p.Mode)
		}
		for i := range 50 {
			want = append(want, fmt.Sprintf("%s line %d", platform, i))
		}
		group.Go(func() {
			for i := range 50 {
				fmt.Fprint(p.Writer, "line ")
				fmt.Fprintf(p.Writer, "%d\n\n", i)
			}
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
