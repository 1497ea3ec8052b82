package job

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/test/forges"
)

// TestATagIsPushedIfATrustedBranchHasItsCommit has what actions/checkout leaves for a tag: one commit, without a branch.
func TestATagIsPushedIfATrustedBranchHasItsCommit(t *testing.T) {
	c := newClone(t)
	sha := c.Commit("package.json", apptest.NodeApp("22"))
	c.Git("checkout", "-q", "--detach")
	c.Git("branch", "-q", "-D", "main")
	c.Git("tag", "v1")
	forge := func(branch string, protected bool) *forges.GitHub {
		f := forges.NewGitHub(t, "acme/shop")
		f.Grant("the-token", forges.Token{Account: "github-actions[bot]"})
		f.Branch(branch, protected, sha, "newer")
		if branch != "main" {
			f.Branch("main", false, "other")
		}
		return f
	}
	other, release := forge("feat", false), forge("release/1", true)
	other.Branch("root", false, sha)
	for name, tt := range map[string]struct {
		forge    *forges.GitHub
		token    string
		standing string
		said     string
	}{
		"the default branch":  {forge("main", false), "the-token", "trusted", ""},
		"a protected branch":  {release, "the-token", "trusted", ""},
		"a branch of anybody": {other, "the-token", "branch", ""},
		"a token that may not read": {forge("main", false), "expired", "branch",
			"give the token contents: read, check out with fetch-depth: 0, or protect the tag by a ruleset"},
	} {
		t.Run(name, func(t *testing.T) {
			j, out := c.job("push", "refs/tags/v1", sha, mainPayload, "INPUT_MODE=build", "INPUT_TOKEN="+tt.token, "GITHUB_API_URL="+tt.forge.Serve())
			j, _ = j.compareHead()
			_, j.archive = openForge(j.Job, nil)
			j = j.settleTag(t.Context())
			if got := j.Event.Standing(); got != tt.standing || (tt.said == "") != (out.Len() == 0) || !strings.Contains(out.String(), tt.said) {
				t.Errorf("%s: %s\n%s", got, j.Event.TagDoubt, out)
			}
		})
	}

	// A clone with the history need not ask.
	c.Git("update-ref", "refs/remotes/origin/main", sha)
	j, out := c.job("push", "refs/tags/v1", sha, mainPayload, "INPUT_MODE=build")
	j, _ = j.compareHead()
	if j = j.settleTag(t.Context()); j.Event.Standing() != "trusted" || out.Len() > 0 {
		t.Errorf("a clone that has the branch: %s\n%s", j.Event.Standing(), out)
	}
}

func TestAJobOfGitLabAsksWithItsOwnTokenForTheBranchesOfATag(t *testing.T) {
	c := newClone(t)
	sha := c.Commit("package.json", apptest.NodeApp("22"))
	c.Git("checkout", "-q", "--detach")
	c.Git("branch", "-q", "-D", "main")
	f := forges.NewGitLab(t, "99")
	f.Grant("of-the-job", forges.Token{Account: "ann", Job: true})
	f.Branch("main", true, sha)
	api := f.Serve()
	for token, want := range map[string]string{"of-the-job": "trusted", "": "branch"} {
		j, err := World{Dir: c.Dir, Stdout: t.Output(), Stderr: t.Output(), Environ: []string{"GITLAB_CI=true", "CI_PIPELINE_SOURCE=push",
			"CI_COMMIT_TAG=v1", "CI_COMMIT_SHA=" + sha, "CI_DEFAULT_BRANCH=main", "CI_PROJECT_ID=99", "CI_API_V4_URL=" + api, "CI_PROJECT_DIR=" + c.Dir,
			"CI_JOB_TOKEN=" + token}}.Read()
		if err != nil {
			t.Fatal(err)
		}
		j, _ = j.compareHead()
		_, j.archive = openForge(j.Job, nil)
		if j = j.settleTag(t.Context()); j.Event.Standing() != want {
			t.Errorf("token %q: %s, %s", token, j.Event.Standing(), j.Event.TagDoubt)
		}
	}
}
