package builder

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/moby/moby/api/types/jsonstream"
	docker "github.com/moby/moby/client"
)

// A load sends an archive to an engine.
type load struct {
	ctx    context.Context
	engine *engineClient

	mu   sync.Mutex
	pipe *io.PipeWriter
	done chan struct{}
	err  error
}

func newLoad(ctx context.Context, e Engine) (*load, error) {
	c, err := newEngineClient(e)
	if err != nil {
		return nil, err
	}
	return &load{ctx: ctx, engine: c}, nil
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
	answer, err := reply(l.engine.api.ImageLoad(l.ctx, body, docker.ImageLoadWithQuiet(true)))
	if err != nil {
		return l.engine.failed("", err)
	}
	defer answer.Close()
	_, err = messages(io.LimitReader(answer, 1<<20))
	if told, ok := errors.AsType[*jsonstream.Error](err); ok {
		return &EngineError{Host: l.engine.host, Refused: true, Err: told}
	}
	return nil // an answer without messages says nothing against the image
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
