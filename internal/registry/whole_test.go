package registry_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

func TestWholeAsksForEveryBlobAndReadsNone(t *testing.T) {
	var mu sync.Mutex
	asked := map[string][]string{} // methods by digest
	host := registrytest.Serve(t, registrytest.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if _, blob, ok := strings.Cut(r.URL.Path, "/blobs/sha256:"); ok {
			mu.Lock()
			asked[blob] = append(asked[blob], r.Method)
			mu.Unlock()
		}
		return false
	}))
	img, _ := built(t, host+"/app:key", "amd64", "one")
	clear(asked)
	c := &registry.Client{}
	if err := c.Whole(t.Context(), host+"/app:key", string(types.OCIConfigJSON)); err != nil {
		t.Fatal(err)
	}
	for digest, methods := range asked {
		if len(methods) != 1 || methods[0] != http.MethodHead {
			t.Errorf("%s: %q", digest, methods)
		}
	}
	if len(asked) != 4 {
		t.Errorf("%d blobs are asked for: %v", len(asked), asked)
	}
	layers := registrytest.Layers(t, img)
	registrytest.Write(t, host+"/app:empty", mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON))
	registrytest.RemoveBlob(t, host+"/app", registrytest.Digest(t, layers[2]))
	for title, tt := range map[string]struct{ ref, config, text string }{
		"another tool's": {"/app:key", "application/vnd.buildkit.cacheconfig.v0", "another tool"},
		"empty":          {"/app:empty", string(types.OCIConfigJSON), "it is empty"},
		"expired":        {"/app:key", string(types.OCIConfigJSON), "has lost " + registrytest.Digest(t, layers[2])},
	} {
		err := c.Whole(t.Context(), host+tt.ref, tt.config)
		if _, ok := errors.AsType[*registry.BrokenError](err); !ok || !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), host+tt.ref) {
			t.Errorf("%s: got %v", title, err)
		}
	}
	if err := c.Whole(t.Context(), host+"/app:missing", "x"); !isNotFound(err) {
		t.Errorf("got %v", err)
	}
}
