package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// A counter stands in front of a registry and counts the bytes of the bodies.
type counter struct {
	host           string // host:port, on loopback, without TLS
	pushed, pulled atomic.Int64
}

// traffic is what went through a counter, in bytes.
type traffic struct{ pushed, pulled int64 }

func countBefore(b testing.TB, registry string) *counter {
	b.Helper()
	c := &counter{}
	to := &url.URL{Scheme: "http", Host: registry}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // so that the registry names places behind the counter
		},
		FlushInterval: -1,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = counted{r.Body, &c.pushed}
		proxy.ServeHTTP(countedAnswer{w, &c.pulled}, r)
	}))
	b.Cleanup(server.Close)
	c.host = strings.TrimPrefix(server.URL, "http://")
	return c
}

// during is what goes through while f runs.
func (c *counter) during(f func()) traffic {
	pushed, pulled := c.pushed.Load(), c.pulled.Load()
	f()
	return traffic{c.pushed.Load() - pushed, c.pulled.Load() - pulled}
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

// Read implements io.Reader.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

type countedAnswer struct {
	http.ResponseWriter
	n *atomic.Int64
}

// Write implements io.Writer.
func (c countedAnswer) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n.Add(int64(n))
	return n, err
}

// Unwrap lets http.ResponseController flush.
func (c countedAnswer) Unwrap() http.ResponseWriter { return c.ResponseWriter }
