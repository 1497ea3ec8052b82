package world

import (
	"context"
	"os/exec"
	"path/filepath"
)

// Install installs the Debian packages of programs that the machine does not have. Their services are not started.
func Install(ctx context.Context, o Options, programs ...string) error {
	w, err := newWorld(o)
	if err != nil {
		return err
	}
	return install(ctx, w.cache, w.log, programs...)
}

// Unpack puts one of the miniature nixpkgs' tools into a directory that exists: its programs are then in bin.
func Unpack(ctx context.Context, o Options, name, dir string) error {
	w, err := newWorld(o)
	if err != nil {
		return err
	}
	from, err := w.tool(ctx, name)
	if err != nil {
		return err
	}
	_, err = runCommand(w.log, exec.CommandContext(ctx, "tar", "-xf", filepath.Join(from, toolFile), "-C", dir, "--strip-components=1"))
	return err
}
