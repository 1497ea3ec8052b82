package forge

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// An origin is a scheme, a host and a port: the only place that a token is sent to.
type origin struct{ scheme, host, port string }

func originOf(u *url.URL) origin {
	scheme := strings.ToLower(u.Scheme)
	port := map[string]string{"http": "80", "https": "443"}[scheme]
	return origin{scheme, strings.ToLower(u.Hostname()), cmp.Or(u.Port(), port)}
}

// String is the address as people write it.
func (o origin) String() string { return o.scheme + "://" + net.JoinHostPort(o.host, o.port) }

// private reports whether nobody on the way can read what is sent: by TLS, or because it does not leave the machine.
func (o origin) private() bool {
	if o.scheme == "https" || o.host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(o.host)
	return err == nil && address.IsLoopback()
}

// tokenOrigin reads the address of an API that a token is sent to.
func tokenOrigin(api string) (origin, error) {
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || u.User != nil {
		return origin{}, fmt.Errorf("reading the address of the API: it is not an address such as https://forge.example/api")
	}
	o := originOf(u)
	if !o.private() {
		return o, fmt.Errorf("reading the address of the API: %s is without TLS, and a token is sent over TLS only", o)
	}
	return o, nil
}

// A oneOrigin transport sends requests to one origin only, so that no redirect takes a token along. The forges' libraries put the token
// into headers that Go's client does not know as secret, or into every request.
type oneOrigin struct {
	base  http.RoundTripper
	own   origin
	token string // sent as a bearer token, unless it is ""
}

// RoundTrip implements [http.RoundTripper].
func (c oneOrigin) RoundTrip(r *http.Request) (*http.Response, error) {
	if to := originOf(r.URL); to != c.own {
		return nil, fmt.Errorf("%s leads to %s, which must not see the token", c.own, to)
	}
	if c.token != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.base.RoundTrip(r)
}
