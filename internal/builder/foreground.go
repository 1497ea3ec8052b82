package builder

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-connections/nat"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Foreground says how an engine runs an image in the foreground, as `docker run` does.
type Foreground struct {
	Image   string
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
type Ports = nat.PortMap

// ParsePorts reads ports as the option --publish of docker gives them. The first of the container's ports comes first.
func ParsePorts(specs []string) (ports Ports, first string, err error) {
	ports = Ports{}
	for _, spec := range specs {
		list, err := nat.ParsePortSpec(spec)
		if err != nil {
			return nil, "", err
		}
		for _, m := range list {
			ports[m.Port] = append(ports[m.Port], m.Binding)
			if first == "" {
				first = m.Port.Port()
			}
		}
	}
	return ports, first, nil
}

// OnLoopback publishes a port of a container at a free port of the engine's own machine.
func OnLoopback(port string) Ports {
	return Ports{nat.Port(port + "/tcp"): {{HostIP: "127.0.0.1"}}}
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
	var found struct{ Config ocispecs.ImageConfig }
	if err := c.call(ctx, http.MethodGet, "/images/"+image+"/json", nil, &found); err != nil {
		return ocispecs.ImageConfig{}, c.failed("asking for an image of", err)
	}
	return found.Config, nil
}

// RemoveImage takes a name from an image, and removes the image if it has no other. That there is no image of this name is no error.
func (e Engine) RemoveImage(ctx context.Context, image string) error {
	c, err := newEngineClient(e)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	err = c.call(ctx, http.MethodDelete, "/images/"+image, nil, nil)
	if answer, ok := errors.AsType[*statusError](err); ok && answer.code == http.StatusNotFound {
		return nil
	}
	return c.failed("removing an image from", err)
}

// failed names the engine in an error of it.
func (c *engineClient) failed(action string, err error) error {
	if err == nil {
		return nil
	}
	answer, refused := errors.AsType[*statusError](err)
	return &EngineError{Action: action, Host: c.host, Refused: refused && answer.code < http.StatusInternalServerError, Err: err}
}

// Run starts a container and returns the exit status of its program. When the context ends, the program is asked to end, as `docker stop`
// does. The container and its volumes are removed in any case.
func (e Engine) Run(ctx context.Context, f Foreground) (status int, err error) {
	client, err := newEngineClient(e)
	if err != nil {
		return 0, err
	}
	run := rand.Text()
	c := &foreground{Foreground: f, engine: client, path: "/containers/npx-action-run-" + strings.ToLower(run)}
	// The answer of the engine is waited for, or the container could come into being after its removal.
	asked, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineTimeout)
	defer cancel()
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
	path   string // of the engine's API
}

// A startedContainer is the part that we set of a container in the foreground, in the engine's words.
type startedContainer struct {
	Image        string
	Env          []string
	Labels       map[string]string
	ExposedPorts nat.PortSet
	Volumes      map[string]struct{} `json:",omitempty"`
	HostConfig   startedHost
}

type startedHost struct {
	PortBindings   Ports
	NetworkMode    string   `json:",omitempty"`
	ReadonlyRootfs bool     `json:",omitempty"`
	CapDrop        []string `json:",omitempty"`
	SecurityOpt    []string `json:",omitempty"`
}

func (c *foreground) create(ctx context.Context, run string) error {
	s := startedContainer{Image: c.Image, Env: c.Env, Labels: Options{}.labels(run), ExposedPorts: nat.PortSet{},
		HostConfig: startedHost{PortBindings: c.Ports, NetworkMode: c.Network}}
	for port := range c.Ports {
		s.ExposedPorts[port] = struct{}{}
	}
	if len(c.Writable) > 0 {
		s.Volumes = map[string]struct{}{}
		for _, dir := range c.Writable {
			s.Volumes[dir] = struct{}{}
		}
		s.HostConfig.ReadonlyRootfs, s.HostConfig.CapDrop, s.HostConfig.SecurityOpt = true, []string{"ALL"}, []string{"no-new-privileges"}
	}
	_, name, _ := strings.Cut(c.path[1:], "/")
	return c.engine.call(ctx, http.MethodPost, "/containers/create?"+url.Values{"name": {name}}.Encode(), s, nil)
}

// start returns the end of the program's output, which is copied meanwhile: why that could not be written, or nil.
func (c *foreground) start(ctx context.Context) (<-chan error, error) {
	conn, err := c.engine.hijack(ctx, c.path+"/attach?stream=1&stdout=1&stderr=1", "tcp", nil, nil)
	if err != nil {
		return nil, err
	}
	copied := make(chan error, 1)
	go func() {
		defer conn.Close()
		stdout, stderr := &failingWriter{Writer: c.Stdout}, &failingWriter{Writer: c.Stderr}
		_ = copyFrames(stdout, stderr, conn)
		copied <- cmp.Or(stdout.err, stderr.err)
	}()
	if err := c.engine.call(ctx, http.MethodPost, c.path+"/start", nil, nil); err != nil {
		return nil, err
	}
	var about struct {
		NetworkSettings struct{ Ports Ports }
	}
	if err := c.engine.call(ctx, http.MethodGet, c.path+"/json", nil, &about); err != nil {
		return nil, err
	}
	c.Started(about.NetworkSettings.Ports)
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
				go c.tell(stop)
			}
		case <-stopped:
			stopped = nil
			go c.tell(stop)
		case <-killed:
			killed = nil
			go c.tell("/kill")
		}
	}
}

// stop asks a program to end, and kills it after ten seconds, as `docker stop` does.
const stop = "/stop?t=10"

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
	var answer struct {
		StatusCode int
		Error      *struct{ Message string }
	}
	err := c.engine.call(context.Background(), http.MethodPost, c.path+"/wait", nil, &answer)
	if err == nil && answer.Error != nil && answer.Error.Message != "" {
		err = errors.New(answer.Error.Message)
	}
	return exit{answer.StatusCode, c.engine.failed("waiting for a container of", err)}
}

// tell asks something of the container that only its end answers.
func (c *foreground) tell(path string) {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	_ = c.engine.call(ctx, http.MethodPost, c.path+path, nil, nil)
}

// remove returns when the container and its volumes are gone.
func (c *foreground) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	return c.engine.failed("removing a container from", c.engine.delete(ctx, strings.TrimPrefix(c.path, "/containers/")))
}

// PublishedURLs are where the ports of a container are reached from the engine's machine, sorted.
func PublishedURLs(ports Ports) []string {
	var list []string
	for port, bindings := range ports {
		for _, b := range bindings {
			host := b.HostIP
			switch host {
			case "", "0.0.0.0":
				host = "127.0.0.1"
			case "::":
				continue // the engine publishes the port at 0.0.0.0 too
			}
			address := net.JoinHostPort(host, b.HostPort)
			if port.Proto() == "tcp" {
				address = "http://" + address
			} else {
				address = port.Proto() + "://" + address
			}
			list = append(list, address)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
