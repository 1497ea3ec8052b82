package build_test

import (
	"slices"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/filetree"
	"github.com/org/npx-action/internal/registry"
)

func TestAnImageIsBuiltAgainAsItSaysOfItself(t *testing.T) {
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	of := func(newest time.Time) build.Unpacked {
		return build.Unpacked{Contents: registry.Contents{Config: []byte(`{"created":"2024-05-01T12:00:00Z","config":{"Labels":{"a":"b"}}}`)},
			Files: filetree.Tree{"f": {Time: newest}}}
	}
	dir := t.TempDir()
	if got, err := (build.Image{}).Restated(of(noon), dir); err != nil || !got.Reproducible || !got.Created.Equal(noon) || len(got.Labels) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	clock := of(noon)
	clock.Config = []byte(`{"created":"2024-05-01T12:00:00.5Z"}`)
	if got, err := (build.Image{}).Restated(clock, dir); err != nil || got.Reproducible {
		t.Errorf("dated by a clock: %+v, %v", got, err)
	}
	if got, err := (build.Image{}).Restated(of(noon.Add(time.Second)), dir); err != nil || got.Reproducible {
		t.Errorf("a file is newer: %+v, %v", got, err)
	}
	clock.Config = []byte(`{`)
	if _, err := (build.Image{}).Restated(clock, dir); err == nil {
		t.Error("a configuration that is none")
	}
}

func TestARebuiltImageIsReadAndNotPushed(t *testing.T) {
	s := newStand(t)
	s.built()
	tags := s.tags("/app")
	published, err := build.Published(t.Context(), s.world.Registry, s.host+"/app:v1", "linux/amd64")
	if err != nil {
		// The layer of the fake builder is no archive.
		t.Log(err)
	}
	s.bench.image = func() v1.Image { return imageOf(t, "file") }
	s.spec.Steps.Anew = true
	again, err := build.Rebuild(t.Context(), s.spec, s.world)
	if err != nil || len(again.Files) != 1 {
		t.Fatalf("%+v, %v", again, err)
	}
	if req := s.request(); !req.NoCache || len(req.Exports) != 1 || req.Exports[0].Attrs["compression"] != "uncompressed" || !slices.Equal(tags, s.tags("/app")) {
		t.Errorf("exports %+v", req.Exports)
	}
	if got := build.Differing(published.Config, again.Config); len(got) == 0 {
		t.Error("they differ in nothing")
	}
	if got := build.Differing(again.Config, again.Config); len(got) > 0 {
		t.Errorf("it differs from itself in %q", got)
	}
	if _, err := build.Published(t.Context(), s.world.Registry, s.host+"/app:none", "linux/amd64"); !contains(err, "reading the image to verify: ") {
		t.Errorf("%v", err)
	}
}
