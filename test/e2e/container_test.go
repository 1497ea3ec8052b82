package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/forges"
	"github.com/org/npx-action/test/world"
)

const (
	released = "npx-action:released"
	goImage  = "npx-action-go:local"
	stateDir = "/var/lib/npx-action" // the image's volume
)

// TestTheContainerImage builds the Dockerfile as it is released, and runs the image as GitHub's runner does.
func TestTheContainerImage(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := docker{host}
	d.release(t)
	t.Run("a job builds, pushes and comments", func(t *testing.T) { testContainerJob(t, d) })
	t.Run("every event", func(t *testing.T) { testContainerEvents(t, d) })
	t.Run("what a killed job left is removed after it", func(t *testing.T) { testContainerAfterwards(t, d) })
	t.Run("without privileges it says what to do", func(t *testing.T) { testContainerWithoutPrivileges(t, d) })
}

func testContainerJob(t *testing.T, d docker) {
	f := newForge(t)
	r := newRunner(t, d, f)
	before := r.files(t)
	// A second container with the volumes of the first shows what the image's builder keeps where.
	d.run(t, "create", "--name", "holder", released)
	defer d.run(t, "rm", "--volumes", "holder")

	run := r.start(t, map[string]string{"push": "true"}, "--privileged", "--volumes-from", "holder")
	if run.Status != 0 {
		t.Fatalf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
	}
	if !registrytest.Exists(t, here.Registry+"/acme/boat:pr-7") {
		t.Error("the image was not pushed")
	}
	output := slurp(t, filepath.Join(r.temp, "_runner_file_commands", "output"))
	for _, want := range []string{"pushed", "digest", "tags", "plan", "comment-url", "cache-key"} {
		if !strings.Contains(output, want+"<<") {
			t.Errorf("output %s is missing:\n%s", want, output)
		}
	}
	if summary := slurp(t, filepath.Join(r.temp, "_runner_file_commands", "summary")); !strings.Contains(summary, "### Build plan") {
		t.Errorf("summary: %q", summary)
	}
	if c := theComment(t, f); !strings.Contains(c, "🔄 **") {
		t.Errorf("comment: %s", c)
	}
	if diff := cmp.Diff(append(before, "npx-plan.json"), r.files(t)); diff != "" {
		t.Errorf("files in the workspace (-want +got):\n%s", diff)
	}
	if state := d.run(t, "run", "--rm", "--volumes-from", "holder", "--entrypoint", "ls", released, stateDir+"/root"); !strings.Contains(state, "runc-overlayfs\n") {
		t.Errorf("the builder does not work on overlayfs; its state is %s", state)
	}
}

// testContainerAfterwards runs the program that action.yml names for after the job, which finds a container of the job and one of another.
func testContainerAfterwards(t *testing.T, d docker) {
	after := regexp.MustCompile(`post-entrypoint: (\S+)`).FindStringSubmatch(slurp(t, "../../action.yml"))
	if after == nil {
		t.Fatal("action.yml has no post-entrypoint")
	}
	for name, owner := range map[string]string{"left": "1/1//", "other": "2/1//"} {
		d.run(t, "create", "--name", name, "--label", "npx-action.run=x", "--label", "npx-action.owner="+owner, released)
	}
	defer d.run(t, "rm", "other")
	r := newRunner(t, d, newForge(t))
	run := r.start(t, nil, "--entrypoint", after[1])
	if names := d.run(t, "ps", "--all", "--format", "{{.Names}}"); run.Status != 0 || strings.Contains(names, "left\n") || !strings.Contains(names, "other\n") {
		t.Errorf("status %d, containers are %q\n%s", run.Status, names, run.Stderr)
	}
}

// Without the engine's socket, too, no builder can be started anywhere.
func testContainerWithoutPrivileges(t *testing.T, d docker) {
	r := newRunner(t, d, newForge(t))
	r.engine = false
	run := r.start(t, nil)
	_, message, _ := strings.Cut(run.Stdout, "::error::")
	message, _, _ = strings.Cut(message, "\n")
	if run.Status != 75 || !strings.HasPrefix(message, "no builder works here") || !strings.Contains(message, "npx-action doctor") ||
		!strings.Contains(run.Stderr, "the rights to mount and to make namespaces") {
		t.Errorf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
	}
	if n := strings.Count(message, "%0A"); n > 1 {
		t.Errorf("the message has %d lines:\n%s", n+1, message)
	}
	if strings.Contains(run.Stderr, "error: ") {
		t.Errorf("the error is told twice:\n%s", run.Stderr)
	}
}

