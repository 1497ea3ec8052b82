//go:build world

package builder_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/moby/buildkit/client/llb"

	"github.com/org/npx-action/internal/builder"
	machine "github.com/org/npx-action/test/world"
)

const parentVariable = "BUILDER_TEST_PARENT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentVariable); dir != "" {
		parent(dir)
		return
	}
	if dir := os.Getenv(rootlessVariable); dir != "" {
		rootless(dir)
		return
	}
	if socket := os.Getenv(dialVariable); socket != "" {
		dialStdio(socket)
		return
	}
	code := m.Run()
	if world.conn != nil {
		world.conn.Close()
	}
	if world.dir != "" {
		os.RemoveAll(world.dir)
	}
	if world.binary != "" {
		os.RemoveAll(filepath.Dir(world.binary))
	}
	os.Exit(code)
}

// world is what most tests share: a running daemon and the program that its steps run.
var world struct {
	once   sync.Once
	conn   *builder.Conn
	dir    string // of the program
	binary string // of the daemon
	err    error
}

func setUp() {
	world.dir, world.err = os.MkdirTemp("", "builder-test-*")
	if world.err != nil {
		return
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(world.dir, "step"), "./testdata/step")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		world.err = fmt.Errorf("compiling the step: %w\n%s", err, out)
		return
	}
	daemon, err := os.MkdirTemp("", "builder-test-*") // apart from the program, whose directory is a context
	if err != nil {
		world.err = err
		return
	}
	ctx := context.Background()
	if world.err = machine.Install(ctx, machine.Options{}, "runc", "rootlesskit", "newuidmap", "iptables", "/usr/lib/cni/bridge"); world.err != nil {
		return
	}
	if world.err = machine.CompileBuildKit(ctx, machine.Options{}, daemon, "buildkitd"); world.err != nil {
		return
	}
	world.binary = filepath.Join(daemon, "buildkitd")
	if world.err = os.Setenv("PATH", daemon+":"+os.Getenv("PATH")); world.err != nil { // for the processes that tests start
		return
	}
	world.conn, world.err = builder.Connect(ctx, builder.Options{Embedded: builder.Embedded{Binary: world.binary}})
}

// shared returns the daemon that all tests use which do not stop it. These tests need root, Debian and the go command.
func shared(t *testing.T) *builder.Conn {
	t.Helper()
	world.once.Do(setUp)
	if world.err != nil {
		t.Fatal(world.err)
	}
	return world.conn
}

// own starts a daemon for one test.
func own(t *testing.T, o builder.Options) *builder.Conn {
	t.Helper()
	shared(t)
	o.Embedded.Binary = world.binary
	c, err := builder.Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// step is a file system with the program /step, and the context that holds it.
func step() (llb.State, map[string]builder.Context) {
	files := llb.Local("tools", llb.WithCustomName("load tools"))
	base := llb.Scratch().File(llb.Copy(files, "/step", "/step"), llb.WithCustomName("base"))
	return base, map[string]builder.Context{"tools": {Dir: world.dir}}
}

// program is step, once it has been compiled.
func program(t *testing.T) (llb.State, map[string]builder.Context) {
	t.Helper()
	shared(t)
	return step()
}

func run(base llb.State, name string, args ...string) llb.State {
	return base.Run(llb.Args(append([]string{"/step"}, args...)), llb.WithCustomName(name)).Root()
}

func solve(t *testing.T, c *builder.Conn, req builder.Request) builder.Result {
	t.Helper()
	r, err := c.Solve(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// content reads a file of an image.
func content(t *testing.T, img v1.Image, path string) string {
	t.Helper()
	return fromTar(t, mutate.Extract(img), path)
}
