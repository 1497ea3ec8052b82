package e2e

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

func TestPruneLeavesWhatABranchOrAnImageTagNeeds(t *testing.T) {
	own, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	repo := own.Host + "/e2e/prune"
	args := []string{"--tag", repo + ":1", "--push", "--cache-ref", repo + "/cache"}
	old, newest := build(t, shellApp(t, "echo one > one"), args...), build(t, shellApp(t, "echo two > two"), args...)
	if !old.Cache.Written || !newest.Cache.Written {
		t.Fatalf("%+v, %+v", old.Cache, newest.Cache)
	}
	for _, tt := range []struct{ repo, goes, stays string }{
		{repo + "/cache", "npx1-linux-amd64-" + old.Cache.Key, "npx1-linux-amd64-" + newest.Cache.Key},
		{repo, "npx1-c-linux-amd64-" + old.ContentKey, "npx1-c-linux-amd64-" + newest.ContentKey},
	} {
		for _, yes := range [][]string{nil, {"--yes"}} {
			r, err := program.Run(t.Context(), append([]string{"cache", "prune", tt.repo, "--keep-last", "0", "--keep-days", "0"}, yes...)...)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != 0 || !strings.Contains(r.Stdout, tt.goes) || strings.Contains(r.Stdout, tt.stays) {
				t.Errorf("status %d\n%s%s", r.Status, r.Stdout, r.Stderr)
			}
			if there := registrytest.Exists(t, tt.repo+":"+tt.goes); there != (yes == nil) {
				t.Errorf("with %q: %s is there: %v", yes, tt.goes, there)
			}
		}
	}
	complete(t, repo+":1")
	again := buildOn(t, newBuilder(t), shellApp(t, "echo two > two"), append(args, "--promote", "never")...)
	if ran := again.ran(); again.Cache.Hit != "exact" || len(ran) > 0 {
		t.Errorf("the newest cache is gone: %+v, these ran: %q", again.Cache, ran)
	}
}
