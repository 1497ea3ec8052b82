package e2e

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// site builds an app of files, pushes and starts it, and returns it with its image.
func site(t *testing.T, dir, name string) (c *world.Container, image string) {
	t.Helper()
	image = here.Registry + "/e2e/static-" + name + ":1"
	build(t, dir, "--name", image, "--push", "--smoke", "always")
	c, err := here.Run(t.Context(), image, world.RunOptions{Env: []string{"NPX_STATIC_ACCESS_LOG=true"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
		if err := here.Forget(context.WithoutCancel(t.Context()), image); err != nil {
			t.Error(err)
		}
	})
	return c, image
}

// ask gets a path with headers, each "Name: value". It follows no redirect and decodes nothing.
func ask(t *testing.T, c *world.Container, path string, headers ...string) (reply, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, resp.ContentLength}, string(body)
}

// A reply is how an answer begins.
type reply struct {
	StatusCode    int
	Header        http.Header
	ContentLength int64 // -1 if it is not told
}

// An answer is what a path of a site gives.
type answer struct {
	path    string
	status  int
	body    string            // part of it
	headers map[string]string // with the answer
}

func (a answer) check(t *testing.T, c *world.Container) {
	t.Helper()
	resp, body := ask(t, c, a.path)
	if resp.StatusCode != a.status || !strings.Contains(body, a.body) {
		t.Errorf("GET %s: status %d, %q; want %d with %q", a.path, resp.StatusCode, body, a.status, a.body)
	}
	for name, want := range a.headers {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("GET %s: %s is %q, want %q", a.path, name, got, want)
		}
	}
}

const forever = "public, max-age=31536000, immutable"

func TestASinglePageAppIsServedByNpxStatic(t *testing.T) {
	c, image := site(t, app(t, "node-vite"), "vite")
	holds(t, image, "app/dist/index.html")
	page := answer{"/orders/7", 200, `src="/assets/index-`, map[string]string{"Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8"}}
	page.check(t, c)
	_, body := ask(t, c, "/")
	script := regexp.MustCompile(`/assets/index-[\w-]+\.js`).FindString(body)
	answer{script, 200, "createRoot", map[string]string{"Cache-Control": forever, "Content-Type": "text/javascript; charset=utf-8"}}.check(t, c)
	answer{"/assets/old.js", 404, "404", nil}.check(t, c)
	answer{"/.env", 404, "404", nil}.check(t, c)

	plain, _ := ask(t, c, script)
	for _, encoding := range []string{"br", "zstd", "gzip"} {
		resp, _ := ask(t, c, script, "Accept-Encoding: "+encoding)
		if resp.Header.Get("Content-Encoding") != encoding || resp.ContentLength <= 0 || resp.ContentLength > plain.ContentLength/2 {
			t.Errorf("%s: %d bytes of %d, %q", encoding, resp.ContentLength, plain.ContentLength, resp.Header)
		}
		t.Logf("%s: %d bytes of %d", encoding, resp.ContentLength, plain.ContentLength)
	}
	if resp, _ := ask(t, c, script, "If-None-Match: "+plain.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("the same file again: status %d", resp.StatusCode)
	}
	if resp, body := ask(t, c, script, "Range: bytes=0-9"); resp.StatusCode != http.StatusPartialContent || len(body) != 10 {
		t.Errorf("a range: status %d, %d bytes", resp.StatusCode, len(body))
	}
	if status, err := c.Terminate(t.Context()); status != 0 || err != nil {
		t.Errorf("after SIGTERM: status %d, %v\n%s", status, err, c.Logs())
	}
}

func TestPagesAreServedByNpxStatic(t *testing.T) {
	c, image := site(t, app(t, "node-astro-static"), "astro")
	holds(t, image, "app/site/index.html")
	answer{"/", 200, `href="/setup"`, map[string]string{"Cache-Control": "no-cache"}}.check(t, c)
	answer{"/setup", 301, "", map[string]string{"Location": "./setup/"}}.check(t, c)
	answer{"/setup/", 200, "How the handbook is set up", nil}.check(t, c)
	answer{"/setup/7", 404, "The handbook has no such page", map[string]string{"Cache-Control": "no-cache"}}.check(t, c)
}

func TestAFolderAndItsSettingsAreServedByNpxStatic(t *testing.T) {
	dir := app(t, "staticfile")
	write(t, dir, "Staticfile", "status_code:\n  404: /lost.html\n")
	write(t, dir, "public/lost.html", "lost\n")
	write(t, dir, "public/_redirects", "/old/* /:splat\n")
	write(t, dir, "public/_headers", "/*\n  X-Frame-Options: DENY\n")
	write(t, dir, "public/sub/page.html", strings.Repeat("<p>a page</p>\n", 200))
	c, image := site(t, dir, "folder")
	holds(t, image, "app/public/index.html")
	answer{"/", 200, "A page of the static app", map[string]string{"X-Frame-Options": "DENY"}}.check(t, c)
	answer{"/sub/page", 200, "a page", nil}.check(t, c)
	answer{"/nothing", 404, "lost", map[string]string{"X-Frame-Options": "DENY"}}.check(t, c)
	answer{"/old/sub/page", 301, "", map[string]string{"Location": "/sub/page"}}.check(t, c)
	for _, name := range []string{"/_redirects", "/_headers", "/Staticfile"} {
		answer{name, 404, "lost", nil}.check(t, c)
	}
	if resp, _ := ask(t, c, "/sub/page", "Accept-Encoding: br"); resp.Header.Get("Content-Encoding") != "br" {
		t.Errorf("Brotli: %q", resp.Header)
	}
}

// holds fails unless an image has a file of a site, and of programs that are not the base's nothing but the server.
func holds(t *testing.T, image, file string) {
	t.Helper()
	img := registrytest.Image(t, image)
	files := tree(t, img)
	if files[file] == "" {
		t.Errorf("the image lacks %s", file)
	}
	var programs []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if dir, ok := strings.CutPrefix(name, "nix/store/"); ok && !strings.Contains(dir, "/") {
			programs = append(programs, regexp.MustCompile(`^\w{32}-|-[0-9.]+$`).ReplaceAllString(dir, ""))
		}
		if strings.HasPrefix(name, "app/node_modules") || strings.HasPrefix(name, "app/src") {
			t.Errorf("the image has %s", name)
			break
		}
	}
	if got := fmt.Sprint(programs); got != "[npx-static]" {
		t.Errorf("the image has the programs %s", got)
	}
	t.Logf("%s: %d bytes of layers", image, bytesOf(t, image))
}

// TestASiteHasTheSameDigestOnTwoBuilders is about compressed files, which depend on nothing but the site.
func TestASiteHasTheSameDigestOnTwoBuilders(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	image := here.Registry + "/e2e/same-site:1"
	first := buildOn(t, newBuilder(t), app(t, "node-vite"), "--name", image, "--push", "--reproducible")
	second := buildOn(t, newBuilder(t), app(t, "node-vite"), "--name", image, "--push", "--reproducible")
	if first.Digest != second.Digest {
		t.Errorf("digests %s and %s", first.Digest, second.Digest)
	}
}
