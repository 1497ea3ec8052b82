package registry_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// imageFor is an image of one platform, with a layer of size bytes.
func imageFor(t *testing.T, size int64, os, arch string) v1.Image {
	t.Helper()
	img, err := random.Image(size, 1)
	if err != nil {
		t.Fatal(err)
	}
	cf, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	cf.OS, cf.Architecture = os, arch
	if img, err = mutate.ConfigFile(img, cf); err != nil {
		t.Fatal(err)
	}
	return img
}

// push pushes an image of one platform, and returns it.
func push(t *testing.T, ref, arch string) v1.Image {
	t.Helper()
	img := imageFor(t, 64, "linux", arch)
	registrytest.Write(t, ref, img)
	return img
}

func TestResolvePicksThePlatformOfAnIndex(t *testing.T) {
	host := registrytest.Serve(t, nil)
	images := map[string]v1.Image{"amd64": push(t, host+"/app:x", "amd64"), "arm64": push(t, host+"/app:y", "arm64")}
	registrytest.PushIndex(t, host+"/app:both", images)
	c := &registry.Client{}
	for arch, want := range images {
		got, err := c.Resolve(t.Context(), host+"/app:both", "linux/"+arch)
		if err != nil {
			t.Fatal(err)
		}
		config, err := want.RawConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		d := registrytest.Digest(t, want)
		if diff := cmp.Diff(registry.Image{Ref: host + "/app@" + d, Digest: d, Config: config}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arch, diff)
		}
	}
	_, err := c.Resolve(t.Context(), host+"/app:both", "linux/s390x")
	missing, ok := errors.AsType[*registry.NotFoundError](err)
	if !ok || !cmp.Equal(missing.Have, []string{"linux/amd64", "linux/arm64"}) || missing.ExitStatus() != 1 {
		t.Errorf("error is %#v", err)
	}
}

func TestResolveChecksThePlatformOfASingleImage(t *testing.T) {
	host := registrytest.Serve(t, nil)
	img := push(t, host+"/app:x", "arm64")
	c := &registry.Client{}
	got, err := c.Resolve(t.Context(), host+"/app:x", "linux/arm64/v8")
	if err != nil || got.Digest != registrytest.Digest(t, img) {
		t.Errorf("got %v, %v", got.Ref, err)
	}
	_, err = c.Resolve(t.Context(), host+"/app:x", "linux/amd64")
	if err == nil || !strings.Contains(err.Error(), "not made for linux/amd64, only for [linux/arm64]") {
		t.Errorf("error is %v", err)
	}
}

func TestResolveAsksTheMirror(t *testing.T) {
	host := registrytest.Serve(t, nil)
	img := push(t, host+"/library/ubuntu:noble", "amd64")
	c := &registry.Client{Mirrors: map[string]string{"docker.io": host}}
	got, err := c.Resolve(t.Context(), "ubuntu:noble", "linux/amd64")
	if err != nil || got.Ref != host+"/library/ubuntu@"+registrytest.Digest(t, img) {
		t.Errorf("got %q, %v", got.Ref, err)
	}
}

func TestMirrored(t *testing.T) {
	const d = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	c := &registry.Client{Mirrors: map[string]string{
		"https://index.docker.io/v1/": "127.0.0.1:5000", "ghcr.io": "mirror.example/ghcr", "quay.io": ""}}
	for ref, want := range map[string]string{
		"ubuntu:noble":                  "127.0.0.1:5000/library/ubuntu:noble",
		"docker.io/org/app":             "127.0.0.1:5000/org/app:latest",
		"ghcr.io/railwayapp/nix:ubuntu": "mirror.example/ghcr/railwayapp/nix:ubuntu",
		"ghcr.io/app" + d:               "mirror.example/ghcr/app" + d,
		"quay.io/app:1":                 "quay.io/app:1",
		"other.example/app:1":           "other.example/app:1",
		"not a reference":               "not a reference",
	} {
		if got := c.Mirrored(ref); got != want {
			t.Errorf("Mirrored(%q) = %q, want %q", ref, got, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:5000": true, "127.0.0.1:5000": true, "127.8.8.8": true, "[::1]:5000": true, "[::1]": true,
		"registry.localhost:80": true, "ghcr.io": false, "10.0.0.1:5000": false, "localhost.example.com": false, "127.0.0.1.example": false,
	} {
		if got := registry.Loopback(host); got != want {
			t.Errorf("Loopback(%q) = %v", host, got)
		}
	}
}

func TestExistsTagListDelete(t *testing.T) {
	host := registrytest.Serve(t, nil)
	d := registrytest.Digest(t, push(t, host+"/app:x", "amd64"))
	c := &registry.Client{}
	ctx := t.Context()
	if err := c.Tag(ctx, host+"/app@"+d, "v1", "latest"); err != nil {
		t.Fatal(err)
	}
	if ok, got, err := c.Exists(ctx, host+"/app:latest"); !ok || got != d || err != nil {
		t.Errorf("Exists = %v, %q, %v", ok, got, err)
	}
	if ok, got, err := c.Exists(ctx, host+"/app:absent"); ok || got != "" || err != nil {
		t.Errorf("Exists of an absent tag = %v, %q, %v", ok, got, err)
	}
	if tags, err := c.Tags(ctx, host+"/app"); err != nil || !cmp.Equal(tags, []string{"latest", "v1", "x"}) {
		t.Errorf("Tags = %v, %v", tags, err)
	}
	if tags, err := c.Tags(ctx, host+"/absent"); err != nil || tags != nil {
		t.Errorf("Tags of an absent repository = %v, %v", tags, err)
	}
	for range 2 {
		if err := c.Delete(ctx, host+"/app:v1"); err != nil {
			t.Fatal(err)
		}
	}
	if tags, err := c.Tags(ctx, host+"/app"); err != nil || !cmp.Equal(tags, []string{"latest", "x"}) {
		t.Errorf("Tags = %v, %v", tags, err)
	}
}

func TestTagLeavesAnEqualTagAlone(t *testing.T) {
	var puts atomic.Int32
	var frozen atomic.Bool
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut || !frozen.Load() {
			return false
		}
		puts.Add(1)
		http.Error(w, `{"errors":[{"code":"TAG_INVALID","message":"tag is immutable"}]}`, http.StatusConflict)
		return true
	}))
	d := registrytest.Digest(t, push(t, host+"/app:v1", "amd64"))
	frozen.Store(true)
	c := &registry.Client{}
	if err := c.Tag(t.Context(), host+"/app@"+d, "v1"); err != nil || puts.Load() != 0 {
		t.Errorf("tagging again: %v, %d writes", err, puts.Load())
	}
	err := c.Tag(t.Context(), host+"/app@"+d, "v2")
	if err == nil || !strings.Contains(err.Error(), host+"/app:v2") || !strings.Contains(err.Error(), "tag is immutable") {
		t.Errorf("error is %v", err)
	}
}

