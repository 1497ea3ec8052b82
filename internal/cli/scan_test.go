package cli

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	fake "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/secret"
)

// imageOf makes an image with a layer for each content of its only file.
func imageOf(t *testing.T, contents ...string) v1.Image {
	t.Helper()
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64"})
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range contents {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Name: "f", Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		_, err := w.Write([]byte(content))
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil })
		if err == nil {
			img, err = mutate.AppendLayers(img, layer)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return img
}

// A shelf is a builder that has built already: it exports images to layouts and notes what it was asked for.
type shelf struct {
	t                   *testing.T
	image, cache, state v1.Image
	about               v1.Image // the attestations beside the image; nil for none
	asked               []string
}

// statementOf makes the manifest of an attestation.
func statementOf(t *testing.T, text string) v1.Image {
	t.Helper()
	img, err := mutate.Append(empty.Image, mutate.Addendum{Layer: static.NewLayer([]byte(text), "application/vnd.in-toto+json"),
		MediaType: "application/vnd.in-toto+json", Annotations: map[string]string{"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// root is what an exporter writes: the image, or an index of it and what is said about it.
func (s *shelf) root(attest bool) mutate.Appendable {
	if !attest || s.about == nil {
		return s.image
	}
	return mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: s.image}, mutate.IndexAddendum{Add: s.about,
		Descriptor: v1.Descriptor{Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"}}})
}

func (s *shelf) Solve(_ context.Context, req builder.Request) (builder.Result, error) {
	var list []string
	put := func(dir string, root mutate.Appendable) {
		path, err := layout.Write(dir, empty.Index)
		if img, ok := root.(v1.Image); ok && err == nil {
			err = path.AppendImage(img)
		} else if index, ok := root.(v1.ImageIndex); ok && err == nil {
			err = path.AppendIndex(index)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	config, err := s.image.ConfigName()
	if err != nil {
		s.t.Fatal(err)
	}
	result := builder.Result{ConfigDigest: config.String()}
	for _, e := range req.Exports {
		list = append(list, e.Kind)
		if e.Kind == builder.Layout {
			put(e.Dest, s.root(e.Attest))
		}
	}
	for _, c := range req.CacheExports {
		list = append(list, "cache "+c.Type+c.Mode)
		put(c.Attrs["dest"], s.cache)
		result.CacheExported = true
	}
	for _, w := range req.Byproducts {
		list = append(list, "state "+w.Export.Kind)
		put(w.Export.Dest, s.state)
		result.Byproducts = append(result.Byproducts, builder.ByproductResult{Name: w.Name, Digest: "sha256:x"})
	}
	s.asked = append(s.asked, strings.Join(list, ", "))
	return result, nil
}

// delivered builds with an empty registry, and lists the tags that are in it afterwards.
func delivered(t *testing.T, s solver, base v1.Image) (said string, tags []string, err error) {
	t.Helper()
	srv := httptest.NewServer(fake.New(fake.Logger(log.New(io.Discard, "", 0))))
	defer srv.Close()
	host := strings.TrimPrefix(srv.URL, "http://")
	im := &image{refs: []string{host + "/app:1", host + "/app:latest"}, push: true, registry: &registry.Client{},
		secrets: vault{"TOKEN": "correct-horse"}, say: func(kind, text string) { said += kind + ": " + text + "\n" }}
	config, err := base.RawConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	req := builder.Request{NoCache: true,
		Exports:      []builder.Export{{Kind: builder.OCI}, {Kind: builder.Push, Refs: im.refs, Attest: true}},
		CacheExports: []builder.Cache{{Ref: host + "/app/cache:k", Mode: "max"}},
		Byproducts:   []builder.Byproduct{{Name: "store", Export: builder.Export{Kind: builder.Push, Refs: []string{host + "/app/store:k"}}}},
	}
	_, err = im.deliver(t.Context(), s, req, map[string]registry.Image{"base": {Config: config}})
	for _, repo := range []string{"/app", "/app/cache", "/app/store"} {
		list, terr := im.registry.Tags(t.Context(), host+repo)
		if terr != nil {
			t.Fatal(terr)
		}
		for _, tag := range list {
			tags = append(tags, repo+":"+tag)
		}
	}
	return said, tags, err
}

func TestWhatIsPushedWasSearched(t *testing.T) {
	base := imageOf(t, "correct-horse of the base")
	clean := imageOf(t, "correct-horse of the base", "clean")
	s := &shelf{t: t, image: clean, cache: imageOf(t, "cached"), state: imageOf(t, "state")}
	said, tags, err := delivered(t, s, base)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/app:1", "/app:latest", "/app/cache:k", "/app/store:k"}, tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	// BuildKit itself pushes nothing.
	if diff := cmp.Diff([]string{"layout, cache localmax, state layout", "oci"}, s.asked); diff != "" {
		t.Errorf("asked of the builder (-want +got):\n%s", diff)
	}
	if !strings.Contains(said, "secrets: TOKEN is in no new layer") {
		t.Errorf("said %q", said)
	}
}

func TestALeakKeepsEverythingHere(t *testing.T) {
	clean, leak := imageOf(t, "clean"), imageOf(t, "clean", "a correct-horse")
	for name, s := range map[string]*shelf{
		"image":      {t: t, image: leak, cache: clean, state: clean},
		"cache":      {t: t, image: clean, cache: leak, state: clean},
		"state":      {t: t, image: clean, cache: clean, state: leak},
		"provenance": {t: t, image: clean, cache: clean, state: clean, about: statementOf(t, `{"predicate":{"args":"Y29ycmVjdC1ob3JzZQ=="}}`)},
	} {
		_, tags, err := delivered(t, s, clean)
		var found *secret.LeakError
		if !errors.As(err, &found) || status(err) != statusApp || strings.Contains(err.Error(), "correct-horse") {
			t.Errorf("%s: %v", name, err)
		}
		if len(tags) > 0 || len(s.asked) != 1 {
			t.Errorf("%s: pushed %q, asked %q", name, tags, s.asked)
		}
	}
}

// TestAnotherImageThanTheSearchedOneIsNotKept has a builder that gives another image for the other outputs.
func TestAnotherImageThanTheSearchedOneIsNotKept(t *testing.T) {
	for name, about := range map[string]v1.Image{"image": nil, "index": statementOf(t, `{}`)} {
		s := &shelf{t: t, image: imageOf(t, "clean"), cache: imageOf(t, "cached"), state: imageOf(t, "state"), about: about}
		changing := solverFunc(func(ctx context.Context, req builder.Request) (builder.Result, error) {
			result, err := s.Solve(ctx, req)
			s.image = imageOf(t, "another")
			return result, err
		})
		if _, _, err := delivered(t, changing, imageOf(t)); err == nil || !strings.Contains(err.Error(), "gave another image") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type solverFunc func(context.Context, builder.Request) (builder.Result, error)

func (f solverFunc) Solve(ctx context.Context, req builder.Request) (builder.Result, error) {
	return f(ctx, req)
}

func TestSecretsInLabelsAndAnnotationsAreFoundBeforeTheBuild(t *testing.T) {
	im := &image{secrets: vault{"TOKEN": "correct-horse"}, exporter: map[string]string{"annotation.a": "b"}}
	config, err := json.Marshal(map[string]any{"config": map[string]any{"Env": []string{"A=1", "B=correct-horse"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := im.searchConfig(config); err == nil || !strings.Contains(err.Error(), "TOKEN is in the image's configuration: config.Env[1]") {
		t.Errorf("variable: %v", err)
	}
	if err := im.searchConfig([]byte(`{}`)); err != nil {
		t.Errorf("nothing: %v", err)
	}
	im.plan.Plan.Start = &plan.Start{Cmd: new("run correct-horse")}
	if err := im.searchConfig([]byte(`{}`)); err != nil {
		t.Errorf("a plan that stays here: %v", err)
	}
	im.push, im.attest = true, attest{provenance: "min"}
	if err := im.searchConfig([]byte(`{}`)); err == nil || !strings.Contains(err.Error(), "TOKEN is in the plan: start.cmd") {
		t.Errorf("plan: %v", err)
	}
	im.attest = attest{}
	im.exporter["annotation.b"] = "correct-horse"
	if err := im.searchConfig([]byte(`{}`)); err == nil || status(err) != statusApp {
		t.Errorf("annotation: %v", err)
	}
	im.secrets = nil
	if err := im.searchConfig(config); err != nil {
		t.Errorf("without secrets: %v", err)
	}
}

func TestWithoutSecretsTheBuilderPushes(t *testing.T) {
	s := &shelf{t: t, image: imageOf(t, "x")}
	im := &image{say: func(string, string) {}}
	if _, err := im.deliver(t.Context(), s, builder.Request{Exports: []builder.Export{{Kind: builder.Push}}}, nil); err != nil || !slices.Equal(s.asked, []string{"push"}) {
		t.Errorf("asked %q, %v", s.asked, err)
	}
}
