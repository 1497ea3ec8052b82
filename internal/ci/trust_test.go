package ci

import (
	"io"
	"strings"
	"testing"
)

// granted lists what a job does, as "build push cache secrets comment".
func granted(r Rights) string {
	var list []string
	for _, d := range []struct {
		name string
		Decision
	}{{"build", r.Build}, {"push", r.Push}, {"cache", r.CacheWrite}, {"secrets", r.Secrets}, {"comment", r.Comment}} {
		if d.Allowed {
			list = append(list, d.name)
		}
	}
	return strings.Join(list, " ")
}

// TestRights has what each event does by itself, and what it does if the inputs ask for everything.
func TestRights(t *testing.T) {
	const all, built, none = "build push cache secrets", "build secrets", "build"
	gh := func(t *testing.T, name, ref, payload string, more ...string) func(push, cache string) Job {
		return func(push, cache string) Job {
			environ := map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_REF": ref, "INPUT_PUSH": push, "INPUT_CACHE-WRITE": cache}
			for i := 0; i < len(more); i += 2 {
				environ[more[i]] = more[i+1]
			}
			return readGitHub(t, payload, environ)
		}
	}
	gl := func(t *testing.T, pairs ...string) func(push, cache string) Job {
		return func(push, cache string) Job {
			environ := map[string]string{"CI_DEFAULT_BRANCH": "main", "NPX_PUSH": push, "NPX_CACHE_WRITE": cache}
			for i := 0; i < len(pairs); i += 2 {
				environ[pairs[i]] = pairs[i+1]
			}
			job, err := ReadGitLab(environ, nil, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			return job
		}
	}
	mr := func(t *testing.T, source string, more ...string) func(push, cache string) Job {
		return gl(t, append([]string{"CI_PIPELINE_SOURCE", "merge_request_event", "CI_MERGE_REQUEST_IID", "9", "CI_MERGE_REQUEST_PROJECT_ID", "1",
			"CI_MERGE_REQUEST_SOURCE_PROJECT_ID", source, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "main"}, more...)...)
	}
	const payload = "{" + inRepository + "}"
	own, fork := pull("acme/shop"), pull("mallory/shop")
	tests := []struct {
		name        string
		job         func(push, cache string) Job
		auto, asked string
	}{
		{"push to the default branch", gh(t, "push", "refs/heads/main", payload), all, all},
		{"push to another branch", gh(t, "push", "refs/heads/feat", payload), built, all},
		{"push to a protected branch", gh(t, "push", "refs/heads/rel", payload, "GITHUB_REF_PROTECTED", "true"), all, all},
		{"tag", gh(t, "push", "refs/tags/v1", payload), all, all},
		{"release", gh(t, "release", "refs/tags/v1", payload), all, all},
		{"schedule", gh(t, "schedule", "refs/heads/main", payload), all, all},
		{"by hand", gh(t, "workflow_dispatch", "refs/heads/main", payload), all, all},
		{"by hand on another branch", gh(t, "workflow_dispatch", "refs/heads/feat", payload), built, all},
		{"caches for reading", gh(t, "push", "refs/heads/main", payload, "ACTIONS_CACHE_MODE", "read"), "build push secrets", "build push secrets"},
		{"no caches", gh(t, "push", "refs/heads/main", payload, "ACTIONS_CACHE_MODE", "none"), "build push secrets", "build push secrets"},
		{"pull request", gh(t, "pull_request", "refs/pull/42/merge", own), "build secrets comment", "build push cache secrets comment"},
		{"pull request into a protected branch", gh(t, "pull_request", "refs/pull/42/merge", own, "GITHUB_REF_PROTECTED", "true"), "build secrets comment", "build push cache secrets comment"},
		{"pull request of a fork", gh(t, "pull_request", "refs/pull/42/merge", fork), "build comment", "build comment"},
		{"pull request without a head", gh(t, "pull_request", "refs/pull/42/merge", `{"number":42}`), "build comment", "build comment"},
		{"Dependabot", gh(t, "pull_request", "refs/pull/42/merge", own, "GITHUB_ACTOR", "dependabot[bot]"), "build comment", "build comment"},
		{"Dependabot pushes", gh(t, "push", "refs/heads/dependabot/x", payload, "GITHUB_ACTOR", "dependabot[bot]"), none, none},
		{"Dependabot merges", gh(t, "push", "refs/heads/main", payload, "GITHUB_ACTOR", "dependabot[bot]"), all, all},
		{"pull_request_target", gh(t, "pull_request_target", "refs/heads/main", own), "comment", "comment"},
		{"pull_request_target of a fork", gh(t, "pull_request_target", "refs/heads/main", fork), "comment", "comment"},
		{"workflow_run", gh(t, "workflow_run", "refs/heads/main", payload), "", ""},
		{"issue_comment", gh(t, "issue_comment", "refs/heads/main", payload), "", ""},
		{"merge queue", gh(t, "merge_group", "refs/heads/gh-readonly-queue/main/pr-1-ab", payload), built, "build push secrets"},

		{"GitLab: default branch", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_BRANCH", "main"), all, all},
		{"GitLab: another branch", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_BRANCH", "feat"), built, all},
		{"GitLab: protected branch", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_BRANCH", "rel", "CI_COMMIT_REF_PROTECTED", "true"), all, all},
		{"GitLab: tag", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_TAG", "v1"), all, all},
		{"GitLab: schedule", gl(t, "CI_PIPELINE_SOURCE", "schedule", "CI_COMMIT_BRANCH", "main"), all, all},
		{"GitLab: schedule of another branch", gl(t, "CI_PIPELINE_SOURCE", "schedule", "CI_COMMIT_BRANCH", "feat"), built, all},
		{"GitLab: by hand", gl(t, "CI_PIPELINE_SOURCE", "web", "CI_COMMIT_BRANCH", "feat"), built, all},
		{"GitLab: merge request", mr(t, "1"), "build secrets comment", "build push cache secrets comment"},
		{"GitLab: merge request of a fork", mr(t, "2"), "build comment", "build comment"},
		{"GitLab: merge train", mr(t, "1", "CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"), built, "build push secrets"},
		{"GitLab: merge train of a fork", mr(t, "2", "CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"), none, none},
		{"GitLab: fork in a protected merge request", mr(t, "2", "CI_COMMIT_REF_PROTECTED", "true"), "build comment", "build comment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, wish := range []struct{ push, cache, want string }{{"auto", "auto", tt.auto}, {"true", "always", tt.asked}} {
				job := tt.job(wish.push, wish.cache)
				r := job.Event.Rights(job.Inputs)
				if got := granted(r); got != wish.want {
					t.Errorf("push %s, cache-write %s: %q, not %q", wish.push, wish.cache, got, wish.want)
				}
				for _, d := range []Decision{r.Build, r.Push, r.CacheWrite, r.Secrets} {
					if d.Allowed != (d.Why == "") || !d.Allowed && strings.Count(d.Why, "; ") != 1 {
						t.Errorf("a refusal says why and how to get it, and nothing else does: %+v", d)
					}
				}
			}
			job := tt.job("false", "never")
			job.Inputs.Mode, job.Inputs.Comment = "plan", "never"
			r := job.Event.Rights(job.Inputs)
			r.Secrets = Decision{} // whether they are given is the inputs' wish
			if got := granted(r); got != "" || r.Build.Why != "mode is plan" || r.Push.Why != "push is false" || r.CacheWrite.Why != "cache-write is never" {
				t.Errorf("what the inputs forbid is done: %q, %+v", got, r)
			}
		})
	}
}

func TestEveryStandingHasARow(t *testing.T) {
	for _, s := range []standing{trusted, branch, queue, request, foreign, exposed} {
		r, ok := table[s]
		for _, a := range []answer{r.build, r.push, r.cacheWrite, r.secrets} {
			if a == "" || a == never && elsewhere[s] == "" {
				ok = false
			}
		}
		if !ok || r.comment == "" || (r.why == "") != (s == trusted) {
			t.Errorf("the row of %s is not complete: %+v", s, r)
		}
	}
}
