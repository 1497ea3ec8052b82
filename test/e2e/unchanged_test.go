package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
)

// TestAPullRequestThatChangesNothing takes a second, and starts no builder, where the app stays as it is; with another file of the app, all
// steps but the copies come from the cache.
func TestAPullRequestThatChangesNothing(t *testing.T) {
	f := newForge(t)
	work := app(t, "node")
	repo, err := git.PlainInit(work, false)
	if err != nil {
		t.Fatal(err)
	}
	base := commitAll(t, repo)
	job := &githubJob{dir: t.TempDir(), work: work, api: f.Serve(), builder: newBuilder(t)}
	const repository = `"repository":{"full_name":"acme/shop","default_branch":"main"}`
	inputs := map[string]string{"images": here.Registry + "/e2e/unchanged"}
	start := func(event, ref, payload string) (output string) {
		t.Helper()
		began := time.Now()
		r, output, _ := job.start(t, event, ref, payload, inputs)
		if r.Status != 0 {
			t.Fatalf("status %d\n%s\n%s", r.Status, r.Stdout, r.Stderr)
		}
		t.Logf("%s: %.1f s", event, time.Since(began).Seconds())
		return output
	}
	start("push", "refs/heads/main", "{"+repository+"}")

	pull := func(head string) string {
		f.Open(7, head)
		return fmt.Sprintf(`{"number":7,"pull_request":{"head":{"ref":"feat","sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"sha":%q}},%s}`, head, base, repository)
	}
	job.builder = newBuilder(t)
	output := start("pull_request", "refs/pull/7/merge", pull(base))
	if used, err := os.ReadDir(job.builder); err != nil || len(used) > 0 {
		t.Errorf("a builder was started: %v, %v", used, err)
	}
	if c := theComment(t, f); outputValue(output, "promoted") != "true" || outputValue(output, "pushed") != "false" || !strings.Contains(c, "does not change") {
		t.Errorf("outputs\n%s\ncomment %s", output, c)
	}

	write(t, work, "NOTES.md", "# Notes\n")
	output = start("pull_request", "refs/pull/7/merge", pull(commitAll(t, repo)))
	if c := theComment(t, f); outputValue(output, "cache-hit") != "exact" || outputValue(output, "promoted") != "false" || !strings.Contains(c, "does not change") {
		t.Errorf("outputs\n%s\ncomment %s", output, c)
	}
}
