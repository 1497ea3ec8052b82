package registry_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// layered is an image with a file that its second layer hides.
func layered(t *testing.T) v1.Image {
	t.Helper()
	img := push(t, registrytest.Serve(t, nil)+"/base:1", "amd64")
	for _, names := range [][]string{{"kept", "gone"}, {".wh.gone", "new"}} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, n := range names {
			if err := w.WriteHeader(&tar.Header{Name: n, Typeflag: tar.TypeReg}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil })
		if err != nil {
			t.Fatal(err)
		}
		if img, err = mutate.AppendLayers(img, layer); err != nil {
			t.Fatal(err)
		}
	}
	return img
}

func files(t *testing.T, c registry.Contents) []string {
	t.Helper()
	stream := c.Files()
	defer stream.Close()
	var names []string
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
	}
}

func TestAnArchiveAndARegistryGiveTheSameContents(t *testing.T) {
	img, host := layered(t), registrytest.Serve(t, nil)
	ref := host + "/app:1"
	registrytest.Write(t, ref, img)
	stored, err := (&registry.Client{}).Contents(t.Context(), ref, "linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "image.tar")
	tag, err := name.NewTag(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := tarball.WriteToFile(archive, tag, img); err != nil {
		t.Fatal(err)
	}
	read, err := registry.ReadArchive(archive)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files(t, stored), files(t, read)); diff != "" {
		t.Errorf("(-registry +archive):\n%s", diff)
	}
	if got := files(t, stored); !slices.Contains(got, "kept") || !slices.Contains(got, "new") || slices.Contains(got, "gone") {
		t.Errorf("files %q", got)
	}
	if want, err := img.ConfigName(); err != nil || stored.ID != want.String() || read.ID != stored.ID || string(read.Config) != string(stored.Config) {
		t.Errorf("configuration %s in the registry and %s in the archive, want %s", stored.ID, read.ID, want)
	}
}

func TestContentsOfAnotherPlatformAreNotFound(t *testing.T) {
	host := registrytest.Serve(t, nil)
	push(t, host+"/app:1", "arm64")
	_, err := (&registry.Client{}).Contents(t.Context(), host+"/app:1", "linux/amd64")
	if _, ok := errors.AsType[*registry.NotFoundError](err); !ok {
		t.Error(err)
	}
}

func TestAnArchiveThatIsNoneIsAnError(t *testing.T) {
	if _, err := registry.ReadArchive(filepath.Join(t.TempDir(), "none.tar")); err == nil {
		t.Error("it was read")
	}
}
