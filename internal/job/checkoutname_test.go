package job

import (
	"testing"

	"github.com/org/npx-action/internal/apptest"
)

// Whoever may push a tag may call it as a branch of origin is called in full.
func TestATagThatIsCalledAsABranchOfOriginIsNone(t *testing.T) {
	c := newClone(t)
	c.Commit("package.json", apptest.NodeApp("20"))
	c.Git("checkout", "-q", "-b", "feature")
	head := c.Commit("evil.js", "1")
	c.Git("tag", "refs/remotes/origin/main")
	for _, ref := range []string{"v9", "refs/remotes/origin/main"} {
		j, _ := c.job("push", "refs/tags/"+ref, head, mainPayload)
		if j.onDefaultBranch() {
			t.Errorf("the commit of the tag %s is on the default branch", ref)
		}
	}
}

// The repository names where a submodule comes from, so the branches there are those of a stranger.
func TestARefOfASubmoduleIsNotTrusted(t *testing.T) {
	lib, c := newClone(t), newClone(t)
	lib.Commit("package.json", apptest.NodeApp("20"))
	base := c.Commit("README", "x")
	c.Git("checkout", "-q", "-b", "feature")
	c.Git("submodule", "add", "-q", "-b", "main", lib.Dir, "app")
	c.Commit("more", "x")
	standing := func() string {
		j, _ := c.job("repository_dispatch", "refs/heads/main", base, mainPayload, "INPUT_CONTEXT=app", "INPUT_TRUST-REF=main")
		j, _ = j.compareHead()
		return j.Event.Standing()
	}
	if got := standing(); got != "foreign" {
		t.Errorf("a submodule of an untrusted commit is %s", got)
	}
	c.Git("-C", "app", "commit", "-q", "--allow-empty", "-m", "newer")
	c.Git("-C", "app", "update-ref", "refs/remotes/origin/main", "HEAD")
	if got := standing(); got != "foreign" {
		t.Errorf("a submodule at another commit is %s", got)
	}
}
