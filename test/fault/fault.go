// Package fault stands between a client and a registry, and lets the n-th request go wrong.
package fault

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// A Kind is a way to go wrong.
type Kind string

// The kinds.
const (
	Error   Kind = "500"
	TooMany Kind = "429"   // with Retry-After: 0
	Reset   Kind = "reset" // of the connection, before an answer
	Cut     Kind = "cut"   // the connection is reset amid the answer
	Stall   Kind = "stall" // no answer, until the client goes away
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Error, TooMany, Reset, Cut, Stall} }

// A Plan says which requests go wrong: those from First, counted from 1 and as far as Of matches, to Last. Without a kind it only counts.
type Plan struct {
	Kind        Kind
	First, Last int
	Of          func(*http.Request) bool // nil matches all
}

// Once is the plan in which a single request goes wrong.
func Once(kind Kind, n int) Plan { return Plan{Kind: kind, First: n, Last: n} }

// From is the plan in which a request and all that follow go wrong.
func From(kind Kind, n int) Plan { return Plan{Kind: kind, First: n, Last: int(^uint(0) >> 1)} }

// A Proxy passes requests on, and remembers them.
type Proxy struct {
	Host string // host:port, on loopback, without TLS

	next http.Handler
	mu   sync.Mutex
	plan Plan
	seen int
	log  []string
}

// Before starts a proxy in front of a handler, for the time of the test.
func Before(t testing.TB, next http.Handler) *Proxy {
	t.Helper()
	p := &Proxy{next: next}
	server := httptest.NewServer(p)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	p.Host = strings.TrimPrefix(server.URL, "http://")
	return p
}

// BeforeHost starts a proxy in front of a registry.
func BeforeHost(t testing.TB, host string) *Proxy {
	t.Helper()
	to := &url.URL{Scheme: "http", Host: host}
	return Before(t, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // so that the registry names places behind the proxy
	}})
}

// Arm counts from here on, by another plan.
func (p *Proxy) Arm(plan Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan, p.seen, p.log = plan, 0, nil
}

// Requests are those since the plan was set, as METHOD PATH.
func (p *Proxy) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.log...)
}

// Seen is how many requests the plan counted.
func (p *Proxy) Seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch p.meet(r) {
	case "":
		p.next.ServeHTTP(w, r)
	case Error:
		http.Error(w, `{"errors":[{"code":"UNKNOWN","message":"the disk is full"}]}`, http.StatusInternalServerError)
	case TooMany:
		w.Header().Set("Retry-After", "0")
		http.Error(w, `{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}`, http.StatusTooManyRequests)
	case Reset:
		reset(w, nil)
	case Cut:
		reset(w, p.half(r))
	case Stall:
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client goes
		<-r.Context().Done()
	}
}

// meet notes a request, and says how it goes wrong.
func (p *Proxy) meet(r *http.Request) Kind {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, r.Method+" "+r.URL.Path)
	if p.plan.Of != nil && !p.plan.Of(r) {
		return ""
	}
	p.seen++
	if p.plan.Kind == "" || p.seen < p.plan.First || p.seen > p.plan.Last {
		return ""
	}
	return p.plan.Kind
}

// half is the beginning of the answer.
func (p *Proxy) half(r *http.Request) []byte {
	rec := httptest.NewRecorder()
	p.next.ServeHTTP(rec, r)
	if r.Method == http.MethodHead {
		rec.Body.Reset()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", rec.Code, http.StatusText(rec.Code))
	if rec.Header().Get("Content-Length") == "" {
		rec.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
	}
	_ = rec.Header().Write(&b)
	whole := b.String() + "\r\n" + rec.Body.String()
	if rec.Body.Len() < 2 {
		return []byte(whole[:len(whole)/2])
	}
	return []byte(whole[:len(whole)-rec.Body.Len()/2])
}

func reset(w http.ResponseWriter, before []byte) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = conn.Write(before)
	if tcp, ok := conn.(*net.TCPConn); ok && len(before) == 0 {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
