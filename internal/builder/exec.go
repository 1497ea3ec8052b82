package builder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/moby/buildkit/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/org/npx-action/internal/lazyregexp"
)

// containerName is what engines allow.
var containerName = lazyregexp.New(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`)

// connectContainer connects to the daemon in a container that runs, by its engine: the docker program is not needed.
func connectContainer(ctx context.Context, o Options, name string) (*Conn, error) {
	engine, err := newEngineClient(o.Engine)
	if err != nil {
		return nil, &SetupError{Status: 2, Problem: "connecting to the container " + name + ": " + err.Error()}
	}
	var found struct {
		State      struct{ Running bool }
		HostConfig struct{ NetworkMode string }
	}
	asked, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	err = engine.call(asked, http.MethodGet, "/containers/"+name+"/json", nil, &found)
	if answer, ok := errors.AsType[*statusError](err); ok && answer.code == http.StatusNotFound || err == nil && !found.State.Running {
		return nil, &SetupError{Problem: fmt.Sprintf("the engine at %s runs no container %s", engine.host, name), Hint: "start it, or give another address"}
	}
	if err != nil {
		return nil, &EngineError{Action: "looking for a container in", Host: engine.host, Err: err}
	}
	c, err := dial(ctx, o, "docker-container://"+name, nil, engine.execDialer(name)...)
	if err != nil {
		return nil, err
	}
	// What steps share with the daemon is the network of its container, and not that of the machine.
	if mode := found.HostConfig.NetworkMode; mode != "" && mode != "host" && !strings.HasPrefix(mode, joined) {
		c.info.Network = OwnNetwork
	}
	return c, nil
}

// execDialer connects by a program in the container that passes on its standard streams.
func (c *engineClient) execDialer(name string) []client.ClientOpt {
	return []client.ClientOpt{
		client.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return c.exec(ctx, name, "buildctl", "dial-stdio")
		}),
		// A daemon that has just been started listens soon.
		client.WithGRPCDialOption(grpc.WithConnectParams(grpc.ConnectParams{MinConnectTimeout: 5 * time.Second,
			Backoff: backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.5, MaxDelay: time.Second}})),
	}
}

// exec starts a program in a container and connects to its standard input and output.
func (c *engineClient) exec(ctx context.Context, name string, command ...string) (net.Conn, error) {
	var made struct {
		ID string `json:"Id"`
	}
	err := c.call(ctx, http.MethodPost, "/containers/"+name+"/exec",
		map[string]any{"AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Cmd": command}, &made)
	if err != nil {
		return nil, err
	}
	conn, err := c.hijack(ctx, "/exec/"+made.ID+"/start", "tcp", nil, map[string]bool{"Detach": false, "Tty": false})
	if err != nil {
		return nil, err
	}
	return newCommandConn(&streamConn{ReadWriteCloser: framedConn{newFrameReader(conn), conn}, address: streamAddr(name)}), nil
}

// framedConn is a connection whose other side writes frames.
type framedConn struct {
	io.Reader
	io.WriteCloser
}
