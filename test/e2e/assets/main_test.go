// Package assets proves the static assets of providers: it lets the programs that they are for, nginx, PHP-FPM, Caddy and
// Node, run them by the plan's own start command, and asks them over HTTP.
//
// Assets have fixed paths and ports. So the tests run in namespaces of their own, where every port is free, and each
// app is the root of a file system that is the machine's with changes on top, which nobody else sees.
package assets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/org/npx-action/test/world"
)

const (
	// insideVariable is set in the process that has namespaces of its own.
	insideVariable = "NPX_ASSETS_INSIDE"

	phpFPM = "php-fpm8.2" // of Debian 12
)

func TestMain(m *testing.M) {
	if caddyDir = os.Getenv(insideVariable); caddyDir != "" {
		if err := enter(); err != nil {
			fmt.Fprintln(os.Stderr, "making a network:", err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	status, err := outside()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// caddyDir holds bin/caddy.
var caddyDir string

// outside brings along what needs a network, and runs the tests without one.
func outside() (status int, err error) {
	var log bytes.Buffer
	o := world.Options{Log: &log}
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "npx-assets-*")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := world.Install(ctx, o, "nginx", phpFPM, "node"); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, &log)
	}
	if err := world.Unpack(ctx, o, "caddy", dir); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, &log)
	}
	// The kernel sends Pdeathsig when the thread that started the child ends, so the thread has to stay.
	runtime.LockOSThread()
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), insideVariable+"="+dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	err = cmd.Run()
	if e := (*exec.ExitError)(nil); errors.As(err, &e) {
		return e.ExitCode(), nil
	}
	return 0, err
}

// enter makes the namespaces usable: mounts stay inside, and loopback works.
func enter() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, lo)
}

// newRoot mounts the machine's file system with a layer on top that goes with the test, and nothing where apps lie.
func newRoot(t *testing.T) string {
	t.Helper()
	layers, root := t.TempDir(), t.TempDir()
	mount(t, "tmpfs", layers, "tmpfs", 0, "mode=755")
	upper, work := filepath.Join(layers, "upper"), filepath.Join(layers, "work")
	for _, dir := range []string{upper, work} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mount(t, "overlay", root, "overlay", 0, "lowerdir=/,upperdir="+upper+",workdir="+work)
	mount(t, "proc", filepath.Join(root, "proc"), "proc", 0, "")
	mount(t, "/dev", filepath.Join(root, "dev"), "", unix.MS_BIND|unix.MS_REC, "")
	for dir, mode := range map[string]string{"app": "755", "assets": "755", "nix": "755", "run": "755", "tmp": "1777"} {
		dir = filepath.Join(root, dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		mount(t, "tmpfs", dir, "tmpfs", 0, "mode="+mode)
	}
	return root
}

func mount(t *testing.T, source, target, kind string, flags uintptr, data string) {
	t.Helper()
	if err := unix.Mount(source, target, kind, flags, data); err != nil {
		t.Fatalf("mounting %s on %s: %v", source, target, err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", target, err)
		}
	})
}
