package build

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/graph"
)

// A Launch says how an image of an app is started on the Docker engine that has it.
type Launch struct {
	Image   string
	Env     []string // NAME=value, beside the image's variables
	Network string   // of the engine, "" for its usual one
	Publish []string // ports, as the option --publish of docker gives them; none for a free port of 127.0.0.1

	Foreground builder.Foreground // the streams, and when the program is killed
	Say        func(kind, text string)
}

// Check finds mistakes without an engine.
func (l Launch) Check() error {
	ports, _, err := builder.ParsePorts(l.Publish)
	if err != nil {
		return fault.Usage("give [[ADDRESS:]PORT:]PORT, such as 8080:3000", "reading --publish: %w", err)
	}
	if len(ports) > 0 && !l.publishes() {
		return fault.Usage("leave --publish out", "the network %s publishes no ports", l.Network)
	}
	return nil
}

// publishes reports whether ports of a container in the network can be published.
func (l Launch) publishes() bool {
	return l.Network != "host" && l.Network != "none" && !strings.HasPrefix(l.Network, "container:")
}

// On starts the image, and returns the exit status of its program. A program whose user is a number gets the directories that it writes, and no
// more than the restricted profile of Kubernetes allows.
func (l Launch) On(ctx context.Context, engine builder.Engine) (status int, err error) {
	config, err := engine.ImageConfig(ctx, l.Image)
	if err != nil {
		return 0, err
	}
	f := l.Foreground
	f.Image, f.Env, f.Network = l.Image, l.Env, l.Network
	port := ""
	if f.Ports, port, err = builder.ParsePorts(l.Publish); err != nil {
		return 0, err
	}
	own := cmp.Or(variable(l.Env, "PORT"), variable(config.Env, "PORT"))
	if port, err = l.port(port, own, config); err != nil {
		return 0, err
	}
	if own == "" {
		f.Env = append(slices.Clone(f.Env), "PORT="+port)
	}
	if len(f.Ports) == 0 && l.publishes() {
		if f.Ports, err = builder.OnLoopback(port); err != nil {
			return 0, fmt.Errorf("publishing the port of the variable PORT: %w", err)
		}
	}
	f.Writable = restricted(config)
	f.Started = func(ports builder.Ports) { l.tell(engine, ports, port) }
	return engine.Run(ctx, f)
}

// usualPort is the port of a program that nothing says a port of.
const usualPort = "3000"

// port is the port on which the program listens: a published one, the variable PORT, what the image exposes, or one that is free in the
// network of the machine.
func (l Launch) port(published, own string, config ocispecs.ImageConfig) (string, error) {
	if port := cmp.Or(published, own); port != "" {
		return port, nil
	}
	if l.Network == "host" {
		return freePort()
	}
	var exposed []string
	for port := range config.ExposedPorts {
		if number, tcp := strings.CutSuffix(port, "/tcp"); tcp {
			exposed = append(exposed, number)
		}
	}
	slices.Sort(exposed)
	return append(exposed, usualPort)[0], nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// variable is the value of the last of NAME=value entries.
func variable(env []string, name string) (value string) {
	value, _ = Environment{Vars: env}.Lookup(name)
	return value
}

// restricted are the directories that the program of an image writes, if its user is a number and the image says so. A volume in place of the app's
// directory would be a copy of the app: such a program keeps a root that can be written.
func restricted(config ocispecs.ImageConfig) []string {
	uid, _, _ := strings.Cut(config.User, ":")
	if n, err := strconv.ParseUint(uid, 10, 32); err != nil || n == 0 {
		return nil
	}
	dirs := strings.Split(config.Labels[graph.WritableLabel], ",")
	if slices.Contains(dirs, graph.Dir) {
		return nil
	}
	return slices.DeleteFunc(dirs, func(dir string) bool { return dir == "" })
}

// tell says where the program can be reached.
func (l Launch) tell(engine builder.Engine, ports builder.Ports, port string) {
	urls := builder.PublishedURLs(ports)
	if l.Network == "host" {
		urls = []string{"http://127.0.0.1:" + port}
	}
	text := "the app"
	if len(urls) > 0 {
		text = strings.Join(urls, ", ")
		if u, err := url.Parse(engine.Host); err == nil && u.Scheme == "tcp" && !loopback(u.Hostname()) {
			text += " on " + u.Hostname() + ", the machine of the Docker engine"
		}
	}
	l.Say("running", text+"; Ctrl-C stops it")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
