package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
)

// promotable is an app that is pushed to the registry at host, from a directory with one file.
func promotable(t *testing.T, host string, said *[]string) *image {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main"), []byte("one line"), 0o644); err != nil {
		t.Fatal(err)
	}
	app := result(t, map[string]string{"main": "one line"})
	app.Plan = plan.Plan{BuildImage: new("base.example/base:1"), Start: &plan.Start{Cmd: new("run")}}
	return &image{
		plan: app, dir: dir, platform: "linux/amd64", promote: promoteAuto, push: true,
		refs:     []string{host + "/app:v1", host + "/app:latest", host + "/mirror/app:v1"},
		registry: &registry.Client{Pause: time.Nanosecond, Mirrors: map[string]string{"base.example": host}},
		cache:    cacheSettings{policy: cache.Policy{Read: true, Write: true}},
		daemon:   builder.Options{Host: "tcp://127.0.0.1:1", Timeout: time.Millisecond},
		say:      func(kind, text string) { *said = append(*said, kind+": "+text) },
	}
}

// pushedBy does for an image what a builder does: it pushes it under its names with the configuration of the request.
func pushedBy(t *testing.T, im *image) (key string) {
	t.Helper()
	g, err := im.newGraph()
	if err != nil {
		t.Fatal(err)
	}
	app := im.sumApp(t.Context(), g)
	g, bases, err := im.pin(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	content, err := im.content(app, bases)
	if err != nil {
		t.Fatal(err)
	}
	var digest string
	for _, ref := range im.refs {
		digest = pushWithConfig(t, ref, lowered(t, im, g))
	}
	im.nameContent(t.Context(), content, digest)
	return content.key
}

func TestAnImageOfTheSameContentIsPromotedWithoutABuilder(t *testing.T) {
	host := serve(t, nil)
	push(t, host+"/base:1", "base")
	var said []string
	first := promotable(t, host, &said)
	first.labels = map[string]string{"revision": "one"}
	key := pushedBy(t, first)

	second := promotable(t, host, &said)
	second.labels, second.refs = map[string]string{"revision": "two"}, []string{host + "/app:v2", host + "/mirror/app:v2"}
	second.exporter = map[string]string{"annotation.revision": "two"}
	// Where things come from is no part of what they are.
	second.graph = graph.Options{CacheKey: "other", NoCache: true, CACertificates: true, Ignore: []string{"npx-plan.json"}}
	second.graph.Nix.Mirror = "https://mirror.example"
	out, err := second.build(t.Context())
	if err != nil || out.promoted != host+"/app:npx1-c-linux-amd64-"+key || out.content.key != key || out.Digest == "" {
		t.Fatalf("got %+v, %v, said %q", out, err, said)
	}
	for _, ref := range second.refs {
		m, err := second.registry.Manifest(t.Context(), ref)
		if err != nil || m.Digest != out.Digest || m.Annotations["revision"] != "two" {
			t.Errorf("%s is %+v, %v", ref, m, err)
		}
	}
	if m := newMetadata(second, out); m.Promoted != out.promoted || m.ContentKey != key || !m.Pushed {
		t.Errorf("metadata is %+v", m)
	}
	if r := buildReport(second, out, "", nil); r.Promoted != out.promoted || !r.Pushed {
		t.Errorf("report is %+v", r)
	}
	if len(said) > 0 {
		t.Errorf("said %q", said)
	}
}

func TestAJobThatPushesNothingBuildsNothingThatIsThere(t *testing.T) {
	host := serve(t, nil)
	push(t, host+"/base:1", "base")
	var said []string
	key := pushedBy(t, promotable(t, host, &said))
	for _, known := range []bool{true, false} {
		im := promotable(t, host, &said)
		im.push, im.known, im.refs = false, known, []string{host + "/app:pr-7"}
		out, err := im.build(t.Context())
		if built := err != nil; built == known { // there is no builder
			t.Fatalf("known %t: %+v, %v", known, out, err)
		}
		if known && (out.promoted != host+"/app:npx1-c-linux-amd64-"+key || out.Digest != "") {
			t.Errorf("%+v, said %q", out, said)
		}
		if _, err := im.registry.Manifest(t.Context(), im.refs[0]); err == nil {
			t.Error("the image was pushed")
		}
	}
}

func TestWhatIsBuiltAndNotPromoted(t *testing.T) {
	host := serve(t, nil)
	base := push(t, host+"/base:1", "base")
	var said []string
	pushedBy(t, promotable(t, host, &said))
	for title, change := range map[string]func(*image){
		"another file":        func(im *image) { overwrite(t, im, "another line") },
		"another command":     func(im *image) { im.plan.Plan.Start = &plan.Start{Cmd: new("run fast")} },
		"another compression": func(im *image) { im.compression = "zstd" },
		"a bill of materials": func(im *image) { im.attest.sbom = true },
		"provenance":          func(im *image) { im.attest.provenance = "min" },
		"another base":        func(*image) { push(t, host+"/base:1", "another base") },
		"no cache":            func(im *image) { im.noCache = true },
		"never":               func(im *image) { im.promote = promoteNever },
		"no push":             func(im *image) { im.push = false },
		"an archive too":      func(im *image) { im.exports = []builder.Export{{Kind: builder.OCI, Dest: "x"}} },
		"no right to read":    func(im *image) { im.cache.policy = cache.Policy{} },
	} {
		im := promotable(t, host, &said)
		change(im)
		if out, err := im.build(t.Context()); err == nil || out.promoted != "" || !strings.Contains(err.Error(), "connecting to the builder") {
			t.Errorf("%s: got %+v, %v", title, out, err)
		}
		if title == "another base" && push(t, host+"/base:1", "base") != base {
			t.Fatal("the base is not what it was")
		}
	}
	if _, err := promotable(t, host, &said).build(t.Context()); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestAnImageIsLeftToBePromotedByThoseWhoMayWriteTheCache(t *testing.T) {
	host := serve(t, nil)
	push(t, host+"/base:1", "base")
	var said []string
	im := promotable(t, host, &said)
	im.cache.policy.Write = false
	pushedBy(t, im)
	if out, err := promotable(t, host, &said).build(t.Context()); err == nil {
		t.Errorf("an image of an untrusted job is promoted: %+v", out)
	}
}

func TestSomethingElseUnderTheContentsTagIsNotPromoted(t *testing.T) {
	host := serve(t, nil)
	push(t, host+"/base:1", "base")
	var said []string
	im := promotable(t, host, &said)
	im.refs = im.refs[:1]
	key := pushedBy(t, im)
	push(t, host+"/app:npx1-c-linux-amd64-"+key, "an attacker")
	if out, err := im.build(t.Context()); err == nil || out.promoted != "" {
		t.Errorf("got %+v, %v", out, err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "warning: the image is built although there is one of this content: ") {
		t.Errorf("said %q", said)
	}
}

func TestARegistryThatRefusesAPromotionEndsTheBuild(t *testing.T) {
	frozen := false
	host := serve(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if frozen && r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/v1") {
				w.WriteHeader(http.StatusConflict)
				fmt.Fprint(w, `{"errors":[{"code":"TAG_INVALID","message":"it is immutable"}]}`)
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	push(t, host+"/base:1", "base")
	var said []string
	pushedBy(t, promotable(t, host, &said))
	frozen = true
	if out, err := promotable(t, host, &said).build(t.Context()); err != nil || out.promoted == "" {
		t.Errorf("the same image again: %+v, %v", out, err)
	}
	im := promotable(t, host, &said)
	im.labels = map[string]string{"revision": "two"}
	if _, err := im.build(t.Context()); status(err) != statusApp || !strings.Contains(err.Error(), host+"/app:v1: its registry lets no tag be overwritten") {
		t.Errorf("got %v", err)
	}
}

func TestPromoteTakesTwoWords(t *testing.T) {
	for mode, want := range map[string]int{"auto": statusOK, "never": statusOK, "always": statusUsage, "": statusUsage} {
		s := settings{progress: "auto", promote: mode}
		if got := status(s.check(io.Discard)); got != want {
			t.Errorf("%q: status %d", mode, got)
		}
	}
}

func overwrite(t *testing.T, im *image, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(im.dir, "main"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// pushWithConfig writes an image of one layer whose configuration is as the builder leaves it: with the layers, and a date.
func pushWithConfig(t *testing.T, ref string, config []byte) string {
	t.Helper()
	var cf v1.ConfigFile
	if err := json.Unmarshal(config, &cf); err != nil {
		t.Fatal(err)
	}
	cf.History, cf.RootFS = nil, v1.RootFS{Type: "layers"}
	cf.Created = v1.Time{Time: time.Unix(1, 0).UTC()}
	img, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), &cf)
	if err != nil {
		t.Fatal(err)
	}
	if img, err = mutate.AppendLayers(mutate.ConfigMediaType(img, types.OCIConfigJSON), static.NewLayer([]byte("layer"), types.OCILayer)); err != nil {
		t.Fatal(err)
	}
	return writeImage(t, ref, img)
}

// lowered is the configuration that the builder is asked for.
func lowered(t *testing.T, im *image, g *graph.Graph) []byte {
	t.Helper()
	_, config, err := lower.LLB(g, ociPlatform(im.platform), lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return config
}
