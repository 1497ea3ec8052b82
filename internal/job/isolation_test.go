package job

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
)

// events are jobs on GitHub by their standing.
var events = map[string][]string{
	"trusted": {"GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/main"},
	"branch":  {"GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/feat"},
	"queue":   {"GITHUB_EVENT_NAME=merge_group", "GITHUB_REF=refs/heads/gh-readonly-queue/main/pr-7-" + strings.Repeat("a", 40)},
	"request": {"GITHUB_EVENT_NAME=pull_request", "GITHUB_REF=refs/pull/7/merge"},
	"foreign": {"GITHUB_EVENT_NAME=pull_request", "GITHUB_REF=refs/pull/8/merge"},
}

// eventFile is what the platform says of the event of a standing in a repository.
func eventFile(standing, repository string) string {
	head := repository
	if standing == "foreign" {
		head = "mallory/fork"
	}
	return fmt.Sprintf(`{"number":7,"repository":{"full_name":%q,"default_branch":"main"},
		"pull_request":{"head":{"ref":"feat","sha":"1","repo":{"full_name":%q}},"base":{"ref":"main","sha":"2"}}}`, repository, head)
}

// jobFor is the image of a job of a standing, in a repository and with inputs as environment.
func jobFor(t *testing.T, standing, repository string, environ ...string) build.Spec {
	t.Helper()
	dir := t.TempDir()
	apptest.Write(t, dir, "event.json", eventFile(standing, repository))
	im, err := jobImageOf(t, slices.Concat(events[standing], []string{"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"),
		"GITHUB_REPOSITORY=" + repository, "INPUT_IMAGES=ghcr.io/" + repository}, environ)...)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// ranks are the standings, the most trusted first.
var ranks = []string{"trusted", "branch", "queue", "request", "foreign"}

