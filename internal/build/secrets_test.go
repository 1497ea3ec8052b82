package build_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/egress"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/internal/secret"
)

func TestTheBuilderGetsWhatTheStepsAskFor(t *testing.T) {
	s := newStand(t).change(func(p *plan.Plan) {
		p.Phases = map[string]plan.Phase{
			"install": {Cmds: []string{"a"}, Secrets: []string{"A"}},
			"build":   {Cmds: []string{"b"}, Secrets: []string{"A", "B"}, DependsOn: []string{"install"}},
			"idle":    {Secrets: []string{"MISSING"}},
		}
	})
	s.spec.Secrets = build.Secrets{"A": "value-of-a", "B": "value-of-b", "C": "value-of-c"}
	s.built()
	if !strings.HasPrefix(s.said[0], "warning: the secret C is given and no phase asks for it") || !s.saying("secrets: A, B is in no new layer") {
		t.Errorf("said %q", s.said)
	}
	values := map[string][]string{}
	for id, value := range s.request().Secrets {
		values[string(value)] = append(values[string(value)], id)
	}
	a, b := values["value-of-a"], values["value-of-b"]
	if len(a) != 2 || len(b) != 1 || len(values) != 2 || a[0] == a[1] || !slices.ContainsFunc(a, func(id string) bool { return id[2:] == b[0][2:] }) {
		t.Errorf("secrets %v", values) // each with a fingerprint of those of its phase
	}
	for _, req := range s.bench.asked {
		for _, op := range req.Definition.Def {
			if strings.Contains(string(op), "value-of-") {
				t.Error("a value is in the definition")
			}
		}
	}
}

func TestASecretThatIsAskedForAndNotGivenIsWrongUsage(t *testing.T) {
	s := newStand(t).asking("install", "TOKEN")
	if _, err := s.run(); fault.Status(err) != fault.Misuse || !contains(err, "phase install asks for the secret TOKEN, which is not given") || len(s.bench.dialled) > 0 {
		t.Errorf("%v", err)
	}
}

func TestSecretsAreGivenOnceAndHaveAnUsualValue(t *testing.T) {
	v := build.Secrets{}
	if err := v.Add("give it", secret.Source{Name: "TOKEN"}, "correct-horse"); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"another-horse", ""} {
		if err := v.Add("give it", secret.Source{Name: "TOKEN"}, value); fault.Status(err) != fault.Misuse {
			t.Errorf("%q: %v", value, err)
		}
	}
	if err := v.Add("give it", secret.Source{Name: "OTHER"}, ""); fault.Status(err) != fault.Misuse {
		t.Errorf("an empty one: %v", err)
	}
	if got := v.Values(); len(got) != 1 || got[0].Kind != "the secret TOKEN" {
		t.Errorf("%v", got)
	}
}

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

// guarded is an app whose install phase is given a secret. The base image has a layer that holds its value too.
func guarded(t *testing.T, contents ...string) *stand {
	t.Helper()
	s := hoarding(t)
	registrytest.Write(t, s.host+"/base:1", imageOf(t, "correct-horse of the base"))
	s.change(func(p *plan.Plan) {
		ph := p.Phases["install"]
		ph.Secrets = []string{"TOKEN"}
		p.Phases["install"] = ph
	})
	s.spec.Image.Names = []string{s.host + "/app:1", s.host + "/app:latest"}
	s.spec.Output.Exports = []builder.Export{{Kind: builder.OCI}}
	s.spec.Steps.Anew = false
	s.spec.Secrets = build.Secrets{"TOKEN": "correct-horse"}
	s.world.Guard = egress.New(append(s.spec.Secrets.Values(), egress.Value{Kind: "the input token", Text: "my-job-token"}))
	s.bench.image = func() v1.Image { return imageOf(t, append([]string{"correct-horse of the base"}, contents...)...) }
	return s
}

// kinds are the exports, caches and stores of the requests, in words.
func kinds(asked []builder.Request) (list []string) {
	for _, req := range asked {
		var words []string
		for _, e := range req.Exports {
			words = append(words, e.Kind)
		}
		for _, c := range req.CacheExports {
			words = append(words, "cache "+c.Type+c.Mode)
		}
		for _, w := range req.Byproducts {
			words = append(words, "state "+w.Export.Kind)
		}
		list = append(list, strings.Join(words, ", "))
	}
	return list
}

func TestWhatIsPushedWasSearched(t *testing.T) {
	s := guarded(t, "clean")
	s.built()
	if tags := s.tags("/app"); !slices.Equal(tags, []string{"1", "latest"}) {
		t.Errorf("tags %q", tags)
	}
	if tags := s.tags("/app/cache"); len(tags) < 4 || !s.saying("saved /store") {
		t.Errorf("tags of the cache %q, said %q", tags, s.said)
	}
	// BuildKit itself pushes nothing.
	if diff := cmp.Diff([]string{"layout, cache localmax, state layout, state layout", "oci"}, kinds(s.bench.asked)); diff != "" {
		t.Errorf("asked of the builder (-want +got):\n%s", diff)
	}
	if !s.saying("secrets: TOKEN is in no new layer") {
		t.Errorf("said %q", s.said)
	}
}

