package job

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/plan"
)

// A clone is a repository that jobs check out.
type clone struct {
	*apptest.Clone
	t *testing.T
}

func newClone(t *testing.T) *clone {
	t.Helper()
	return &clone{apptest.NewClone(t), t}
}

// job reads the job of an event with a payload, in the clone.
func (c *clone) job(event, ref, sha, payload string, extra ...string) (Job, *bytes.Buffer) {
	c.t.Helper()
	return jobIn(c.t, c.Dir, event, ref, sha, payload, extra...)
}

// jobIn is the job of an event in a checkout.
func jobIn(t *testing.T, checkout, event, ref, sha, payload string, extra ...string) (Job, *bytes.Buffer) {
	t.Helper()
	dir, out := t.TempDir(), &bytes.Buffer{}
	apptest.Write(t, dir, "event.json", payload)
	j, err := World{Dir: checkout, Stdout: out, Stderr: out, Platform: "linux/amd64", Environ: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" + event, "GITHUB_REF=" + ref, "GITHUB_SHA=" + sha, "GITHUB_REPOSITORY=acme/shop",
		"GITHUB_EVENT_PATH=" + filepath.Join(dir, "event.json"), "GITHUB_WORKSPACE=" + checkout, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "INPUT_MODE=plan"}, extra...)}.Read()
	if err != nil {
		t.Fatal(err)
	}
	return j, out
}

const mainPayload = `{"repository":{"full_name":"acme/shop","default_branch":"main"}}`

func pullPayload(head, base string) string {
	return fmt.Sprintf(`{"number":7,"pull_request":{"head":{"ref":"feat","sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"ref":"main","sha":%q}},`+
		`"repository":{"full_name":"acme/shop","default_branch":"main"}}`, head, base)
}

func TestTheStandingFollowsWhatIsCheckedOut(t *testing.T) {
	c := newClone(t)
	first := c.Commit("package.json", apptest.NodeApp("22"))
	c.Git("tag", "-a", "-m", "v1", "v1")
	second := c.Commit("x", "")
	c.Git("update-ref", "refs/remotes/origin/rel/1", first)
	c.Git("checkout", "-q", "-b", "rel/1", first)
	c.Git("branch", "local", first)
	for _, tt := range []struct {
		event, sha, trust string
		standing, ref     string
	}{
		{"push", first, "", "trusted", "refs/heads/main"},
		{"push", second, "", "foreign", "refs/heads/rel/1"},
		{"repository_dispatch", second, "", "foreign", "refs/heads/rel/1"},
		{"repository_dispatch", second, "rel/1", "trusted", "refs/heads/rel/1"},
		{"repository_dispatch", second, "refs/heads/rel/1", "trusted", "refs/heads/rel/1"},
		{"repository_dispatch", second, "v1", "trusted", "refs/tags/v1"},
		{"repository_dispatch", second, "refs/heads/v1", "foreign", "refs/heads/rel/1"},
		{"repository_dispatch", second, "local", "foreign", "refs/heads/rel/1"},
		{"repository_dispatch", second, "main", "foreign", "refs/heads/rel/1"},
		{"repository_dispatch", second, first, "foreign", "refs/heads/rel/1"},
		{"workflow_run", first, "rel/1", "exposed", "refs/heads/main"},
	} {
		j, _ := c.job(tt.event, "refs/heads/main", tt.sha, mainPayload, "INPUT_TRUST-REF="+tt.trust)
		j, ok := j.compareHead()
		if e := j.Event; !ok || e.Standing() != tt.standing || e.Ref != tt.ref || e.SHA != first {
			t.Errorf("%s of %.7s, trust-ref %q: %t, %s, %s at %.7s; %s", tt.event, tt.sha, tt.trust, ok, e.Standing(), e.Ref, e.SHA, e.Doubt)
		}
	}
}

// TestATagIsNotTakenForABranch is about tags that somebody has called as branches, of a commit that is on none.
func TestATagIsNotTakenForABranch(t *testing.T) {
	c := newClone(t)
	first := c.Commit("package.json", apptest.NodeApp("22"))
	second := c.Commit("x", "")
	c.Git("update-ref", "refs/remotes/origin/rel/1", first)
	for _, name := range []string{"main", "rel/1"} {
		c.Git("tag", name)
		for trust, standing := range map[string]string{name: "foreign", "refs/heads/" + name: "foreign", "refs/tags/" + name: "trusted"} {
			j, _ := c.job("repository_dispatch", "refs/heads/main", first, mainPayload, "INPUT_TRUST-REF="+trust)
			j, _ = j.compareHead()
			if e := j.Event; e.SHA != second || e.Standing() != standing {
				t.Errorf("trust-ref %s: %s, %s at %.7s", trust, e.Standing(), e.Ref, e.SHA)
			}
		}
	}
}

