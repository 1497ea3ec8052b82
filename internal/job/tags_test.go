package job

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registry"
)

// named names the image of a job on GitHub, for the tag v1.2.3.
func named(t *testing.T, environ ...string) (build.Image, string, error) {
	t.Helper()
	dir := t.TempDir()
	event, output := filepath.Join(dir, "event.json"), filepath.Join(dir, "output")
	apptest.Write(t, dir, "event.json", `{"head_commit":{"id":"abc","timestamp":"2031-03-09T23:15:00Z"},"repository":{"name":"shop","default_branch":"main"}}`)
	j, err := World{Dir: dir, Stdout: io.Discard, Environ: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/tags/v1.2.3", "GITHUB_SHA=abc", "GITHUB_EVENT_PATH=" + event,
		"GITHUB_REPOSITORY=Acme/Shop", "GITHUB_OUTPUT=" + output, "GITHUB_WORKSPACE=" + dir, "SOURCE_DATE_EPOCH=0"}, environ...)}.Read()
	if err != nil {
		t.Fatal(err)
	}
	client := &registry.Client{Keychain: &registry.Keychain{}, Transport: http.DefaultTransport}
	im, err := j.name(t.Context(), client, time.Unix(0, 0).UTC(), j.Inputs.Provenance != "")
	text, _ := os.ReadFile(output)
	return im, string(text), err
}

func TestAJobNamesItsImage(t *testing.T) {
	im, output, err := named(t, "INPUT_TAGS=type=semver,pattern={{version}}\nr.io/xx:y", "INPUT_LABELS=when={{commit_date 'YYYY'}}", "INPUT_ANNOTATIONS=a=b")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(im.Names, " "), "r.io/xx:y ghcr.io/acme/shop:1.2.3 ghcr.io/acme/shop:latest"; got != want {
		t.Errorf("references %s", got)
	}
	const created = "org.opencontainers.image.created"
	if im.Labels["when"] != "2031" || im.Labels[created] != "1970-01-01T00:00:00.000Z" || im.Attributes["annotation.a"] != "b" || im.Attributes["annotation."+created] == "" {
		t.Errorf("labels %v, exporter %v", im.Labels, im.Attributes)
	}
	for _, want := range []string{"version<<", "\n1.2.3\n", "tag-names<<", "annotations<<", "\nmanifest:a=b\n", "labels<<", "\nwhen=2031\n", `"tag-names":["1.2.3","latest"]`} {
		if !strings.Contains(output, want) {
			t.Errorf("outputs lack %q:\n%s", want, output)
		}
	}
	im, _, err = named(t, "DOCKER_METADATA_ANNOTATIONS_LEVELS=index,manifest", "INPUT_ANNOTATIONS=a=b", "INPUT_PROVENANCE=true")
	if err != nil || im.Attributes["annotation-index.a"] != "b" || im.Attributes["annotation.a"] != "b" {
		t.Errorf("levels index and manifest of an image with attestations: %v, %v", im.Attributes, err)
	}
	im, output, err = named(t, "DOCKER_METADATA_ANNOTATIONS_LEVELS=index")
	if err != nil || len(im.Attributes) != 0 || !strings.Contains(output, "index:org.") {
		t.Errorf("level index: %v, %v", im.Attributes, err)
	}
}

func TestWrongTagsAreWrongUsage(t *testing.T) {
	for _, input := range []string{"INPUT_TAGS=type=semver", "INPUT_TAGS=type=raw,x,enable=perhaps", "INPUT_FLAVOR=latest=maybe", "INPUT_LABELS=x"} {
		_, _, err := named(t, input)
		var f *fault.Error
		if !errors.As(err, &f) || f.Status != fault.Misuse || !strings.HasPrefix(f.Hint, "see the inputs") {
			t.Errorf("%s: %v", input, err)
		}
	}
}

func TestLatestAsksTheRegistryForHigherVersions(t *testing.T) {
	var status int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/tags/list") {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"name":"shop","tags":["1.10.0","latest"]}`)
		}
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	inputs := []string{"INPUT_IMAGES=" + host + "/shop", "INPUT_TAGS=type=semver,pattern={{version}}", "INPUT_FLAVOR=latest=highest"}
	status = http.StatusOK
	im, _, err := named(t, inputs...)
	if err != nil || strings.Join(im.Names, " ") != host+"/shop:1.2.3" {
		t.Errorf("references %v, %v", im.Names, err)
	}
	status = http.StatusForbidden
	_, _, err = named(t, inputs...)
	var denied *registry.DeniedError
	if !errors.As(err, &denied) {
		t.Errorf("a registry that refuses gives %v", err)
	}
}

func TestTheCommitsDateIsThatOfTheCheckout(t *testing.T) {
	dir := t.TempDir()
	repo, err := git.PlainInit(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := repo.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	when := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	hash, err := tree.Commit("x", &git.CommitOptions{AllowEmptyCommits: true, Author: &object.Signature{Name: "a", Email: "a@example.com", When: when}})
	if err != nil {
		t.Fatal(err)
	}
	j := Job{Job: ci.Job{System: ci.GitLab, Dir: dir, Event: ci.Event{SHA: hash.String()}}}
	if got := j.tagSource().CommitDate; !got.Equal(when) {
		t.Errorf("date is %s", got)
	}
	j.Event.SHA = strings.Repeat("0", 40)
	if got := j.tagSource(); !got.CommitDate.IsZero() || time.Since(got.Date) > time.Hour {
		t.Errorf("dates of an unknown commit are %s and %s", got.CommitDate, got.Date)
	}
}