func TestManifestHasTheDigestAndTheAnnotations(t *testing.T) {
	host := registrytest.Serve(t, nil)
	img := push(t, host+"/app:x", "amd64")
	annotated, ok := mutate.Annotations(img, map[string]string{"created": "then"}).(v1.Image)
	if !ok {
		t.Fatal("no image")
	}
	c := &registry.Client{}
	for tag, want := range map[string]registry.Manifest{
		"n": {Digest: registrytest.Write(t, host+"/app:n", annotated), Annotations: map[string]string{"created": "then"}},
		"i": {Digest: registrytest.PushIndex(t, host+"/app:i", map[string]v1.Image{"amd64": img})},
	} {
		m, err := c.Manifest(t.Context(), host+"/app:"+tag)
		if err != nil || m.Digest != want.Digest || !maps.Equal(m.Annotations, want.Annotations) {
			t.Errorf("Manifest of %s = %+v, %v", tag, m, err)
		}
	}
	if _, err := c.Manifest(t.Context(), host+"/absent:x"); !isNotFound(err) {
		t.Errorf("error is %v", err)
	}
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*registry.NotFoundError](err)
	return ok
}

// guard demands a user and a password, and lets only GET and HEAD through for the user "reader".
func guard(w http.ResponseWriter, r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	switch {
	case password != "s3cret":
		w.Header().Set("WWW-Authenticate", `Basic realm="r"`)
		http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
	case user == "reader" && r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, `{"errors":[{"code":"DENIED","message":"no permission"}]}`, http.StatusForbidden)
	default:
		return false
	}
	return true
}

func TestDeniedNamesTheRightAndNoCredential(t *testing.T) {
	host := registrytest.Serve(t, registrytest.Before(guard))
	login := func(user, password string) *registry.Client {
		return &registry.Client{Keychain: &registry.Keychain{Entries: []registry.Credential{{Prefix: host, Username: user, Password: password}}}}
	}
	ctx := t.Context()
	if err := login("writer", "s3cret").CanPush(ctx, host+"/app"); err != nil {
		t.Errorf("a writer may not push: %v", err)
	}
	resolve := func(c *registry.Client) error {
		_, err := c.Resolve(ctx, host+"/app:x", "linux/amd64")
		return err
	}
	for _, tt := range []struct {
		err  error
		want registry.DeniedError
		text string
	}{
		{login("reader", "s3cret").CanPush(ctx, host+"/app"),
			registry.DeniedError{Ref: host + "/app:latest", Right: "write", Status: 403, Message: "no permission"}, "have no write access"},
		{(&registry.Client{}).CanPush(ctx, host+"/app"),
			registry.DeniedError{Ref: host + "/app:latest", Right: "write", Anonymous: true, Status: 401, Message: "authentication required"}, "no credentials for"},
		{resolve(login("reader", "hunter2")),
			registry.DeniedError{Ref: host + "/app:x", Right: "read", Status: 401, Message: "authentication required"}, "have no read access"},
		{resolve(&registry.Client{}),
			registry.DeniedError{Ref: host + "/app:x", Right: "read", Anonymous: true, Status: 401, Message: "authentication required"}, "no credentials for"},
	} {
		got, ok := errors.AsType[*registry.DeniedError](tt.err)
		if !ok {
			t.Errorf("error is %v", tt.err)
			continue
		}
		if diff := cmp.Diff(tt.want, *got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if text := got.Error(); !strings.Contains(text, tt.text) || strings.Contains(text, "hunter2") || strings.Contains(text, "s3cret") {
			t.Errorf("text is %q", text)
		}
		if got.ExitStatus() != 1 {
			t.Errorf("exit status is %d", got.ExitStatus())
		}
	}
}

// flaky fails the first n requests for a manifest.
func flaky(n int32, fail func(http.ResponseWriter)) (func(http.Handler) http.Handler, *atomic.Int32) {
	var seen atomic.Int32
	return registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/manifests/retry") || seen.Add(1) > n {
			return false
		}
		fail(w)
		return true
	}), &seen
}

