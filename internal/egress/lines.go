package egress

import (
	"bytes"
	"io"
	"sync"
)

// maxLine bounds the kept part of a line that has no end yet, in bytes.
const maxLine = 64 << 10

// lines hides the values in its input, line by line: a value may come in pieces. Close writes a last line without an end.
func (g *Guard) lines(w io.Writer) io.WriteCloser { return &lineWriter{w: g.Writer(w)} }

type lineWriter struct {
	mu      sync.Mutex // progress and messages come side by side
	w       io.Writer
	pending []byte
}

// Write implements [io.Writer].
func (l *lineWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, p...)
	end := bytes.LastIndexAny(l.pending, "\r\n") + 1
	if end == 0 && len(l.pending) < maxLine {
		return len(p), nil
	}
	if end == 0 {
		end = len(l.pending)
	}
	if _, err := l.w.Write(l.pending[:end]); err != nil {
		return 0, err
	}
	l.pending = append(l.pending[:0], l.pending[end:]...)
	return len(p), nil
}

// Close implements [io.Closer].
func (l *lineWriter) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) == 0 {
		return nil
	}
	_, err := l.w.Write(l.pending)
	l.pending = nil
	return err
}
