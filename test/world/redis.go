package world

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
)

// A Redis is a running Redis server of Debian's, which stores nothing.
type Redis struct {
	URL string // on loopback

	dir  string
	stop func() error
}

// NewRedis starts one more Redis server for the life of the world.
func (w *World) NewRedis(ctx context.Context) (*Redis, error) {
	if err := install(ctx, w.cache, w.log, "redis-server"); err != nil {
		return nil, err
	}
	dir, err := w.run.mkdir("redis")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	p, err := startProcess(w.log, exec.CommandContext(context.WithoutCancel(ctx), "redis-server", "--bind", "127.0.0.1", "--port", strconv.Itoa(port),
		"--dir", dir, "--save", "", "--appendonly", "no"))
	if err != nil {
		return nil, err
	}
	s := &Redis{URL: fmt.Sprintf("redis://%s/0", address), dir: dir, stop: sync.OnceValue(p.stop)}
	w.onClose(s.stop)
	return s, p.ready(ctx, func() error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// Close stops the server. The world's end does it too.
func (s *Redis) Close() error { return errors.Join(s.stop(), os.RemoveAll(s.dir)) }
