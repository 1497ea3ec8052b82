package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/fault"
	"github.com/org/npx-action/test/world"
)

// ofBuilder matches the requests of the builder for the image or cache, whose n-th goes wrong in these tests. Those of our own client
// do so in the tests of package registry.
func ofBuilder(r *http.Request) bool {
	return !strings.HasPrefix(r.UserAgent(), "npx-action/") && strings.Contains(r.URL.Path, "/e2e/fault-")
}

// An attempt is one build: how it runs, and what must hold afterwards, when nothing goes wrong any more.
type attempt struct {
	run   func(context.Context) world.Run
	after func(world.Run)
}

// longest is how long a build may take that meets one fault: its patience is two seconds, and the builder's own retries take some more.
const longest = 3 * time.Minute

// everyRequest runs a build once to count the builder's requests, and then once for each of them, which goes wrong in one of the ways, taken
// in turn. A build ends well, or in one error that says that a retry may help.
func everyRequest(t *testing.T, proxy *fault.Proxy, least int, next func(title string, kind fault.Kind) attempt) {
	t.Helper()
	one := func(title string, plan fault.Plan) (seen int, status int) {
		a := next(strings.ToLower(title), plan.Kind)
		plan.Of = ofBuilder
		proxy.Arm(plan)
		ctx, cancel := context.WithTimeout(t.Context(), longest)
		defer cancel()
		r := a.run(ctx)
		seen, requests := proxy.Seen(), proxy.Requests()
		proxy.Arm(fault.Plan{})
		if _, message, _ := strings.Cut(r.Stderr, "error: "); r.Status != 0 && (r.Status != 75 || message == "" || strings.Contains(message, "\nerror: ")) {
			t.Errorf("%s: status %d\n%s\n%s", title, r.Status, strings.Join(requests, "\n"), r.Stderr)
		}
		a.after(r)
		return seen, r.Status
	}
	last, status := one("none", fault.Plan{})
	if status != 0 || last < least {
		t.Fatalf("without a fault: status %d, %d requests", status, last)
	}
	failed := 0
	kinds := fault.Kinds()
	for n := 1; n <= last; n++ {
		kind := kinds[n%len(kinds)]
		if _, status := one(fmt.Sprintf("%d-%s", n, kind), fault.Once(kind, n)); status != 0 {
			failed++
		}
	}
	t.Logf("%d requests, %d of which ended the build with an error", last, failed)
}

