package builder

import (
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// A process is a running child, the first in a namespace of processes of its own.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and was reaped
	err  error         // of Wait, to be read after done
}

// sandboxed shows a command the processes of its own namespace, without which runc cannot work.
var sandboxed = fmt.Sprintf(`mount -t proc proc /proc || exit %d; exec "$@"`, notMounted)

// startProcess starts a program, with environment and output as in like, so that neither it nor a step that it runs can outlive us:
//   - the kernel kills it when we die, whatever kills us;
//   - it is the first process of its namespace, so that with it the kernel kills all the others, its steps;
//   - it has a mount namespace, so that what they mount goes away with them;
//   - it has a process group, so that an interrupt on the terminal reaches us alone and we stop it in order.
//
// runc needs the same rights for each step, so nothing more is asked of the machine.
func startProcess(like *exec.Cmd) (*process, error) {
	cmd := exec.Command("/bin/sh", append([]string{"-c", sandboxed, "sh", like.Path}, like.Args[1:]...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = like.Env, like.Stdout, like.Stderr
	return startChild(cmd, &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID, Unshareflags: syscall.CLONE_NEWNS})
}

// startUnprivileged is startProcess for a program that makes its namespaces itself.
func startUnprivileged(cmd *exec.Cmd) (*process, error) {
	return startChild(cmd, &syscall.SysProcAttr{})
}

func startChild(cmd *exec.Cmd, attr *syscall.SysProcAttr) (*process, error) {
	attr.Setpgid, attr.Pdeathsig = true, syscall.SIGKILL
	cmd.SysProcAttr = attr
	// Steps inherit the output; without this, Wait would last until the last of them is gone.
	cmd.WaitDelay = 2 * time.Second
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Pdeathsig is about the thread that forks, not the process: this one must live until the child has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) ended() <-chan struct{} { return p.done }

func (p *process) failure() error { return p.err }

// stop asks the process to end, and kills it if it has not after grace.
func (p *process) stop(grace time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.kill()
	}
}

// kill ends the process and all in its namespace.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}
