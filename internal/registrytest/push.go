package registrytest

import (
	"maps"
	"slices"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Push writes an image for linux/amd64 that differs by its author, and returns its digest.
func Push(t testing.TB, ref, author string) string {
	t.Helper()
	return PushFor(t, ref, author, "amd64")
}

// PushFor is Push for another architecture.
func PushFor(t testing.TB, ref, author, arch string) string {
	t.Helper()
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: arch, Author: author})
	if err != nil {
		t.Fatal(err)
	}
	return Write(t, ref, img)
}

// PushCache writes what BuildKit's caches look like.
func PushCache(t testing.TB, ref, text string) {
	t.Helper()
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), "application/vnd.buildkit.cacheconfig.v0")
	img, err := mutate.AppendLayers(img, static.NewLayer([]byte(text), types.OCILayer))
	if err != nil {
		t.Fatal(err)
	}
	Write(t, ref, img)
}

// PushIndex writes an index of images by their architecture, in the order of the names, and returns its digest.
func PushIndex(t testing.TB, ref string, images map[string]v1.Image) string {
	t.Helper()
	var index v1.ImageIndex = empty.Index
	for _, arch := range slices.Sorted(maps.Keys(images)) {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: images[arch],
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}})
	}
	return WriteIndex(t, ref, index)
}

// Write stores an image in its registry and returns its digest.
func Write(t testing.TB, ref string, img v1.Image) string {
	t.Helper()
	if err := remote.Write(parse(t, ref), img); err != nil {
		t.Fatal(err)
	}
	return Digest(t, img)
}

// WriteIndex stores an index, and all that it lists, in its registry and returns its digest.
func WriteIndex(t testing.TB, ref string, index v1.ImageIndex) string {
	t.Helper()
	if err := remote.WriteIndex(parse(t, ref), index); err != nil {
		t.Fatal(err)
	}
	return Digest(t, index)
}

// Digest is the digest of an image, an index or a layer.
func Digest(t testing.TB, of interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	digest, err := of.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}