func TestALeakKeepsEverythingHere(t *testing.T) {
	for name, change := range map[string]func(*stand){
		"image": func(s *stand) {
			s.bench.image = func() v1.Image { return imageOf(t, "correct-horse of the base", "a correct-horse") }
		},
		"the token": func(s *stand) {
			s.bench.image = func() v1.Image { return imageOf(t, "correct-horse of the base", "my-job-token") }
		},
		"provenance": func(s *stand) {
			s.spec.Attest.Provenance, s.bench.about = "min", statementOf(t, `{"predicate":{"args":"Y29ycmVjdC1ob3JzZQ=="}}`)
		},
	} {
		s := guarded(t, "clean")
		change(s)
		_, err := s.run()
		var found *secret.LeakError
		if !errors.As(err, &found) || fault.Status(err) != fault.App || strings.Contains(err.Error(), "correct-horse") {
			t.Errorf("%s: %v", name, err)
		}
		if _, hint := fault.Message(err); !strings.HasPrefix(hint, "delete what holds it") {
			t.Errorf("%s: hint %q", name, hint)
		}
		if tags := append(s.tags("/app"), s.tags("/app/cache")...); len(tags) > 0 || len(s.bench.asked) != 1 {
			t.Errorf("%s: pushed %q, asked %q", name, tags, kinds(s.bench.asked))
		}
	}
}

func TestALeakInACacheKeepsEverythingHere(t *testing.T) {
	s := guarded(t, "clean")
	leak := imageOf(t, "a correct-horse")
	s.world.Connect = func(context.Context, builder.Options) (build.Builder, error) {
		return wrapper{s.bench, func(req *builder.Request) {
			for _, c := range req.CacheExports {
				if dest := c.Attrs["dest"]; dest != "" {
					putLayout(t, dest, leak)
				}
			}
			req.CacheExports = nil
		}, func(r *builder.Result) { r.CacheExported = true }}, nil
	}
	if _, err := s.run(); fault.Status(err) != fault.App || !contains(err, "the secret TOKEN is in") || len(s.tags("/app")) > 0 {
		t.Errorf("%v", err)
	}
}

// TestAnotherImageThanTheSearchedOneIsNotKept has a builder that gives another image for the other outputs.
func TestAnotherImageThanTheSearchedOneIsNotKept(t *testing.T) {
	for name, about := range map[string]string{"image": "", "index": `{}`} {
		s := guarded(t, "clean")
		if about != "" {
			s.spec.Attest.Provenance, s.bench.about = "min", statementOf(t, about)
		}
		s.bench.image = func() v1.Image { return imageOf(t, "build", strings.Repeat("x", len(s.bench.asked))) }
		if _, err := s.run(); !contains(err, "gave another image") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsInLabelsAndAnnotationsAreFoundBeforeTheBuild(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*build.Spec)
		want   string
	}{
		"variable": {func(s *build.Spec) { s.Apps[0].Plan.Plan.Variables = map[string]string{"B": "correct-horse"} }, "TOKEN is in the image's configuration: config.Env"},
		"label":    {func(s *build.Spec) { s.Image.Labels = map[string]string{"B": "correct-horse"} }, "TOKEN is in the image's configuration"},
		"plan": {func(s *build.Spec) {
			s.Attest.Provenance = "min"
			s.Apps[0].Plan.Plan.Phases = map[string]plan.Phase{"idle": {Paths: []string{"correct-horse"}}}
		}, "TOKEN is in the"},
		"annotation": {func(s *build.Spec) { s.Image.Attributes = map[string]string{"annotation.b": "correct-horse"} }, "TOKEN is in an annotation"},
		"name":       {func(s *build.Spec) { s.Image.Names = []string{"r.example/app:correct-horse"} }, "TOKEN is in a name of the image"},
	} {
		s := newStand(t)
		s.world.Guard = egress.New(build.Secrets{"TOKEN": "correct-horse"}.Values())
		tt.change(&s.spec)
		if _, err := s.run(); fault.Status(err) != fault.App || !contains(err, tt.want) || len(s.bench.dialled) > 0 {
			t.Errorf("%s: %v", name, err)
		}
		s.world.Guard = nil
		s.spec.Output.Push = false
		if _, err := s.run(); err != nil {
			t.Errorf("%s, without secrets: %v", name, err)
		}
	}
}

// A job holds a token, and logins: no step is given them, so that they cost neither the builder's own push nor a search of layers.
func TestWithATokenAloneTheBuilderPushes(t *testing.T) {
	s := newStand(t)
	s.world.Guard = egress.New([]egress.Value{{Kind: "the input token", Text: "correct-horse"}})
	s.spec.Secrets, s.spec.Cache.Promote = build.Secrets{"UNASKED": "battery-staple"}, build.PromoteNever
	s.built()
	if got := kinds(s.bench.asked); !slices.Equal(got, []string{"push"}) {
		t.Errorf("asked %q", got)
	}
	// A file that a step before has left is found before the build.
	s.bench.asked = nil
	apptest.Write(t, s.spec.Dir, "lib/config", "[http]\n\textraheader = "+base64.StdEncoding.EncodeToString([]byte("x-access-token:correct-horse")))
	_, err := s.run()
	if len(s.bench.asked) > 0 || fault.Status(err) != fault.App || !contains(err, "the input token is in the build context: lib/config") {
		t.Errorf("asked %q, %v", kinds(s.bench.asked), err)
	}
}
