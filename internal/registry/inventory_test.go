package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// A withConfig is an image with a configuration of another kind.
type withConfig struct {
	v1.Image
	config []byte
	media  types.MediaType
}

func (w withConfig) RawConfigFile() ([]byte, error) { return w.config, nil }

func (w withConfig) ConfigName() (v1.Hash, error) { return partial.ConfigName(w) }

func (w withConfig) Manifest() (*v1.Manifest, error) {
	m, err := w.Image.Manifest()
	if err != nil {
		return nil, err
	}
	m = m.DeepCopy()
	name, err := w.ConfigName()
	m.Config = v1.Descriptor{MediaType: w.media, Digest: name, Size: int64(len(w.config))}
	return m, err
}

func (w withConfig) RawManifest() ([]byte, error) { return partial.RawManifest(w) }
func (w withConfig) Digest() (v1.Hash, error)     { return partial.Digest(w) }
func (w withConfig) Size() (int64, error)         { return partial.Size(w) }

func TestInventoryHasEachManifestOnceWithItsTagsBytesAndDate(t *testing.T) {
	host := registrytest.Serve(t, nil)
	layered, err := mutate.AppendLayers(mutate.MediaType(empty.Image, types.OCIManifestSchema1), static.NewLayer([]byte("layer"), types.OCILayer))
	if err != nil {
		t.Fatal(err)
	}
	const media = "application/vnd.buildkit.cacheconfig.v0"
	text := `{"layers":[{"annotations":{"createdAt":"2026-01-02T00:00:00Z"}}],"records":[{"layers":[{"createdAt":"2026-01-04T00:00:00Z"}]},{"chains":[{"createdAt":"2026-01-03T00:00:00Z"}]}]}`
	kept := withConfig{layered, []byte(text), media}
	registrytest.Write(t, host+"/app:cache", kept)
	c := &registry.Client{}
	if err := c.Tag(t.Context(), host+"/app:cache", "also"); err != nil {
		t.Fatal(err)
	}
	img := push(t, host+"/app:v1", "amd64")
	registrytest.PushIndex(t, host+"/app:x", map[string]v1.Image{"amd64": img})

	list, err := c.Inventory(t.Context(), host+"/app", func(tag string) bool { return tag == "cache" })
	if err != nil || len(list) != 3 {
		t.Fatalf("got %+v, %v", list, err)
	}
	if got := list[0]; !cmp.Equal(got.Tags, []string{"also", "cache"}) || got.ConfigType != media || got.Digest != registrytest.Digest(t, kept) ||
		!got.Created.Equal(time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)) || len(got.Blobs) != 3 {
		t.Errorf("got %+v", got)
	}
	if got := list[1]; !cmp.Equal(got.Tags, []string{"v1"}) || !got.Created.IsZero() || len(got.Blobs) != 3 {
		t.Errorf("got %+v", got)
	}
	if got := list[2]; !cmp.Equal(got.Parts, []string{registrytest.Digest(t, img)}) || len(got.Blobs) != 4 {
		t.Errorf("got %+v", got)
	}
	registrytest.RemoveBlob(t, host+"/app", configDigest(t, kept))
	if list, err := c.Inventory(t.Context(), host+"/app", func(string) bool { return true }); err != nil || !list[0].Created.IsZero() {
		t.Errorf("a cache without its configuration: %+v, %v", list, err)
	}
}

func configDigest(t *testing.T, img v1.Image) string {
	t.Helper()
	name, err := img.ConfigName()
	if err != nil {
		t.Fatal(err)
	}
	return name.String()
}
