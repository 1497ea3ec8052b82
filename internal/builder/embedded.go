package builder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Embedded says how to start a daemon of our own. It needs root (or a user namespace's root), runc, and the programs sh and mount.
type Embedded struct {
	Dir    string        // where its state stays between runs, created if absent; "" is temporary. On overlayfs, as in most containers, builds are slow
	Binary string        // buildkitd; "" looks on PATH and next to our executable
	Grace  time.Duration // to stop by itself; 0 is 10 seconds
}

// A daemon is a buildkitd that we started.
type daemon struct {
	address string
	root    string // its state
	process running
	log     *tailBuffer
	grace   time.Duration
	state   *state // nil if its files are on another machine

	network    *stepNetwork // nil for the network of the host
	networkWhy string       // why
}

// A running program is a [*process] or a [*sibling].
type running interface {
	ended() <-chan struct{} // closed when it has ended
	failure() error         // why, once it has
	stop(grace time.Duration)
	kill()
}

func startDaemon(ctx context.Context, o Options) (*daemon, error) {
	if os.Geteuid() != 0 {
		return nil, &SetupError{Problem: "starting a builder needs root", Hint: "run as root (a container: with --privileged) or " + elsewhere}
	}
	runc := findBinary("buildkit-runc", "runc")
	if runc == "" {
		return nil, &SetupError{Problem: "starting a builder needs runc, which is not on PATH", Hint: "install runc (apt-get install runc) or " + elsewhere}
	}
	binary, err := findDaemon(o.Embedded.Binary)
	if err != nil {
		return nil, err
	}
	network, why := o.network()
	d, err := startWith(ctx, o, runc, binary, network, why)
	if err == nil || network == nil || o.RefuseShared || ctx.Err() != nil {
		return d, err
	}
	return startWith(ctx, o, runc, binary, nil, shortly(err))
}

// startWith starts a daemon whose steps have a network; without one, they use the host's for the reason why.
func startWith(ctx context.Context, o Options, runc, binary string, network *stepNetwork, why string) (*daemon, error) {
	st, err := openState(o.Embedded.Dir, runc, o.Notice)
	if err != nil {
		return nil, fmt.Errorf("preparing the builder's directory: %w", err)
	}
	d := &daemon{root: st.root, address: "unix://" + st.socket(), log: newTailBuffer(), state: st, grace: o.Embedded.Grace, network: network, networkWhy: why}
	if d.grace == 0 {
		d.grace = 10 * time.Second
	}
	if err := d.start(ctx, binary, o); err != nil {
		d.kill()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return d, nil
}

// elsewhere ends the hints about what a builder of our own lacks.
const elsewhere = "give the address of a running one, as --buildkit-host or in CI the input buildkit-host"

// notMounted is the exit status of the shell that could not mount what buildkitd needs.
const notMounted = 125

// noRights is about the kernel's refusal to give the daemon namespaces or mounts.
func noRights() error {
	return &SetupError{Problem: "starting a builder needs the rights to mount and to make namespaces, which this process has not",
		Hint: "run the container with --privileged or with Docker's socket, or " + elsewhere}
}

// notStarted is about a process that could not start. What only the kernel's refusal tells is that rights are missing.
func notStarted(problem string, err error) error {
	if errors.Is(err, os.ErrPermission) {
		return noRights()
	}
	return &SetupError{Problem: problem, Hint: "check the builder's program or " + elsewhere}
}

func (d *daemon) start(ctx context.Context, binary string, o Options) error {
	cmd := exec.Command(binary)
	if d.network != nil {
		if err := d.network.open(d.state.run); err != nil {
			return &SetupError{Problem: "giving the steps a network: " + err.Error(), Hint: elsewhere}
		}
	}
	if err := d.prepare(cmd, o); err != nil {
		return err
	}
	p, err := startProcess(cmd)
	if err != nil {
		return notStarted(fmt.Sprintf("starting %s: %v", binary, err), err)
	}
	d.process = p
	return d.listening(ctx, o.Timeout)
}

// prepare writes the daemon's files, and gives its command environment, output, and what comes last of its arguments.
func (d *daemon) prepare(cmd *exec.Cmd, o Options) error {
	config := filepath.Join(d.state.run, "buildkitd.toml")
	err := d.network.write(d.state.run, "", filepath.Join(d.state.run, "addresses"))
	if err == nil {
		err = os.WriteFile(config, configuration(d.root, d.state.socket(), d.state.persistent, o.Insecure, d.network), 0o600)
	}
	if err != nil {
		return fmt.Errorf("preparing the builder's directory: %w", err)
	}
	// The daemons of a machine have one default for the socket that traces go to: two that start at once take it from each other, and one of
	// them stops. In a container it stays the default, as each step gets it mounted, which cannot be done across containers.
	cmd.Args = append(cmd.Args, "--config", config, "--otel-socket-path", filepath.Join(d.state.run, "otel"))
	// What a killed daemon leaves in its temporary directory goes away with ours.
	tmp := filepath.Join(d.state.run, "tmp")
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return fmt.Errorf("preparing the builder's directory: %w", err)
	}
	cmd.Env = append(environment(o.Environ), "TMPDIR="+tmp)
	if len(o.CustomCA) > 0 {
		dir := filepath.Join(d.state.run, "ca")
		if err := writeBundle(dir, o.CustomCA); err != nil {
			return fmt.Errorf("preparing the builder's certificates: %w", err)
		}
		cmd.Env = trust(cmd.Env, dir)
	}
	cmd.Stderr = d.log
	if o.Log != nil {
		cmd.Stderr = io.MultiWriter(d.log, o.Log)
	}
	cmd.Stdout = cmd.Stderr
	return nil
}

// listening waits until the socket is there.
func (d *daemon) listening(ctx context.Context, timeout time.Duration) error {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Lstat(d.state.socket()); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-d.ended():
			err := d.process.failure()
			if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == notMounted {
				return noRights()
			}
			return &SetupError{Problem: fmt.Sprintf("the builder stopped while it started: %v", err), Log: d.tail()}
		case <-deadline.C:
			return &UnreachableError{Address: d.address, Embedded: true, Log: d.tail(), Err: errors.New("it does not listen in time")}
		case <-tick.C:
		}
	}
}

