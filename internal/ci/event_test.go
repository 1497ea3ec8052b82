package ci

import (
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func open(payload string) func(string) (io.ReadCloser, error) {
	return func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(payload)), nil }
}

func readGitHub(t *testing.T, payload string, environ map[string]string) Job {
	t.Helper()
	all := map[string]string{
		"GITHUB_EVENT_PATH": "event.json", "GITHUB_REPOSITORY": "Acme/Shop", "GITHUB_SERVER_URL": "https://github.com",
		"GITHUB_RUN_ID": "77", "GITHUB_RUN_NUMBER": "5", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_SHA": "merge", "GITHUB_ACTOR": "ann",
	}
	maps.Copy(all, environ)
	job, err := ReadGitHub(all, open(payload), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

const inRepository = `"repository":{"full_name":"Acme/Shop","default_branch":"main"}`

func pull(head string) string {
	return `{"number":42,"pull_request":{"head":{"ref":"feat","sha":"headsha","repo":{"full_name":"` + head +
		`"}},"base":{"sha":"basesha"}},` + inRepository + `}`
}

func TestGitHubEvents(t *testing.T) {
	on := func(name, ref string, more ...string) map[string]string {
		m := map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_REF": ref}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	tests := []struct {
		name, payload string
		environ       map[string]string
		kind          Kind
		base          string
		push, build   bool
	}{
		{"push to the default branch", `{"before":"abc",` + inRepository + `}`, on("push", "refs/heads/main"), Push, "abc", true, true},
		{"push is false", `{` + inRepository + `}`, on("push", "refs/heads/main", "INPUT_PUSH", "false"), Push, "", false, true},
		{"new branch", `{"before":"0000",` + inRepository + `}`, on("push", "refs/heads/feat"), Push, "", false, true},
		{"tag", `{` + inRepository + `}`, on("push", "refs/tags/v1", "GITHUB_REF_PROTECTED", "true"), Tag, "", true, true},
		{"pull request", pull("acme/shop"), on("pull_request", "refs/pull/42/merge"), PullRequest, "basesha", false, true},
		{"pull request that asks to push", pull("acme/shop"), on("pull_request", "", "INPUT_PUSH", "true"), PullRequest, "basesha", true, true},
		{"fork", pull("mallory/shop"), on("pull_request", "", "INPUT_PUSH", "true"), PullRequest, "basesha", false, true},
		{"payload without a head", `{"number":1}`, on("pull_request", "", "INPUT_PUSH", "true"), PullRequest, "", false, true},
		{"pull_request_target", pull("acme/shop"), on("pull_request_target", "refs/heads/main", "INPUT_PUSH", "true"), PullRequest, "basesha", false, false},
		{"dependabot", pull("acme/shop"), on("pull_request", "", "GITHUB_ACTOR", "dependabot[bot]", "INPUT_PUSH", "true"), PullRequest, "basesha", false, true},
		{"merge queue", `{"merge_group":{"base_sha":"b"},` + inRepository + `}`, on("merge_group", "refs/heads/gh-readonly-queue/main/pr-1"), MergeQueue, "b", false, true},
		{"schedule", `{` + inRepository + `}`, on("schedule", "refs/heads/main"), Schedule, "", true, true},
		{"schedule that tells no repository", `{"schedule":"0 0 * * *"}`, on("schedule", "refs/heads/main"), Schedule, "", true, true},
		{"by hand on another branch", `{` + inRepository + `}`, on("workflow_dispatch", "refs/heads/feat"), Manual, "", false, true},
		{"workflow_run", `{` + inRepository + `}`, on("workflow_run", "refs/heads/main"), Other, "", false, false},
		{"mode plan", `{` + inRepository + `}`, on("push", "refs/heads/main", "INPUT_MODE", "plan"), Push, "", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			job := readGitHub(t, tt.payload, tt.environ)
			e := job.Event
			if e.Kind != tt.kind || e.Base != tt.base {
				t.Errorf("kind %q, base %q", e.Kind, e.Base)
			}
			rights := e.Rights(job.Inputs)
			if rights.Push.Allowed != tt.push || rights.Build.Allowed != tt.build {
				t.Errorf("rights %+v", rights)
			}
			if job.Image != "ghcr.io/acme/shop" || e.Run != 5 || e.Attempt != 2 ||
				e.RunURL != "https://github.com/Acme/Shop/actions/runs/77" {
				t.Errorf("job %+v", job)
			}
		})
	}
}

func TestGitLabEvents(t *testing.T) {
	mr := func(more ...string) map[string]string {
		m := map[string]string{
			"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "9", "CI_MERGE_REQUEST_PROJECT_ID": "1",
			"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feat",
			"CI_MERGE_REQUEST_DIFF_BASE_SHA": "base",
		}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	request := func(change func(*Event)) Event {
		e := Event{Kind: PullRequest, Number: 9, Ref: "refs/pull/9/merge", Branch: "feat", Base: "base"}
		change(&e)
		return e
	}
	tests := []struct {
		name    string
		environ map[string]string
		want    Event
		push    bool
	}{
		{"merge request", mr(), request(func(*Event) {}), false},
		{"fork", mr("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "2", "NPX_PUSH", "true"), request(func(e *Event) { e.Fork = true }), false},
		{"merged result", mr("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "target", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "h"),
			request(func(e *Event) { e.Base, e.BaseTip, e.Head = "target", true, "h" }), false},
		{"merge train", mr("CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"), request(func(e *Event) { e.Kind = MergeQueue }), false},
		{"default branch", map[string]string{"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main",
			"CI_COMMIT_BEFORE_SHA": "0000"}, Event{Kind: Push, Ref: "refs/heads/main", Branch: "main", Default: "main"}, true},
		{"tag", map[string]string{"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_PROTECTED": "true"},
			Event{Kind: Tag, Ref: "refs/tags/v1", Tag: "v1", Protected: true}, true},
		{"schedule", map[string]string{"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"},
			Event{Kind: Schedule, Ref: "refs/heads/main", Branch: "main", Default: "main"}, true},
		{"by hand", map[string]string{"CI_PIPELINE_SOURCE": "web", "CI_COMMIT_BRANCH": "x", "CI_DEFAULT_BRANCH": "main"},
			Event{Kind: Manual, Ref: "refs/heads/x", Branch: "x", Default: "main"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			job, err := ReadGitLab(tt.environ, nil, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			got := job.Event
			if push := got.Rights(job.Inputs).Push; push.Allowed != tt.push {
				t.Errorf("push: %+v", push)
			}
			got.Name, got.Project = "", ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