// registryRefs are what a job may write and what it reads in its registry, for one key.
func registryRefs(t *testing.T, im build.Spec) (written, read []string) {
	t.Helper()
	key := cache.Key{Exact: strings.Repeat("a", 32), Setup: strings.Repeat("b", 32)}
	refs, err := cache.NewRefs(im.Cache.Scope, key)
	if err != nil {
		t.Fatal(err)
	}
	nothing := cache.Look(t.Context(), absent{}, refs, key, im.Cache.Policy)
	if nothing.Export != "" {
		written = append(nothing.Also, nothing.Export)
	}
	asked := absent{}
	cache.Look(t.Context(), asked, refs, key, im.Cache.Policy)
	for ref := range asked {
		read = append(read, ref)
	}
	return written, read
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

// placeTests has a test for each row of [places], by its name.
var placeTests = map[string]func(*testing.T){
	"caches and package caches in the registry": func(t *testing.T) {
		written, read := map[string][]string{}, map[string][]string{}
		for _, standing := range ranks {
			written[standing], read[standing] = registryRefs(t, jobFor(t, standing, "acme/shop", "INPUT_CACHE-WRITE=always"))
		}
		readsOnlyMoreTrusted(t, written, read)
		if len(written["queue"])+len(written["foreign"]) > 0 || len(written["request"]) == 0 {
			t.Errorf("written: %q", written)
		}
	},
	"images to be promoted": func(t *testing.T) {
		written, read := map[string][]string{}, map[string][]string{}
		for _, standing := range ranks {
			im := jobFor(t, standing, "acme/shop", "INPUT_CACHE-WRITE=always", "INPUT_PUSH=true")
			own, all, err := build.ContentRefs(im.Image.Names, "linux/amd64", "k", im.Cache.Scope.Writer)
			if err != nil {
				t.Fatal(err)
			}
			read[standing] = all
			if im.Cache.Policy.Write { // which it needs to leave anything, pushed or not
				written[standing] = own
			}
		}
		readsOnlyMoreTrusted(t, written, read)
	},
	"directories that a builder keeps": func(t *testing.T) {
		space := func(standing, repository, context string) string {
			im := jobFor(t, standing, repository)
			return im.Steps.Kept.Space + cacheMountKey(repository, context)
		}
		if space("trusted", "acme/shop", ".") != space("trusted", "acme/shop", "") {
			t.Error("two trusted builds of an app share no directory")
		}
		seen := map[string]string{}
		for _, of := range [][3]string{
			{"trusted", "acme/shop", "."}, {"trusted", "org/app", "b-c"}, {"trusted", "org/app-b", "c"}, {"trusted", "org/app/b", "c"}, {"trusted", "Org/app", "b-c"},
			{"branch", "acme/shop", "."}, {"branch", "acme/shop", "."}, {"queue", "acme/shop", "."}, {"request", "acme/shop", "."},
			{"foreign", "acme/shop", "."}, {"foreign", "acme/shop", "."},
		} {
			key := space(of[0], of[1], of[2])
			if other, ok := seen[key]; ok {
				t.Errorf("%q and %q share directories", other, of)
			}
			seen[key] = fmt.Sprint(of)
		}
	},
	"results of steps on a builder": func(t *testing.T) {
		owners := map[string][]string{}
		for _, repository := range []string{"acme/shop", "acme/shop-b", "mallory/fork"} {
			for _, standing := range ranks {
				im := jobFor(t, standing, repository)
				if !slices.Contains(owners[im.Steps.Kept.Owner], repository) {
					owners[im.Steps.Kept.Owner] = append(owners[im.Steps.Kept.Owner], repository)
				}
				if begins := im.Steps.Kept.Space != ""; begins == (standing == "trusted") {
					t.Errorf("%s: a step begins with nothing: %t", standing, begins)
				}
			}
		}
		if len(owners) != 3 {
			t.Errorf("repositories by the owner in their cache keys: %q", owners)
		}
	},
	"copies of the checkout on a builder": func(t *testing.T) {
		seen := map[string]string{}
		for _, repository := range []string{"acme/shop", "acme/shop-b"} {
			for _, standing := range ranks {
				owner := jobFor(t, standing, repository).Steps.Owner
				if other, ok := seen[owner]; ok || owner == "" {
					t.Errorf("%s of %s and %s share copies", standing, repository, other)
				}
				seen[owner] = standing + " of " + repository
			}
		}
	},
}

// readsOnlyMoreTrusted checks that nobody reads what somebody less trusted writes, and that all read what the default branch writes.
func readsOnlyMoreTrusted(t *testing.T, written, read map[string][]string) {
	t.Helper()
	if len(written["trusted"]) == 0 {
		t.Fatal("the default branch writes nothing")
	}
	for i, reader := range ranks {
		for j, writer := range ranks {
			for _, ref := range written[writer] {
				if reads := slices.Contains(read[reader], ref); reads && j > i {
					t.Errorf("%s reads %s, which %s writes", reader, ref, writer)
				}
			}
		}
	}
}

func TestWhatAnUntrustedBuildWritesNoTrustedBuildReads(t *testing.T) {
	for _, p := range places {
		test := placeTests[p.what]
		if test == nil {
			t.Errorf("%q has no test", p.what)
			continue
		}
		t.Run(p.what, test)
	}
	if len(placeTests) != len(places) {
		t.Errorf("%d tests of %d places", len(placeTests), len(places))
	}
}

func TestTheDocumentationHasTheTableOfPlaces(t *testing.T) {
	page, err := os.ReadFile("../../.github/docs/isolation.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "| ") {
			rows++
		}
	}
	if rows != len(places)+2 {
		t.Errorf("%d rows with head and rule, of %d places", rows, len(places))
	}
	for _, p := range places {
		row := "| " + strings.Join([]string{p.what, p.writes, p.reads, p.why}, " | ") + " |\n"
		if !strings.Contains(string(page), row) {
			t.Errorf("the page lacks\n%s", row)
		}
	}
}

func TestAMergeQueueReadsNothingThatAPullRequestWrites(t *testing.T) {
	written, _ := registryRefs(t, jobFor(t, "request", "acme/shop", "INPUT_CACHE-WRITE=always"))
	_, read := registryRefs(t, jobFor(t, "queue", "acme/shop", "INPUT_CACHE-WRITE=always"))
	if len(written) == 0 || len(read) == 0 {
		t.Fatalf("written %q, read %q", written, read)
	}
	for _, ref := range written {
		if slices.Contains(read, ref) {
			t.Errorf("the queue reads %s", ref)
		}
	}
}

func TestAPullRequestReadsTheCacheOfTheDefaultBranch(t *testing.T) {
	written, _ := registryRefs(t, jobFor(t, "trusted", "acme/shop"))
	for _, write := range []string{"auto", "always"} {
		for _, standing := range ranks[1:] {
			_, read := registryRefs(t, jobFor(t, standing, "acme/shop", "INPUT_CACHE-WRITE="+write))
			for _, ref := range written {
				if !slices.Contains(read, ref) {
					t.Errorf("cache-write %s: %s does not read %s", write, standing, ref)
				}
			}
		}
	}
}
