package builder

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/go-connections/nat"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	docker "github.com/moby/moby/client"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Foreground says how an engine runs an image in the foreground, as `docker run` does.
type Foreground struct {
	Image   string   // made for this run: whoever finds the container of a killed run removes the image too
	Env     []string // NAME=value, beside the image's
	Network string   // of the engine, "" for its usual one
	Ports   Ports

	// Writable are the directories that the program writes. If there are any, the program writes nothing else, has no capabilities and gets
	// no new privileges. Each is a volume that begins with the files of the image, and goes away with the container.
	Writable []string

	Stdout, Stderr io.Writer
	Started        func(Ports)     // is told of the ports as the engine has published them
	Kill           <-chan struct{} // ends the program at once, after the context has asked it to end
}

// Ports are ports of a container, such as 3000/tcp, and where each is published.
type Ports = network.PortMap

// ParsePorts reads ports as the option --publish of docker gives them. The first of the container's ports comes first.
func ParsePorts(specs []string) (ports Ports, first string, err error) {
	ports = Ports{}
	for _, spec := range specs {
		list, err := nat.ParsePortSpec(spec)
		if err != nil {
			return nil, "", err
		}
		for _, m := range list {
			port, err := network.ParsePort(string(m.Port))
			if err != nil {
				return nil, "", err
			}
			address, _ := netip.ParseAddr(m.Binding.HostIP) // the zero value is any address
			ports[port] = append(ports[port], network.PortBinding{HostIP: address, HostPort: m.Binding.HostPort})
			first = cmp.Or(first, port.Port())
		}
	}
	return ports, first, nil
}

// OnLoopback publishes a port of a container at a free port of the engine's own machine.
func OnLoopback(port string) (Ports, error) {
	p, err := network.ParsePort(port)
	if err != nil {
		return nil, err
	}
	return Ports{p: {{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1})}}}, nil
}

// Reach finds whether an engine answers. If it does not, the error says what to do.
func (e Engine) Reach(ctx context.Context) error {
	_, err := Options{Engine: e}.reach(ctx)
	return err
}

