package bench

import (
	"io"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/registrytest"
)

// TestTheCounterCountsLayers pushes and pulls an image of a known size.
func TestTheCounterCountsLayers(t *testing.T) {
	const layer = 1 << 20
	c := countBefore(t, registrytest.Serve(t, nil))
	ref, err := name.ParseReference(c.hosts[0] + "/app:1")
	if err != nil {
		t.Fatal(err)
	}
	img, err := random.Image(layer, 2)
	if err != nil {
		t.Fatal(err)
	}
	push := c.during(func() {
		if err := remote.Write(ref, img); err != nil {
			t.Fatal(err)
		}
	})
	pull := c.during(func() {
		pulled, err := remote.Image(ref)
		if err != nil {
			t.Fatal(err)
		}
		layers, err := pulled.Layers()
		if err != nil {
			t.Fatal(err)
		}
		content, err := layers[0].Compressed()
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if _, err := io.Copy(io.Discard, content); err != nil {
			t.Fatal(err)
		}
	})
	within := func(what string, got, least int64) {
		t.Helper()
		if got < least || got > least+64<<10 { // manifests are small
			t.Errorf("%s: %d bytes, want %d and little more", what, got, least)
		}
	}
	within("pushed", push.pushed, 2*layer)
	within("pulled", pull.pulled, layer)
	if push.pulled > 64<<10 || pull.pushed != 0 {
		t.Errorf("the push pulled %d bytes, the pull pushed %d", push.pulled, pull.pushed)
	}
}
