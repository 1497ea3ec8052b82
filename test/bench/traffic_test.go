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

// A counter stands in front of registries and counts the bytes of the bodies.
type counter struct {
	hosts          []string // host:port, on loopback, without TLS, in the order of the registries
	registries     []string
	pushed, pulled atomic.Int64
}

// traffic is what went through a counter, in bytes.
type traffic struct{ pushed, pulled int64 }

func countBefore(tb testing.TB, registries ...string) *counter {
	tb.Helper()
	c := &counter{registries: registries}
	for _, registry := range registries {
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
		tb.Cleanup(server.Close)
		c.hosts = append(c.hosts, strings.TrimPrefix(server.URL, "http://"))
	}
	return c
}

// past is the name of an image past the counter.
func (c *counter) past(image string) string {
	for i, host := range c.hosts {
		image = strings.Replace(image, host, c.registries[i], 1)
	}
	return image
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
