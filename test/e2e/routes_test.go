package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// TestRoutes builds by every route that goes through a Docker engine. That has no containerd image store.
func TestRoutes(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := docker{host}
	standInBuilder(t, d)
	t.Run("doctor finds them", d.testDoctor)
	t.Run("a container of its own", d.testOwnContainer)
	t.Run("a container of its own that is stopped", func(t *testing.T) { d.testOwnContainerEnds(t, syscall.SIGINT, 1) })
	t.Run("a container of its own that is orphaned", func(t *testing.T) { d.testOwnContainerEnds(t, syscall.SIGKILL, -1) })
	t.Run("a builder of buildx", d.testBuildx)
	t.Run("the engine itself", d.testEngine)
}

const builderImage = "moby/buildkit:buildx-stable-1"

// standInBuilder makes the engine have BuildKit's image: the same programs at the version of this module, and what they need.
func standInBuilder(t *testing.T, d docker) {
	t.Helper()
	root := t.TempDir()
	bin := filepath.Join(root, "usr", "bin")
	for _, dir := range []string{bin, filepath.Join(root, "tmp"), filepath.Join(root, "etc"), filepath.Join(root, "run")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), name, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return string(out)
	}
	if err := here.CompileBuildKit(t.Context(), bin, "buildkitd", "buildctl"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sh", "cat", "runc"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		command("cp", "--dereference", path, filepath.Join(bin, name))
		for _, word := range strings.Fields(command("ldd", path)) {
			if strings.HasPrefix(word, "/") {
				command("cp", "--dereference", "--parents", word, root)
			}
		}
	}
	if _, err := os.Lstat(filepath.Join(root, "bin")); err != nil {
		command("ln", "-s", "usr/bin", filepath.Join(root, "bin"))
	}
	files := command("tar", "--create", "-C", root, ".")
	imported := d.command(t, "import", "-", builderImage)
	imported.Stdin = strings.NewReader(files)
	if r, err := world.Finish(imported); err != nil || r.Status != 0 {
		t.Fatalf("importing: %v, status %d\n%s", err, r.Status, r.Stderr)
	}
}

// left checks that what ran is gone.
func (d docker) left(t *testing.T, volumes string) {
	t.Helper()
	if left := d.run(t, "ps", "--all", "--quiet", "--filter", "label=npx-action.run"); left != "" {
		t.Errorf("containers are left: %s", left)
	}
	if left := d.run(t, "volume", "ls", "--quiet"); left != volumes {
		t.Errorf("volumes before %q, afterwards %q", volumes, left)
	}
}

func (d docker) volumes(t *testing.T) string { return d.run(t, "volume", "ls", "--quiet") }

func (d docker) testDoctor(t *testing.T) {
	volumes := d.volumes(t)
	r, err := program.Run(t.Context(), "doctor", "--format", "json", "--docker-host", d.host, "--builder-dir", newBuilder(t))
	if err != nil || r.Status != 0 {
		t.Fatalf("%v, status %d\n%s", err, r.Status, r.Stderr)
	}
	var found struct {
		Routes []struct {
			Route, Version, Snapshotter string
			Available                   bool
			Platforms                   []string
		}
	}
	if err := json.Unmarshal([]byte(r.Stdout), &found); err != nil {
		t.Fatal(err)
	}
	var works []string
	for _, f := range found.Routes {
		if f.Available {
			works = append(works, f.Route)
			if f.Version == "" || !slices.Contains(f.Platforms, "linux/amd64") {
				t.Errorf("%+v", f)
			}
		}
	}
	if !slices.Equal(works, []string{"embedded", "container", "engine"}) {
		t.Errorf("%q work:\n%s", works, r.Stdout)
	}
	d.left(t, volumes)
}

// printed is what the program of a printingApp prints.
const printed = "built"

func printingApp(t *testing.T) string { return commandsApp(t, "echo "+printed+" > made", "cat made") }

// buildBy builds an app by a route, and returns the digest of what was pushed. The program prints built.
func (d docker) buildBy(t *testing.T, dir, built string, says []string, args ...string) string {
	t.Helper()
	ref := here.Registry + "/e2e/route-" + strings.ToLower(filepath.Base(t.Name())) + ":1"
	m, r := tryBuild(t, shared, dir, append([]string{"--docker-host", d.host, "--tag", ref, "--push"}, args...)...)
	for _, text := range says {
		if r.Status != 0 || !strings.Contains(r.Stderr, text) {
			t.Fatalf("status %d, or it does not say %q\n%s", r.Status, text, r.Stderr)
		}
	}
	if m.Digest == "" || !registrytest.Exists(t, strings.TrimSuffix(ref, ":1")+"@"+m.Digest) {
		t.Errorf("%s is not there by the digest %q", ref, m.Digest)
	}
	d.run(t, "pull", "--quiet", ref)
	if out := d.run(t, "run", "--rm", "--network", "host", ref); !strings.Contains(out, built) {
		t.Errorf("the image says %q", out)
	}
	return m.Digest
}

