package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// startTimeout is for a program to answer; stopTimeout for it to end by itself before it is killed.
const (
	startTimeout = time.Minute
	stopTimeout  = 20 * time.Second
)

// A process runs in the background, in a process group of its own, and is killed when this process dies.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

func startProcess(log io.Writer, cmd *exec.Cmd) (*process, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	cmd.Stdout, cmd.Stderr = log, log
	cmd.WaitDelay = time.Second
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel sends Pdeathsig when the thread that started the child ends, so the thread has to stay.
		runtime.LockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Args[0], err)
	}
	return p, nil
}

// ready waits until probe succeeds, and gives up when the process ends.
func (p *process) ready(ctx context.Context, probe func() error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ctx, exited := context.WithCancelCause(ctx)
	defer exited(nil)
	go func() {
		select {
		case <-p.done:
			exited(fmt.Errorf("%s ended: %v", p.cmd.Args[0], p.cmd.ProcessState))
		case <-ctx.Done():
		}
	}()
	if err := poll(ctx, 50*time.Millisecond, probe); err != nil {
		return fmt.Errorf("waiting for %s: %w", p.cmd.Args[0], err)
	}
	return nil
}

// stop asks the process to end, and kills its group if it does not.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(stopTimeout)
	defer timer.Stop()
	select {
	case <-p.done:
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		return nil
	case <-timer.C:
	}
	err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
	return errors.Join(fmt.Errorf("stopping %s: killed after %v", p.cmd.Args[0], stopTimeout), err)
}

// runCommand runs a command in the foreground and returns its standard output. It is killed with this process.
func runCommand(log io.Writer, cmd *exec.Cmd) (string, error) {
	var out strings.Builder
	cmd.Stdout = &out
	cmd.Stderr = log
	fmt.Fprintf(log, "+ %s\n", strings.Join(cmd.Args, " "))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("running %s: %w", strings.Join(cmd.Args, " "), err)
	}
	return strings.TrimSpace(out.String()), nil
}

// freePort finds a TCP port on loopback that nobody listens on at the moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
