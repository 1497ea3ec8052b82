package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"

	"github.com/org/npx-action/test/forges"
)

const (
	baseCommit = "1111111111111111111111111111111111111111"
	headCommit = "2222222222222222222222222222222222222222"
)

// A forgeJob is a job that only plans, for pull or merge request 7 of a repository of which the base commit is not in the checkout.
type forgeJob struct {
	checkout string
	environ  []string
}

func (j forgeJob) run(t *testing.T, extra ...string) (status int, out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = Main(t.Context(), Process{Environ: append(append([]string{}, j.environ...), extra...), Dir: j.checkout,
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	return status, stdout.String() + stderr.String()
}

// shallowCheckout has an app in a repository without history.
func shallowCheckout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := git.PlainInit(dir, false); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "package.json", `{"scripts":{"start":"node ."}}`)
	return dir
}

func githubJob(t *testing.T, api string) forgeJob {
	t.Helper()
	dir, checkout := t.TempDir(), shallowCheckout(t)
	write(t, dir, "event.json", fmt.Sprintf(`{"number":7,"pull_request":{"head":{"sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"sha":%q}},`+
		`"repository":{"full_name":"acme/shop","default_branch":"main"}}`, headCommit, baseCommit))
	return forgeJob{checkout, []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=" + api,
		"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_WORKSPACE=" + checkout, "GITHUB_RUN_NUMBER=1",
		"GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "INPUT_MODE=plan"}}
}

func gitlabJob(t *testing.T, api string) forgeJob {
	t.Helper()
	checkout := shallowCheckout(t)
	return forgeJob{checkout, []string{"GITLAB_CI=true", "CI_PIPELINE_SOURCE=merge_request_event", "CI_PROJECT_ID=99", "CI_PROJECT_PATH=acme/shop",
		"CI_MERGE_REQUEST_IID=7", "CI_MERGE_REQUEST_PROJECT_ID=99", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=99", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + baseCommit,
		"CI_COMMIT_SHA=" + headCommit, "CI_API_V4_URL=" + api, "CI_PROJECT_DIR=" + checkout, "CI_PIPELINE_IID=1", "NPX_MODE=plan"}}
}

// An openRequest is what both forges of [forges] can do, here for request 7.
type openRequest interface {
	Grant(secret string, token forges.Token)
	Open(number int, head string)
	Commit(hash string, files map[string]string)
	Comments(number int) []forges.Comment
	Requests() []string
}

// onEachForge runs a test with a job of each system.
func onEachForge(t *testing.T, test func(t *testing.T, request openRequest, job forgeJob, token string)) {
	t.Helper()
	prepare := func(r openRequest) {
		r.Grant("may-write", forges.Token{Account: "npx[bot]", Comment: true})
		r.Grant("may-read", forges.Token{Account: "npx[bot]"})
		r.Open(7, headCommit)
	}
	t.Run("GitHub", func(t *testing.T) {
		g := forges.NewGitHub(t, "acme/shop")
		prepare(g)
		test(t, g, githubJob(t, g.Serve()), "INPUT_TOKEN=")
	})
	t.Run("GitLab", func(t *testing.T) {
		g := forges.NewGitLab(t, "99")
		prepare(g)
		test(t, g, gitlabJob(t, g.Serve()), "NPX_TOKEN=")
	})
}

func TestAJobComparesWithABaseThatOnlyTheForgeHas(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		request.Commit(baseCommit, map[string]string{"package.json": `{}`, "Procfile": "web: run-of-the-base\n"})
		status, out := job.run(t, token+"may-write")
		if status != statusOK || strings.Contains(out, "no comparison") {
			t.Fatalf("status %d\n%s", status, out)
		}
		comments := request.Comments(7)
		if len(comments) != 1 || !strings.Contains(comments[0].Body, "run-of-the-base") {
			t.Errorf("comments: %+v", comments)
		}
	})
}

func TestAJobComments(t *testing.T) {
	onEachForge(t, func(t *testing.T, request openRequest, job forgeJob, token string) {
		prefix, _, _ := strings.Cut(token, "_")
		if status, out := job.run(t, token+"may-write", prefix+"_COMMENT=never"); status != statusOK || len(request.Comments(7)) != 0 {
			t.Errorf("comment is never: status %d, %+v\n%s", status, request.Comments(7), out)
		}
		if status, out := job.run(t); status != statusOK || len(request.Comments(7)) != 0 || !strings.Contains(out, "no token") {
			t.Errorf("no token: status %d, %+v\n%s", status, request.Comments(7), out)
		}
		if status, out := job.run(t, token+"may-read"); status != statusOK || !strings.Contains(out, "pull-requests: write") {
			t.Errorf("a token that may read: status %d\n%s", status, out)
		}
		if status, out := job.run(t, token+"expired"); status != statusOK || strings.Contains(strings.ReplaceAll(out, "::add-mask::expired", ""), "=expired") {
			t.Errorf("a token that is none: status %d\n%s", status, out)
		}
		status, out := job.run(t, token+"may-write")
		if comments := request.Comments(7); status != statusOK || len(comments) != 1 || !strings.Contains(comments[0].Body, "`node`") {
			t.Errorf("status %d, comments %+v\n%s", status, comments, out)
		}
	})
}
