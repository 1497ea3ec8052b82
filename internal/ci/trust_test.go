package ci

import (
	"io"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/option"
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
		{"protected tag", gh(t, "push", "refs/tags/v1", payload, "GITHUB_REF_PROTECTED", "true"), all, all},
		{"tag of nobody knows which branch", gh(t, "push", "refs/tags/v1", payload), built, all},
		{"release", gh(t, "release", "refs/tags/v1", `{"action":"published",`+inRepository+"}", "GITHUB_REF_PROTECTED", "true"), all, all},
		{"release that was edited", gh(t, "release", "refs/tags/v1", `{"action":"edited",`+inRepository+"}"), none, none},
		{"tag by create", gh(t, "create", "refs/tags/v1", payload, "GITHUB_REF_PROTECTED", "true"), all, all},
		{"branch by create", gh(t, "create", "refs/heads/main", payload), none, none},
		{"tag by hand", gh(t, "workflow_dispatch", "refs/tags/v1", payload, "GITHUB_REF_PROTECTED", "true"), all, all},
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
		{"GitLab: protected tag", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_TAG", "v1", "CI_COMMIT_REF_PROTECTED", "true"), all, all},
		{"GitLab: tag", gl(t, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_TAG", "v1"), built, all},
		{"GitLab: schedule", gl(t, "CI_PIPELINE_SOURCE", "schedule", "CI_COMMIT_BRANCH", "main"), all, all},
		{"GitLab: schedule of another branch", gl(t, "CI_PIPELINE_SOURCE", "schedule", "CI_COMMIT_BRANCH", "feat"), built, all},
		{"GitLab: tag by hand", gl(t, "CI_PIPELINE_SOURCE", "web", "CI_COMMIT_TAG", "v1", "CI_COMMIT_REF_PROTECTED", "true"), all, all},
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

// TestTheStandingOfEveryEvent has each event of the default branch that GitHub's documentation lists, and some that it may get.
func TestTheStandingOfEveryEvent(t *testing.T) {
	own := pull("acme/shop")
	for want, names := range map[standing]string{
		trusted: "push schedule workflow_dispatch",
		queue:   "merge_group",
		request: "pull_request pull_request_review",
		exposed: "pull_request_target workflow_run issue_comment discussion_comment check_run check_suite status",
		foreign: "branch_protection_rule create delete deployment deployment_status discussion fork gollum image_version issues label " +
			"milestone page_build project public pull_request_comment pull_request_review_comment registry_package release repository_dispatch " +
			"watch workflow_call dynamic push_to_fork Push",
	} {
		for _, name := range append(strings.Fields(names), map[standing]string{foreign: ""}[want]) {
			if name == "" && want != foreign {
				continue
			}
			job := readGitHub(t, own, map[string]string{"GITHUB_EVENT_NAME": name, "GITHUB_REF": "refs/heads/main", "GITHUB_REF_PROTECTED": "true",
				"INPUT_PUSH": "true", "INPUT_CACHE-WRITE": "always"})
			if got := job.Event.Standing(); got != string(want) {
				t.Errorf("%q is %s, not %s", name, got, want)
			}
			r := job.Event.Rights(job.Inputs)
			if want == foreign && (!r.Build.Allowed || r.Push.Allowed || r.CacheWrite.Allowed || r.Secrets.Allowed) {
				t.Errorf("%q: %+v", name, r)
			}
			if want == foreign && name != "release" && !strings.Contains(r.Push.Why, "trust-ref") {
				t.Errorf("%q names no way out: %s", name, r.Push.Why)
			}
		}
	}
}

// TestTheStandingOfEveryPipeline has each value that GitLab's documentation lists for CI_PIPELINE_SOURCE, and some that it may get.
func TestTheStandingOfEveryPipeline(t *testing.T) {
	for want, names := range map[standing][]string{
		trusted: strings.Fields("push schedule web api trigger pipeline parent_pipeline chat"),
		foreign: append(strings.Fields("external external_pull_request_event webide merge_request_event ondemand_dast_scan ondemand_dast_validation "+
			"security_orchestration_policy container_registry_push pipeline_execution_policy_schedule duo_workflow merge_train Push"), ""),
	} {
		for _, name := range names {
			for _, environ := range []map[string]string{
				{"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"},
				{"CI_COMMIT_BRANCH": "rel", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"},
				{"CI_COMMIT_TAG": "v1", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"},
			} {
				environ["CI_PIPELINE_SOURCE"] = name
				job, err := ReadGitLab(environ, nil, io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				if got := job.Event.Standing(); got != string(want) {
					t.Errorf("%q of %v is %s, not %s", name, environ, got, want)
				}
			}
		}
	}
	child := map[string]string{"CI_PIPELINE_SOURCE": "parent_pipeline", "CI_MERGE_REQUEST_IID": "9", "CI_MERGE_REQUEST_PROJECT_ID": "1",
		"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"}
	for want, source := range map[standing]string{request: "1", foreign: "2"} {
		child["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"] = source
		job, err := ReadGitLab(child, nil, io.Discard)
		if err != nil || job.Event.Standing() != string(want) {
			t.Errorf("a child of a merge request's pipeline of project %s is %s, %v", source, job.Event.Standing(), err)
		}
	}
}

func TestATagIsAsTrustedAsTheBranchesOfItsCommit(t *testing.T) {
	e := Event{Kind: Tag, Name: "push", Ref: "refs/tags/v1", Tag: "v1"}
	for name, tt := range map[string]struct {
		change func(*Event)
		want   standing
		why    string
	}{
		"on a trusted branch":  {func(e *Event) { e.OnBranch = "release/1" }, trusted, ""},
		"protected by itself":  {func(e *Event) { e.Protected = true }, trusted, ""},
		"on no trusted branch": {func(*Event) {}, branch, "neither the default branch nor a protected one has the tag's commit; set push: true"},
		"nobody knows":         {func(e *Event) { e.TagDoubt = "denied" }, branch, "has the tag's commit: denied; set push: true"},
		"of another commit":    {func(e *Event) { e.OnBranch, e.Doubt, e.Remedy = "main", "another commit", "check out" }, foreign, "another commit; check out"},
	} {
		e := e
		tt.change(&e)
		if got, why := e.standing(), e.Rights(Inputs{Job: option.Job{Push: "auto"}}).Push.Why; got != tt.want || !strings.HasSuffix(why, tt.why) {
			t.Errorf("%s: %s, %q", name, got, why)
		}
		if asks := e.AsksForBranches(); asks != (tt.want == branch) {
			t.Errorf("%s: asks %t", name, asks)
		}
	}
}

func TestAHeadThatIsNotKnownIsForeign(t *testing.T) {
	for name, payload := range map[string]string{
		"no repository":   `{"number":42,"pull_request":{"head":{"repo":{"full_name":""}}}}`,
		"no head":         `{"number":42,` + inRepository + `}`,
		"a deleted fork":  `{"number":42,"pull_request":{"head":{"repo":null}},` + inRepository + `}`,
		"a nameless head": pull(""),
	} {
		job := readGitHub(t, payload, map[string]string{"GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/42/merge"})
		if got := job.Event.Standing(); got != string(foreign) {
			t.Errorf("%s: %s", name, got)
		}
	}
	job, err := ReadGitLab(map[string]string{"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "9"}, nil, io.Discard)
	if err != nil || job.Event.Standing() != string(foreign) {
		t.Errorf("a merge request without projects: %s, %v", job.Event.Standing(), err)
	}
	if got := (Event{}).Standing(); got != string(foreign) {
		t.Errorf("no event at all: %s", got)
	}
}

func TestAReviewHasTheNumberOfItsPullRequest(t *testing.T) {
	payload := `{"pull_request":{"number":42,"head":{"ref":"feat","sha":"headsha","repo":{"full_name":"acme/shop"}},"base":{"sha":"basesha"}},` + inRepository + `}`
	job := readGitHub(t, payload, map[string]string{"GITHUB_EVENT_NAME": "pull_request_review", "GITHUB_REF": "refs/pull/42/merge"})
	if e := job.Event; e.Number != 42 || e.Kind != PullRequest || !e.Rights(job.Inputs).Comment.Allowed {
		t.Errorf("%+v", e)
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
