package build_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/registry"
)

// exportsOf are the attributes of a request's exports, by kind.
func exportsOf(req builder.Request) map[string]map[string]string {
	m := map[string]map[string]string{}
	for _, e := range req.Exports {
		m[e.Kind] = e.Attrs
	}
	return m
}

func TestCompressionIsForWhatHasLayers(t *testing.T) {
	s := newStand(t)
	s.spec.Image.Compression = "zstd"
	s.spec.Output.Exports = []builder.Export{{Kind: builder.OCI}, {Kind: builder.Local}, {Kind: builder.Load}}
	s.built()
	got := map[string]string{}
	for kind, attrs := range exportsOf(s.request()) {
		got[kind] = attrs["compression"]
	}
	want := map[string]string{builder.OCI: "zstd", builder.Push: "zstd", builder.Local: "", builder.Load: "gzip"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("compressions (-want +got):\n%s", diff)
	}
	if s.spec.Output.Exports[0].Attrs != nil {
		t.Error("the build changes its spec")
	}
}

func TestWhoReadsGzipAloneGetsNoOtherLayersOfTheCache(t *testing.T) {
	s := newStand(t)
	s.spec.Output.Exports = []builder.Export{{Kind: builder.Load}}
	s.built()
	for kind, attrs := range exportsOf(s.request()) {
		if attrs["compression"] != "gzip" || attrs["force-compression"] != "true" {
			t.Errorf("%s gets layers of the cache as they are: %v", kind, attrs)
		}
	}
}

func TestCompressionKeepsAnnotations(t *testing.T) {
	s := newStand(t)
	s.spec.Image.Compression, s.spec.Image.Attributes = "zstd", map[string]string{"annotation.a": "b"}
	s.built()
	want := map[string]string{"annotation.a": "b", "compression": "zstd"}
	if diff := cmp.Diff(want, exportsOf(s.request())[builder.Push]); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if len(s.spec.Image.Attributes) != 1 {
		t.Error("the build changes its spec")
	}
}

func TestContextsAreTheAppAndTheGeneratedFiles(t *testing.T) {
	s := newStand(t)
	s.spec.Apps[0].Ignore = []string{".git", "data"}
	s.spec.Steps.Owner, s.spec.Silence = "me", time.Minute
	s.built()
	req := s.request()
	if app := req.Contexts[lower.App]; app.Dir != s.spec.Dir || len(app.Exclude) < 2 || app.Exclude[0] != ".git" || app.Exclude[1] != "data" {
		t.Errorf("app %+v", app)
	}
	if req.Contexts[lower.Generated].Files == nil || req.Owner != "me" || req.Silence != time.Minute || req.Platform != "linux/amd64" {
		t.Errorf("request %+v", req)
	}
}

func TestStepsTrustTheCertificatesThatAreGiven(t *testing.T) {
	s := newStand(t)
	s.spec.Steps.Certificates = []byte("-----BEGIN CERTIFICATE-----\nZmlyc3Q=\n-----END CERTIFICATE-----\n")
	s.built()
	req := s.request()
	if string(req.Secrets[graph.Certificates.ID]) != string(s.spec.Steps.Certificates) || len(req.Secrets[graph.TrustStore.ID]) == 0 {
		t.Errorf("secrets %q", req.Secrets)
	}
}

func TestOnlyAReproducibleImageHasItsTimesRewritten(t *testing.T) {
	s := newStand(t)
	s.spec.Image.Created, s.spec.Image.Attributes = time.Unix(60, 0), map[string]string{"annotation.a": "b"}
	s.spec.Output.Exports = []builder.Export{{Kind: builder.Tar}}
	s.built()
	if req := s.request(); req.BaseConfig != nil || exportsOf(req)[builder.Push]["source-date-epoch"] != "" {
		t.Errorf("not asked for: %+v", req)
	}
	s.spec.Image.Reproducible = true
	s.spec.Image.Compression = "zstd"
	s.built()
	req := s.request()
	want := map[string]map[string]string{
		builder.Push: {"annotation.a": "b", "compression": "zstd", "source-date-epoch": "60", "rewrite-timestamp": "true"},
		builder.Tar:  {"source-date-epoch": "60"},
	}
	if diff := cmp.Diff(want, exportsOf(req)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(req.BaseConfig) == 0 {
		t.Error("the layers of the base image are dated too")
	}
	s.spec.Image.Created = time.Time{} // without a commit
	s.built()
	if got := exportsOf(s.request())[builder.Tar]["source-date-epoch"]; got != "315532800" {
		t.Errorf("dated %s", got)
	}
}

func TestBuildSaysWhatPartOfTheWorldFailed(t *testing.T) {
	for title, tt := range map[string]struct {
		change func(*stand)
		want   int
		text   string
	}{
		"registry": {func(s *stand) { s.world.Registry.Mirrors["base.example"] = "127.0.0.1:1" }, fault.World,
			"looking up the base image: asking the registry about 127.0.0.1:1/base:1: "},
		"no such base":     {func(s *stand) { s.world.Registry.Mirrors["base.example"] = s.host + "/nothing" }, fault.App, "looking up the base image: "},
		"no such platform": {func(s *stand) { s.spec.Apps[0].Platform = "linux/arm64" }, fault.App, "looking up the base image: "},
		"builder": {func(s *stand) {
			s.world.Connect, s.spec.Builder = build.Dial, builder.Options{Host: "tcp://127.0.0.1:1", Timeout: time.Millisecond}
		}, fault.World, "connecting to the builder at tcp://127.0.0.1:1: "},
		"builder's address": {func(s *stand) { s.spec.Builder.Host = "ftp://builder.example" }, fault.Misuse,
			`the builder's address "ftp://builder.example" is not supported`},
		"right to push": {func(s *stand) { s.spec.Image.Names = []string{"127.0.0.1:1/app:1"} }, fault.World, "checking the right to push: "},
	} {
		t.Run(title, func(t *testing.T) {
			s := newStand(t)
			s.spec.Cache.Promote = build.PromoteNever
			tt.change(s)
			_, err := s.run()
			if err == nil || fault.Status(err) != tt.want || !contains(err, tt.text) || len(s.said) > 0 {
				t.Errorf("got status %d, %v, said %q", fault.Status(err), err, s.said)
			}
		})
	}
}

func TestTheBuilderPullsAndPushesAsTheRegistriesClientDoes(t *testing.T) {
	s := newStand(t)
	s.world.Keys = &registry.Keychain{}
	s.built()
	if s.request().Credentials != builder.Credentials(s.world.Keys) || s.bench.closed != 1 {
		t.Errorf("credentials %v, closed %d times", s.request().Credentials, s.bench.closed)
	}
}
