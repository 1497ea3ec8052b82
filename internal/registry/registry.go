// Package registry asks container registries about images and tags them, by the OCI distribution API.
//
// Everything it needs comes as values: credentials, certificates, mirrors. It reads no environment variable.
// Requests that fail in a way that may pass (429, 5xx, a lost connection, silence) are repeated a few times, with growing pauses and
// not before a registry wants it.
// What remains is one of [*DeniedError], [*NotFoundError], [*UntrustedError] and [*UnavailableError], or a mistake in a reference.
// No error holds a credential.
package registry

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/org/npx-action/internal/retry"
)

// A Client talks to registries. Its zero value has no credentials and trusts the system's certificates.
// It may be used by several goroutines.
type Client struct {
	Keychain  authn.Keychain    // usually a [*Keychain]; nil is anonymous
	Transport http.RoundTripper // see [NewTransport]; nil is the default
	Insecure  []string          // hosts, with their port if any, that are spoken to by HTTP or with any certificate
	Mirrors   map[string]string // registry host to the host (and path) that is asked instead of it, see [Client.Mirrored]
	UserAgent string            // "" for the library's own
	Pause     time.Duration     // before the second attempt, three times longer before each further one; 0 is one second
	Silence   time.Duration     // after which a request in which nothing moves is given up; 0 is one minute

	// Wait waits for as long as a registry asks for, or until the context ends; nil waits by the clock.
	Wait func(context.Context, time.Duration) error

	// For tests, which have no other machines.
	reach func(netip.Addr) reach
	route func(address string) string

	mu     sync.Mutex
	guards map[string]*guard // by the registry's host
}

// attempts is how often a request is tried: with a pause of one second, the last attempt is 13 seconds after the first.
const attempts = 1 + retry.Retries

// NewTransport returns a transport that trusts the certificates in bundle, which is PEM, and the system's.
// An empty bundle gives the default transport.
func NewTransport(bundle []byte) (http.RoundTripper, error) {
	if len(bundle) == 0 {
		return remote.DefaultTransport, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(bundle) {
		return nil, errors.New("reading CA certificates: no PEM certificate in the bundle")
	}
	base, ok := remote.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("reading CA certificates: the default transport takes none")
	}
	t := base.Clone()
	t.TLSClientConfig.RootCAs = pool
	return t, nil
}

// options are the options of requests to one registry.
func (c *Client) options(ctx context.Context, to name.Registry, more ...remote.Option) []remote.Option {
	opts := []remote.Option{
		remote.WithContext(ctx),
		remote.WithTransport(c.transport(to)),
		remote.WithRetryBackoff(c.backoff()),
	}
	if c.Keychain != nil {
		opts = append(opts, remote.WithAuthFromKeychain(c.Keychain))
	}
	if c.UserAgent != "" {
		opts = append(opts, remote.WithUserAgent(c.UserAgent))
	}
	return append(opts, more...)
}

func (c *Client) backoff() remote.Backoff {
	pause := c.Pause
	if pause == 0 {
		pause = time.Second
	}
	return remote.Backoff{Duration: pause, Factor: 3, Jitter: 0.1, Steps: attempts}
}

func (c *Client) parse(ref string) (name.Reference, error) {
	r, err := name.ParseReference(ref)
	if err != nil {
		return nil, fmt.Errorf("parsing image reference %q: %w", ref, cause(ref))
	}
	if climbs(r.Context()) {
		return nil, fmt.Errorf("parsing image reference %q: %w", ref, errClimbs)
	}
	if c.insecure(r.Context().RegistryStr()) {
		return name.ParseReference(ref, name.Insecure)
	}
	return r, nil
}

func (c *Client) repository(repo string) (name.Repository, error) {
	r, err := name.NewRepository(repo)
	if err != nil {
		return r, fmt.Errorf("parsing repository %q: %w", repo, err)
	}
	if climbs(r) {
		return r, fmt.Errorf("parsing repository %q: %w", repo, errClimbs)
	}
	if c.insecure(r.RegistryStr()) {
		return name.NewRepository(repo, name.Insecure)
	}
	return r, nil
}

var errClimbs = errors.New("a part of it is no name, but a way through directories")

// climbs reports whether a server could take a repository for another one: a login is for what stands before the dots.
func climbs(r name.Repository) bool {
	return slices.ContainsFunc(strings.Split(r.RepositoryStr(), "/"), func(part string) bool { return strings.Trim(part, ".") == "" })
}

// cause tells the fault of a reference, which the library's parser of both forms keeps to itself.
func cause(ref string) error {
	var err error
	if strings.Contains(ref, "@") {
		_, err = name.NewDigest(ref)
	} else {
		_, err = name.NewTag(ref)
	}
	return err
}
