package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/opencontainers/go-digest"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// TestABrokenCacheIsIgnoredWithAWord breaks the cache of an app in every way, and builds the app on a new builder.
func TestABrokenCacheIsIgnoredWithAWord(t *testing.T) {
	own, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	dir := smallClone(t, "corrupt")
	seq := 0
	run := func(builder string) (metadata, world.Run, string) {
		seq++
		image := fmt.Sprintf("%s/e2e/corrupt:%d", here.Registry, seq)
		m, r := tryBuild(t, builder, dir, "--runtime", "full", "--tag", image, "--push", "--promote", "never", "--cache-ref", own.Host+"/corrupt/cache")
		return m, r, image
	}
	cold, r, image := run(newBuilder(t))
	if r.Status != 0 || !cold.Cache.Written {
		t.Fatalf("status %d, %+v\n%s", r.Status, cold.Cache, r.Stderr)
	}
	complete(t, image)
	ref := own.Host + "/corrupt/cache:npx1-linux-amd64-" + cold.Cache.Key

	other, err := random.Image(100, 1)
	if err != nil {
		t.Fatal(err)
	}
	hollow := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), "application/vnd.buildkit.cacheconfig.v0")
	cases := []struct {
		title string
		spoil func()
	}{
		{"another tool's manifest", func() { registrytest.Write(t, ref, other) }},
		{"an empty configuration", func() { registrytest.Write(t, ref, hollow) }},
		{"an expired layer", func() { drop(t, ref, func(m *v1.Manifest) v1.Hash { return m.Layers[len(m.Layers)-1].Digest }) }},
		{"an expired configuration", func() { drop(t, ref, func(m *v1.Manifest) v1.Hash { return m.Config.Digest }) }},
	}
	for _, tt := range cases {
		tt.spoil()
		m, r, image := run(newBuilder(t))
		if r.Status != 0 || !strings.Contains(r.Stderr, "warning: a cache is ignored: ") {
			t.Errorf("%s: status %d\n%s", tt.title, r.Status, r.Stderr)
			continue
		}
		if !m.Cache.Written {
			t.Errorf("%s: the cache is not written anew: %+v", tt.title, m.Cache)
		}
		complete(t, image)
	}
	healed, r, image := run(newBuilder(t))
	if ran := healed.ran(); r.Status != 0 || healed.Cache.Hit != "exact" || len(ran) > 0 {
		t.Errorf("the cache is still broken: status %d, %+v, these ran: %q\n%s", r.Status, healed.Cache, ran, r.Stderr)
	}
	complete(t, image)
}

// TestACacheThatLiesIsNoImage serves blobs of a cache with another content. Layers of the base are served as they are: BuildKit keeps
// what it read of a blob, so a wrong layer of the base fails each later attempt on the same builder.
func TestACacheThatLiesIsNoImage(t *testing.T) {
	small := smallClone(t, "lies")
	base := layerDigests(t, here.Registry+"/e2e/small:1")
	// A changed digest within a configuration that can be read makes no more than a cache that lacks a step.
	for title, which := range map[string]func([]byte) bool{
		"a layer": func(blob []byte) bool {
			return !json.Valid(blob) && !slices.Contains(base, digest.FromBytes(blob).String())
		},
		"a configuration": json.Valid,
	} {
		t.Run(title, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(small)); err != nil {
				t.Fatal(err)
			}
			own, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
			if err != nil {
				t.Fatal(err)
			}
			repo := "/e2e/lies"
			cold := buildOn(t, newBuilder(t), dir, "--runtime", "full", "--tag", own.Host+repo+":cold", "--push", "--cache-ref", own.Host+repo+"/cache")
			if !cold.Cache.Written {
				t.Fatalf("%+v", cold.Cache)
			}
			// What stands on the install must run, so that the layers are read.
			write(t, dir, "src/main", "another line\n")
			proxy := lying(t, own.Host, which)
			image := own.Host + repo + ":warm"
			_, r := tryBuild(t, newBuilder(t), dir, append(slices.Clone(fullImage), "--registry-timeout", "10s", "--tag", image, "--push", "--promote", "never", "--cache-ref", proxy+repo+"/cache", "--cache-write", "never")...)
			if r.Status != 0 || !strings.Contains(r.Stderr, "warning: ") {
				t.Errorf("status %d\n%s", r.Status, r.Stderr)
			}
			if r.Status == 0 {
				complete(t, image)
			}
		})
	}
}

// lying is a registry whose blobs of one kind begin with another byte.
func lying(t *testing.T, host string, which func([]byte) bool) string {
	t.Helper()
	to := &url.URL{Scheme: "http", Host: host}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if strings.Contains(r.Request.URL.Path, "/blobs/") && len(body) > 0 && which(body) {
				body[0] ^= 1
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			return err
		},
	})
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// drop deletes a blob behind the back of the manifest that names it.
func drop(t *testing.T, ref string, which func(*v1.Manifest) v1.Hash) {
	t.Helper()
	blob := which(registrytest.Manifest(t, registrytest.Image(t, ref)))
	registrytest.RemoveBlob(t, ref[:strings.LastIndex(ref, ":")], blob.String())
}
