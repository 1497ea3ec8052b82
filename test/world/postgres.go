package world

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// postgresDir is where Debian has the programs of PostgreSQL.
const postgresDir = "/usr/lib/postgresql/15/bin/"

// A Postgres is a running PostgreSQL server of Debian's, with an empty database and its files in the world's own directory.
type Postgres struct {
	URL string // of the database, on loopback, with user and password

	dir  string
	stop func() error
}

// NewPostgres starts one more PostgreSQL server for the life of the world. Containers reach it, as they have the machine's network.
func (w *World) NewPostgres(ctx context.Context) (*Postgres, error) {
	if err := install(ctx, w.cache, w.log, postgresDir+"postgres"); err != nil {
		return nil, err
	}
	owner, err := userOf("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := w.run.mkdir("postgres")
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return nil, err
	}
	// The server refuses to run as root.
	if err := errors.Join(w.run.letThrough(), os.Chown(dir, int(owner.Uid), int(owner.Gid)), os.Chown(secret, int(owner.Uid), int(owner.Gid))); err != nil {
		return nil, err
	}
	command := func(ctx context.Context, name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, postgresDir+name, args...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: owner}
		return cmd
	}
	data := filepath.Join(dir, "data")
	if _, err := runCommand(w.log, command(ctx, "initdb", "--pgdata", data, "--username", "app", "--pwfile", secret, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p, err := startProcess(w.log, command(context.WithoutCancel(ctx), "postgres", "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", "", "-F"))
	if err != nil {
		return nil, err
	}
	s := &Postgres{URL: fmt.Sprintf("postgres://app:%s@127.0.0.1:%d/postgres", password, port), dir: dir}
	s.stop = sync.OnceValue(func() error {
		_ = p.cmd.Process.Signal(syscall.SIGINT) // it would wait for its clients to leave
		return p.stop()
	})
	w.onClose(s.stop)
	return s, p.ready(ctx, func() error {
		return command(ctx, "pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(port)).Run()
	})
}

// Close stops the server and removes what it stores. The world's end does it too.
func (s *Postgres) Close() error { return errors.Join(s.stop(), os.RemoveAll(s.dir)) }

// userOf is what a process needs to run as a user of the machine.
func userOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}
