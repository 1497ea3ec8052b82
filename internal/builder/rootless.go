package builder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// rootlessKit makes a namespace in which a user is root, and maps the user's range of others into it.
const rootlessKit = "rootlesskit"

// connectRootless starts a daemon that is root in a namespace of users. It needs the programs rootlesskit, newuidmap and newgidmap, a range of
// users in /etc/subuid and /etc/subgid, and a kernel and container that let users make namespaces.
func connectRootless(ctx context.Context, o Options) (*Conn, error) {
	if os.Geteuid() == 0 {
		return nil, &SetupError{Problem: "this process is root", Hint: "run as another user, who has a range in /etc/subuid and /etc/subgid"}
	}
	for _, p := range []struct{ program, from string }{{rootlessKit, rootlessKit}, {"newuidmap", "uidmap"}, {"newgidmap", "uidmap"}, {"runc", "runc"}} {
		if findBinary(p.program) == "" {
			return nil, &SetupError{Problem: "the program " + p.program + " is not on PATH", Hint: "install it (apt-get install " + p.from + ") or " + elsewhere}
		}
	}
	binary, err := findDaemon(o.Embedded.Binary)
	if err != nil {
		return nil, err
	}
	st, err := openState("", "", o.Notice)
	if err != nil {
		return nil, fmt.Errorf("preparing the builder's directory: %w", err)
	}
	d := &daemon{root: st.root, address: "unix://" + st.socket(), log: newTailBuffer(), state: st, grace: cmp.Or(o.Embedded.Grace, 10*time.Second)}
	if err := d.startRootless(ctx, binary, o); err != nil {
		d.kill()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, err
	}
	return dialOwn(ctx, o, d)
}

// startRootless starts the daemon as the first process of a namespace of processes, which the kernel ends with it.
func (d *daemon) startRootless(ctx context.Context, binary string, o Options) error {
	kit := findBinary(rootlessKit)
	cmd := exec.Command(kit, "--net=host", "--pidns", "--copy-up=/etc", "--copy-up=/run", "--state-dir="+filepath.Join(d.state.run, rootlessKit),
		binary, "--rootless")
	if err := d.prepare(cmd, o); err != nil {
		return err
	}
	cmd.Env = append(cmd.Env, "XDG_RUNTIME_DIR="+d.state.run)
	p, err := startUnprivileged(cmd)
	if err != nil {
		return &SetupError{Problem: fmt.Sprintf("starting %s: %v", kit, err), Hint: "check the program, or " + elsewhere}
	}
	d.process = p
	return d.listening(ctx, o.Timeout)
}

// remove removes a directory. Files of a rootless daemon's images belong to users of its namespace, and only there can they be removed.
func remove(dir string) error {
	err := os.RemoveAll(dir)
	if kit := findBinary(rootlessKit); errors.Is(err, fs.ErrPermission) && os.Geteuid() != 0 && kit != "" {
		return exec.Command(kit, "rm", "-rf", dir).Run()
	}
	return err
}
