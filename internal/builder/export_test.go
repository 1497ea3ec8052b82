package builder

import (
	"context"
	"io"

	"github.com/moby/moby/api/types/container"
	"github.com/tonistiigi/fsutil"
)

// Daemon returns the process of the daemon, its temporary directory and its state.
func (c *Conn) Daemon() (pid int, run, root string) {
	return c.daemon.process.(*process).cmd.Process.Pid, c.daemon.state.run, c.daemon.root
}

var (
	Configuration = configuration
	Environment   = environment
	Trust         = trust
	NewMemFS      = newMemFS
	Brief         = brief
	OnHostNetwork = onHostNetwork
)

// OpenContexts opens contexts as a solve of the owner does, and returns the daemon's name for them too.
func OpenContexts(owner string, contexts map[string]Context) (mounts map[string]fsutil.FS, key string, done func(), err error) {
	l, err := openContexts(contexts)
	if err != nil {
		return nil, "", nil, err
	}
	key, err = l.seal(context.Background(), owner, contexts)
	return l.mounts, key, l.close, err
}

// ContainerScript is what a daemon in a container of its own runs first.
func ContainerScript(o Options) string { return containerScript(o) }

// ConnectBeside is Connect where the daemon of our own lacks rights, for the reason why, in a container that mountinfo tells of.
func ConnectBeside(ctx context.Context, o Options, mountinfo string, why error) (*Conn, error) {
	o = o.withDefaults()
	d, err := startBeside(ctx, o, identity{mountinfo: mountinfo}, why)
	if err != nil {
		return nil, err
	}
	return dialOwn(ctx, o, d)
}

// A Host is what tells which container we are in.
type Host struct{ Mountinfo, Cgroup, Hostname string }

// FindContainer returns the id of the one of the running containers that we are in, "" if that cannot be told. volumes are by
// container.
func FindContainer(h Host, volumes map[string]string) string {
	var all []container.Summary
	for id, volume := range volumes {
		all = append(all, container.Summary{ID: id, State: container.StateRunning, Mounts: []container.MountPoint{{Name: volume}}})
	}
	c, _ := identity{h.Mountinfo, h.Cgroup, h.Hostname}.find(all)
	return c.ID
}

var (
	Across       = across
	ProcessNamed = processNamed
	HasEnded     = hasEnded
)

// Adapt adapts a request to an engine without the containerd image store, and then does what is left to do after the build.
func Adapt(ctx context.Context, e Engine, req Request) (Request, Result, error) {
	c, err := newEngineClient(e)
	if err != nil {
		return req, Result{}, err
	}
	adapted, finish, err := (&engineBuilder{engine: c}).adapt(req)
	var r Result
	if err == nil {
		err = finish(ctx, &r)
	}
	return adapted, r, err
}

// LoadArchive sends an archive to an engine, as the exporter of a load does.
func LoadArchive(ctx context.Context, e Engine, archive string) error {
	l, err := newLoad(ctx, e)
	if err != nil {
		return err
	}
	w, err := l.open(nil)
	if err != nil {
		return err
	}
	_, _ = io.WriteString(w, archive) // the end tells why it fails
	return w.Close()
}
