//go:build world

package builder_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/moby/buildkit/client/llb"
	"golang.org/x/sys/unix"

	"github.com/org/npx-action/internal/builder"
)

// holding starts a build with a step that never ends, and returns when it runs. The channel gets the build's error.
func holding(ctx context.Context, c *builder.Conn, def *llb.Definition, contexts map[string]builder.Context, id string) <-chan error {
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := c.Solve(ctx, builder.Request{Definition: def, Contexts: contexts, Progress: builder.Progress{Writer: w, Mode: "plain"}})
		ended <- err
		w.Close()
	}()
	for s := bufio.NewScanner(r); s.Scan(); {
		if strings.Contains(s.Text(), "holding "+id) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return ended
}

// processes returns those whose command line holds all of the words.
func processes(t *testing.T, words ...string) []int {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var out []int
next:
	for _, dir := range dirs {
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil {
			continue
		}
		for _, w := range words {
			if !bytes.Contains(line, []byte(w)) {
				continue next
			}
		}
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pid)
	}
	return out
}

// awaitEnd waits for processes that need not be our children.
func awaitEnd(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		fd, err := unix.PidfdOpen(pid, 0)
		if errors.Is(err, unix.ESRCH) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 30_000)
		unix.Close(fd)
		if n != 1 || err != nil {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}
}

func mounted(t *testing.T, below string) bool {
	t.Helper()
	data, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte(below))
}

func gone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", path, err)
	}
}

func TestACancelledBuildLeavesNothing(t *testing.T) {
	c := own(t, builder.Options{})
	base, contexts := program(t)
	id := fmt.Sprintf("cancel-%d", os.Getpid())
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := holding(ctx, c, marshal(t, run(base, "hold", "hold", id)), contexts, id)
	steps := processes(t, "/step", "hold", id)
	if len(steps) == 0 {
		t.Fatal("the step does not run")
	}
	stopped := errors.New("stopped by the user")
	cancel(stopped)
	if err := <-ended; !errors.Is(err, stopped) {
		t.Errorf("error is %v", err)
	}
	awaitEnd(t, steps...)
	pid, dir, _ := c.Daemon()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	awaitEnd(t, pid)
	gone(t, dir)
	if mounted(t, dir) {
		t.Error("a mount is left")
	}
}

func TestClosingEndsARunningStep(t *testing.T) {
	for name, grace := range map[string]time.Duration{"in order": 0, "by force": time.Nanosecond} {
		t.Run(name, func(t *testing.T) {
			c := own(t, builder.Options{Embedded: builder.Embedded{Grace: grace}})
			base, contexts := program(t)
			id := fmt.Sprintf("close-%d-%d", os.Getpid(), grace)
			ended := holding(t.Context(), c, marshal(t, run(base, "hold", "hold", id)), contexts, id)
			steps := processes(t, "/step", "hold", id)
			if len(steps) == 0 {
				t.Fatal("the step does not run")
			}
			pid, dir, _ := c.Daemon()
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if err := <-ended; err == nil {
				t.Error("the build has no error")
			}
			awaitEnd(t, append(steps, pid)...)
			gone(t, dir)
		})
	}
}

func TestADaemonThatDiesIsTold(t *testing.T) {
	c := own(t, builder.Options{})
	base, contexts := program(t)
	id := fmt.Sprintf("die-%d", os.Getpid())
	ended := holding(t.Context(), c, marshal(t, run(base, "hold", "hold", id)), contexts, id)
	steps := processes(t, "/step", "hold", id)
	pid, _, _ := c.Daemon()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	err := <-ended
	if down, ok := errors.AsType[*builder.UnreachableError](err); !ok || down.ExitStatus() != 75 || len(down.Log) == 0 {
		t.Errorf("error is %v", err)
	}
	c.Close()
	awaitEnd(t, steps...)
}