// lasting starts a builder that serves all builds of a test, and returns the options for it: with a base image that the proxy's registry
// holds, so that its layers need not be pushed.
func lasting(t *testing.T, proxy *fault.Proxy) []string {
	t.Helper()
	conn, err := builder.Connect(t.Context(), builder.Options{Embedded: builder.Embedded{Dir: newBuilder(t), Binary: program.Daemon()}, Insecure: []string{proxy.Host, here.Registry}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return append(behind(proxy), "--buildkit-host", conn.Info().Address)
}

// TestOneFaultOfEachKind lets the first upload of a push go wrong, in one way after the other.
func TestOneFaultOfEachKind(t *testing.T) {
	proxy := fault.BeforeHost(t, here.Registry)
	options, dir := lasting(t, proxy), smallClone(t, "each kind")
	for _, kind := range fault.Kinds() {
		image := proxy.Host + "/e2e/fault-each-" + string(kind) + ":1"
		uploads := func(r *http.Request) bool { return ofBuilder(r) && r.Method == http.MethodPost }
		proxy.Arm(fault.Plan{Kind: kind, First: 1, Last: 1, Of: uploads})
		ctx, cancel := context.WithTimeout(t.Context(), longest)
		_, r := tryBuildUntil(ctx, t, shared, dir, append(patience(kind), slices.Concat(options, []string{"--tag", image})...)...)
		cancel()
		seen := proxy.Seen()
		proxy.Arm(fault.Plan{})
		if seen == 0 {
			t.Errorf("%s: the push has no upload", kind)
		}
		endsWell(t, string(kind), r, image)
	}
}

// endsWell checks that a build has pushed all of an image, or ended in one error that says that a retry may help.
func endsWell(t *testing.T, title string, r world.Run, image string) {
	t.Helper()
	if _, message, _ := strings.Cut(r.Stderr, "error: "); r.Status != 0 && (r.Status != 75 || message == "" || strings.Contains(message, "\nerror: ")) {
		t.Errorf("%s: status %d\n%s", title, r.Status, r.Stderr)
	}
	if registrytest.Exists(t, image) {
		complete(t, image)
	} else if r.Status == 0 {
		t.Errorf("%s: it succeeds without an image", title)
	}
}

// behind are the options of a build whose registry is the proxy.
func behind(proxy *fault.Proxy) []string {
	return append([]string{"--promote", "never", "--registry-mirror", "ghcr.io=" + proxy.Host, "--push"}, fullImage...)
}

// patience is short where a request stalls: nothing else is silent, however busy the machine is.
func patience(kind fault.Kind) []string {
	if kind == fault.Stall {
		return []string{"--registry-timeout", "2s"}
	}
	return nil
}

func TestEveryRequestOfAPushMayGoWrong(t *testing.T) {
	t.Parallel() // it waits, most of the time
	proxy := fault.BeforeHost(t, here.Registry)
	options, dir := lasting(t, proxy), smallClone(t, "push")
	everyRequest(t, proxy, 8, func(title string, kind fault.Kind) attempt {
		image := proxy.Host + "/e2e/fault-push-" + title + ":1"
		return attempt{
			run: func(ctx context.Context) world.Run {
				_, r := tryBuildUntil(ctx, t, shared, dir, append(patience(kind), slices.Concat(options, []string{"--tag", image})...)...)
				return r
			},
			after: func(r world.Run) {
				if registrytest.Exists(t, image) {
					complete(t, image)
				} else if r.Status == 0 {
					t.Errorf("%s: it succeeds without an image", title)
				}
			},
		}
	})
}

func TestEveryRequestOfACacheExportMayGoWrong(t *testing.T) {
	t.Parallel() // it waits, most of the time
	proxy := fault.BeforeHost(t, here.Registry)
	options, dir := lasting(t, proxy), smallClone(t, "export")
	everyRequest(t, proxy, 8, func(title string, kind fault.Kind) attempt {
		image, ref := proxy.Host+"/e2e/image-"+title+":1", proxy.Host+"/e2e/fault-export-"+title+"/cache"
		var m metadata
		return attempt{
			run: func(ctx context.Context) (r world.Run) {
				m, r = tryBuildUntil(ctx, t, shared, dir, append(patience(kind), slices.Concat(options, []string{"--tag", image, "--cache-ref", ref})...)...)
				return r
			},
			after: func(r world.Run) {
				if r.Status != 0 {
					return
				}
				complete(t, image)
				if !m.Cache.Written && !strings.Contains(r.Stderr, "warning: ") {
					t.Errorf("%s: no word of a cache that is not written\n%s", title, r.Stderr)
				}
				if m.Cache.Written {
					readable(t, ref+":npx1-linux-amd64-"+m.Cache.Key)
				}
			},
		}
	})
}

// readable pulls every part of a cache, which is checked against its digest on the way.
func readable(t *testing.T, ref string) {
	t.Helper()
	img := registrytest.Image(t, ref)
	if _, err := img.RawConfigFile(); err != nil {
		t.Errorf("%s: %v", ref, err)
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		r, err := l.Compressed()
		if err == nil {
			_, err = io.Copy(io.Discard, r)
			r.Close()
		}
		if err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

func TestEveryRequestOfACacheImportMayGoWrong(t *testing.T) {
	t.Parallel() // it waits, most of the time
	proxy := fault.BeforeHost(t, here.Registry)
	dir := smallClone(t, "import")
	ref := proxy.Host + "/e2e/fault-import/cache"
	cold := buildOn(t, newBuilder(t), dir, append(behind(proxy), "--tag", proxy.Host+"/e2e/imported:cold", "--cache-ref", ref)...)
	if !cold.Cache.Written {
		t.Fatalf("%+v", cold.Cache)
	}
	// What comes after the install must run, and so all that it stands on is pulled.
	write(t, dir, "src/main", "another line\n")
	everyRequest(t, proxy, 3, func(title string, kind fault.Kind) attempt {
		image := proxy.Host + "/e2e/imported:" + title
		return attempt{
			run: func(ctx context.Context) world.Run {
				_, r := tryBuildUntil(ctx, t, newBuilder(t), dir, append(patience(kind), slices.Concat(behind(proxy), []string{"--tag", image, "--cache-ref", ref, "--cache-write", "never"})...)...)
				return r
			},
			after: func(r world.Run) {
				if r.Status == 0 {
					complete(t, image)
				}
			},
		}
	})
}
