package static

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// What a client may take of the server, in bytes.
const (
	maxHeader = 16 << 10  // of a request's first line and headers
	step      = 256 << 10 // of a response that a client must take within a time
)

// times bound how long a client may take.
type times struct {
	header  time.Duration // for a request's headers
	request time.Duration // for a whole request
	idle    time.Duration // between requests
	step    time.Duration // for a step of a response
}

// patience is enough for a telephone in a tunnel. Connections idle longer than proxies keep theirs.
var patience = times{header: 10 * time.Second, request: 30 * time.Second, idle: 2 * time.Minute, step: time.Minute}

// Serve answers until ctx ends. Then it takes no more connections and lets open requests finish within grace. It returns an error if it cannot go on,
// and whether requests were cut.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, grace time.Duration) (cut bool, err error) {
	return patience.serve(ctx, listener, handler, grace)
}

func (t times) serve(ctx context.Context, listener net.Listener, handler http.Handler, grace time.Duration) (cut bool, err error) {
	server := &http.Server{
		Handler:           withPace(handler, t.step),
		ReadHeaderTimeout: t.header,
		ReadTimeout:       t.request,
		IdleTimeout:       t.idle,
		MaxHeaderBytes:    maxHeader,

		DisableGeneralOptionsHandler: true,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return false, fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		cut = errors.Is(err, context.DeadlineExceeded)
		_ = server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return cut, fmt.Errorf("serving: %w", err)
	}
	return cut, nil
}

// withPace lets a response take as long as its client goes on reading, and ends it when the client does not. A limit for a whole response would cut long
// downloads.
func withPace(handler http.Handler, each time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), each: each}
		p.extend()
		handler.ServeHTTP(p, r)
	})
}

// A pacedWriter gives each step of a response a time of its own.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	each    time.Duration
}

func (p *pacedWriter) extend() { _ = p.control.SetWriteDeadline(time.Now().Add(p.each)) }

// Write extends the time for each write.
func (p *pacedWriter) Write(data []byte) (int, error) {
	p.extend()
	return p.ResponseWriter.Write(data)
}

// ReadFrom copies in steps. The kernel copies each, if the source is a file or a part of one.
func (p *pacedWriter) ReadFrom(source io.Reader) (int64, error) {
	limit := int64(1<<63 - 1)
	part, limited := source.(*io.LimitedReader)
	if limited {
		source, limit = part.R, part.N
	}
	var sum int64
	for sum < limit {
		p.extend()
		n, err := io.CopyN(p.ResponseWriter, source, min(step, limit-sum))
		sum += n
		if limited {
			part.N -= n
		}
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// Logged writes one line for each request: when it came, from whom, what it asked for, the status, the bytes of the body, and how long it took.
// The query is left out, because it may hold what nobody else may read.
func Logged(handler http.Handler, log io.Writer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		counter := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		handler.ServeHTTP(counter, r)
		client, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			client = r.RemoteAddr
		}
		fmt.Fprintf(log, "%s %s %q %d %d %s\n", begin.UTC().Format(time.RFC3339), client, r.Method+" "+r.URL.EscapedPath(), counter.status, counter.bytes,
			time.Since(begin).Round(10*time.Microsecond))
	})
}

type countingWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (c *countingWriter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (c *countingWriter) Write(data []byte) (int, error) {
	n, err := c.ResponseWriter.Write(data)
	c.bytes += int64(n)
	return n, err
}

// ReadFrom counts and lets the kernel copy.
func (c *countingWriter) ReadFrom(source io.Reader) (int64, error) {
	n, err := io.Copy(c.ResponseWriter, source)
	c.bytes += n
	return n, err
}

// Unwrap lets a [http.ResponseController] find the connection.
func (c *countingWriter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// address joins host and port. No host is every address of the machine, of IPv4 and IPv6.
func address(host, port string) string {
	return net.JoinHostPort(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), port)
}
