package cli

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
)

// requestJob is the job of a pull request for main that pushes to images of host.
func requestJob(t *testing.T, host string) (*program, ci.Job) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "event.json", `{"number":7,"pull_request":{"head":{"sha":"abc","ref":"feat","repo":{"full_name":"acme/shop"}},"base":{"sha":"def","ref":"main"}},`+
		`"repository":{"full_name":"acme/shop","default_branch":"main","html_url":"https://forge.example/acme/shop"}}`)
	p := &program{Process: Process{Dir: dir, Stdout: &strings.Builder{}, Environ: []string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_REF=refs/pull/7/merge", "GITHUB_SHA=merge", "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_WORKSPACE=" + dir, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
		"INPUT_IMAGES=" + host + "/acme/shop", "SOURCE_DATE_EPOCH=0"}}}
	job, err := p.job()
	if err != nil {
		t.Fatal(err)
	}
	return p, job
}

func TestAPushedImageIsComparedWithThatOfTheBaseBranch(t *testing.T) {
	host := serve(t, nil)
	p, job := requestJob(t, host)
	im := &image{refs: []string{host + "/acme/shop:pr-7"}, platform: "linux/amd64", registry: &registry.Client{Keychain: &registry.Keychain{}, Transport: http.DefaultTransport}}
	digest := push(t, im.refs[0], "ann")
	b := &report.Build{Pushed: true, Digest: digest}
	p.weigh(t.Context(), job, im, b)
	if b.Image == nil || b.Before != nil {
		t.Fatalf("nothing is on the branch: %+v, %+v", b.Image, b.Before)
	}
	push(t, host+"/acme/shop:main", "bob")
	p.weigh(t.Context(), job, im, b)
	if b.Before == nil || b.Before.Ref != host+"/acme/shop:main" {
		t.Errorf("the branch has one: %+v", b.Before)
	}
	b = &report.Build{Digest: digest}
	if p.weigh(t.Context(), job, im, b); b.Image != nil {
		t.Error("an image that was not pushed is weighed")
	}
	b = &report.Build{Pushed: true, Digest: "sha256:" + strings.Repeat("0", 64)}
	if p.weigh(t.Context(), job, im, b); b.Image != nil {
		t.Error("an image that is not there is weighed")
	}
}

func TestLinksLeadToTheFilesOfTheCommit(t *testing.T) {
	_, job := requestJob(t, "r.example")
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

func TestWhatStandsBesideAnImage(t *testing.T) {
	im := &image{attest: attest{sbom: true, provenance: "min"}}
	if got := im.attested(); !slices.Equal(got, []string{"bill of materials (SPDX)", "provenance (SLSA, mode min)", "the plan"}) {
		t.Errorf("%q", got)
	}
	if got := (&image{}).attested(); got != nil {
		t.Errorf("%q", got)
	}
}
