package builder

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"
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
	asked, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	found, err := reply(engine.api.ContainerInspect(asked, name, docker.ContainerInspectOptions{}))
	state, host := found.Container.State, found.Container.HostConfig
	if errdefs.IsNotFound(err) || err == nil && (state == nil || !state.Running) {
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
	if host != nil && host.NetworkMode != "" && !host.NetworkMode.IsHost() && !host.NetworkMode.IsContainer() {
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
	made, err := reply(c.api.ExecCreate(ctx, name, docker.ExecCreateOptions{AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: command}))
	if err != nil {
		return nil, err
	}
	attached, err := reply(c.api.ExecAttach(ctx, made.ID, docker.ExecAttachOptions{}))
	if err != nil {
		return nil, err
	}
	return newCommandConn(framedConn{attached.Conn, newFrameReader(attached.Reader)}), nil
}

// framedConn is a connection whose other side writes frames.
type framedConn struct {
	net.Conn
	frames *frameReader
}

// Read implements io.Reader.
func (c framedConn) Read(p []byte) (int, error) { return c.frames.Read(p) }
