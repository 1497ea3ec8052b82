package registry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/retry"
)

const (
	// defaultSilence is long for an answer about a manifest, and short for a job that waits for it.
	defaultSilence = time.Minute
	// maxMessage bounds what is kept of the text of a refusal.
	maxMessage = 64 << 10
)

// A patient transport waits as long as a registry asks for, and no longer than silence for one that says nothing.
type patient struct {
	base    http.RoundTripper
	silence time.Duration
	wait    func(context.Context, time.Duration) error
}

// transport is what all requests go through that one registry gives rise to.
func (c *Client) transport(to name.Registry) http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	host := to.RegistryStr()
	if c.guards[host] == nil {
		if c.guards == nil {
			c.guards = map[string]*guard{}
		}
		c.guards[host] = c.newGuard(host)
	}
	p := patient{base: c.guards[host], silence: cmp.Or(c.Silence, defaultSilence), wait: c.Wait}
	if p.wait == nil {
		p.wait = pause
	}
	return p
}

// silentError says that a registry takes part in a request no more. It may be a single lost connection.
type silentError struct{ after time.Duration }

func (e silentError) Error() string { return fmt.Sprintf("it was silent for %s", e.after) }

// Temporary is what the library asks before it tries again.
func (silentError) Temporary() bool { return true }

// RoundTrip implements http.RoundTripper.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	w := &watch{silence: p.silence, cancel: cancel}
	w.timer = time.AfterFunc(p.silence, func() { cancel(silentError{p.silence}) })
	sent := r.Clone(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		sent.Body = watchedBody{r.Body, w, ctx}
	}
	resp, err := p.base.RoundTrip(sent)
	if err != nil {
		err = explain(ctx, err)
		w.end()
		return nil, err
	}
	resp.Body = answerBody{watchedBody{resp.Body, w, ctx}}
	wait, _ := retry.After(resp)
	if wait == 0 || wait > retry.LongestPause {
		return resp, nil
	}
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxMessage))
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(text))
	// The library's own pause follows.
	return resp, p.wait(r.Context(), wait)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A watch ends a request when nothing moves.
type watch struct {
	silence time.Duration
	cancel  context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer // nil when the request is over
}

func (w *watch) moved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Reset(w.silence)
	}
}

func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	w.cancel(nil)
}

// explain names the silence where that, and not the caller, ended the request.
func explain(ctx context.Context, err error) error {
	if silent, ok := errors.AsType[silentError](context.Cause(ctx)); ok {
		return silent
	}
	return err
}

// watchedBody is a body of a request or an answer, of which every part is a sign of life.
type watchedBody struct {
	io.ReadCloser
	watch *watch
	ctx   context.Context
}

// Read implements io.Reader.
func (b watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.watch.moved()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = explain(b.ctx, err)
	}
	return n, err
}

// answerBody is the body with which a request is over.
type answerBody struct{ watchedBody }

// Close implements io.Closer.
func (b answerBody) Close() error {
	defer b.watch.end()
	return b.watchedBody.Close()
}