func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func TestRequestsAreRepeated(t *testing.T) {
	for name, fail := range map[string]func(http.ResponseWriter){"429": status(429), "503": status(503), "reset": reset} {
		t.Run(name, func(t *testing.T) {
			wrap, _ := flaky(2, fail)
			host := registrytest.Serve(t, wrap)
			c := &registry.Client{Pause: time.Millisecond}
			if ok, _, err := c.Exists(t.Context(), host+"/app:retry"); ok || err != nil {
				t.Errorf("Exists = %v, %v", ok, err)
			}
		})
	}
}

func TestUnavailable(t *testing.T) {
	wrap, seen := flaky(1000, status(502))
	host := registrytest.Serve(t, wrap)
	c := &registry.Client{Pause: time.Millisecond}
	_, _, err := c.Exists(t.Context(), host+"/app:retry")
	down, ok := errors.AsType[*registry.UnavailableError](err)
	if !ok || down.ExitStatus() != 75 || down.Ref != host+"/app:retry" || seen.Load() != 4 {
		t.Errorf("error is %v after %d attempts", err, seen.Load())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	_, err = c.Resolve(t.Context(), closed+"/app:x", "linux/amd64")
	if down, ok := errors.AsType[*registry.UnavailableError](err); !ok || !strings.Contains(down.Error(), "connection refused") {
		t.Errorf("error is %v", err)
	}
}

func TestACancelledRequestIsNotUnavailable(t *testing.T) {
	host := registrytest.Serve(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (&registry.Client{}).Exists(ctx, host+"/app:x"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestCustomCA(t *testing.T) {
	srv := httptest.NewTLSServer(registrytest.New())
	t.Cleanup(srv.Close)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	for _, tt := range []struct {
		bundle []byte
		ok     bool
	}{{bundle, true}, {nil, false}} {
		rt, err := registry.NewTransport(tt.bundle)
		if err != nil {
			t.Fatal(err)
		}
		c := &registry.Client{Transport: rt, Pause: time.Millisecond}
		// A name that is not loopback, so that nothing falls back to HTTP; its address is the test server's.
		c.Pretend(func(netip.Addr) bool { return false }, func(string) string { return srv.Listener.Addr().String() })
		_, _, err = c.Exists(t.Context(), "example.com/app:x")
		if _, untrusted := errors.AsType[*registry.UntrustedError](err); (err == nil) != tt.ok || untrusted == tt.ok {
			t.Errorf("with bundle %v: %v", tt.ok, err)
		}
	}
	if _, err := registry.NewTransport([]byte("nonsense")); err == nil || bytes.Contains([]byte(err.Error()), []byte("nonsense")) {
		t.Errorf("error is %v", err)
	}
}

func TestNoReferenceLeavesItsRepository(t *testing.T) {
	c := &registry.Client{}
	for _, repo := range []string{"r.example/acme/../evil/x", "r.example/acme/./x", "r.example/..", "r.example/acme//x", "r.example/a/.../b"} {
		_, resolve := c.Resolve(t.Context(), repo+":1", "linux/amd64")
		_, tags := c.Tags(t.Context(), repo)
		for _, err := range []error{resolve, tags, c.CanPush(t.Context(), repo+":1")} {
			if err == nil || !strings.Contains(err.Error(), "parsing ") || !strings.Contains(err.Error(), repo) {
				t.Errorf("%s: %v", repo, err)
			}
		}
	}
}

func TestBadReferencesAreNamed(t *testing.T) {
	c := &registry.Client{}
	ctx := t.Context()
	_, resolve := c.Resolve(ctx, "UPPER/app", "linux/amd64")
	_, platform := c.Resolve(ctx, "a", "a/b/c/d/e")
	_, _, exists := c.Exists(ctx, "UPPER/app")
	_, manifest := c.Manifest(ctx, "UPPER/app")
	_, tags := c.Tags(ctx, "UPPER/app")
	for i, err := range []error{resolve, exists, manifest, tags, c.Tag(ctx, "UPPER/app"), c.Delete(ctx, "UPPER/app"), c.CanPush(ctx, "UPPER/app")} {
		if err == nil || !strings.Contains(err.Error(), `"UPPER/app"`) {
			t.Errorf("error %d is %v", i, err)
		}
	}
	if platform == nil || !strings.Contains(platform.Error(), "a/b/c/d/e") {
		t.Errorf("error is %v", platform)
	}
}
