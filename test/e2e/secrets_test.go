package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/internal/secret"
)

const npmToken = "npx0-correct/horse+battery"

// secretApp has an install phase that asks for NPM_TOKEN, and a build phase that does not.
func secretApp(t *testing.T, install string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "nixpacks.toml", "[phases.install]\ncmds = ["+install+"]\nsecrets = [\"NPM_TOKEN\"]\nonlyIncludeFiles = []\n\n"+
		"[phases.build]\ndependsOn = [\"install\"]\ncmds = [\"test -z ${NPM_TOKEN+x}; echo built > built\"]\n\n[start]\ncmd = \"true\"\n"+strings.Join(more, "\n"))
	return dir
}

// leaks copies an image with its attestations, or a cache, from its registry and lists the secrets that are in it.
func leaks(t *testing.T, ref string, secrets map[string]string) []secret.Leak {
	t.Helper()
	desc := manifestOf(t, ref)
	dir := newBuilder(t) // in memory, where the world is
	path, err := layout.FromPath(dir)
	if err != nil {
		path, err = layout.Write(dir, empty.Index)
	}
	if err == nil {
		err = appendTo(path, desc)
	}
	if err != nil {
		t.Fatal(err)
	}
	found, err := secret.NewScanner(secrets).Layouts(t.Context(), []string{dir}, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func appendTo(path layout.Path, desc *remote.Descriptor) error {
	if desc.MediaType.IsIndex() {
		index, err := desc.ImageIndex()
		if err != nil {
			return err
		}
		return path.AppendIndex(index)
	}
	img, err := desc.Image()
	if err != nil {
		return err
	}
	return path.AppendImage(img)
}

// cached is the tag of the cache of a repository that a build wrote.
func cached(t *testing.T, repo string) string {
	t.Helper()
	tags := registrytest.Tags(t, repo)
	if len(tags) == 0 {
		t.Fatalf("%s: no cache was written", repo)
	}
	return repo + ":" + tags[0]
}

func TestASecretIsWhereItIsAskedForAndNowhereElse(t *testing.T) {
	t.Setenv("NPM_TOKEN", npmToken)
	dir := secretApp(t, `"echo it is $NPM_TOKEN; printf %s \"$NPM_TOKEN\" | wc -c > length", "test -n \"$NPM_TOKEN\""`)
	image, repo := here.Registry+"/e2e/secret:1", here.Registry+"/e2e/secret/cache"
	args := []string{"--tag", image, "--push", "--cache-ref", repo, "--secret", "id=NPM_TOKEN", "--promote", "never"}
	_, r := tryBuild(t, newBuilder(t), dir, args...)
	if r.Status != 0 || !strings.Contains(r.Stderr, "it is ***") || strings.Contains(r.Stdout+r.Stderr, npmToken) {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	length := sha256.Sum256(fmt.Appendln(nil, len(npmToken)))
	files := tree(t, registrytest.Image(t, image))
	if got := files["app/length"]; !strings.HasSuffix(got, hex.EncodeToString(length[:8])) || files["app/built"] == "" {
		t.Errorf("the install phase did not have the secret, or the build phase did: %q, %q", got, files["app/built"])
	}
	given := map[string]string{"NPM_TOKEN": npmToken}
	for _, ref := range []string{image, cached(t, repo)} {
		if found := leaks(t, ref, given); len(found) > 0 {
			t.Errorf("%s: %+v", ref, found)
		}
	}
	// The search of the test itself finds what is there.
	for _, there := range []string{"PATH=/", "resolvedDependencies", "SPDX-2.3"} {
		if found := leaks(t, image, map[string]string{"THERE": there}); len(found) == 0 {
			t.Errorf("not even %s is found", there)
		}
	}

	again := buildOn(t, newBuilder(t), dir, args...)
	if ran := again.ran(); again.Cache.Hit != "exact" || len(ran) > 0 {
		t.Errorf("the same value: cache %s, these steps ran: %q", again.Cache.Hit, ran)
	}
	t.Setenv("NPM_TOKEN", npmToken+"2")
	other := buildOn(t, newBuilder(t), dir, args...)
	if ran := other.ran(); other.Cache.Hit == "exact" || !has(ran, "it is") {
		t.Errorf("another value: cache %s, these steps ran: %q", other.Cache.Hit, ran)
	}
}

func TestAnotherValueRunsOnlyThePhaseThatAsks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "nixpacks.toml", "[phases.install]\ncmds = [\"echo first > first\"]\nsecrets = [\"FIRST\"]\n[phases.build]\ncmds = [\"echo second > second\"]\nsecrets = [\"SECOND\"]\n[start]\ncmd = \"true\"\n")
	builder := newBuilder(t)
	ran := func(first, second string) []string {
		write(t, dir, "../first", first)
		t.Setenv("OTHER", second)
		return buildOn(t, builder, dir, "--secret", "id=FIRST,src="+filepath.Join(dir, "../first"), "--secret", "id=SECOND,env=OTHER", "--output", "type=oci,dest="+filepath.Join(t.TempDir(), "o")).ran()
	}
	ran("first-value", "second-value")
	if got := ran("first-value", "second-value"); len(got) > 0 {
		t.Errorf("the same values: %q", got)
	}
	if got, want := ran("first-value", "another-value"), []string{"[build] echo second > second"}; !slices.Equal(got, want) {
		t.Errorf("another second value: %q", got)
	}
	if got := ran("another-value", "another-value"); !has(got, "[install]") {
		t.Errorf("another first value: %q", got)
	}
}

func TestALeakIsFoundBeforeThePush(t *testing.T) {
	t.Setenv("NPM_TOKEN", npmToken)
	encoded := base64.StdEncoding.EncodeToString([]byte("user:" + npmToken))
	slim := `runImage = "ubuntu:noble"` + "\nonlyIncludeFiles = [\"built\"]"
	tests := []struct {
		name, install string
		more          []string // lines of [start]
		args          []string
		place         string
	}{
		{"content", `"echo //r/:_authToken=$NPM_TOKEN > .npmrc"`, nil, nil, "NPM_TOKEN is in layer"},
		{"removed by a later command", `"echo $NPM_TOKEN > .npmrc", "rm .npmrc"`, nil, nil, ": /app/.npmrc"},
		{"base64", `"printf user:%s $NPM_TOKEN | base64 > auth"`, nil, nil, ": /app/auth"},
		{"name", `"mkdir -p /tmp/$NPM_TOKEN"`, nil, nil, "the name or the attributes of ***"},
		{"percent-encoded", `"printf %s $NPM_TOKEN | sed 's,/,%2F,;s,+,%2b,' > url"`, nil, nil, ": /app/url"},
		{"history", `"echo ` + encoded + `"`, nil, nil, "history["},
		{"environment", `"true"`, nil, []string{"--env", "PLAIN=" + npmToken}, "config.Env["},
		{"label", `"true"`, nil, []string{"--label", "token=" + npmToken}, "config.Labels.token"},
		{"step", `"true"]` + "\ncacheDirectories = [\"/var/cache/app\"", nil, []string{"--cache-key", npmToken, "--provenance", "mode=max"}, "a step of the build: its text"},
		{"stage that is in the cache alone", `"echo $NPM_TOKEN > .npmrc"`, []string{slim}, nil, "cache layer"},
	}
	builder := newBuilder(t)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			repo := here.Registry + "/e2e/leak-" + string(rune('a'+i))
			args := append([]string{"--tag", repo + ":1", "--push", "--cache-ref", repo + "/cache", "--secret", "id=NPM_TOKEN", "--runtime", "full"}, tt.args...)
			_, r := tryBuild(t, builder, secretApp(t, tt.install, tt.more...), args...)
			_, message, _ := strings.Cut(r.Stderr, "error: ")
			if r.Status != 1 || !strings.Contains(message, "NPM_TOKEN is in ") || !strings.Contains(message, tt.place) {
				t.Errorf("status %d\n%s", r.Status, r.Stderr)
			}
			if strings.Contains(message, npmToken) || strings.Contains(message, encoded) {
				t.Errorf("the message holds the value: %s", message)
			}
			if tags := registrytest.Tags(t, repo+"/cache"); len(tags) > 0 {
				t.Errorf("the cache was written: %q", tags)
			}
			if registrytest.Exists(t, repo+":1") {
				t.Error("the image was pushed")
			}
		})
	}
}

func TestASecretThatIsMissingOrNotAskedForIsSaidBeforeTheBuild(t *testing.T) {
	_, r := tryBuild(t, shared, secretApp(t, `"true"`))
	want := "error: phase install asks for the secret NPM_TOKEN, which is not given\nhint: give --secret id=NPM_TOKEN"
	if r.Status != 2 || !strings.Contains(r.Stderr, want) {
		t.Errorf("status %d\n%s", r.Status, r.Stderr)
	}
}
