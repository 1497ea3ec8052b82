package job

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/internal/report"
)

// requestJob is the job of a pull request for main that pushes to images of host.
func requestJob(t *testing.T, host string) Job {
	t.Helper()
	dir := t.TempDir()
	apptest.Write(t, dir, "event.json", `{"number":7,"pull_request":{"head":{"sha":"abc","ref":"feat","repo":{"full_name":"acme/shop"}},"base":{"sha":"def","ref":"main"}},`+
		`"repository":{"full_name":"acme/shop","default_branch":"main","html_url":"https://forge.example/acme/shop"}}`)
	j, err := World{Dir: dir, Stdout: &strings.Builder{}, Environ: []string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_REF=refs/pull/7/merge", "GITHUB_SHA=merge", "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_WORKSPACE=" + dir, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
		"INPUT_IMAGES=" + host + "/acme/shop", "SOURCE_DATE_EPOCH=0"}}.Read()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestAPushedImageIsComparedWithThatOfTheBaseBranch(t *testing.T) {
	host := registrytest.Serve(t, nil)
	j := requestJob(t, host)
	names, client := []string{host + "/acme/shop:pr-7"}, &registry.Client{Keychain: &registry.Keychain{}, Transport: http.DefaultTransport}
	digest := registrytest.Push(t, names[0], "ann")
	b := &report.Build{Pushed: true, Digest: digest}
	weighed(j, client, names).addImageSize(t.Context(), names, b)
	if b.Image == nil || b.Before != nil {
		t.Fatalf("nothing is on the branch: %+v, %+v", b.Image, b.Before)
	}
	registrytest.Push(t, host+"/acme/shop:main", "bob")
	weighed(j, client, names).addImageSize(t.Context(), names, b)
	if b.Before == nil || b.Before.Ref != host+"/acme/shop:main" {
		t.Errorf("the branch has one: %+v", b.Before)
	}
	b = &report.Build{Digest: digest}
	if weighed(j, client, names).addImageSize(t.Context(), names, b); b.Image != nil {
		t.Error("an image that was not pushed is weighed")
	}
	b = &report.Build{Pushed: true, Digest: "sha256:" + strings.Repeat("0", 64)}
	if weighed(j, client, names).addImageSize(t.Context(), names, b); b.Image != nil {
		t.Error("an image that is not there is weighed")
	}
}

func TestLinksLeadToTheFilesOfTheCommit(t *testing.T) {
	job := requestJob(t, "r.example").Job
	if got := filesAddress(job); got != "https://forge.example/acme/shop/blob/abc" {
		t.Errorf("GitHub: %s", got)
	}
	job.System = ci.GitLab
	if got := filesAddress(job); got != "https://forge.example/acme/shop/-/blob/abc" {
		t.Errorf("GitLab: %s", got)
	}
	job.Event.About.URL = ""
	if got := filesAddress(job); got != "" {
		t.Errorf("unknown: %s", got)
	}
}

func TestABuildIsComparedWithWhatTheBaseBranchCost(t *testing.T) {
	host := registrytest.Serve(t, nil)
	j := requestJob(t, host)
	client := &registry.Client{Keychain: &registry.Keychain{}, Transport: http.DefaultTransport}
	digest := registrytest.Push(t, host+"/acme/shop:main", "bob")
	notes := map[string]string{"npx-action.build/seconds": "41", "npx-action.build/bytes": "1234", "org.opencontainers.image.created": "2024-05-01T12:00:00Z"}
	for _, n := range []map[string]string{notes, nil} { // a promotion tells nothing
		if _, err := client.Refer(t.Context(), host+"/acme/shop@"+digest, "application/vnd.npx-action.plan.v1+json", []byte(`{}`), n); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{host + "/acme/shop:pr-7"}
	b := &report.Build{}
	if weighed(j, client, names).addImageSize(t.Context(), names, b); b.Image != nil || b.Before == nil || b.BeforeCost == nil {
		t.Fatalf("a build that is not pushed: %+v", b)
	}
	if want := (report.Cost{Duration: 41 * time.Second, Bytes: 1234}); *b.BeforeCost != want {
		t.Errorf("got %+v, want %+v", *b.BeforeCost, want)
	}
	b = &report.Build{Promoted: host + "/acme/shop:main"}
	if weighed(j, client, names).addImageSize(t.Context(), names, b); b.Image == nil || b.Image.Ref != b.Promoted {
		t.Errorf("an image that was found is not weighed: %+v", b)
	}
}

// weighed is a job that has built an image.
func weighed(j Job, client *registry.Client, names []string) specifiedJob {
	return specifiedJob{plannedJob: plannedJob{Job: j}, reach: build.World{Registry: client},
		spec: build.Spec{Apps: []build.App{{Platform: "linux/amd64"}}, Image: build.Image{Names: names}}}
}
