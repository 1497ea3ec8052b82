package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

// TestThePipelineOfTheReadme runs it unchanged in gitlab-ci-local, a runner of GitLab's pipelines, for a merge request and for the default
// branch: the component comes from a project of its own with a release, and its job runs on a privileged runner.
func TestThePipelineOfTheReadme(t *testing.T) {
	p := newPipelines(t)
	image := here.Registry + "/acme/lab"

	p.checkout(t, "feat", p.head)
	p.run(t, 1, "CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_IID=7", "CI_MERGE_REQUEST_PROJECT_ID=99",
		"CI_MERGE_REQUEST_SOURCE_PROJECT_ID=99", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=feat", "CI_MERGE_REQUEST_DIFF_BASE_SHA="+p.base)
	notes := p.forge.Comments(7)
	if len(notes) != 1 || !strings.Contains(notes[0].Body, "`app`") || !strings.Contains(notes[0].Body, "**User added**") {
		t.Errorf("notes: %+v", notes)
	}
	if registrytest.Exists(t, image+":pr-7") {
		t.Error("the merge request has pushed")
	}
	artifacts := filepath.Join(p.work, ".gitlab-ci-local", "artifacts", "npx")
	if plan := slurp(t, filepath.Join(artifacts, "npx-plan.md")); !strings.Contains(plan, "`app`") {
		t.Errorf("the artifact of the plan: %q", plan)
	}
	if env := slurp(t, filepath.Join(artifacts, ".gitlab-ci-reports", "dotenv", "npx.env")); !strings.Contains(env, "NPXOUT_PUSHED=false\n") || !strings.Contains(env, "NPXOUT_PUSH_SKIPPED_REASON=") {
		t.Errorf("the dotenv report: %q", env)
	}

	p.forge.Requests()
	p.checkout(t, "main", p.head)
	p.run(t, 2, "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA="+p.base)
	if !registrytest.Exists(t, image+":main") {
		t.Error("the default branch has not pushed")
	}
	if asked := p.forge.Requests(); len(asked) != 0 {
		t.Errorf("a push asks the forge: %q", asked)
	}
}

// TestWhenThePipelineOfTheReadmeRuns asks gitlab-ci-local for the jobs of each event.
func TestWhenThePipelineOfTheReadmeRuns(t *testing.T) {
	p := newPipelines(t)
	request := []string{"CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_IID=7"}
	for name, tt := range map[string]struct {
		branch    string
		variables []string
		want      bool
	}{
		"default branch":                         {"main", nil, true},
		"default branch with a merge request":    {"main", []string{"CI_OPEN_MERGE_REQUESTS=acme/shop!8"}, true},
		"schedule":                               {"main", []string{"CI_PIPELINE_SOURCE=schedule"}, true},
		"another branch":                         {"feat", nil, false},
		"another branch with a merge request":    {"feat", []string{"CI_OPEN_MERGE_REQUESTS=acme/shop!7"}, false},
		"merge request":                          {"feat", request, true},
		"merge train":                            {"feat", append(request, "CI_MERGE_REQUEST_EVENT_TYPE=merge_train"), true},
		"tag":                                    {"", []string{"CI_COMMIT_TAG=v1.0.0"}, true},
		"protected branch":                       {"feat", []string{"CI_COMMIT_REF_PROTECTED=true"}, true},
		"protected branch with a merge request":  {"feat", []string{"CI_COMMIT_REF_PROTECTED=true", "CI_OPEN_MERGE_REQUESTS=acme/shop!7"}, false},
		"by hand on a protected branch with one": {"feat", []string{"CI_PIPELINE_SOURCE=web", "CI_COMMIT_REF_PROTECTED=true", "CI_OPEN_MERGE_REQUESTS=acme/shop!7"}, true},
	} {
		p.checkout(t, "feat", p.head)
		if tt.branch == "main" {
			p.checkout(t, "main", p.base)
		}
		args := []string{"--list-csv", "--json-schema-validation=false"}
		if tt.branch == "" || len(tt.variables) > 0 && tt.variables[0] == request[0] {
			args = append(args, "--unset-variable", "CI_COMMIT_BRANCH")
		}
		for _, v := range tt.variables {
			args = append(args, "--variable", v)
		}
		list := p.ask(t, args...)
		if got := strings.Contains(list, "\nnpx;"); got != tt.want {
			t.Errorf("%s: runs %t\n%s", name, got, list)
		}
	}
}

// A pipelines is a project with the README's pipeline, and gitlab-ci-local to run it.
type pipelines struct {
	repository
	program   string
	docker    docker
	component string // git's configuration, by which the component's project is a directory
	forge     *forges.GitLab
	api       string
}

func newPipelines(t *testing.T) *pipelines {
	t.Helper()
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	program, err := world.NodeProgram(t.Context(), "gitlab-ci-local@4.63.0", "rsync", "git")
	if err != nil {
		t.Fatal(err)
	}
	p := &pipelines{program: program, docker: docker{host}, forge: forges.NewGitLab(t, "99")}
	p.api = p.forge.Serve()
	p.repository = newRepository(t, "git@gitlab.example:acme/shop.git", ".gitlab-ci.yml", readmeFile(t, ".gitlab-ci.yml"))
	p.forge.Grant("the-token", forges.Token{Account: "project_99_bot", Comment: true})
	p.forge.Open(7, p.head)
	p.component = publishComponent(t)
	return p
}

// publishComponent makes the component's project of the folder that a release pushes, with the tag of a release.
func publishComponent(t *testing.T) (gitConfig string) {
	t.Helper()
	dir := t.TempDir()
	project := filepath.Join(dir, "npx")
	if err := os.CopyFS(project, os.DirFS("../../gitlab")); err != nil {
		t.Fatal(err)
	}
	repo, err := git.PlainInit(project, false)
	if err != nil {
		t.Fatal(err)
	}
	commit := commitAll(t, repo)
	if _, err := repo.CreateTag("1.0.0", plumbing.NewHash(commit), nil); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "gitconfig", fmt.Sprintf(`[user]
	name = ann
	email = ann@example.com
[url "file://%s"]
	insteadOf = ssh://git@gitlab.example:22/org/npx.git
	insteadOf = git@gitlab.example:org/npx
`, project))
	return filepath.Join(dir, "gitconfig")
}

