package builder

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// hijack sends a request after which the connection belongs to us, for a protocol that the engine calls by that name.
func (c *engineClient) hijack(ctx context.Context, path, protocol string, header http.Header, in any) (net.Conn, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	// The context is about the request: a connection that is ours must outlive it.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", protocol)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	if stream, ok := resp.Body.(io.ReadWriteCloser); ok && resp.StatusCode == http.StatusSwitchingProtocols {
		return &streamConn{ReadWriteCloser: stream, address: streamAddr(c.host)}, nil
	}
	defer resp.Body.Close()
	return nil, refusal(resp)
}

// A streamConn is a connection without deadlines. HTTP/2 needs none: it ends when it is closed.
type streamConn struct {
	io.ReadWriteCloser
	address streamAddr
}

// LocalAddr implements net.Conn.
func (c *streamConn) LocalAddr() net.Addr { return c.address }

// RemoteAddr implements net.Conn.
func (c *streamConn) RemoteAddr() net.Addr { return c.address }

// SetDeadline implements net.Conn.
func (*streamConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (*streamConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (*streamConn) SetWriteDeadline(time.Time) error { return nil }

type streamAddr string

// Network implements net.Addr.
func (streamAddr) Network() string { return "engine" }

// String implements net.Addr.
func (a streamAddr) String() string { return string(a) }

// Streams of an engine's frames.
const (
	frameStdout = 1
	frameStderr = 2
)

// A frameReader reads the HTTP/2 that a program in a container writes to its standard output. What it writes to its standard error is the
// error that takes the place of the end.
type frameReader struct {
	from  io.Reader
	left  int64 // of the frame
	begun bool
	said  []byte
}

// maxSaid bounds the text of errors.
const maxSaid = 4 << 10

func newFrameReader(from io.Reader) *frameReader { return &frameReader{from: from} }

// Read implements io.Reader.
func (r *frameReader) Read(p []byte) (int, error) {
	for r.left == 0 {
		var header [8]byte
		if _, err := io.ReadFull(r.from, header[:]); err != nil {
			return 0, r.end(err)
		}
		size := int64(binary.BigEndian.Uint32(header[4:]))
		switch header[0] {
		case frameStdout:
			r.left = size
		case frameStderr:
			text, err := io.ReadAll(io.LimitReader(r.from, min(size, maxSaid-int64(len(r.said)))))
			r.said = append(r.said, text...)
			if err == nil {
				_, err = io.CopyN(io.Discard, r.from, size-int64(len(text)))
			}
			if err != nil {
				return 0, r.end(err)
			}
		default:
			// What the engine itself says has no frame.
			rest, _ := io.ReadAll(io.LimitReader(r.from, maxSaid))
			return 0, errors.New(strings.TrimSpace(string(header[:]) + string(rest)))
		}
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	// HTTP/2 begins with a short frame, and so with a zero. An engine that cannot start the program says so in its stead.
	if n > 0 && !r.begun && p[0] != 0 {
		rest, _ := io.ReadAll(io.LimitReader(r.from, min(r.left, maxSaid)))
		return 0, errors.New(strings.TrimSpace(string(p[:n]) + string(rest)))
	}
	r.begun = r.begun || n > 0
	return n, err
}

func (r *frameReader) end(err error) error {
	if text := strings.TrimSpace(string(r.said)); text != "" {
		return fmt.Errorf("%s", text)
	}
	return err
}
