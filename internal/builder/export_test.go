package builder

import "github.com/tonistiigi/fsutil"

// Daemon returns the process of the daemon, its temporary directory and its state.
func (c *Conn) Daemon() (pid int, run, root string) {
	return c.daemon.process.cmd.Process.Pid, c.daemon.state.run, c.daemon.root
}

var (
	FindDaemon    = findDaemon
	Configuration = configuration
	Environment   = environment
	Trust         = trust
	NewMemFS      = newMemFS
	Brief         = brief
)

// OpenContexts opens contexts as a solve does, and returns the daemon's name for them too.
func OpenContexts(contexts map[string]Context) (mounts map[string]fsutil.FS, key string, done func(), err error) {
	l, err := openContexts(contexts)
	if err != nil {
		return nil, "", nil, err
	}
	return l.mounts, l.key, l.close, nil
}