// ended is closed when the process has ended. It never is for a daemon that is not ours.
func (d *daemon) ended() <-chan struct{} {
	if d == nil || d.process == nil {
		return nil
	}
	return d.process.ended()
}

// hasEnded reports whether the process has ended. A connection that broke is a sign of it that comes before the news; late waits for
// that.
func (d *daemon) hasEnded(late bool) bool {
	if d == nil {
		return false
	}
	if late {
		select {
		case <-d.ended():
		case <-time.After(lastWords):
		}
	}
	select {
	case <-d.ended():
		return true
	default:
		return false
	}
}

// beside reports whether the daemon is in a container of its own.
func (d *daemon) beside() bool {
	if d == nil {
		return false
	}
	_, ok := d.process.(*sibling)
	return ok
}

func (d *daemon) tail() []string {
	if d == nil {
		return nil
	}
	return d.log.lines(20)
}

// stop ends the process, with what it runs, and removes its files, but for a persistent state.
func (d *daemon) stop() {
	if d.process != nil {
		d.process.stop(d.grace)
	}
	d.forget()
}

// kill is stop without waiting: there is no build to end in order.
func (d *daemon) kill() {
	if d.process != nil {
		d.process.kill()
	}
	d.forget()
}

// forget removes the files, if they are on this machine.
func (d *daemon) forget() {
	if d.state != nil {
		d.state.close()
	}
}

// writeBundle writes a directory that Go's certificate pool reads.
func writeBundle(dir string, bundle []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "custom.pem"), bundle, 0o600)
}

// trust adds a directory of certificates. buildkitd is a Go program: SSL_CERT_DIR adds to the system's bundle, while
// SSL_CERT_FILE would replace it.
func trust(env []string, dir string) []string {
	dirs := "/etc/ssl/certs:/etc/pki/tls/certs"
	for _, v := range env {
		if set, ok := strings.CutPrefix(v, "SSL_CERT_DIR="); ok && set != "" {
			dirs = set
		}
	}
	return append(env, "SSL_CERT_DIR="+dir+":"+dirs)
}

// environment is what the daemon needs from ours: not the job's tokens.
func environment(env []string) []string {
	keep := []string{"HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_RUNTIME_DIR",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"}
	var out []string
	path := ""
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if name == "PATH" {
			path = value + ":"
		}
		if slices.Contains(keep, name) {
			out = append(out, v)
		}
	}
	return append(out, "PATH="+path+strings.Join(systemDirs, ":"))
}
