package job

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/org/npx-action/internal/apptest"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
)

// TestABranchesTagDoesNotGoBackToAnOlderCommit has the run of an older commit come last.
func TestABranchesTagDoesNotGoBackToAnOlderCommit(t *testing.T) {
	c := newClone(t)
	older := c.Commit("package.json", apptest.NodeApp("22"))
	newer := c.Commit("x", "")
	other := strings.Repeat("3", 40)
	host := registrytest.Serve(t, nil)
	holds := func(tag, revision string) string {
		config := v1.Config{Labels: map[string]string{build.OCILabel + "revision": revision}}
		img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "amd64", Config: config})
		if err != nil {
			t.Fatal(err)
		}
		registrytest.Write(t, host+"/shop:"+tag, img)
		return host + "/shop:" + tag
	}
	none, odd := host+"/shop:none", holds("odd", "../../x")
	unrelated := holds("unrelated", other)
	forge := forges.NewGitHub(t, "acme/shop")
	forge.Grant("the-token", forges.Token{Account: "github-actions[bot]"})
	forge.Branch("main", false, older, newer, strings.Repeat("4", 40))
	api := forge.Serve()
	for name, tt := range map[string]struct {
		sha, event, ref, holds string
		kept                   bool
	}{
		"a newer commit":              {older, "push", "refs/heads/main", newer, false},
		"one that only the forge has": {older, "push", "refs/heads/main", strings.Repeat("4", 40), false},
		"an older commit":             {newer, "push", "refs/heads/main", older, true},
		"the same commit":             {newer, "schedule", "refs/heads/main", newer, true},
		"by hand":                     {older, "workflow_dispatch", "refs/heads/main", newer, false},
		"a release":                   {older, "push", "refs/tags/v1", newer, true},
		"a commit that nobody knows":  {older, "push", "refs/heads/main", other, true},
	} {
		t.Run(name, func(t *testing.T) {
			j, out := c.job(tt.event, tt.ref, tt.sha, mainPayload, "INPUT_TOKEN=the-token", "GITHUB_API_URL="+api)
			_, j.archive = openForge(j.Job, nil)
			client := &registry.Client{Pause: time.Nanosecond}
			_, _, why := j.holdBack(t.Context(), client, []string{holds("main", tt.holds)}, "linux/amd64")
			if (why == "") != tt.kept || tt.kept != (out.Len() == 0) {
				t.Errorf("not pushed because %q\n%s", why, out)
			}
			_, left, why := j.holdBack(t.Context(), client, []string{none, holds("main", tt.holds), odd, unrelated}, "linux/amd64")
			if why != "" || slices.Contains(left, host+"/shop:main") != tt.kept || !slices.Contains(left, none) {
				t.Errorf("pushed to %q, %q", left, why)
			}
		})
	}
}

func TestAWorktreeIsACheckoutLikeOthers(t *testing.T) {
	c := newClone(t)
	head := c.Commit("package.json", apptest.NodeApp("22"))
	tree := filepath.Join(t.TempDir(), "tree")
	c.Git("worktree", "add", "-q", "--detach", tree, head)
	c.Commit("x", "")
	j, _ := jobIn(t, tree, "push", "refs/heads/main", head, mainPayload)
	if j, ok := j.compareHead(); !ok || j.Event.Standing() != "trusted" {
		t.Errorf("%t, %s", ok, j.Event.Doubt)
	}
}