// ImageConfig reads the configuration of an image that the engine has.
func (e Engine) ImageConfig(ctx context.Context, image string) (ocispecs.ImageConfig, error) {
	c, err := newEngineClient(e)
	if err != nil {
		return ocispecs.ImageConfig{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	found, err := reply(c.api.ImageInspect(ctx, image))
	if err != nil || found.Config == nil {
		return ocispecs.ImageConfig{}, c.failed("asking for an image of", err)
	}
	return found.Config.ImageConfig, nil
}

// RemoveImage takes a name from an image, and removes the image if it has no other. That there is no image of this name is no error.
func (e Engine) RemoveImage(ctx context.Context, image string) error {
	c, err := newEngineClient(e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	return c.failed("removing an image from", c.removeImage(ctx, image))
}

func (c *engineClient) removeImage(ctx context.Context, image string) error {
	_, err := reply(c.api.ImageRemove(ctx, image, docker.ImageRemoveOptions{PruneChildren: true}))
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// failed names the engine in an error of it.
func (c *engineClient) failed(action string, err error) error {
	if err == nil {
		return nil
	}
	answer, refused := errors.AsType[*statusError](err)
	return &EngineError{Action: action, Host: c.host, Refused: refused && answer.code < 500, Err: err}
}

// Run starts a container and returns the exit status of its program. When the context ends, the program is asked to end, as `docker stop`
// does. The container and its volumes are removed in any case. If this process is killed, the next Run or [Clean] on the machine does it.
func (e Engine) Run(ctx context.Context, f Foreground) (status int, err error) {
	client, err := newEngineClient(e)
	if err != nil {
		return 0, err
	}
	run := rand.Text()
	c := &foreground{Foreground: f, engine: client, name: runPrefix + strings.ToLower(run)}
	// The answer of the engine is waited for, or the container could come into being after its removal.
	asked, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineTimeout)
	defer cancel()
	if all, err := client.everyContainer(asked); err == nil {
		_, _ = client.removeOrphans(asked, orphans(all))
	}
	if err := c.create(asked, run); err != nil {
		return 0, client.failed("creating a container with", err)
	}
	defer func() {
		if rerr := c.remove(); err == nil {
			err = rerr
		}
	}()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	output, err := c.start(asked)
	if err != nil {
		return 0, client.failed("starting a container with", err)
	}
	return c.wait(ctx, output)
}

// A foreground is a container whose program we wait for.
type foreground struct {
	Foreground
	engine *engineClient
	name   string
}

func (c *foreground) create(ctx context.Context, run string) error {
	labels := Options{}.labels(run)
	labels[processLabel] = thisProcess()
	config := &container.Config{Image: c.Image, Env: c.Env, Labels: labels, ExposedPorts: network.PortSet{}}
	host := &container.HostConfig{PortBindings: c.Ports, NetworkMode: container.NetworkMode(c.Network)}
	for port := range c.Ports {
		config.ExposedPorts[port] = struct{}{}
	}
	if len(c.Writable) > 0 {
		config.Volumes = map[string]struct{}{}
		for _, dir := range c.Writable {
			config.Volumes[dir] = struct{}{}
		}
		host.ReadonlyRootfs, host.CapDrop, host.SecurityOpt = true, []string{"ALL"}, []string{"no-new-privileges"}
	}
	_, err := reply(c.engine.api.ContainerCreate(ctx, docker.ContainerCreateOptions{Name: c.name, Config: config, HostConfig: host}))
	return err
}

// start returns the end of the program's output, which is copied meanwhile: why that could not be written, or nil.
func (c *foreground) start(ctx context.Context) (<-chan error, error) {
	attached, err := reply(c.engine.api.ContainerAttach(ctx, c.name, docker.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true}))
	if err != nil {
		return nil, err
	}
	copied := make(chan error, 1)
	go func() {
		defer attached.Close()
		stdout, stderr := &failingWriter{Writer: c.Stdout}, &failingWriter{Writer: c.Stderr}
		_, _ = stdcopy.StdCopy(stdout, stderr, attached.Reader)
		copied <- cmp.Or(stdout.err, stderr.err)
	}()
	if err := c.engine.start(ctx, c.name); err != nil {
		return nil, err
	}
	about, err := reply(c.engine.api.ContainerInspect(ctx, c.name, docker.ContainerInspectOptions{}))
	if err != nil {
		return nil, err
	}
	var published Ports
	if n := about.Container.NetworkSettings; n != nil {
		published = n.Ports
	}
	c.Started(published)
	return copied, nil
}

// wait returns the status of the program once that has ended and its output is written. A reader of the output that goes away ends the program.
func (c *foreground) wait(ctx context.Context, output <-chan error) (int, error) {
	ended := make(chan exit, 1)
	go func() { ended <- c.exit() }()
	stopped, killed := ctx.Done(), c.Kill
	var unwritten error
	for {
		select {
		case e := <-ended:
			if output != nil {
				select {
				case unwritten = <-output:
				case <-time.After(lastWords):
				}
			}
			return e.status, cmp.Or(e.err, unwritten)
		case unwritten = <-output:
			output = nil
			if unwritten != nil {
				go c.stop()
			}
		case <-stopped:
			stopped = nil
			go c.stop()
		case <-killed:
			killed = nil
			go c.kill()
		}
	}
}

// A failingWriter keeps the error of its writer.
type failingWriter struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (w *failingWriter) Write(p []byte) (n int, err error) {
	n, w.err = w.Writer.Write(p)
	return n, w.err
}

// An exit is how a program ended, or why nobody knows.
type exit struct {
	status int
	err    error
}

func (c *foreground) exit() exit {
	end, err := endOf(c.engine.api.ContainerWait(context.Background(), c.name, docker.ContainerWaitOptions{}))
	if err == nil && end.Error != nil && end.Error.Message != "" {
		err = errors.New(end.Error.Message)
	}
	return exit{int(end.StatusCode), c.engine.failed("waiting for a container of", err)}
}

// stop asks the program to end, and kills it after ten seconds, as `docker stop` does. Only its end tells whether that has an effect.
func (c *foreground) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	seconds := 10
	_, _ = c.engine.api.ContainerStop(ctx, c.name, docker.ContainerStopOptions{Timeout: &seconds})
}

func (c *foreground) kill() {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	_, _ = c.engine.api.ContainerKill(ctx, c.name, docker.ContainerKillOptions{})
}

// remove returns when the container and its volumes are gone.
func (c *foreground) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	return c.engine.failed("removing a container from", c.engine.delete(ctx, c.name))
}

// PublishedURLs are where the ports of a container are reached from the engine's machine, sorted.
func PublishedURLs(ports Ports) []string {
	var list []string
	for port, bindings := range ports {
		for _, b := range bindings {
			host := "127.0.0.1"
			switch b.HostIP {
			case netip.Addr{}, netip.IPv4Unspecified():
			case netip.IPv6Unspecified():
				continue // the engine publishes the port at 0.0.0.0 too
			default:
				host = b.HostIP.String()
			}
			scheme := "http"
			if port.Proto() != network.TCP {
				scheme = string(port.Proto())
			}
			list = append(list, scheme+"://"+net.JoinHostPort(host, b.HostPort))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
