package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// A registry chooses where tokens come from, and where layers are: by a realm and by redirects. A plan can name any registry. So
// that none of them has this machine's neighbors asked, a registry leads to addresses of its own reach and of wider ones only.

// A reach is who can speak to an address. A larger number is nearer to this machine.
type reach int

const (
	everybody reach = iota
	network         // private addresses
	machine         // loopback
	link            // link-local addresses, such as the metadata of clouds, and what names no host
)

var reachNames = [...]string{"a public", "a private", "a loopback", "a link-local"}

// Address ranges that package netip does not know.
var (
	shared    = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598: carriers' own networks, and some clouds' metadata
	protocol  = netip.MustParsePrefix("192.0.0.0/24")  // RFC 6890
	thisHost  = netip.MustParsePrefix("0.0.0.0/8")     // RFC 1122
	siteLocal = netip.MustParsePrefix("fec0::/10")     // RFC 3879
	nat64     = netip.MustParsePrefix("64:ff9b::/96")  // RFC 6052: an IPv4 address is at the end
)

func reachOf(a netip.Addr) reach {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	switch {
	case a.IsUnspecified(), thisHost.Contains(a), a.IsLinkLocalUnicast(), a.IsMulticast(), a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return link
	case a.IsLoopback():
		return machine
	case a.IsPrivate(), shared.Contains(a), protocol.Contains(a), siteLocal.Contains(a):
		return network
	}
	return everybody
}

// A RefusedError says that a registry leads where no request is sent. Trying again does not help.
type RefusedError struct {
	problem, hint string
	fallback      bool // the registry itself was about to be asked without TLS
}

// Error says where to, with a hint.
func (e *RefusedError) Error() string { return e.problem + "; " + e.hint }

// ExitStatus is 1.
func (*RefusedError) ExitStatus() int { return 1 }

// A guard sends the requests that one registry gives rise to.
type guard struct {
	base  http.RoundTripper
	own   string                      // the registry's host, with its port if any
	named func(host string) bool      // the user says that it is insecure
	route func(address string) string // nil changes nothing
	reach func(netip.Addr) reach

	mu    sync.Mutex
	known bool  // the registry's own address was dialed
	at    reach // the widest of those
}

// A hop is one request of a guard.
type hop struct {
	target  *url.URL
	proxied bool // it goes to a proxy, which looks the name up
}

type hopKey struct{}

// newGuard guards the requests for the registry host.
func (c *Client) newGuard(host string) *guard {
	g := &guard{base: c.Transport, own: host, named: c.named, reach: reachOf, route: c.route}
	if c.reach != nil {
		g.reach = c.reach
	}
	if g.base == nil {
		g.base = remote.DefaultTransport
	}
	base, ok := g.base.(*http.Transport)
	if !ok {
		return g // no network
	}
	t := base.Clone()
	t.DialContext = g.dial
	if base.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			proxy, err := base.Proxy(r)
			if h, ok := r.Context().Value(hopKey{}).(*hop); ok && proxy != nil {
				h.proxied = true
			}
			return proxy, err
		}
	}
	g.base = t
	return g
}

// RoundTrip implements [http.RoundTripper].
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !g.named(r.URL.Host) && !Loopback(r.URL.Host) {
		return nil, g.withoutTLS(r.URL, r.URL.Hostname())
	}
	h := &hop{target: r.URL}
	if a, err := netip.ParseAddr(r.URL.Hostname()); err == nil {
		if err := g.check(h, a); err != nil {
			return nil, err
		}
	}
	resp, err := g.base.RoundTrip(r.WithContext(context.WithValue(r.Context(), hopKey{}, h)))
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		return nil, refused
	}
	return resp, err
}

// dial connects to an address after the name was looked up, and only then tells where it leads.
func (g *guard) dial(ctx context.Context, kind, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	if h, ok := ctx.Value(hopKey{}).(*hop); ok && !h.proxied {
		d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("reading the address %s: %w", address, err)
			}
			return g.check(h, to.Addr())
		}
	}
	if g.route != nil {
		address = g.route(address)
	}
	return d.DialContext(ctx, kind, address)
}

// check decides whether a request goes to an address.
func (g *guard) check(h *hop, a netip.Addr) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	to := g.reach(a)
	if h.target.Scheme != "https" && !a.Unmap().IsLoopback() && !g.named(h.target.Host) {
		return g.withoutTLS(h.target, a.String())
	}
	if h.target.Host == g.own {
		if !g.known || to < g.at {
			g.known, g.at = true, to
		}
		return nil
	}
	if to == everybody || g.known && g.at != link && to <= g.at {
		return nil
	}
	return &RefusedError{problem: fmt.Sprintf("the registry %s leads to %s address: %s", g.own, reachNames[to], h.target.Hostname()),
		hint: "name another registry, or one that is there itself"}
}

func (g *guard) withoutTLS(to *url.URL, at string) error {
	return &RefusedError{problem: "asking " + at + " without TLS", hint: "nothing is sent so, unless the registry is named as insecure", fallback: to.Host == g.own}
}
