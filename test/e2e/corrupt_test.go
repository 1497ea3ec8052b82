package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/org/npx-action/test/world"
)

// TestABrokenCacheIsIgnoredWithAWord breaks the cache of an app in every way, and builds the app on a new builder.
func TestABrokenCacheIsIgnoredWithAWord(t *testing.T) {
	own, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	dir := clone(t, "corrupt")
	seq := 0
	run := func(builder string) (metadata, world.Run, string) {
		seq++
		image := fmt.Sprintf("%s/e2e/corrupt:%d", here.Registry, seq)
		m, r := tryBuild(t, builder, dir, "--tag", image, "--push", "--promote", "never", "--cache-ref", own.Host+"/corrupt/cache")
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
		{"another tool's manifest", func() { put(t, ref, other) }},
		{"an empty configuration", func() { put(t, ref, hollow) }},
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

// TestACacheThatLiesIsNoImage serves blobs of a cache with another content.
func TestACacheThatLiesIsNoImage(t *testing.T) {
	dir := clone(t, "lies")
	repo := "/e2e/lies"
	cold := buildOn(t, newBuilder(t), dir, "--tag", here.Registry+repo+":cold", "--push", "--cache-ref", here.Registry+repo+"/cache")
	if !cold.Cache.Written {
		t.Fatalf("%+v", cold.Cache)
	}
	// What stands on the install must run, so that the layers are read.
	write(t, dir, "src/main", "another line\n")
	proxy := lying(t, here.Registry)
	image := here.Registry + repo + ":warm"
	_, r := tryBuild(t, newBuilder(t), dir, append([]string{"--registry-timeout", "10s"}, "--tag", image, "--push", "--promote", "never", "--cache-ref", proxy+repo+"/cache", "--cache-write", "never")...)
	if r.Status != 0 || !strings.Contains(r.Stderr, "warning: ") {
		t.Errorf("status %d\n%s", r.Status, r.Stderr)
	}
	if r.Status == 0 {
		complete(t, image)
	}
}

// lying is a registry whose blobs have one byte changed.
func lying(t *testing.T, host string) string {
	t.Helper()
	to := &url.URL{Scheme: "http", Host: host}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if strings.Contains(r.Request.URL.Path, "/blobs/") && len(body) > 0 {
				body[len(body)/2] ^= 1
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			return err
		},
	})
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func put(t *testing.T, ref string, img v1.Image) {
	t.Helper()
	r, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(r, img); err != nil {
		t.Fatal(err)
	}
}

// drop deletes a blob behind the back of the manifest that names it.
func drop(t *testing.T, ref string, which func(*v1.Manifest) v1.Hash) {
	t.Helper()
	manifest, err := stored(t, ref).Manifest()
	if err != nil {
		t.Fatal(err)
	}
	host, rest, _ := strings.Cut(ref, "/")
	path, _, _ := strings.Cut(rest, ":")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, "http://"+host+"/v2/"+path+"/blobs/"+which(manifest).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusAccepted {
		t.Fatalf("deleting a blob: %s\n%s", resp.Status, text)
	}
}
