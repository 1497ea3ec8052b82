package builder

import (
	"bytes"
	"sync"
)

// A tailBuffer is a writer that keeps the end of its input.
type tailBuffer struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 64 << 10

func newTailBuffer() *tailBuffer { return &tailBuffer{} }

func (t *tailBuffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if n := len(t.buf) - tailBytes; n > tailBytes {
		t.buf = append(t.buf[:0:0], t.buf[n:]...)
	}
	return len(p), nil
}

// lines returns the last n lines, each cut to maxLine bytes.
func (t *tailBuffer) lines(n int) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	rest := bytes.TrimRight(t.buf, "\n")
	if len(rest) == 0 {
		return nil
	}
	all := bytes.Split(rest, []byte("\n"))
	all = all[max(0, len(all)-n):]
	out := make([]string, len(all))
	for i, line := range all {
		out[i] = string(line[:min(len(line), maxLine)])
	}
	return out
}

const maxLine = 2000