func (d docker) testOwnContainer(t *testing.T) {
	volumes := d.volumes(t)
	d.buildBy(t, printingApp(t), printed, []string{"building in a container of its own, npx-action-"}, "--route", "container")
	d.left(t, volumes)
}

// testOwnContainerEnds ends the program by a signal while a step runs. The step is connected to the test, which so learns of its start and end.
func (d docker) testOwnContainerEnds(t *testing.T, signal syscall.Signal, status int) {
	volumes := d.volumes(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := shellApp(t, fmt.Sprintf("exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3", l.Addr().(*net.TCPAddr).Port))
	args := append([]string{"build", dir, "--route", "container", "--docker-host", d.host, "--output", "type=tar,dest=/dev/null"}, here.Options()...)
	cmd := program.Command(t.Context(), args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := l.(*net.TCPListener).SetDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("the step did not start: %v\n%s", err, &out)
	}
	defer conn.Close()
	id := strings.TrimSpace(d.run(t, "ps", "--quiet", "--filter", "label=npx-action.run"))
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Errorf("status %d\n%s", got, &out)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the step's connection: %v", err)
	}
	d.awaitRemoval(t, id)
	d.left(t, volumes)
}

// testBuildx builds on a builder of buildx by each way to it, and by the port at which it listens too.
func (d docker) testBuildx(t *testing.T) {
	const name = "buildx_buildkit_ci0"
	certificates, port := mutual(t), freePort(t)
	d.run(t, "run", "--detach", "--privileged", "--network", "host", "--name", name, "--volume", "/var/lib/buildkit",
		"--volume", certificates+":/certs:ro", builderImage, "buildkitd", "--oci-worker-net", "host",
		"--addr", "unix:///run/buildkit/buildkitd.sock", "--addr", port,
		"--tlscert", "/certs/cert.pem", "--tlskey", "/certs/key.pem", "--tlscacert", "/certs/cert.pem")
	defer d.run(t, "rm", "--force", "--volumes", name)
	first := d.buildBy(t, printingApp(t), printed, []string{"building on the buildx builder at docker-container://" + name}, "--route", "buildx")
	if second := d.buildBy(t, printingApp(t), printed, nil, "--buildkit-host", "docker-container://"+name); second != first {
		t.Errorf("digests are %s and %s", first, second)
	}
	if third := d.buildBy(t, printingApp(t), printed, nil, mutualOptions(port, certificates)...); third != first {
		t.Errorf("by TLS the digest is %s", third)
	}
	_, r := tryBuild(t, shared, printingApp(t), "--buildkit-host", port, "--buildkit-ca", filepath.Join(certificates, "cert.pem"), "--output", "type=tar,dest=/dev/null")
	if r.Status != 75 || !strings.Contains(r.Stderr, "connecting to the builder at "+port) {
		t.Errorf("without a certificate: status %d\n%s", r.Status, r.Stderr)
	}
}

// freePort is the address of a port of loopback that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "tcp://" + l.Addr().String()
}

// testEngine builds an app whose image is slim elsewhere, and whose packages and assets are merged.
func (d docker) testEngine(t *testing.T) {
	app := filepath.Join("..", "apps", "staticfile")
	d.buildBy(t, app, "/bin/nginx\n/assets/nginx.conf\n", []string{
		"on the BuildKit of the Docker engine at " + d.host, "warning: the image is full and not slim and without attestations",
	}, "--start-cmd", "command -v nginx; ls /assets/*", "--route", "engine", "--load", "--cache-ref", here.Registry+"/e2e/engine-cache")
	for want, options := range map[string][]string{
		"cannot make slim images":     {"--runtime", "slim", "--output", "type=tar,dest=/dev/null"},
		"cannot write the output oci": {"--output", "type=oci,dest=/dev/null"},
	} {
		_, r := tryBuild(t, shared, app, append([]string{"--docker-host", d.host, "--route", "engine"}, options...)...)
		if r.Status != 2 || !strings.Contains(r.Stderr, want) {
			t.Errorf("status %d\n%s", r.Status, r.Stderr)
		}
	}
}
