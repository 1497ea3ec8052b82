package builder

import (
	"context"
	"fmt"
	"net/url"

	"github.com/moby/buildkit/client"
)

// Addresses are the forms of a daemon's address, as help and hints give them.
const Addresses = "unix:///path, tcp://host:port, docker-container://NAME, podman-container://NAME, kube-pod://NAME?namespace=NS or ssh://user@host"

// schemes are what an address begins with, each with its check and its way to connect.
var schemes = []struct {
	name    string
	check   func(Options, *url.URL) error
	connect func(context.Context, Options, *url.URL) (*Conn, error)
}{
	{"unix", checkUnix, connectDirectly},
	{"tcp", checkTCP, connectDirectly},
	{"docker-container", checkContainer, func(ctx context.Context, o Options, u *url.URL) (*Conn, error) {
		return connectContainer(ctx, o, u.Host)
	}},
	{"podman-container", checkCommand, connectByCommand},
	{"kube-pod", checkCommand, connectByCommand},
	{"ssh", checkCommand, connectByCommand},
}

// connectAddress connects to the daemon at the address that is given.
func connectAddress(ctx context.Context, o Options) (*Conn, error) {
	u, err := url.Parse(o.Host)
	if err != nil {
		return nil, o.checkAddress()
	}
	if err := o.checkAddress(); err != nil {
		return nil, err
	}
	for _, s := range schemes {
		if s.name == u.Scheme {
			return s.connect(ctx, o, u)
		}
	}
	return nil, unsupportedAddress(o.Host)
}

// checkAddress finds mistakes in an address without connecting.
func (o Options) checkAddress() error {
	u, err := url.Parse(o.Host)
	if err != nil {
		return &SetupError{Status: 2, Problem: "the builder's address is not a URL", Hint: "give " + Addresses}
	}
	if u.User != nil && u.Scheme != "ssh" {
		return &SetupError{Status: 2, Problem: "the builder's address has a user", Hint: "give a client certificate instead"}
	}
	for _, s := range schemes {
		if s.name == u.Scheme {
			return s.check(o, u)
		}
	}
	return unsupportedAddress(o.Host)
}

func unsupportedAddress(address string) error {
	return &SetupError{Status: 2, Problem: fmt.Sprintf("the builder's address %q is not supported", address), Hint: "give " + Addresses}
}

func checkUnix(o Options, u *url.URL) error {
	if u.Path == "" || u.Host != "" {
		return unsupportedAddress(o.Host)
	}
	return nil
}

func checkTCP(o Options, u *url.URL) error {
	if u.Port() == "" {
		return unsupportedAddress(o.Host)
	}
	if (o.TLS.Cert == "") != (o.TLS.Key == "") {
		return &SetupError{Status: 2, Problem: "a client certificate for the builder needs its key", Hint: "give both or neither"}
	}
	return nil
}

func checkContainer(o Options, u *url.URL) error {
	if !containerName.MatchString(u.Host) || u.Path != "" || u.RawQuery != "" {
		return &SetupError{Status: 2, Problem: fmt.Sprintf("the builder's address %q is not docker-container:// and the name of a container", o.Host),
			Hint: "the container's engine is the one of --docker-host or DOCKER_HOST"}
	}
	return nil
}

// connectDirectly connects to a socket or a port.
func connectDirectly(ctx context.Context, o Options, u *url.URL) (*Conn, error) {
	t := o.TLS
	if u.Scheme != "tcp" || t == (TLS{}) {
		return dial(ctx, o, o.Host, nil)
	}
	name := t.ServerName
	if name == "" {
		name = u.Hostname()
	}
	opts := []client.ClientOpt{client.WithServerConfig(name, t.CA)}
	if t.CA == "" {
		opts = []client.ClientOpt{client.WithServerConfigSystem(name)}
	}
	if t.Cert != "" {
		opts = append(opts, client.WithCredentials(t.Cert, t.Key))
	}
	return dial(ctx, o, o.Host, nil, opts...)
}
