package cli

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
)

// prune runs the command, and returns its status and what it printed.
func prune(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Main(t.Context(), Process{Args: append([]string{"cache", "prune"}, args...), Dir: t.TempDir(), Stdout: &out, Stderr: &errs})
	return status, out.String(), errs.String()
}

func TestPruneDeletesOnlyWhenToldAndOnlyWhatIsOurs(t *testing.T) {
	host := serve(t, nil)
	repo := host + "/app/cache"
	var said []string
	im := cached(t, host, &said)
	old := build(t, im)
	im.plan.Tree = tree(t, map[string]string{"package-lock.json": `{"changed": true}`})
	newest := build(t, im)
	push(t, repo+":v1", "a release")
	push(t, repo+":npx1-linux-amd64-"+strings.Repeat("0", 32), "looks like a cache")
	push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("1", 32), "nobody's")
	push(t, repo+":npx1-c-linux-amd64-"+strings.Repeat("2", 32), "a release")
	before, err := im.registry.Tags(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, tag := range before {
		if _, digests[tag], err = im.registry.Exists(t.Context(), repo+":"+tag); err != nil {
			t.Fatal(err)
		}
	}
	tag := func(ref string) string { return strings.TrimPrefix(ref, repo+":") }
	goes := []string{tag(old.Export), "npx1-c-linux-amd64-" + strings.Repeat("1", 32)}

	status, out, errs := prune(t, repo, "--keep-last", "0", "--keep-days", "0")
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
	if tags, err := im.registry.Tags(t.Context(), repo); err != nil || !cmp.Equal(before, tags) {
		t.Fatalf("something is deleted without --yes: %q, %v", tags, err)
	}

	if status, _, errs := prune(t, repo, "--keep-last", "0", "--keep-days", "0", "--yes"); status != 0 || !strings.Contains(errs, "deleted: 2 of ") {
		t.Fatalf("status %d, %s", status, errs)
	}
	for _, tag := range before { // the registry in memory forgets a manifest, and not its tags
		found, _, err := im.registry.Exists(t.Context(), repo+"@"+digests[tag])
		if err != nil || found == slices.Contains(goes, tag) {
			t.Errorf("%s is there: %v, %v", tag, found, err)
		}
	}
	if l := build(t, im); l.Hit != cache.Exact || l.Key.Exact != newest.Key.Exact {
		t.Errorf("the newest cache is gone: %+v", l)
	}
}

func TestPruneSaysWhenARegistryDeletesNothing(t *testing.T) {
	host := serve(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	var said []string
	im := cached(t, host, &said)
	im.cache.scope.Branch = ""
	l := build(t, im)
	out := outcome{lookup: l, Result: builder.Result{}}
	if out.lookup.Export == "" {
		t.Fatal("no cache")
	}
	status, _, errs := prune(t, host+"/app/cache", "--keep-last", "0", "--keep-days", "0", "--yes")
	if status != statusApp || !strings.Contains(errs, "this registry does not allow it") {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestPruneOfNothing(t *testing.T) {
	host := serve(t, nil)
	if status, out, errs := prune(t, host+"/empty"); status != 0 || !strings.Contains(out, "0 of 0") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"UPPER/case"}, {"r.example/a", "--keep-last", "-1"}, {"r.example/a", "--keep-branches", "["}} {
		if status, _, errs := prune(t, args...); status != statusUsage || !strings.Contains(errs, "hint: ") {
			t.Errorf("%q: status %d, %s", args, status, errs)
		}
	}
	if status, _, errs := prune(t, "127.0.0.1:1/app"); status != statusWorld {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestPruneDeletesPackageCachesWithTheLastThatNamesThem(t *testing.T) {
	host := serve(t, nil)
	repo := host + "/app/cache"
	var said []string
	im := cached(t, host, &said)
	im.cache.scope.Branch = ""
	old := build(t, im).Export
	im.cache.scope.Branch = "main"
	im.plan.Tree = tree(t, map[string]string{"package-lock.json": `{"changed": true}`})
	newest := build(t, im).Export
	shared := push(t, cache.StoreRef(old, "/root/.npm"), "a store that the newest cache was made with")
	unused := push(t, cache.StoreRef(old, "/root/.cache"), "a store of the old cache")
	for ref, digests := range map[string][]string{old: {shared, unused}, newest: {shared}} {
		var r cache.Record
		for _, d := range digests {
			r.Phases = append(r.Phases, cache.PhaseRecord{Name: "install", Starts: []cache.Start{{Target: "/root/.npm", From: d}}})
		}
		name, notes, err := cache.RecordDocument(ref, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := im.registry.Note(t.Context(), name, notes); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := prune(t, repo, "--keep-last", "0", "--keep-days", "0")
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