func TestACheckoutInAnotherOneIsOfItsCommit(t *testing.T) {
	lib, c := newClone(t), newClone(t)
	lib.Commit("package.json", apptest.NodeApp("20"))
	c.Git("submodule", "add", "-q", lib.Dir, "lib")
	head := c.Commit("package.json", apptest.NodeApp("22"))
	standing := func(context string) (string, string) {
		j, _ := c.job("push", "refs/heads/main", head, mainPayload, "INPUT_CONTEXT="+context)
		j, _ = j.compareHead()
		return j.Event.Standing(), j.Event.Doubt
	}
	if got, why := standing("lib"); got != "trusted" {
		t.Errorf("a submodule is %s: %s", got, why)
	}
	c.Git("-C", "lib", "commit", "-q", "--allow-empty", "-m", "newer")
	if got, why := standing("lib"); got != "foreign" || !strings.Contains(why, "the submodule lib is at commit") {
		t.Errorf("a submodule at another commit is %s: %s", got, why)
	}
	c.Git("clone", "-q", lib.Dir, "other")
	if got, why := standing("other"); got != "foreign" || !strings.Contains(why, "other is a checkout of its own") {
		t.Errorf("another clone is %s: %s", got, why)
	}
	if got, why := standing("."); got != "trusted" {
		t.Errorf("the checkout around it is %s: %s", got, why)
	}
	// actions/checkout with a path leaves the only clone below the workspace.
	j, _ := lib.job("push", "refs/heads/main", head, mainPayload, "INPUT_CONTEXT=repo", "GITHUB_WORKSPACE="+filepath.Dir(c.Dir))
	if err := os.Rename(c.Dir, filepath.Join(filepath.Dir(c.Dir), "repo")); err != nil {
		t.Fatal(err)
	}
	if j, ok := j.compareHead(); !ok || j.Event.Standing() != "trusted" {
		t.Errorf("a clone below the workspace: %t, %s", ok, j.Event.Doubt)
	}
}

func TestWithoutARepositoryTheEventDecides(t *testing.T) {
	dir := t.TempDir()
	apptest.Write(t, dir, "package.json", apptest.NodeApp("22"))
	j, out := jobIn(t, dir, "push", "refs/heads/main", strings.Repeat("1", 40), mainPayload)
	if err := j.run(t.Context()); err != nil || !strings.Contains(out.String(), "::notice::the checkout has no .git directory") {
		t.Errorf("%v\n%s", err, out)
	}
	if j, ok := j.compareHead(); ok || j.Event.Standing() != "trusted" {
		t.Errorf("%t, %s", ok, j.Event.Standing())
	}
}

// compared plans a pull request in the clone and returns the version of Node.js in the base's plan and in its own.
func (c *clone) compared(head, base string, extra ...string) string {
	c.t.Helper()
	j, out := c.job("pull_request", "refs/pull/7/merge", c.Git("rev-parse", "HEAD"), pullPayload(head, base), extra...)
	j, _ = j.compareHead()
	r, err := j.planAndBuild(c.t.Context())
	if err != nil {
		c.t.Fatalf("%v\n%s", err, out)
	}
	if r.Base == nil {
		return "no base: " + r.BaseError
	}
	return node(r.Base.Plan) + " " + node(r.Plan)
}

// node is the release of Node.js that a plan installs, by its line.
func node(p plan.Plan) string {
	name, _, _ := strings.Cut(strings.Join(p.Phases["setup"].Releases, ""), ".")
	return name
}

// TestAPullRequestIsComparedWithWhatItChanges has a branch that adds a file while the base goes from Node.js 20 to 22.
func TestAPullRequestIsComparedWithWhatItChanges(t *testing.T) {
	c := newClone(t)
	old := c.Commit("package.json", apptest.NodeApp("20"))
	c.Git("checkout", "-q", "-b", "feat")
	head := c.Commit("README", "")
	c.Git("checkout", "-q", "main")
	tip := c.Commit("package.json", apptest.NodeApp("22"))
	c.Git("merge", "-q", "--no-ff", "-m", "merge", "feat")
	if got := c.compared(head, old); got != "node@22 node@22" {
		t.Errorf("the merge, with a base that is older than its first parent: %s", got)
	}
	c.Git("checkout", "-q", head)
	if got := c.compared(head, tip); got != "node@20 node@20" {
		t.Errorf("the head, with a base that has moved on: %s", got)
	}
	if got := c.compared(head, tip, "INPUT_BASE-REF="+tip); got != "node@22 node@20" {
		t.Errorf("a base of the inputs: %s", got)
	}
	if got := c.compared(head, strings.Repeat("1", 40)); !strings.HasPrefix(got, "no base: ") {
		t.Errorf("a base that nobody knows: %s", got)
	}
}

func TestASubmoduleIsComparedWithWhatTheBaseRecords(t *testing.T) {
	lib, c := newClone(t), newClone(t)
	lib.Commit("package.json", apptest.NodeApp("20"))
	c.Git("submodule", "add", "-q", lib.Dir, "lib")
	base := c.Commit("package.json", apptest.NodeApp("18"))
	newer := lib.Commit("package.json", apptest.NodeApp("22"))
	c.Git("-C", "lib", "fetch", "-q", "origin", newer)
	c.Git("-C", "lib", "checkout", "-q", newer)
	head := c.Commit()
	if got := c.compared(head, base, "INPUT_CONTEXT=lib"); got != "node@20 node@22" {
		t.Errorf("a submodule: %s", got)
	}
	c.Git("checkout", "-q", "--orphan", "empty")
	c.Git("rm", "-q", "-r", "-f", "--cached", ".")
	c.Git("commit", "-q", "--allow-empty", "-m", "empty")
	empty := c.Git("rev-parse", "HEAD")
	c.Git("checkout", "-q", "-f", "--detach", head)
	if got := c.compared(head, empty, "INPUT_CONTEXT=lib"); !strings.HasPrefix(got, "no base: ") {
		t.Errorf("a base without the submodule: %s", got)
	}
}
