package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/org/npx-action/test/fault"
	"github.com/org/npx-action/test/world"
)

// ofBuilder matches the requests of the builder, whose n-th goes wrong in these tests. Those of our own client do so in the tests of
// package registry.
func ofBuilder(r *http.Request) bool { return !strings.HasPrefix(r.UserAgent(), "npx-action/") }

// silence is after which a registry that stalls is given up in these tests.
var silence = []string{"--registry-timeout", "2s"}

// everyRequest runs a build once to count the builder's requests, and then once for each of them, which goes wrong in one of the ways, taken
// in turn. A build ends well, or in one error that says that a retry may help.
func everyRequest(t *testing.T, proxy *fault.Proxy, least int, run func(title string) world.Run) {
	t.Helper()
	proxy.Arm(fault.Plan{Of: ofBuilder})
	if r := run("none"); r.Status != 0 {
		t.Fatalf("without a fault: status %d\n%s", r.Status, r.Stderr)
	}
	last, failed := proxy.Seen(), 0
	if last < least {
		t.Errorf("only %d requests:\n%s", last, strings.Join(proxy.Requests(), "\n"))
	}
	kinds := fault.Kinds()
	for n := 1; n <= last; n++ {
		plan := fault.Once(kinds[n%len(kinds)], n)
		plan.Of = ofBuilder
		proxy.Arm(plan)
		title := fmt.Sprintf("%d-%s", n, plan.Kind)
		r := run(title)
		if r.Status != 0 {
			failed++
		}
		if _, message, _ := strings.Cut(r.Stderr, "error: "); r.Status != 0 && (r.Status != 75 || message == "" || strings.Count(message, "error: ") > 0) {
			t.Errorf("%s: status %d\n%s\n%s", title, r.Status, strings.Join(proxy.Requests(), "\n"), r.Stderr)
		}
	}
	t.Logf("%d requests, %d of which ended the build with an error", last, failed)
}

func TestEveryRequestOfAPushMayGoWrong(t *testing.T) {
	proxy := fault.BeforeHost(t, here.Registry)
	dir := clone(t, "push")
	everyRequest(t, proxy, 8, func(title string) world.Run {
		image := proxy.Host + "/e2e/fault-push-" + strings.ToLower(title) + ":1"
		_, r := tryBuild(t, shared, dir, append(silence, "--tag", image, "--push", "--promote", "never")...)
		proxy.Arm(fault.Plan{})
		if there := exists(t, image); there {
			complete(t, image)
		} else if r.Status == 0 {
			t.Errorf("%s: it succeeds without an image", title)
		}
		return r
	})
}

func TestEveryRequestOfACacheExportMayGoWrong(t *testing.T) {
	proxy := fault.BeforeHost(t, here.Registry)
	dir := clone(t, "export")
	everyRequest(t, proxy, 8, func(title string) world.Run {
		repo := "/e2e/fault-export-" + strings.ToLower(title)
		m, r := tryBuild(t, shared, dir, append(silence, "--tag", here.Registry+repo+":1", "--push", "--promote", "never", "--cache-ref", proxy.Host+repo+"/cache")...)
		proxy.Arm(fault.Plan{})
		if !m.Cache.Written && r.Status == 0 && !strings.Contains(r.Stderr, "warning: ") {
			t.Errorf("%s: no word of a cache that is not written\n%s", title, r.Stderr)
		}
		if r.Status == 0 {
			complete(t, here.Registry+repo+":1")
		}
		return r
	})
}

func TestEveryRequestOfACacheImportMayGoWrong(t *testing.T) {
	proxy := fault.BeforeHost(t, here.Registry)
	dir := clone(t, "import")
	repo := "/e2e/fault-import"
	cold := buildOn(t, newBuilder(t), dir, "--tag", here.Registry+repo+":cold", "--push", "--cache-ref", here.Registry+repo+"/cache")
	if !cold.Cache.Written {
		t.Fatalf("%+v", cold.Cache)
	}
	// What comes after the install must run, and so all that it stands on is pulled.
	write(t, dir, "src/main", "another line\n")
	everyRequest(t, proxy, 3, func(title string) world.Run {
		image := here.Registry + repo + ":" + strings.ToLower(title)
		_, r := tryBuild(t, newBuilder(t), dir, append(silence, "--tag", image, "--push", "--promote", "never", "--cache-ref", proxy.Host+repo+"/cache", "--cache-write", "never")...)
		proxy.Arm(fault.Plan{})
		if r.Status == 0 {
			complete(t, image)
		}
		return r
	})
}
