package builder

import (
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
	"sync"
)

// An Engine is a Docker engine, spoken to by its HTTP API: no docker program is needed.
type Engine struct {
	Host string // as DOCKER_HOST: unix:///path or tcp://host:port; "" is unix:///var/run/docker.sock
	TLS  TLS    // for tcp
}

const defaultEngine = "unix:///var/run/docker.sock"

// A load sends an archive to an engine.
type load struct {
	ctx    context.Context
	host   string
	base   string
	client *http.Client

	mu   sync.Mutex
	pipe *io.PipeWriter
	done chan struct{}
	err  error
}

func newLoad(ctx context.Context, e Engine) (*load, error) {
	l := &load{ctx: ctx, host: e.Host}
	if l.host == "" {
		l.host = defaultEngine
	}
	u, err := url.Parse(l.host)
	if err != nil || u.User != nil {
		return nil, errors.New("the engine's address is not valid; give unix:///path or tcp://host:port")
	}
	transport := &http.Transport{DisableKeepAlives: true}
	switch {
	case u.Scheme == "unix" && u.Path != "":
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", u.Path)
		}
		l.base = "http://engine"
	case u.Scheme == "tcp" && u.Host != "" && e.TLS == (TLS{}):
		l.base = "http://" + u.Host
	case u.Scheme == "tcp" && u.Host != "":
		l.base = "https://" + u.Host
		if transport.TLSClientConfig, err = e.TLS.config(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the engine's address %q is not supported; give unix:///path or tcp://host:port", l.host)
	}
	l.client = &http.Client{Transport: transport}
	return l, nil
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

// open starts the request; the writer is its body.
func (l *load) open(map[string]string) (io.WriteCloser, error) {
	r, w := io.Pipe()
	l.mu.Lock()
	l.pipe, l.done = w, make(chan struct{})
	l.mu.Unlock()
	go func() {
		defer close(l.done)
		err := l.post(r)
		l.mu.Lock()
		l.err = err
		l.mu.Unlock()
		if err == nil {
			err = io.ErrClosedPipe
		}
		_ = r.CloseWithError(err)
	}()
	return l, nil
}

func (l *load) post(body io.Reader) error {
	req, err := http.NewRequestWithContext(l.ctx, http.MethodPost, l.base+"/images/load?quiet=1", body)
	if err != nil {
		return &EngineError{Host: l.host, Err: err}
	}
	req.Header.Set("Content-Type", "application/x-tar")
	resp, err := l.client.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return &EngineError{Host: l.host, Err: err}
	}
	defer resp.Body.Close()
	// The status is sent before the work is done: what fails later is in the stream of messages.
	var message struct{ Message, Error string }
	dec := json.NewDecoder(io.LimitReader(resp.Body, 1<<20))
	for dec.Decode(&message) == nil && message.Error == "" {
		continue
	}
	switch {
	case message.Error != "":
		return &EngineError{Host: l.host, Refused: true, Err: errors.New(message.Error)}
	case resp.StatusCode != http.StatusOK:
		return &EngineError{Host: l.host, Refused: resp.StatusCode < 500, Err: fmt.Errorf("status %d: %s", resp.StatusCode, message.Message)}
	}
	return nil
}

// Write implements io.Writer. An engine that stops reading ends it.
func (l *load) Write(p []byte) (int, error) { return l.pipe.Write(p) }

// Close ends the archive and waits for the engine.
func (l *load) Close() error {
	_ = l.pipe.Close()
	<-l.done
	return l.failure()
}

func (l *load) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// abort ends a request that is still open.
func (l *load) abort() {
	l.mu.Lock()
	pipe, done := l.pipe, l.done
	l.mu.Unlock()
	if pipe != nil {
		_ = pipe.CloseWithError(errors.New("the build did not complete"))
		<-done
	}
}
