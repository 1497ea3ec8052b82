package builder

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// A spokenConn is a connection to a program. When that ends, writing fails at once and says nothing; why it ended is in what is read.
type spokenConn struct {
	net.Conn
	once  sync.Once
	ended chan struct{} // closed when reading has failed
	err   error         // of that
}

func newSpokenConn(c net.Conn) *spokenConn { return &spokenConn{Conn: c, ended: make(chan struct{})} }

// Read implements io.Reader.
func (c *spokenConn) Read(p []byte) (int, error) {
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
func (c *spokenConn) Write(p []byte) (int, error) {
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
