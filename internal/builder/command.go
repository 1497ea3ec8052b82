package builder

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/connhelper"
	"github.com/moby/buildkit/client/connhelper/kubepod"
	"github.com/moby/buildkit/client/connhelper/podmancontainer"
	"github.com/moby/buildkit/client/connhelper/ssh"
)

// commands are the programs that reach a daemon which has no address of its own. They know the user's clusters, keys and hosts;
// BuildKit's own library starts them.
var commands = map[string]struct {
	program string
	helper  func(*url.URL) (*connhelper.ConnectionHelper, error)
}{
	"podman-container": {"podman", podmancontainer.Helper},
	"kube-pod":         {"kubectl", kubepod.Helper},
	"ssh":              {"ssh", ssh.Helper},
}

func checkCommand(_ Options, u *url.URL) error {
	_, err := commands[u.Scheme].helper(u)
	if err == nil && u.Scheme != "ssh" && !containerName.MatchString(u.Hostname()) {
		err = errors.New("it names none")
	}
	if err != nil {
		return &SetupError{Status: 2, Problem: fmt.Sprintf("reading the builder's address %s://...: %v", u.Scheme, err), Hint: "give " + Addresses}
	}
	return nil
}

func connectByCommand(ctx context.Context, o Options, u *url.URL) (*Conn, error) {
	c := commands[u.Scheme]
	if findBinary(c.program) == "" {
		return nil, &SetupError{Problem: fmt.Sprintf("connecting to %s needs the program %s, which is not on PATH", o.Host, c.program),
			Hint: "install it"}
	}
	helper, err := c.helper(u)
	if err != nil {
		return nil, checkCommand(o, u)
	}
	return dial(ctx, o, o.Host, nil, client.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
		conn, err := helper.ContextDialer(ctx, address)
		if err != nil {
			return nil, err
		}
		return newCommandConn(conn), nil
	}))
}
