package registrytest

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// Image reads an image, or the one for linux/amd64 of an index.
func Image(t testing.TB, ref string) v1.Image {
	t.Helper()
	return ImageFor(t, ref, "amd64")
}

// ImageFor is Image for another architecture.
func ImageFor(t testing.TB, ref, arch string) v1.Image {
	t.Helper()
	img, err := remote.Image(parse(t, ref), remote.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Index reads an index, and what it says.
func Index(t testing.TB, ref string) (v1.ImageIndex, *v1.IndexManifest) {
	t.Helper()
	index, err := remote.Index(parse(t, ref))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	return index, manifest
}

// Manifest is an image's manifest.
func Manifest(t testing.TB, img v1.Image) *v1.Manifest {
	t.Helper()
	manifest, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

// Layers are an image's layers.
func Layers(t testing.TB, img v1.Image) []v1.Layer {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

// Text is what a layer holds, as it is stored.
func Text(t testing.TB, layer v1.Layer) []byte {
	t.Helper()
	stream, err := layer.Compressed()
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	text, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Exists reports whether a registry has a manifest.
func Exists(t testing.TB, ref string) bool {
	t.Helper()
	_, err := remote.Head(parse(t, ref))
	if answer, ok := errors.AsType[*transport.Error](err); ok && answer.StatusCode == http.StatusNotFound {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}

// Pull fetches a whole image or index, and fails the test if a part is missing or wrong. It returns the digest, "" if the registry has none.
func Pull(t testing.TB, ref string) string {
	t.Helper()
	if !Exists(t, ref) {
		return ""
	}
	desc, err := remote.Get(parse(t, ref))
	if err != nil {
		t.Fatal(err)
	}
	if desc.MediaType.IsIndex() {
		index, err := desc.ImageIndex()
		if err == nil {
			err = validate.Index(index)
		}
		if err != nil {
			t.Errorf("%s: %v", ref, err)
		}
		return desc.Digest.String()
	}
	img, err := desc.Image()
	if err == nil {
		err = validate.Image(img)
	}
	if err != nil {
		t.Errorf("%s: %v", ref, err)
	}
	return desc.Digest.String()
}

// Tags lists a repository's tags, sorted. One that does not exist has none.
func Tags(t testing.TB, repository string) []string {
	t.Helper()
	parsed, err := name.NewRepository(repository)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := remote.List(parsed)
	if answer, ok := errors.AsType[*transport.Error](err); ok && answer.StatusCode == http.StatusNotFound {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(tags)
	return tags
}
