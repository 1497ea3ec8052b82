package builder

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// A commandConn is a connection to a program. When the program ends, writing fails at once and says nothing. So Write returns the error that Read
// got.
type commandConn struct {
	net.Conn
	once  sync.Once
	ended chan struct{} // closed when reading has failed
	err   error         // of that
}

func newCommandConn(c net.Conn) *commandConn {
	return &commandConn{Conn: c, ended: make(chan struct{})}
}

// Read implements io.Reader.
func (c *commandConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.once.Do(func() {
			c.err = err
			close(c.ended)
		})
	}
	return n, err
}

// Write implements io.Writer.
func (c *commandConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil {
		return n, nil
	}
	select {
	case <-c.ended:
		if !errors.Is(c.err, io.EOF) {
			err = c.err
		}
	case <-time.After(lastWords):
	}
	return n, err
}
