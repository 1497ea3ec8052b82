//go:build world

package builder_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
)

// TestLayersAreCompressedWhileTheResultIsTried waits in Before for the compressed layers of an image, of a byproduct and of the cache. Nothing
// is uploaded by then, and nothing at all if the result is refused.
func TestLayersAreCompressedWhileTheResultIsTried(t *testing.T) {
	var uploads atomic.Int32
	host := registrytest.Serve(t, registrytest.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			uploads.Add(1)
		}
		return false
	}))
	dir := t.TempDir()
	c := own(t, builder.Options{Embedded: builder.Embedded{Dir: dir}})
	base, contexts := program(t)
	exec := base.Run(llb.Args([]string{"/step", "random", "/out", "/store/kept"}), llb.AddMount("/store", llb.Scratch()))
	// As a slim image does, the result leaves the step's file system behind.
	image := llb.Scratch().File(llb.Copy(exec.Root(), "/out", "/out"))
	refused := errors.New("it does not start")
	compressed := 0
	req := builder.Request{
		Definition: marshal(t, image), CacheState: marshal(t, exec.Root()), Contexts: contexts,
		Platform:     platforms.DefaultString(),
		Exports:      []builder.Export{{Kind: builder.Push, Refs: []string{host + "/app:1"}, Attrs: map[string]string{"compression": "gzip", "force-compression": "true"}}},
		CacheExports: []builder.Cache{{Ref: host + "/app/cache:k", Mode: builder.AllSteps, Attrs: map[string]string{"compression": "zstd"}}},
		Byproducts: []builder.Byproduct{{Name: "store", Definition: marshal(t, exec.GetMount("/store")),
			Export: builder.Export{Kind: builder.Push, Refs: []string{host + "/app/cache:store"}, Attrs: map[string]string{"compression": "zstd"}}}},
		Before: func(context.Context, builder.Starter) error {
			// One layer of the image, one of the byproduct, and of the cache the program's and the step's.
			for end := time.Now().Add(20 * time.Second); compressed < 4 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				compressed = compressedBlobs(t, dir)
			}
			return refused
		},
	}
	if _, err := c.Solve(t.Context(), req); !errors.Is(err, refused) {
		t.Fatalf("error is %v", err)
	}
	if compressed < 4 || uploads.Load() > 0 {
		t.Errorf("%d layers are compressed, want 4, and %d requests upload", compressed, uploads.Load())
	}
	req.Before = func(context.Context, builder.Starter) error { return nil }
	solve(t, c, req)
	for _, l := range registrytest.Layers(t, registrytest.Image(t, host+"/app:1")) {
		if kind, err := l.MediaType(); err != nil || !strings.HasSuffix(string(kind), "gzip") {
			t.Errorf("a layer of the image is %s, %v", kind, err)
		}
	}
	if after := compressedBlobs(t, dir); after != compressed {
		t.Errorf("the exports compressed %d layers more", after-compressed)
	}
}

// compressedBlobs is how many blobs of a builder are of gzip or Zstandard.
func compressedBlobs(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.Contains(path, "/blobs/sha256/") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && (bytes.HasPrefix(text, []byte("\x1f\x8b")) || bytes.HasPrefix(text, []byte("\x28\xb5\x2f\xfd"))) {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