// run runs the pipeline, which has to succeed, with variables as GitLab sets them. A merge request's has no branch.
func (p *pipelines) run(t *testing.T, number int, variables ...string) {
	t.Helper()
	p.docker.release(t)
	p.docker.run(t, "tag", released, "ghcr.io/org/npx-action:1")
	write(t, filepath.Dir(p.component), "ca.pem", slurp(t, here.CABundle))
	write(t, filepath.Dir(p.component), "catalogue.json", slurp(t, here.Catalogue))
	args := []string{"--pull-policy", "if-not-present", "--helper-image", p.helper(t), "--privileged", "--network", "host",
		"--volume", filepath.Dir(p.component) + ":/world:ro"}
	if strings.Contains(variables[0], "merge_request") {
		args = append(args, "--unset-variable", "CI_COMMIT_BRANCH")
	}
	for _, v := range append(variables, "GITLAB_CI=true", "CI_PROJECT_ID=99", "CI_PROJECT_PATH=acme/shop", "CI_API_V4_URL="+p.api, fmt.Sprint("CI_PIPELINE_IID=", number),
		"CI_DEFAULT_BRANCH=main", "CI_REGISTRY_IMAGE="+here.Registry+"/acme/lab", "NPX_TOKEN=the-token", "NPX_NIX_MIRROR="+here.NixMirror,
		"NPX_REGISTRY_MIRROR=ghcr.io="+here.Registry+"\ndocker.io="+here.Registry, "NPX_CA_CERTIFICATES=/world/ca.pem", "NPX_CATALOGUE=/world/catalogue.json") {
		args = append(args, "--variable", v)
	}
	log := p.ask(t, args...)
	if strings.Contains(log, "the-token") {
		t.Errorf("the token is printed:\n%s", log)
	}
}

// helper makes the image by which gitlab-ci-local copies files.
func (p *pipelines) helper(t *testing.T) string {
	t.Helper()
	const name = "gitlab-helper:e2e"
	if p.docker.run(t, "images", "--quiet", name) == "" {
		dir := t.TempDir()
		write(t, dir, "Dockerfile", "FROM "+here.RunImage+"\nRUN apt-get update -q && apt-get install -qy --no-install-recommends rsync\n")
		p.docker.run(t, "build", "--network", "host", "-t", name, dir)
	}
	return name
}

// ask runs gitlab-ci-local and returns what it prints.
func (p *pipelines) ask(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.program, append([]string{"--home", t.TempDir(), "--color=false"}, args...)...)
	cmd.Dir = p.work
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+p.docker.host, "GIT_CONFIG_GLOBAL="+p.component, "GIT_CONFIG_NOSYSTEM=1", "HOME="+filepath.Dir(p.component))
	r, err := world.Finish(cmd)
	if err != nil || r.Status != 0 {
		t.Fatalf("%q: %v, status %d\n%s\n%s", args, err, r.Status, r.Stdout, r.Stderr)
	}
	return r.Stdout + r.Stderr
}
