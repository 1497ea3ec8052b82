package builder

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	docker "github.com/moby/moby/client"
)

const (
	// siblingLabel marks the containers that we start. Its value is random.
	siblingLabel = "npx-action.run"
	// ownerLabel has the owner of the options, if there is one.
	ownerLabel = "npx-action.owner"
	// siblingState is where such a container has a volume, which goes away with it.
	siblingState = "/var/lib/npx-action"
	// engineTimeout is for what an engine does at once.
	engineTimeout = time.Minute
)

// A sibling is a buildkitd in a container beside ours, of the same image, with the rights that ours lacks. It shares two
// namespaces with us:
//   - that of the network, so that the build reaches what the job reaches, as with a daemon in our own container;
//   - that of processes, so that the kernel kills it when our container's first process ends, whatever ends that, and so that it
//     sees our files as /proc/PID/root: its configuration is there, and there it makes its socket.
//
// So it listens on no port, which the steps of a build could reach, and its socket is in no file system of theirs. Neither is the
// engine's, which is not mounted into it.
type sibling struct {
	engine *engineClient
	name   string
	done   chan struct{} // closed when its output has ended; nil before it is attached
	cancel func()        // ends the connection to it
}

// startBeside starts a daemon in a container beside ours. If that cannot be tried, as there is no engine or we are not in a
// container of its own, the error is why: what made us try.
func startBeside(ctx context.Context, o Options, self identity, why error) (*daemon, error) {
	engine, err := newEngineClient(o.Engine)
	if err != nil {
		return nil, why
	}
	own, all, ok := engine.containers(ctx, self)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if !ok {
		return nil, why
	}
	program, err := findDaemon(o.Embedded.Binary)
	if setup, ok := errors.AsType[*SetupError](err); ok && setup.Status != 2 {
		return nil, why
	}
	if err != nil {
		return nil, err
	}
	for _, c := range stale(all) {
		_ = engine.delete(ctx, c.ID)
	}
	network, missing := o.network()
	d, err := startSibling(ctx, o, engine, program, own, network, missing)
	if err == nil || network == nil || o.RefuseShared || ctx.Err() != nil {
		return d, err
	}
	return startSibling(ctx, o, engine, program, own, nil, shortly(err))
}

// startSibling starts the container of a daemon whose steps have a network; without one, they use ours for the reason why.
func startSibling(ctx context.Context, o Options, engine *engineClient, program string, own container.Summary, network *stepNetwork, why string) (*daemon, error) {
	run := rand.Text()
	s := &sibling{engine: engine, name: "npx-action-" + strings.ToLower(run)}
	st, err := openState("", "", o.Notice)
	if err != nil {
		return nil, fmt.Errorf("preparing the builder's directory: %w", err)
	}
	d := &daemon{root: st.root, address: "unix://" + st.socket(), log: newTailBuffer(), state: st, process: s, grace: o.Embedded.Grace,
		network: network, networkWhy: why}
	if d.grace == 0 {
		d.grace = 10 * time.Second
	}
	settings, err := d.siblingSettings(program, own, run, o)
	if err == nil {
		err = d.startIn(ctx, s, settings, o)
	}
	if err != nil {
		d.kill()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return d, nil
}

// siblingSettings writes the daemon's files into our temporary directory, and describes its container.
func (d *daemon) siblingSettings(program string, own container.Summary, run string, o Options) (docker.ContainerCreateOptions, error) {
	root := fmt.Sprintf("/proc/%d/root", os.Getpid())
	socket := root + d.state.socket()
	if len(socket) > 107 {
		return docker.ContainerCreateOptions{}, fmt.Errorf("preparing the builder's directory: the path %s is too long for a socket; set TMPDIR to a shorter one", d.state.socket())
	}
	config := filepath.Join(d.state.run, "buildkitd.toml")
	err := d.network.write(d.state.run, root, siblingState+"/addresses")
	if err == nil {
		err = os.WriteFile(config, configuration(siblingState+"/root", socket, false, o.Insecure, d.network), 0o600)
	}
	if err != nil {
		return docker.ContainerCreateOptions{}, fmt.Errorf("preparing the builder's directory: %w", err)
	}
	env := across(environment(o.Environ), root)
	if len(o.CustomCA) > 0 {
		dir := filepath.Join(d.state.run, "ca")
		if err := writeBundle(dir, o.CustomCA); err != nil {
			return docker.ContainerCreateOptions{}, fmt.Errorf("preparing the builder's certificates: %w", err)
		}
		env = trust(env, root+dir)
	}
	entrypoint := []string{program}
	if d.network != nil { // our container lacks the rights to do this in its network
		entrypoint = []string{"/bin/sh", "-c", d.network.script(), "sh", program}
	}
	return docker.ContainerCreateOptions{
		Config: &container.Config{
			Image:        own.ImageID,
			Entrypoint:   entrypoint,
			Cmd:          []string{"--config", root + config, "--group", strconv.Itoa(os.Getgid())},
			Env:          env,
			User:         "0:0",
			WorkingDir:   "/",
			Labels:       o.labels(run),
			Volumes:      map[string]struct{}{siblingState: {}},
			AttachStdout: true,
			AttachStderr: true,
		},
		HostConfig: &container.HostConfig{
			Privileged:  true,
			AutoRemove:  true,
			NetworkMode: container.NetworkMode(joined + own.ID),
			PidMode:     container.PidMode(joined + own.ID),
			LogConfig:   noLog,
		},
	}, nil
}

// noLog keeps an engine from writing what a container says.
var noLog = container.LogConfig{Type: "none"}

func (d *daemon) startIn(ctx context.Context, s *sibling, c docker.ContainerCreateOptions, o Options) error {
	output := io.Writer(d.log)
	if o.Log != nil {
		output = io.MultiWriter(d.log, o.Log)
	}
	// The answer of the engine is waited for, or the container could come into being after its removal.
	asked, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineTimeout)
	defer cancel()
	c.Name = s.name
	if _, err := reply(s.engine.api.ContainerCreate(asked, c)); err != nil {
		return s.refused(err)
	}
	if err := s.follow(asked, output, docker.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true}); err != nil {
		return s.refused(err)
	}
	if err := s.engine.start(asked, s.name); err != nil {
		return s.refused(err)
	}
	return d.listening(ctx, o.Timeout)
}

