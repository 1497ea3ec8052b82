package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// TestABuilderBesideTheContainer runs the image as GitHub's runner does: without privileges, with the engine's socket.
func TestABuilderBesideTheContainer(t *testing.T) {
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := docker{host}
	d.release(t)
	for name, test := range map[string]func(*testing.T, docker){
		"builds, pushes and is gone":   testSiblingBuilds,
		"ends when the job is killed":  testSiblingEndsWithTheJob,
		"is gone when the build fails": testSiblingOfAFailure,
	} {
		t.Run(name, func(t *testing.T) {
			volumes := d.run(t, "volume", "ls", "--quiet")
			test(t, d)
			if left := d.run(t, "ps", "--all", "--quiet", "--filter", "label=npx-action.run"); left != "" {
				t.Errorf("containers are left: %s", left)
			}
			if left := d.run(t, "volume", "ls", "--quiet"); left != volumes {
				t.Errorf("volumes before %q, afterwards %q", volumes, left)
			}
		})
	}
}

func testSiblingBuilds(t *testing.T, d docker) {
	r := newRunner(t, d, newForge(t))
	run := r.start(t, map[string]string{"push": "true", "images": here.Registry + "/acme/raft"})
	if run.Status != 0 {
		t.Fatalf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
	}
	if !registrytest.Exists(t, here.Registry+"/acme/raft:pr-7") {
		t.Error("the image was not pushed")
	}
	if !strings.Contains(run.Stderr, "building in a container beside this one") {
		t.Errorf("the log does not tell where it builds:\n%s", run.Stderr)
	}
}

// The step is connected to the test, which so learns of its start and end. The job is killed: only the kernel and the engine clean up.
func testSiblingEndsWithTheJob(t *testing.T, d docker) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	connected := make(chan net.Conn, 1)
	go func() {
		if conn, err := l.Accept(); err == nil {
			connected <- conn
		}
	}()
	r := newRunner(t, d, newForge(t))
	ended := make(chan world.Run, 1)
	go func() {
		defer close(ended)
		step := fmt.Sprintf("exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3", l.Addr().(*net.TCPAddr).Port)
		ended <- r.start(t, map[string]string{"build-cmd": step}, "--name", "killed")
	}()
	select {
	case run := <-ended:
		t.Fatalf("the step did not start: status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
	case conn := <-connected:
		defer conn.Close()
		sibling := strings.TrimSpace(d.run(t, "ps", "--quiet", "--filter", "label=npx-action.run"))
		d.run(t, "kill", "killed")
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("the step's connection: %v", err)
		}
		d.awaitRemoval(t, sibling)
	}
	if run := <-ended; run.Status != 137 {
		t.Errorf("status %d\n%s", run.Status, run.Stderr)
	}
}

// awaitRemoval returns when the engine tells of a container's removal, which may be past.
func (d docker) awaitRemoval(t *testing.T, id string) {
	t.Helper()
	events := d.command(t, "events", "--since", "1", "--filter", "container="+id, "--filter", "event=destroy")
	out, err := events.StdoutPipe()
	if err == nil {
		err = events.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Errorf("container %s: %v", id, err)
	}
	_ = events.Process.Kill()
	_ = events.Wait()
}

func testSiblingOfAFailure(t *testing.T, d docker) {
	r := newRunner(t, d, newForge(t))
	run := r.start(t, map[string]string{"build-cmd": "exit 3"})
	if run.Status != 1 || !strings.Contains(run.Stdout, "exit status 3") {
		t.Errorf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
	}
}
