package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// TestTwoBuildsOfACommitAtOnce runs two jobs on builders of their own that write the same image and the same cache.
func TestTwoBuildsOfACommitAtOnce(t *testing.T) {
	dir := commandsApp(t, "echo built > made", "cat made")
	ref, cache := here.Registry+"/e2e/twins:1", here.Registry+"/e2e/twins/cache"
	type outcome struct {
		metadata
		run world.Run
	}
	var outcomes [2]outcome
	t.Run("at once", func(t *testing.T) {
		for i, builder := range []string{newBuilder(t), newBuilder(t)} {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				m, r := tryBuild(t, builder, dir, "--tag", ref, "--push", "--reproducible", "--cache-ref", cache)
				outcomes[i] = outcome{m, r}
			})
		}
	})
	first, second := outcomes[0], outcomes[1]
	for _, o := range outcomes {
		if o.run.Status != 0 || strings.Contains(o.run.Stderr, "warning") {
			t.Errorf("status %d\n%s", o.run.Status, o.run.Stderr)
		}
	}
	if first.Digest == "" || first.Digest != second.Digest {
		t.Errorf("digests are %s and %s", first.Digest, second.Digest)
	}
	third := buildOn(t, newBuilder(t), dir, "--tag", ref, "--push", "--reproducible", "--cache-ref", cache, "--promote", "never")
	if third.Digest != first.Digest || third.Cache.Hit != "exact" || len(third.ran()) > 0 {
		t.Errorf("the next build has digest %s, cache %q, and ran %q", third.Digest, third.Cache.Hit, third.ran())
	}
}
