package builder

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/containerd/errdefs/pkg/errhttp"
	docker "github.com/moby/moby/client"
)

// An Engine is a Docker engine, spoken to by its HTTP API: no docker program is needed.
type Engine struct {
	Host string // as DOCKER_HOST: unix:///path or tcp://host:port; "" is unix:///var/run/docker.sock
	TLS  TLS    // for tcp
}

const defaultEngine = "unix:///var/run/docker.sock"

// Check finds mistakes in the address and the certificates without connecting.
func (e Engine) Check() error {
	_, err := newEngineClient(e)
	return err
}

// An engineClient speaks to an engine in the version of the API that both know. It reads no environment and takes no proxy.
type engineClient struct {
	host string // as the user knows it
	api  *docker.Client
}

func newEngineClient(e Engine) (*engineClient, error) {
	host := cmp.Or(e.Host, defaultEngine)
	u, err := url.Parse(host)
	if err != nil || u.User != nil {
		return nil, errors.New("the engine's address is not valid; give unix:///path or tcp://host:port")
	}
	transport := &http.Transport{DisableKeepAlives: true, DialContext: dialEngine}
	switch {
	case u.Scheme == "unix" && u.Path != "":
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return dialEngine(ctx, "unix", u.Path) }
	case u.Scheme == "tcp" && u.Host != "" && e.TLS == (TLS{}):
	case u.Scheme == "tcp" && u.Host != "":
		if transport.TLSClientConfig, err = e.TLS.config(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the engine's address %q is not supported; give unix:///path or tcp://host:port", host)
	}
	// The transport comes last: the option of the host sets one that takes proxies from the environment.
	api, err := docker.New(docker.WithHost(host), docker.WithHTTPClient(&http.Client{Transport: transport, CheckRedirect: docker.CheckRedirect}))
	if err != nil {
		return nil, fmt.Errorf("the engine's address %q is not valid: %w", host, err)
	}
	return &engineClient{host, api}, nil
}

func (t TLS) config() (*tls.Config, error) {
	c := &tls.Config{ServerName: t.ServerName, MinVersion: tls.VersionTLS12}
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("reading the CA certificate: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("reading the CA certificate: %s holds none", t.CA)
		}
	}
	if t.Cert != "" || t.Key != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("reading the client certificate: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// A dialError is why there is no connection to an engine. The library puts a sentence of its own in place of an error that it recognizes, so
// this one hides its cause from it.
type dialError struct{ cause error }

func (dialError) Error() string { return "no connection" }

func dialEngine(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, dialError{err}
	}
	return conn, nil
}

// A statusError is an engine's refusal. It is of the kinds of errdefs, too.
type statusError struct {
	code    int
	message string
	err     error // of the library
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.code, e.message) }

// Unwrap returns the error of the library.
func (e *statusError) Unwrap() error { return e.err }

// reply is the result of a call with the error as [causeOf] has it.
func reply[T any](result T, err error) (T, error) { return result, causeOf(err) }

// causeOf takes the library's words and addresses from an error: its caller names the engine as the user knows it. A refusal is a
// [*statusError].
func causeOf(err error) error {
	if err == nil {
		return nil
	}
	if dial, ok := errors.AsType[dialError](err); ok {
		return dial.cause
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	var protocol string
	var code int
	// The library reads no more than the status of an answer that is no connection.
	if n, _ := fmt.Sscanf(err.Error(), "unable to upgrade to %s received %d", &protocol, &code); n == 2 {
		return &statusError{code, "no connection for " + strings.TrimSuffix(protocol, ","), err}
	}
	if code = errhttp.ToHTTP(err); code == http.StatusInternalServerError && !errdefs.IsInternal(err) {
		return err
	}
	message := strings.TrimPrefix(err.Error(), "Error response from daemon: ")
	return &statusError{code, message[:min(len(message), maxSaid)], err}
}