// parent is the program that TestKilledParent kills: it starts a daemon and a build, says so, and waits for its end.
func parent(tools string) {
	world.dir = tools
	c, err := builder.Connect(context.Background(), builder.Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	base, contexts := step()
	def, err := run(base, "hold", "hold", "parent").Marshal(context.Background(), llb.LinuxAmd64)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	ended := holding(context.Background(), c, def, contexts, "parent")
	pid, dir, _ := c.Daemon()
	fmt.Println("pid", pid, dir)
	fmt.Println("error", <-ended)
}

func TestNothingOutlivesAKilledParent(t *testing.T) {
	shared(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(cmd.Environ(), parentVariable+"="+world.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	var pid int
	var dir string
	if _, scanErr := fmt.Sscanf(line, "pid %d %s", &pid, &dir); err != nil || scanErr != nil {
		t.Fatalf("the parent says %q: %v", line, err)
	}
	steps := processes(t, "/step", "hold", "parent")
	if len(steps) == 0 {
		t.Fatal("the step does not run")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	awaitEnd(t, append(steps, pid)...)
	if mounted(t, dir) {
		t.Error("a mount is left")
	}
	// The next start removes the files.
	own(t, builder.Options{})
	gone(t, dir)
}

func TestAStateThatIsInUse(t *testing.T) {
	dir := t.TempDir()
	var notices atomic.Int32
	o := builder.Options{Embedded: builder.Embedded{Dir: dir}, Notice: func(s string) {
		if strings.Contains(s, dir) {
			notices.Add(1)
		}
	}}
	first := own(t, o)
	second := own(t, o)
	_, _, root := first.Daemon()
	if _, _, other := second.Daemon(); root != filepath.Join(dir, "root") || strings.HasPrefix(other, dir) || notices.Load() != 1 {
		t.Errorf("states are %s and %s after %d notices", root, other, notices.Load())
	}
	def := file(t, "/kept", "x")
	solve(t, first, builder.Request{Definition: def})
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	third := own(t, o)
	if _, _, again := third.Daemon(); again != root || notices.Load() != 1 {
		t.Errorf("the state is %s after %d notices", again, notices.Load())
	}
	if cached, total := solve(t, third, builder.Request{Definition: def}).Cached(); cached != 1 || total != 1 {
		t.Errorf("%d of %d steps are cached", cached, total)
	}
}

func TestConnectToARunningDaemon(t *testing.T) {
	c, err := builder.Connect(t.Context(), builder.Options{Host: shared(t).Info().Address})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Info().Embedded {
		t.Error("the daemon passes for our own")
	}
	solve(t, c, builder.Request{Definition: file(t, "/a", "a")})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	solve(t, shared(t), builder.Request{Definition: file(t, "/a", "a")})
}

func TestConnectErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	broken := filepath.Join(t.TempDir(), "buildkitd")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho cannot do it >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		o      builder.Options
		status int
		text   string
	}{
		"nobody listens":   {builder.Options{Host: "tcp://" + closed}, 75, "refused"},
		"no socket":        {builder.Options{Host: "unix:///absent/sock"}, 75, "no such file"},
		"no scheme":        {builder.Options{Host: "localhost:1234"}, 2, "tcp://host:port"},
		"no port":          {builder.Options{Host: "tcp://localhost"}, 2, "tcp://host:port"},
		"another scheme":   {builder.Options{Host: "npipe://x"}, 2, "not supported"},
		"a user":           {builder.Options{Host: "tcp://u:hunter2@h:1"}, 2, "has a user"},
		"half a pair":      {builder.Options{Host: "tcp://h:1", TLS: builder.TLS{Cert: "c"}}, 2, "needs its key"},
		"no such file":     {builder.Options{Host: "tcp://h:1", TLS: builder.TLS{CA: "/absent"}}, 2, "/absent"},
		"no such program":  {builder.Options{Embedded: builder.Embedded{Binary: "/absent"}}, 2, "/absent"},
		"a broken program": {builder.Options{Route: "embedded", Embedded: builder.Embedded{Binary: broken}}, 75, "cannot do it"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.Timeout = time.Second
			_, err := builder.Connect(t.Context(), tt.o)
			var status interface{ ExitStatus() int }
			if !errors.As(err, &status) || status.ExitStatus() != tt.status || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error is %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error holds a password: %v", err)
			}
		})
	}
}

func TestConnectEndsWithItsContext(t *testing.T) {
	shared(t)
	slow := filepath.Join(t.TempDir(), "buildkitd")
	pipe := filepath.Join(t.TempDir(), "started")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(slow, []byte("#!/bin/sh\necho >"+pipe+"\nsleep 600\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := builder.Connect(ctx, builder.Options{Embedded: builder.Embedded{Binary: slow}})
		ended <- err
	}()
	if _, err := os.ReadFile(pipe); err != nil {
		t.Fatal(err)
	}
	pids := processes(t, slow)
	if len(pids) == 0 {
		t.Fatal("the program does not run")
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	awaitEnd(t, pids...)
}

// Daemons that start at the same moment would take the default socket from each other, and one of them would stop.
func TestADaemonListensInItsOwnDirectoryOnly(t *testing.T) {
	c := own(t, builder.Options{})
	pid, dir, _ := c.Daemon()
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, fd := range fds {
		if target, err := os.Readlink(fd); err == nil {
			open[target] = true
		}
	}
	sockets, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/unix", pid))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(sockets)) {
		f := strings.Fields(line) // the last two are the inode and, if it was bound to one, the path
		if len(f) != 8 || !open["socket:["+f[6]+"]"] {
			continue
		}
		n++
		if filepath.Dir(f[7]) != dir {
			t.Errorf("it listens on %s", f[7])
		}
	}
	if n == 0 {
		t.Error("no socket was found")
	}
}
