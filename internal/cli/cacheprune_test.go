package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
)

// runPrune runs the command, and returns its status and what it printed.
func runPrune(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Main(t.Context(), Process{Args: append([]string{"cache", "prune"}, args...), Dir: t.TempDir(), Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

// leaveCache leaves the cache of a lockfile in a repository as a build does, beside the rolling tags of a branch, and returns its key and reference.
func leaveCache(t *testing.T, repository, branch, lockfile string) (cache.Key, string) {
	t.Helper()
	key := cache.NewKey(cache.Inputs{Base: "sha256:base", Platform: "linux/amd64",
		Files: map[string][sha256.Size]byte{"package-lock.json": sha256.Sum256([]byte(lockfile))}})
	refs, err := cache.NewRefs(cache.Scope{Repository: repository, Platform: "linux/amd64", Branch: branch, Default: "main"}, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range cache.Look(t.Context(), absent{}, refs, key, cache.Policy{Read: true, Write: true}).Also {
		registrytest.PushCache(t, ref, key.Exact)
	}
	registrytest.PushCache(t, refs.Exact, key.Exact)
	if name, notes := cache.Document(refs, key); name != "" {
		if err := (&registry.Client{}).Note(t.Context(), name, notes); err != nil {
			t.Fatal(err)
		}
	}
	return key, refs.Exact
}

func TestPruneDeletesOnlyWhenToldAndOnlyWhatIsOurs(t *testing.T) {
	host := registrytest.Serve(t, nil)
	repo := host + "/app/cache"
	client := &registry.Client{Pause: time.Nanosecond}
	_, old := leaveCache(t, repo, "main", "{}")
	_, newest := leaveCache(t, repo, "main", `{"changed": true}`)
	registrytest.Push(t, repo+":v1", "a release")
	registrytest.Push(t, repo+":npx1-linux-amd64-"+strings.Repeat("0", 32), "looks like a cache")
	registrytest.Push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("1", 32), "nobody's")
	registrytest.Push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("2", 32), "a release")
	before, err := client.Tags(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, tag := range before {
		if _, digests[tag], err = client.Exists(t.Context(), repo+":"+tag); err != nil {
			t.Fatal(err)
		}
	}
	tag := func(ref string) string { return strings.TrimPrefix(ref, repo+":") }
	goes := []string{tag(old), "npx1-c-linux-amd64-" + strings.Repeat("1", 32)}

	status, out, errs := runPrune(t, repo, "--keep-last", "0", "--keep-days", "0")
	if status != 0 || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
	}
	for _, tag := range before {
		if listed := strings.Contains(out, tag); listed != slices.Contains(goes, tag) {
			t.Errorf("%s is listed: %v\n%s", tag, listed, out)
		}
	}
	if !strings.Contains(out, "total") || !strings.HasPrefix(out, "CREATED") {
		t.Errorf("the table is\n%s", out)
	}
	if tags, err := client.Tags(t.Context(), repo); err != nil || !cmp.Equal(before, tags) {
		t.Fatalf("something is deleted without --yes: %q, %v", tags, err)
	}

	if status, _, errs := runPrune(t, repo, "--keep-last", "0", "--keep-days", "0", "--yes"); status != 0 || !strings.Contains(errs, "deleted: 2 of ") {
		t.Fatalf("status %d, %s", status, errs)
	}
	left, err := client.Tags(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range before { // the registry in memory forgets a manifest, and not its tags
		found, _, err := client.Exists(t.Context(), repo+"@"+digests[tag])
		image := strings.HasPrefix(tag, "npx1-c-") // which may run somewhere
		if err != nil || found == (slices.Contains(goes, tag) && !image) {
			t.Errorf("%s is there: %v, %v", tag, found, err)
		}
		if image && slices.Contains(left, tag) == slices.Contains(goes, tag) {
			t.Errorf("the tag %s is in %q", tag, left)
		}
	}
	if err := client.Whole(t.Context(), newest, build.CacheType); err != nil {
		t.Errorf("the newest cache is gone: %v", err)
	}
}

func TestPruneSaysWhenARegistryDeletesNothing(t *testing.T) {
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodDelete {
			return false
		}
		w.WriteHeader(http.StatusMethodNotAllowed)
		return true
	}))
	leaveCache(t, host+"/app/cache", "", "{}")
	status, _, errs := runPrune(t, host+"/app/cache", "--keep-last", "0", "--keep-days", "0", "--yes")
	if status != fault.App || !strings.Contains(errs, "this registry does not allow it") {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestPruneOfNothing(t *testing.T) {
	host := registrytest.Serve(t, nil)
	if status, out, errs := runPrune(t, host+"/empty"); status != 0 || !strings.Contains(out, "0 of 0") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"case-/app"}, {"r.example/a", "--keep-last", "-1"}, {"r.example/a", "--keep-branches", "["}} {
		if status, _, errs := runPrune(t, args...); status != fault.Misuse || !strings.Contains(errs, "hint: ") {
			t.Errorf("%q: status %d, %s", args, status, errs)
		}
	}
	if status, _, errs := runPrune(t, "127.0.0.1:1/app"); status != fault.World {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestPruneDeletesPackageCachesWithTheLastThatNamesThem(t *testing.T) {
	host := registrytest.Serve(t, nil)
	repo := host + "/app/cache"
	client := &registry.Client{Pause: time.Nanosecond}
	_, old := leaveCache(t, repo, "", "{}")
	_, newest := leaveCache(t, repo, "main", `{"changed": true}`)
	shared := registrytest.Push(t, cache.StoreRef(old, "/root/.npm"), "a store that the newest cache was made with")
	unused := registrytest.Push(t, cache.StoreRef(old, "/root/.cache"), "a store of the old cache")
	for ref, digests := range map[string][]string{old: {shared, unused}, newest: {shared}} {
		var r cache.Record
		for _, d := range digests {
			r.Phases = append(r.Phases, cache.PhaseRecord{Name: "install", Starts: []cache.Start{{Target: "/root/.npm", From: d}}})
		}
		name, notes, err := cache.RecordDocument(ref, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Note(t.Context(), name, notes); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := runPrune(t, repo, "--keep-last", "0", "--keep-days", "0")
	if status != 0 || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
	}
	for ref, goes := range map[string]bool{
		old: true, old + "-stores": true, cache.StoreRef(old, "/root/.cache"): true,
		newest: false, newest + "-stores": false, cache.StoreRef(old, "/root/.npm"): false,
	} {
		tag := strings.TrimPrefix(ref, repo+":")
		listed := slices.ContainsFunc(strings.Fields(strings.ReplaceAll(out, ",", " ")), func(word string) bool { return word == tag })
		if listed != goes {
			t.Errorf("%s is listed: %v\n%s", tag, listed, out)
		}
	}
}

func TestAnImageIsAsOldAsItsPush(t *testing.T) {
	host := registrytest.Serve(t, nil)
	repo := host + "/app"
	client := &registry.Client{Pause: time.Nanosecond}
	tag := func(c string) string { return repo + ":npx1-c-linux-amd64-" + strings.Repeat(c, 32) }
	for c, age := range map[string]time.Duration{"1": time.Minute, "2": 90 * 24 * time.Hour} {
		registrytest.Push(t, tag(c), "an image of an old commit, "+c)
		document, notes := cache.PushedDocument(tag(c), time.Now().Add(-age))
		if err := client.Note(t.Context(), document, notes); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := runPrune(t, repo, "--keep-last", "0")
	if status != 0 || strings.Contains(out, strings.Repeat("1", 32)) || !strings.Contains(out, strings.Repeat("2", 32)) || !strings.Contains(out, "-pushed") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
}

// Docker's own registry deletes manifests by digest alone.
func TestPruneOfARegistryThatDeletesNoTags(t *testing.T) {
	var deleted []string
	host := registrytest.Serve(t, registrytest.Before(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.Method == http.MethodDelete && !strings.Contains(r.URL.Path, "/sha256:"):
			w.WriteHeader(http.StatusMethodNotAllowed)
			return true
		case r.Method == http.MethodDelete:
			deleted = append(deleted, path.Base(r.URL.Path))
		}
		return false
	}))
	repo := host + "/app"
	old := registrytest.Push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("1", 32), "nobody's")
	named := registrytest.Push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("2", 32), "a release")
	registrytest.Push(t, repo+":v1", "a release")
	if status, _, errs := runPrune(t, repo, "--keep-last", "0", "--keep-days", "0", "--yes"); status != 0 {
		t.Errorf("status %d, %s", status, errs)
	}
	if !slices.Contains(deleted, old) || slices.Contains(deleted, named) {
		t.Errorf("deleted %q; %s is old, and %s is a release", deleted, old, named)
	}
}

// absent is a registry that holds nothing, and remembers what it was asked for.
type absent map[string]bool

func (a absent) Exists(_ context.Context, ref string) (bool, error) {
	a[ref] = true
	return false, nil
}

func (a absent) Annotations(_ context.Context, ref string) (map[string]string, error) {
	a[ref] = true
	return nil, nil
}
