package e2e

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// smallBase is the base image of smallClone behind each mirror of the world's registry.
const smallBase = "ghcr.io/e2e/small:1"

// fullImage makes an image of a smallClone stand on its base image alone.
var fullImage = []string{"--runtime", "full"}

// smallClone is a [clone] whose base image has one program, a shell. A test that needs a new builder for each of many builds uses it where
// the image is not what is tested: a builder pulls a megabyte in place of hundreds.
func smallClone(t *testing.T, commit string) string {
	t.Helper()
	pushSmallBase(t)
	dir := clone(t, commit)
	text := slurp(t, filepath.Join(dir, "nixpacks.toml"))
	write(t, dir, "nixpacks.toml", "buildImage = \""+smallBase+"\"\n\n"+text)
	return dir
}

func pushSmallBase(t *testing.T) {
	t.Helper()
	if err := world.Install(t.Context(), world.Options{}, "bash-static"); err != nil {
		t.Fatal(err)
	}
	shell, err := exec.LookPath("bash-static")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(shell)
	if err != nil {
		t.Fatal(err)
	}
	content := shellLayer(t, program)
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
	if err != nil {
		t.Fatal(err)
	}
	img, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Config = "linux", "amd64", v1.Config{Env: []string{"PATH=/bin"}}
	if img, err = mutate.ConfigFile(img, config); err != nil {
		t.Fatal(err)
	}
	registrytest.Write(t, here.Registry+"/e2e/small:1", img)
}

// shellLayer is a file system with a shell and the directories that steps expect.
func shellLayer(t *testing.T, shell []byte) []byte {
	t.Helper()
	var files bytes.Buffer
	w := tar.NewWriter(&files)
	for _, dir := range []string{"bin/", "etc/", "root/", "tmp/"} {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir, Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteHeader(&tar.Header{Name: "bin/bash", Mode: 0o755, Size: int64(len(shell))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(shell); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return files.Bytes()
}
