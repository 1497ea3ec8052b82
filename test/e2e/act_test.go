package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

// TestTheWorkflowOfTheReadme runs it unchanged in act, a runner of GitHub's workflows, for a pull request and for the default branch. The
// job has a Docker engine's socket and no privileges, as on GitHub's own runners.
func TestTheWorkflowOfTheReadme(t *testing.T) {
	a := newActRun(t)
	image := here.Registry + "/acme/act"

	a.checkout(t, "feat", a.head)
	log := a.run(t, "pull_request", 1, fmt.Sprintf(`{"action":"opened","number":7,"pull_request":{"number":7,
		"head":{"ref":"feat","sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"ref":"main","sha":%q}},
		"repository":{"full_name":"acme/shop","default_branch":"main"}}`, a.head, a.base))
	if c := theComment(t, a.forge); !strings.Contains(c, "**User added**") || !strings.Contains(c, "`app`") {
		t.Errorf("comment: %s", c)
	}
	if !strings.Contains(log, "push-skipped-reason=a pull request is built and not pushed") {
		t.Errorf("it does not say why nothing was pushed:\n%s", log)
	}
	if registrytest.Exists(t, image+":pr-7") {
		t.Error("the pull request has pushed")
	}

	a.forge.Requests()
	a.checkout(t, "main", a.head)
	a.run(t, "push", 2, fmt.Sprintf(`{"ref":"refs/heads/main","before":%q,"after":%q,"deleted":false,
		"repository":{"full_name":"acme/shop","default_branch":"main"}}`, a.base, a.head))
	if !registrytest.Exists(t, image+":main") {
		t.Error("the default branch has not pushed")
	}
	if asked := a.forge.Requests(); len(asked) != 0 {
		t.Errorf("a push asks the forge: %q", asked)
	}
}

// readmeFile returns the example of the README that begins with a file's name.
func readmeFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(example[1], "# "+name+"\n") {
			return example[1]
		}
	}
	t.Fatalf("README.md does not show %s", name)
	return ""
}

// An actRun is a repository with the README's workflow, and act to run it.
type actRun struct {
	repository
	program string
	docker  docker
	home    string // of act, with its caches
	forge   *forges.GitHub
	api     string
}

func newActRun(t *testing.T) *actRun {
	t.Helper()
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	program, err := world.GoProgram(t.Context(), "github.com/nektos/act@v0.2.89")
	if err != nil {
		t.Fatal(err)
	}
	a := &actRun{program: program, docker: docker{host}, home: t.TempDir(), forge: newForge(t)}
	a.api = a.forge.Serve()
	a.docker.release(t)
	a.repository = newRepository(t, "https://github.com/acme/shop", ".github/workflows/image.yml", readmeFile(t, ".github/workflows/image.yml"))
	a.forge.Open(7, a.head)
	// The action as it is in the repository of that name, for this world; its image is the one that the Dockerfile gives.
	action := slurp(t, "../../action.yml")
	for name, value := range map[string]string{
		"images": here.Registry + "/acme/act", "nix-mirror": here.NixMirror, "ca-certificates": ".git/ca.pem",
		"catalogue":       ".git/catalogue.json",
		"registry-mirror": "ghcr.io=" + here.Registry + "\ndocker.io=" + here.Registry,
	} {
		head, rest, declared := strings.Cut(action, "\n  "+name+":\n")
		if !declared {
			t.Fatalf("action.yml has no input %s", name)
		}
		action = fmt.Sprintf("%s\n  %s:\n    default: %q\n%s", head, name, value, rest)
	}
	write(t, a.home, "action/action.yml", action)
	a.docker.run(t, "tag", released, "act-org-npx-action-v1-dockeraction:latest")
	return a
}

// run runs the workflows of an event, which have to succeed, and returns the log.
func (a *actRun) run(t *testing.T, event string, number int, payload string) string {
	t.Helper()
	write(t, a.home, "event.json", payload)
	write(t, a.work, ".git/ca.pem", slurp(t, here.CABundle))
	write(t, a.work, ".git/catalogue.json", slurp(t, here.Catalogue))
	args := []string{event, "--eventpath", filepath.Join(a.home, "event.json"), "--platform", "ubuntu-latest=" + here.RunImage, "--pull=false",
		"--local-repository", "org/npx-action@v1=" + filepath.Join(a.home, "action"), "--secret", "GITHUB_TOKEN=the-token",
		"--container-daemon-socket", a.docker.host, "--actor", "ann"}
	for _, entry := range []string{"GITHUB_API_URL=" + a.api, fmt.Sprint("GITHUB_RUN_NUMBER=", number)} {
		args = append(args, "--env", entry)
	}
	cmd := exec.CommandContext(t.Context(), a.program, args...)
	cmd.Dir = a.work
	cmd.Env = append(os.Environ(), "HOME="+a.home, "XDG_CACHE_HOME="+filepath.Join(a.home, "cache"), "XDG_CONFIG_HOME="+a.home, "DOCKER_HOST="+a.docker.host)
	r, err := world.Finish(cmd)
	if err != nil || r.Status != 0 {
		t.Fatalf("%s: %v, status %d\n%s\n%s", event, err, r.Status, r.Stdout, r.Stderr)
	}
	if strings.Contains(r.Stdout+r.Stderr, "the-token") {
		t.Errorf("the token is printed:\n%s\n%s", r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// A repository has a pull request: a change of the plan on the branch feat.
type repository struct {
	work       string
	base, head string
}

// newRepository makes a repository with the file of a CI system.
func newRepository(t *testing.T, remote, name, text string) repository {
	t.Helper()
	r := repository{work: shellApp(t, "echo built > made")}
	repo, err := git.PlainInitWithOptions(r.work, &git.PlainInitOptions{InitOptions: git.InitOptions{DefaultBranch: plumbing.Main}})
	if err == nil {
		_, err = repo.CreateRemote(&config.RemoteConfig{Name: "origin", URLs: []string{remote}})
	}
	if err != nil {
		t.Fatal(err)
	}
	write(t, r.work, name, text)
	r.base = commitAll(t, repo)
	edit(t, filepath.Join(r.work, "nixpacks.toml"), "user = \"app\"\n")
	r.head = commitAll(t, repo)
	return r
}

// checkout moves a branch to a commit, and checks it out.
func (r repository) checkout(t *testing.T, branch, commit string) {
	t.Helper()
	repo, err := git.PlainOpen(r.work)
	if err != nil {
		t.Fatal(err)
	}
	name := plumbing.NewBranchReferenceName(branch)
	if err := repo.Storer.SetReference(plumbing.NewHashReference(name, plumbing.NewHash(commit))); err != nil {
		t.Fatal(err)
	}
	tree, err := repo.Worktree()
	if err == nil {
		err = tree.Checkout(&git.CheckoutOptions{Branch: name, Force: true})
	}
	if err != nil {
		t.Fatal(err)
	}
}
