package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// hoarder is an app whose phases print what they find in their cache directories, and leave their inputs there.
const hoarder = `providers = []
[phases.install]
onlyIncludeFiles = ["lock"]
cmds = ["sed 's/^/install finds /' /root/.store/log || echo install finds nothing", "cat lock >> /root/.store/log"]
cacheDirectories = ["/root/.store"]
[phases.build]
dependsOn = ["install"]
cmds = ["cat /root/.store/log src.cache/log 2>/dev/null | sed 's/^/build finds /'; cat src >> src.cache/log; cp src.cache/log log"]
cacheDirectories = ["/root/.store", "src.cache"]
[start]
cmd = "cat log"
`

// A hoard is such an app with the cache of its builds.
type hoard struct {
	dir, cache string
	args       []string
}

func newHoard(t *testing.T, repository string) hoard {
	t.Helper()
	h := hoard{dir: t.TempDir(), cache: here.Registry + "/e2e/" + repository + "/cache"}
	write(t, h.dir, "nixpacks.toml", hoarder)
	h.args = []string{"--cache-ref", h.cache, "--package-cache", "registry", "--output", "type=oci,dest=" + filepath.Join(t.TempDir(), "image.tar")}
	return h
}

// build builds a lockfile and a source file on a new builder, and returns what the steps that ran have found.
func (h hoard) build(t *testing.T, lock, src string, more ...string) (metadata, []string, world.Run) {
	t.Helper()
	write(t, h.dir, "lock", lock+"\n")
	write(t, h.dir, "src", src+"\n")
	m, r := tryBuild(t, newBuilder(t), h.dir, append(slices.Clone(h.args), more...)...)
	if r.Status != 0 {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	var found []string
	for line := range strings.Lines(r.Stderr) {
		// What a step prints comes after its number and the time.
		if fields := strings.Fields(line); len(fields) > 4 && fields[3] == "finds" {
			found = append(found, strings.Join(fields[2:], " "))
		}
	}
	return m, found, r
}

func TestPackageCachesSurviveTheBuilder(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"and are given to steps that run":      testRestoredPackages,
		"and are not written by whoever reads": testGuestOfPackages,
		"and are ignored where they are lost":  testLostPackages,
		"and are ignored where they are wrong": testWrongPackages,
	} {
		t.Run(name, test)
	}
}

func testRestoredPackages(t *testing.T) {
	h := newHoard(t, "hoard")
	for _, step := range []struct {
		name, lock, src string
		want            []string
	}{
		{"cold", "lock1", "src1", []string{"install finds nothing", "build finds lock1"}},
		{"nothing changed", "lock1", "src1", nil},
		{"a source line", "lock1", "src2", []string{"build finds lock1", "build finds src1"}},
		{"the lockfile", "lock2", "src2", []string{"install finds lock1", "build finds lock1", "build finds lock2", "build finds src1"}},
		{"back to what was, although there are newer stores", "lock1", "src1", nil},
		{"another source line there", "lock1", "src3", []string{"build finds lock1", "build finds src1"}},
	} {
		m, found, r := h.build(t, step.lock, step.src)
		if diff := cmp.Diff(step.want, found); diff != "" {
			t.Fatalf("%s (-want +found):\n%s\n%s", step.name, diff, r.Stderr)
		}
		if ran := m.ran(); step.want == nil && len(ran) > 0 {
			t.Errorf("%s: these steps ran: %q", step.name, ran)
		}
		if !strings.Contains(r.Stderr, "package cache: registry (as asked)") {
			t.Errorf("%s: the choice is not told:\n%s", step.name, r.Stderr)
		}
	}
}

func testGuestOfPackages(t *testing.T) {
	h := newHoard(t, "guest")
	if _, found, _ := h.build(t, "lock1", "src1", "--cache-write", "never"); !slices.Contains(found, "install finds nothing") {
		t.Errorf("the first build found %q", found)
	}
	if tags := registrytest.Tags(t, h.cache); len(tags) > 0 {
		t.Errorf("it has left %q", tags)
	}
	h.build(t, "lock1", "src1")
	before := registrytest.Tags(t, h.cache)
	if _, found, _ := h.build(t, "lock2", "src2", "--cache-write", "never"); !slices.Contains(found, "install finds lock1") {
		t.Errorf("the guest found %q", found)
	}
	if diff := cmp.Diff(before, registrytest.Tags(t, h.cache)); diff != "" {
		t.Errorf("the guest has changed the cache:\n%s", diff)
	}
}

func testLostPackages(t *testing.T) {
	h := newHoard(t, "lost")
	h.build(t, "lock1", "src1")
	layers := registrytest.Layers(t, h.store(t, "/root/.store"))
	registrytest.RemoveBlob(t, h.cache, registrytest.Digest(t, layers[len(layers)-1]))
	_, found, r := h.build(t, "lock2", "src1")
	if !slices.Contains(found, "install finds nothing") || !strings.Contains(r.Stderr, "gone from the registry /root/.store") {
		t.Errorf("a layer is gone: found %q\n%s", found, r.Stderr)
	}
	registrytest.RemoveManifest(t, h.cache, registrytest.Digest(t, h.store(t, "/root/.store")))
	_, found, r = h.build(t, "lock3", "src1")
	if !slices.Contains(found, "install finds nothing") || !strings.Contains(r.Stderr, "gone from the registry /root/.store") {
		t.Errorf("a manifest is gone: found %q\n%s", found, r.Stderr)
	}
	if _, found, r = h.build(t, "lock4", "src1"); !slices.Contains(found, "install finds lock3") {
		t.Errorf("after that: found %q\n%s", found, r.Stderr)
	}
}

// The blobs of the cache's repository have another content than when they were pushed.
func testWrongPackages(t *testing.T) {
	h := newHoard(t, "wrong")
	h.build(t, "lock1", "src1")
	h.args[slices.Index(h.args, "--cache-ref")+1] = strings.Replace(h.cache, here.Registry, lying(t, here.Registry, func([]byte) bool { return true }), 1)
	_, found, r := h.build(t, "lock2", "src1", "--cache-write", "never", "--registry-timeout", "10s")
	if !slices.Contains(found, "install finds nothing") || !strings.Contains(r.Stderr, "building again without the package caches") {
		t.Errorf("found %q\n%s", found, r.Stderr)
	}
}

// store is the newest store of a directory.
func (h hoard) store(t *testing.T, target string) v1.Image {
	t.Helper()
	for _, tag := range registrytest.Tags(t, h.cache) {
		if strings.Contains(tag, "-b-") && strings.HasSuffix(tag, cache.StoreRef("", target)) {
			return registrytest.Image(t, h.cache+":"+tag)
		}
	}
	t.Fatalf("%s has no store among %q", target, registrytest.Tags(t, h.cache))
	return nil
}
