package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/registrytest"
)

// TestTheCacheSurvivesTheBuilder builds on a new builder each time, as CI does.
func TestTheCacheSurvivesTheBuilder(t *testing.T) {
	dir := app(t, "node")
	repo := here.Registry + "/e2e/cache"
	args := []string{"--tag", repo + ":main", "--push", "--cache-ref", repo + "/cache", "--promote", "never"}

	cold := buildOn(t, newBuilder(t), dir, args...)
	if cold.Cache.Hit != "none" || !cold.Cache.Written {
		t.Fatalf("cold: %+v", cold.Cache)
	}

	image, materials := digestOf(t, repo+":main"), bill(t, repo+":main")
	if !has(materials, "pkg:npm/typescript@") || !has(materials, "pkg:generic/node@22.23.3?") {
		t.Errorf("the bill of materials lacks a package: %q", materials)
	}

	same := buildOn(t, newBuilder(t), dir, args...)
	if ran := same.ran(); same.Cache.Hit != "exact" || len(ran) > 0 {
		t.Errorf("nothing changed: cache %s, these steps ran: %q", same.Cache.Hit, ran)
	}
	if now := digestOf(t, repo+":main"); now != image {
		t.Errorf("nothing changed, but the image %s is now %s", image, now)
	}
	if diff := cmp.Diff(materials, bill(t, repo+":main")); diff != "" || has(same.started(), "list the packages") {
		t.Errorf("nothing changed, but what it is made of is listed again: %q (-want +got):\n%s", same.started(), diff)
	}

	edit(t, filepath.Join(dir, "src", "server.ts"), "\n// changed\n")
	source := buildOn(t, newBuilder(t), dir, args...)
	if ran := source.ran(); source.Cache.Hit != "exact" || has(ran, "npm ci") || has(ran, "nix-env") || !has(ran, "npm run build") {
		t.Errorf("one source line: cache %s, these steps ran: %q", source.Cache.Hit, ran)
	}

	addDependency(t, dir)
	lock := buildOn(t, newBuilder(t), dir, args...)
	if ran := lock.ran(); lock.Cache.Hit != "partial" || !has(ran, "npm ci") || has(ran, "nix-env") {
		t.Errorf("a dependency added: cache %s, these steps ran: %q", lock.Cache.Hit, ran)
	}
	if !strings.Contains(lock.Cache.Why, "package-lock.json") || !lock.Cache.Written {
		t.Errorf("the reason does not name the lockfile, or the cache is not written: %+v", lock.Cache)
	}
}

// digestOf is the digest of the image of a reference, without the attestations beside it.
func digestOf(t *testing.T, ref string) string {
	t.Helper()
	digest, err := registrytest.Image(t, ref).Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func has(steps []string, part string) bool {
	return slices.ContainsFunc(steps, func(s string) bool { return strings.Contains(s, part) })
}

func edit(t *testing.T, path, more string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, more...), 0o644); err != nil {
		t.Fatal(err)
	}
}

// addDependency moves a transitive dependency to the top, which needs no registry: manifest and lockfile stay in step.
func addDependency(t *testing.T, dir string) {
	t.Helper()
	for name, old := range map[string]string{"package.json": `"dependencies": {`, "package-lock.json": `"dependencies": {`} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), old, old+"\n        \"ms\": \"*\",", 1)
		if changed == string(text) {
			t.Fatalf("%s has no %s", name, old)
		}
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
