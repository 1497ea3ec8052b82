// Package builder builds an LLB definition with BuildKit.
//
// [Connect] reaches a BuildKit daemon: the one at an address that is given, or by the first of several routes that works: see
// [Routes]. What is started for it is gone without a trace at the end. [Conn.Solve] sends the definition, the local files and the
// credentials, shows progress, and exports the result: to registries, files and Docker engines, all from one solve.
//
// Errors have a method ExitStatus() int: 1 for what the user must change, 2 for wrong configuration, 75 for what may pass.
package builder

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/util/grpcerrors"
	"google.golang.org/grpc/codes"
)

// Options say which daemon to use. The zero value starts one with a temporary state.
type Options struct {
	Host         string        // address of a running daemon, see [Addresses]; "" takes the first of [Routes] that works
	Route        string        // the one of Routes to take; "" or "auto" is any
	TLS          TLS           // for tcp
	Timeout      time.Duration // to wait for the daemon to answer; 0 is 30 seconds
	Embedded     Embedded
	Engine       Engine    // runs builders in containers, or builds itself
	Image        string    // of a builder in a container; "" is [DefaultImage]
	Owner        string    // whose the containers are that are started, for [Clean]
	Environ      []string  // NAME=value: of it the started daemon gets its proxies, certificates and PATH
	Insecure     []string  // registry hosts that are spoken to by HTTP or with any certificate; loopback ones always are
	CustomCA     []byte    // PEM bundle that the started daemon trusts for registries, besides the system's; a daemon at Host has its own configuration
	Log          io.Writer // what the started daemon writes; nil drops it
	Network      string    // of the steps: OwnNetwork where the builder can give one; "" is SharedNetwork
	Notice       func(string)
	Reason       func(route, why string) // told why a route before the one that is taken is not, if set
	Buildx       []string                // names of the builders of buildx that may be taken unasked, since who builds has made them
	AnyBuildx    bool                    // take any of the engine's: nobody else uses it
	RefuseShared bool                    // with OwnNetwork: take no builder that cannot give one
	survey       bool                    // nothing is pulled
}

// TLS names PEM files. The zero value is plain TCP, which anyone who reaches the port may use.
type TLS struct {
	CA         string // "" with Cert or ServerName set: the system's certificates
	Cert, Key  string // of the client
	ServerName string // "" for the host of the address
}

// Info describes a daemon.
type Info struct {
	Address     string
	Route       string   // of Routes; "" for an address
	Embedded    bool     // we started it
	Sibling     bool     // its daemon is in a container beside ours
	Version     string   // "" if the daemon does not tell
	Snapshotter string   // such as overlayfs; native is slow
	Platforms   []string // that it can build, its own first
	Limits      string   // what it cannot do, in words
	Network     string   // of the steps: SharedNetwork or OwnNetwork
	NetworkWhy  string   // why it is shared, "" if nobody knows
	NoMerges    bool     // it cannot merge or compare layers; nor can it export as others do
}

// A Conn is a connection to a daemon. It must be closed. Solves may run side by side.
type Conn struct {
	client   *client.Client
	daemon   *daemon // nil if it is not ours
	info     Info
	engine   *engineBuilder // set if a Docker engine itself builds, and has no store that BuildKit's exporters work on
	insecure []string
	close    sync.Once
	closeErr error
}

const defaultTimeout = 30 * time.Second

// Connect connects to the daemon at o.Host, or starts one. If ctx ends meanwhile, nothing is left behind; afterwards ctx has no effect.
// Its errors are [*SetupError] for what is missing on this machine, and [*UnreachableError].
func Connect(ctx context.Context, o Options) (*Conn, error) {
	o = o.withDefaults()
	if o.Host != "" {
		c, err := connectAddress(ctx, o)
		if err != nil {
			return nil, err
		}
		if err := o.accept(c); err != nil {
			return nil, err
		}
		return c, nil
	}
	return connectRoute(ctx, o)
}

// Check finds mistakes in the address of a daemon, or the name of a route, without connecting. Its errors are [*SetupError].
func (o Options) Check() error {
	if o.Host != "" {
		return o.checkAddress()
	}
	return checkRoute(o.Route)
}

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	return o
}

// dialOwn connects to a daemon that was started, or ends it.
func dialOwn(ctx context.Context, o Options, d *daemon) (*Conn, error) {
	c, err := dial(ctx, o, d.address, d)
	if err != nil {
		d.kill()
		return nil, err
	}
	return c, nil
}

// Info tells about the daemon.
func (c *Conn) Info() Info { return c.info }

// Close ends the connection and, if the daemon is ours, stops it and removes what it left. Running solves end with an error.
// It may be called again.
func (c *Conn) Close() error {
	c.close.Do(func() {
		c.closeErr = c.client.Close()
		if c.daemon != nil {
			c.daemon.stop()
		}
	})
	return c.closeErr
}

// dial connects and waits for an answer: opening a gRPC connection alone succeeds even if nobody listens.
func dial(ctx context.Context, o Options, address string, d *daemon, opts ...client.ClientOpt) (*Conn, error) {
	c, err := client.New(ctx, address, opts...)
	if err != nil {
		return nil, &SetupError{Status: 2, Problem: fmt.Sprintf("connecting to the builder at %s: %v", address, err), Hint: "check its certificate files"}
	}
	workers, err := answer(ctx, c, o.Timeout, d)
	if err != nil {
		_ = c.Close()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, &UnreachableError{Address: address, Embedded: d != nil, Log: d.tail(), Err: err}
	}
	conn := &Conn{client: c, daemon: d, insecure: slices.Clone(o.Insecure), info: Info{Address: address, Embedded: d != nil, Sibling: d.beside()}}
	if info, err := c.Info(ctx); err == nil {
		conn.info.Version = info.BuildkitVersion.Version
	}
	conn.info.describe(workers)
	if d != nil {
		conn.info.NetworkWhy = d.networkWhy
	}
	return conn, nil
}

// answer asks for the workers until there is an answer. A daemon that only starts is asked again.
func answer(ctx context.Context, c *client.Client, timeout time.Duration, d *daemon) ([]*client.WorkerInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var last error
	for {
		workers, err := c.ListWorkers(ctx)
		if err == nil && len(workers) == 0 {
			return nil, fmt.Errorf("the daemon has no worker")
		}
		if err == nil {
			return workers, nil
		}
		// Once the time is up, every answer is only that; the one before it tells more.
		if last == nil || ctx.Err() == nil {
			last = err
		}
		// A certificate that is refused once will not be accepted later.
		if grpcerrors.Code(err) != codes.Unavailable || says(err.Error(), "tls: ") {
			return nil, brief(last)
		}
		select {
		case <-ctx.Done():
			return nil, brief(last)
		case <-d.ended():
			return nil, brief(last)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (i *Info) describe(workers []*client.WorkerInfo) {
	w := workers[0]
	i.Network = SharedNetwork
	if mode := w.Labels["org.mobyproject.buildkit.worker.network"]; mode != "" && mode != "host" {
		i.Network = OwnNetwork
	}
	i.Snapshotter = w.Labels["org.mobyproject.buildkit.worker.snapshotter"]
	for _, p := range w.Platforms {
		name := p.OS + "/" + p.Architecture
		if p.Variant != "" {
			name += "/" + p.Variant
		}
		if !slices.Contains(i.Platforms, name) {
			i.Platforms = append(i.Platforms, name)
		}
	}
}