func (s *sibling) refused(err error) error {
	if answer, ok := errors.AsType[*statusError](err); ok {
		return &SetupError{Problem: "starting a builder in a container beside this one: " + answer.message,
			Hint: "run the container with --privileged or " + elsewhere}
	}
	return &EngineError{Action: "starting a builder with", Host: s.engine.host, Err: err}
}

// start starts a container.
func (c *engineClient) start(ctx context.Context, name string) error {
	_, err := reply(c.api.ContainerStart(ctx, name, docker.ContainerStartOptions{}))
	return err
}

// follow copies what the container writes, from its start to its end. The connection is open until then: it may hold the container's standard
// input.
func (s *sibling) follow(ctx context.Context, to io.Writer, streams docker.ContainerAttachOptions) error {
	attached, err := reply(s.engine.api.ContainerAttach(ctx, s.name, streams))
	if err != nil {
		return err
	}
	s.cancel, s.done = attached.Close, make(chan struct{})
	go func() {
		defer close(s.done)
		defer attached.Close()
		_, _ = stdcopy.StdCopy(to, to, attached.Reader)
	}()
	return nil
}

func (s *sibling) ended() <-chan struct{} { return s.done }

func (s *sibling) failure() error { return errors.New("its container has ended") }

func (s *sibling) stop(grace time.Duration) { s.remove(grace) }

func (s *sibling) kill() { s.remove(0) }

// remove ends the container and returns when it and its volume are gone.
func (s *sibling) remove(grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout+grace)
	defer cancel()
	// An engine says that a container is not there, or is being removed already, before its volume is gone.
	removed := s.engine.api.ContainerWait(ctx, s.name, docker.ContainerWaitOptions{Condition: container.WaitConditionRemoved})
	if grace > 0 {
		seconds := int((grace + time.Second - 1) / time.Second)
		_, _ = s.engine.api.ContainerStop(ctx, s.name, docker.ContainerStopOptions{Timeout: &seconds})
	}
	if s.engine.delete(ctx, s.name) != nil {
		cancel() // nobody tells of the removal
	}
	_, _ = endOf(removed)
	if s.done != nil {
		// What the container wrote last may still be on its way; its stream ends by itself.
		select {
		case <-s.done:
		case <-time.After(lastWords):
		}
		s.cancel()
		<-s.done
	}
}

// endOf is what an engine says when a wait is over.
func endOf(wait docker.ContainerWaitResult) (container.WaitResponse, error) {
	select {
	case end := <-wait.Result:
		return end, nil
	case err := <-wait.Error:
		return container.WaitResponse{}, causeOf(err)
	}
}

// lastWords is how long the end of the output of a container that is gone may take.
const lastWords = 2 * time.Second

// across changes the paths of certificates in our environment into those by which a sibling sees them.
func across(env []string, root string) []string {
	out := make([]string, len(env))
	for i, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if (name == "SSL_CERT_FILE" || name == "SSL_CERT_DIR") && value != "" {
			dirs := strings.Split(value, ":")
			for j, dir := range dirs {
				if filepath.IsAbs(dir) {
					dirs[j] = root + dir
				}
			}
			v = name + "=" + strings.Join(dirs, ":")
		}
		out[i] = v
	}
	return out
}
