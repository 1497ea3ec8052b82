package e2e

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

// newForge has a repository acme/shop with pull request 7, on which the token of jobs may comment.
func newForge(t *testing.T) *forges.GitHub {
	t.Helper()
	f := forges.NewGitHub(t, "acme/shop")
	f.Grant("the-token", forges.Token{Account: "github-actions[bot]", Comment: true})
	f.Open(7, "")
	return f
}

// theComment is the text of a pull request's only comment.
func theComment(t *testing.T, f *forges.GitHub) string {
	t.Helper()
	comments := f.Comments(7)
	if len(comments) != 1 {
		t.Fatalf("%d comments: %+v", len(comments), comments)
	}
	return comments[0].Body
}

// commitAll commits all files and returns the commit.
func commitAll(t *testing.T, repo *git.Repository) string {
	t.Helper()
	tree, err := repo.Worktree()
	if err == nil {
		err = tree.AddWithOptions(&git.AddOptions{All: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	hash, err := tree.Commit("change", &git.CommitOptions{Author: &object.Signature{Name: "a", Email: "a@example.com", When: time.Unix(0, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	return hash.String()
}

// A githubJob runs the container's entry point as GitHub's runner does.
type githubJob struct {
	dir  string // the runner's files
	work string // the checkout
	api  string
	run  int

	builder    string // its state; "" is the shared one
	repository string // "" is acme/shop
}

func (j *githubJob) start(t *testing.T, event, ref, payload string, inputs map[string]string) (world.Run, string, string) {
	t.Helper()
	j.run++
	write(t, j.dir, "event.json", payload)
	output, summary := filepath.Join(j.dir, fmt.Sprintf("output-%d", j.run)), filepath.Join(j.dir, fmt.Sprintf("summary-%d", j.run))
	cmd := program.Command(t.Context())
	cmd.Env = append(cmd.Env, "CI=true", "NPX_BUILDER_DIR="+cmp.Or(j.builder, shared), "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME="+event, "GITHUB_REF="+ref,
		"GITHUB_EVENT_PATH="+filepath.Join(j.dir, "event.json"), "GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+summary,
		"GITHUB_WORKSPACE="+j.work, "GITHUB_REPOSITORY="+cmp.Or(j.repository, "acme/shop"), "GITHUB_API_URL="+j.api, "GITHUB_SERVER_URL=https://forge.example",
		"GITHUB_RUN_ID=1", fmt.Sprintf("GITHUB_RUN_NUMBER=%d", j.run), "GITHUB_RUN_ATTEMPT=1", "GITHUB_ACTOR=ann",
		"INPUT_TOKEN=the-token", "INPUT_IMAGES="+here.Registry+"/Acme/Shop", "INPUT_NIX-MIRROR="+here.NixMirror,
		"INPUT_REGISTRY-MIRROR=ghcr.io="+here.Registry+"\ndocker.io="+here.Registry, "INPUT_CA-CERTIFICATES="+here.CABundle, "INPUT_CATALOGUE="+here.Catalogue)
	if repo, err := git.PlainOpen(j.work); err == nil {
		head, err := repo.Head()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, "GITHUB_SHA="+head.Hash().String())
	}
	for name, value := range inputs {
		cmd.Env = append(cmd.Env, "INPUT_"+strings.ToUpper(name)+"="+value)
	}
	r, err := world.Finish(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(r.Stdout, "the-token") != strings.Count(r.Stdout, "::add-mask::the-token") || strings.Contains(r.Stderr, "the-token") {
		t.Errorf("the token is printed:\n%s\n%s", r.Stdout, r.Stderr)
	}
	return r, slurp(t, output), slurp(t, summary)
}

func slurp(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

func TestAGitHubJobCommentsOnAPullRequestAndPushesAfterTheMerge(t *testing.T) {
	f := newForge(t)
	work := shellApp(t, "echo built > made")
	repo, err := git.PlainInit(work, false)
	if err != nil {
		t.Fatal(err)
	}
	base := commitAll(t, repo)
	edit(t, filepath.Join(work, "nixpacks.toml"), "user = \"app\"\n")
	head := commitAll(t, repo)
	f.Open(7, head)
	job := &githubJob{dir: t.TempDir(), work: work, api: f.Serve()}
	image := here.Registry + "/acme/shop"
	repository := `"repository":{"full_name":"acme/shop","default_branch":"main"}`
	pull := fmt.Sprintf(`{"number":7,"pull_request":{"head":{"ref":"feat","sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"sha":%q}},%s}`, head, base, repository)

	r, output, summary := job.start(t, "pull_request", "refs/pull/7/merge", pull, nil)
	if r.Status != 0 {
		t.Fatalf("pull request: status %d\n%s\n%s", r.Status, r.Stdout, r.Stderr)
	}
	if c := theComment(t, f); !strings.Contains(c, "🔄 **User added**\n") || !strings.Contains(c, "added `app`") {
		t.Errorf("comment: %s", c)
	}
	if !strings.Contains(summary, "### Build plan") || !strings.Contains(summary, "Not pushed: a pull request is built and not pushed; set push: true.") {
		t.Errorf("summary: %q", summary)
	}
	for _, want := range []string{"plan-changed", "push-skipped-reason", "digest", "comment-url", "cache-hit"} {
		if !strings.Contains(output, want+"<<") {
			t.Errorf("output %s is missing:\n%s", want, output)
		}
	}
	if registrytest.Exists(t, image+":pr-7") {
		t.Error("a pull request has pushed")
	}

	edit(t, filepath.Join(work, "nixpacks.toml"), "# a comment\n")
	if r, _, _ := job.start(t, "pull_request", "refs/pull/7/merge", pull, map[string]string{"mode": "plan"}); r.Status != 0 {
		t.Fatalf("second run: status %d\n%s\n%s", r.Status, r.Stdout, r.Stderr)
	}
	if c := theComment(t, f); !strings.Contains(strings.ToLower(c), "not built: mode is plan") {
		t.Errorf("comment of the second run: %s", c)
	}

	f.Requests()
	r, output, _ = job.start(t, "push", "refs/heads/main", `{"before":"`+base+`",`+repository+`}`, nil)
	if r.Status != 0 || !strings.Contains(output, "\ntrue\n") {
		t.Fatalf("push: status %d\n%s\n%s\n%s", r.Status, r.Stdout, r.Stderr, output)
	}
	if !registrytest.Exists(t, image+":main") {
		t.Error("the default branch has not pushed")
	}
	if got := described(t, image+":main", "org.opencontainers.image.version"); got != [2]string{"main", "main"} {
		t.Errorf("version in label and annotation: %q", got)
	}
	if asked := f.Requests(); len(asked) != 0 {
		t.Errorf("a push asks the forge: %q", asked)
	}

	fork := strings.Replace(pull, `"repo":{"full_name":"acme/shop"}`, `"repo":{"full_name":"mallory/shop"}`, 1)
	r, _, _ = job.start(t, "pull_request_target", "refs/heads/main", fork, map[string]string{"push": "true"})
	if r.Status != 0 || !strings.Contains(strings.ToLower(theComment(t, f)), "not built") || registrytest.Exists(t, image+":pr-7") {
		t.Errorf("pull_request_target: status %d\n%s", r.Status, theComment(t, f))
	}
}

func TestAGitHubJobThatFailsSaysWhy(t *testing.T) {
	work := shellApp(t, "echo ::error::forged; exit 3")
	job := &githubJob{dir: t.TempDir(), work: work, api: "http://127.0.0.1:1"}
	r, _, summary := job.start(t, "push", "refs/heads/main", `{"repository":{"full_name":"acme/shop","default_branch":"main"}}`, nil)
	if r.Status != 1 || !strings.Contains(summary, "**The build failed in install** after") || !strings.Contains(r.Stdout, "\n::error::") {
		t.Errorf("status %d\n%s\n%s\nsummary: %s", r.Status, r.Stdout, r.Stderr, summary)
	}
	for line := range strings.Lines(r.Stdout) {
		if strings.HasPrefix(line, "::error::forged") {
			t.Error("a build step has written a command")
		}
	}
}