// A runner has the directories of GitHub's runner.
type runner struct {
	docker docker
	work   string // the checkout, of a pull request that changes the plan
	temp   string
	api    string
	engine bool // whether the container gets the engine's socket

	event, ref, sha, repository string
}

func newRunner(t *testing.T, d docker, f *forges.GitHub) *runner {
	t.Helper()
	r := &runner{docker: d, work: shellApp(t, "echo built > made"), temp: t.TempDir(), api: f.Serve(), engine: true,
		event: "pull_request", ref: "refs/pull/7/merge", repository: "acme/shop"}
	repo, err := git.PlainInit(r.work, false)
	if err != nil {
		t.Fatal(err)
	}
	base := commitAll(t, repo)
	edit(t, filepath.Join(r.work, "nixpacks.toml"), "user = \"app\"\n")
	head := commitAll(t, repo)
	f.Open(7, head)
	r.sha = head
	write(t, r.temp, "_github_workflow/event.json", fmt.Sprintf(`{"number":7,"pull_request":{
		"head":{"ref":"feat","sha":%q,"repo":{"full_name":"acme/shop"}},"base":{"sha":%q}},
		"repository":{"full_name":"acme/shop","default_branch":"main"}}`, head, base))
	for _, dir := range []string{"_github_home", "_runner_file_commands"} {
		if err := os.Mkdir(filepath.Join(r.temp, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// The runner's user is not root.
	if err := os.Chown(r.work, 1001, 1001); err != nil {
		t.Fatal(err)
	}
	return r
}

// start runs the image in the way that the runner starts a container action, with options before the image's name.
func (r *runner) start(t *testing.T, inputs map[string]string, options ...string) world.Run {
	t.Helper()
	write(t, r.temp, "ca.pem", slurp(t, here.CABundle))
	write(t, r.temp, "catalogue.json", slurp(t, here.Catalogue))
	env := []string{"CI=true", "GITHUB_ACTIONS=true", "HOME=/github/home", "GITHUB_EVENT_NAME=" + r.event, "GITHUB_REF=" + r.ref, "GITHUB_SHA=" + r.sha,
		"GITHUB_EVENT_PATH=/github/workflow/event.json", "GITHUB_OUTPUT=/github/file_commands/output",
		"GITHUB_STEP_SUMMARY=/github/file_commands/summary", "GITHUB_WORKSPACE=/github/workspace", "GITHUB_REPOSITORY=" + r.repository,
		"GITHUB_API_URL=" + r.api, "GITHUB_SERVER_URL=https://forge.example", "GITHUB_RUN_ID=1", "GITHUB_RUN_NUMBER=1",
		"GITHUB_RUN_ATTEMPT=1", "GITHUB_ACTOR=ann", "RUNNER_TEMP=/github/runner_temp",
		"INPUT_TOKEN=the-token", "INPUT_IMAGES=" + here.Registry + "/Acme/Boat", "INPUT_NIX-MIRROR=" + here.NixMirror,
		"INPUT_REGISTRY-MIRROR=ghcr.io=" + here.Registry + "\ndocker.io=" + here.Registry, "INPUT_CA-CERTIFICATES=/github/runner_temp/ca.pem",
		"INPUT_CATALOGUE=/github/runner_temp/catalogue.json"}
	for name, value := range inputs {
		env = append(env, "INPUT_"+strings.ToUpper(name)+"="+value)
	}
	args := []string{"run", "--rm", "--network", "host", "--workdir", "/github/workspace"}
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		args = append(args, "-e", name)
	}
	if r.engine {
		args = append(args, "-v", strings.TrimPrefix(r.docker.host, "unix://")+":/var/run/docker.sock")
	}
	for _, mount := range []string{
		r.temp + ":/github/runner_temp", r.temp + "/_github_home:/github/home", r.temp + "/_github_workflow:/github/workflow",
		r.temp + "/_runner_file_commands:/github/file_commands", r.work + ":/github/workspace"} {
		args = append(args, "-v", mount)
	}
	cmd := r.docker.command(t, append(append(args, options...), released)...)
	cmd.Env = append(cmd.Env, env...)
	run, err := world.Finish(cmd)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// files lists the workspace, without git's own.
func (r *runner) files(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(r.work), ".", func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() && name == ".git" {
			return fs.SkipDir
		}
		if !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// docker is the engine's client.
type docker struct{ host string }

func (d docker) command(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), dockerCLI, append([]string{"--host", d.host}, args...)...)
	cmd.Env = append(os.Environ(), "DOCKER_BUILDKIT=1", "BUILDX_BUILDER=default")
	return cmd
}

// run returns the standard output of a command that must succeed.
func (d docker) run(t *testing.T, args ...string) string {
	t.Helper()
	r, err := world.Finish(d.command(t, args...))
	if err != nil || r.Status != 0 {
		t.Fatalf("docker %s: %v, status %d\n%s\n%s", args[0], err, r.Status, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// release makes the target image on stand-ins for the images that the Dockerfile starts from, unless a test has done so before.
func (d docker) release(t *testing.T) {
	t.Helper()
	if d.run(t, "images", "--quiet", released) != "" {
		return
	}
	d.run(t, "pull", "--quiet", here.RunImage)
	d.goImage(t)
	cmd := exec.CommandContext(t.Context(), "make", "--no-print-directory", "image", "IMAGE="+released,
		"IMAGE_FLAGS=--network host --build-arg GO_IMAGE="+goImage+" --build-arg BASE_IMAGE="+here.RunImage)
	cmd.Env = append(withoutMake(), "DOCKER_HOST="+d.host, "DOCKER_BUILDKIT=1", "BUILDX_BUILDER=default",
		"PATH="+filepath.Dir(dockerCLI)+":"+os.Getenv("PATH"))
	output(t, filepath.Join("..", ".."), cmd)
}

// goDockerfile is the stand-in for Docker Hub's golang: this machine's Go, the modules as a proxy's files, and what this
// machine has compiled, which spares minutes.
const goDockerfile = `FROM %s
COPY %s /usr/local/go
COPY cache/download /modules
COPY %s /compiled
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOPROXY=file:///modules GOSUMDB=off GOTOOLCHAIN=local GOCACHE=/compiled
`

func (d docker) goImage(t *testing.T) {
	t.Helper()
	env := goEnv(t)
	root, modules, compiled := env["GOROOT"], env["GOMODCACHE"], here.CompilerCache()
	dir := t.TempDir()
	write(t, dir, "Dockerfile", fmt.Sprintf(goDockerfile, here.RunImage, filepath.Base(root), filepath.Base(compiled)))
	args := []string{"--create", "-C", dir, "Dockerfile", "-C", filepath.Dir(compiled), filepath.Base(compiled), "-C", filepath.Dir(root)}
	for _, name := range []string{"VERSION", "bin", "go.env", "lib", "pkg", "src"} {
		args = append(args, filepath.Join(filepath.Base(root), name))
	}
	args = append(args, "-C", modules)
	var files []string
	for _, module := range []string{".", "internal/buildkitd", ".github/release/runc"} {
		files = append(files, moduleFiles(t, modules, filepath.Join("..", "..", module))...)
	}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		name, err := filepath.Rel(modules, file)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	tar := exec.CommandContext(t.Context(), "tar", args...)
	var stderr bytes.Buffer
	tar.Stderr = &stderr
	archive, err := tar.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tar.Start(); err != nil {
		t.Fatal(err)
	}
	build := d.command(t, "build", "-t", goImage, "-")
	build.Stdin = archive
	r, err := world.Finish(build)
	_ = archive.Close() // ends tar, if the build has ended before it
	if werr := tar.Wait(); err != nil || werr != nil || r.Status != 0 {
		t.Fatalf("building %s: %v, %v, status %d\n%s\n%s", goImage, err, werr, r.Status, r.Stderr, &stderr)
	}
}

func goEnv(t *testing.T) map[string]string {
	t.Helper()
	var env map[string]string
	decode(t, &env, "env", "-json", "GOROOT", "GOMODCACHE")
	return env
}

// moduleFiles are what a proxy would be asked for: the modules, and the go.mod files of others that lead to their choice.
func moduleFiles(t *testing.T, cache, module string) []string {
	t.Helper()
	download := exec.CommandContext(t.Context(), "go", "mod", "download", "-json")
	download.Dir = module
	out, err := download.Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var m struct{ Info, Zip string }
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		files = append(files, m.Info, m.Zip)
	}
	err = filepath.WalkDir(filepath.Join(cache, "cache", "download"), func(name string, _ fs.DirEntry, err error) error {
		if filepath.Ext(name) == ".mod" {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(name string) bool { return name == "" })
}

func decode(t *testing.T, to any, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if err == nil {
		err = json.Unmarshal(out, to)
	}
	if err != nil {
		t.Fatalf("go %s: %v", args[0], err)
	}
}
