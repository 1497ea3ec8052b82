package builder

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
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

// An engineClient sends requests to an engine. Paths have no version, which means the engine's own.
type engineClient struct {
	host string // as the user knows it
	base string
	http *http.Client
}

func newEngineClient(e Engine) (*engineClient, error) {
	c := &engineClient{host: e.Host}
	if c.host == "" {
		c.host = defaultEngine
	}
	u, err := url.Parse(c.host)
	if err != nil || u.User != nil {
		return nil, errors.New("the engine's address is not valid; give unix:///path or tcp://host:port")
	}
	transport := &http.Transport{DisableKeepAlives: true}
	switch {
	case u.Scheme == "unix" && u.Path != "":
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", u.Path)
		}
		c.base = "http://engine"
	case u.Scheme == "tcp" && u.Host != "" && e.TLS == (TLS{}):
		c.base = "http://" + u.Host
	case u.Scheme == "tcp" && u.Host != "":
		c.base = "https://" + u.Host
		if transport.TLSClientConfig, err = e.TLS.config(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the engine's address %q is not supported; give unix:///path or tcp://host:port", c.host)
	}
	c.http = &http.Client{Transport: transport}
	return c, nil
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

// send returns the answer, whatever its status. An error is that there is none.
func (c *engineClient) send(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	return resp, withoutURL(err)
}

// withoutURL drops the address from an error, which its caller names as the user knows it.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// A statusError is an engine's refusal.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.code, e.message) }

// open sends in as JSON, if it is not nil, and returns the body of the answer. A refusal is a [*statusError].
func (c *engineClient) open(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	resp, err := c.send(ctx, method, path, "application/json", body)
	if err != nil {
		return nil, err
	}
	return bodyOrError(resp)
}

// ask is open of a POST with a header and nothing else.
func (c *engineClient) ask(ctx context.Context, path string, header http.Header) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header = header
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	return bodyOrError(resp)
}

func bodyOrError(resp *http.Response) (io.ReadCloser, error) {
	if resp.StatusCode < 300 {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	return nil, refusal(resp)
}

// refusal reads the answer that is not the one hoped for.
func refusal(resp *http.Response) error {
	var answer struct{ Message string }
	_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&answer)
	return &statusError{resp.StatusCode, answer.Message}
}

// call is open with an answer that is read to its end, into out if that is not nil.
func (c *engineClient) call(ctx context.Context, method, path string, in, out any) error {
	body, err := c.open(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer body.Close()
	limited := io.LimitReader(body, 64<<20)
	if out != nil {
		return json.NewDecoder(limited).Decode(out)
	}
	_, err = io.Copy(io.Discard, limited)
	return err
}
