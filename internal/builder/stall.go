package builder

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// defaultSilence is long for a large layer on a slow link, of whose push the daemon tells only the end.
const defaultSilence = 10 * time.Minute

// StallError says that a registry was silent for too long while the daemon waited for nothing else.
type StallError struct {
	During string // what the daemon was at, in its words
	After  time.Duration
}

// Error names what stood still.
func (e *StallError) Error() string {
	return fmt.Sprintf("waiting for a registry: nothing moved for %s while %s", e.After, e.During)
}

// ExitStatus is 75.
func (*StallError) ExitStatus() int { return 75 }

// Importing reports whether it was the import of a cache.
func (e *StallError) Importing() bool {
	return strings.HasPrefix(e.During, cacheImportName) || strings.HasPrefix(e.During, cacheLoading)
}

// Exporting reports whether it was the export of a cache.
func (e *StallError) Exporting() bool { return strings.HasPrefix(e.During, cacheSending) }

// Names of the daemon's activities that wait for registries. In between it compresses and extracts, which may be silent for long.
const (
	cacheImportName = "importing cache manifest from"
	cacheSending    = "sending cache export"
	// The daemon says nothing while it fetches what a cache holds for a step that starts. So a step that has given no sign at all counts as
	// waiting where a cache is imported; the price of a mistake is a build without it.
	cacheLoading = "loading what the cache holds for "
)

var transfers = []string{"pushing ", "writing ", cacheSending, "resolve ", "sha256:"}

// A stallWatch ends a solve when every vertex that runs waits for a registry, and none has said anything for a while. The
// daemon itself waits without end.
type stallWatch struct {
	silence time.Duration
	imports bool // caches are imported
	cancel  context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	during  string
	running map[digest.Digest]*watchedVertex
}

type watchedVertex struct {
	name  string
	spoke bool       // it has printed or begun something
	open  []activity // steps that are not complete, in the order of their start
}

// An activity is what a vertex does, and how far it is.
type activity struct {
	id      string
	current int64
}

// watchTransfers returns the context for the solve. The caller tells of every message, and ends the watch.
func watchTransfers(ctx context.Context, silence time.Duration, imports bool) (context.Context, *stallWatch) {
	if silence == 0 {
		silence = defaultSilence
	}
	ctx, cancel := context.WithCancelCause(ctx)
	w := &stallWatch{silence: silence, imports: imports, cancel: cancel, running: map[digest.Digest]*watchedVertex{}}
	w.timer = time.AfterFunc(silence, w.fire)
	w.timer.Stop()
	return ctx, w
}

func (w *stallWatch) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.during != "" {
		w.cancel(&StallError{During: w.during, After: w.silence})
	}
}

func (w *stallWatch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
	w.during = ""
	w.cancel(nil)
}

// before tells the watch of each message before next is told.
func (w *stallWatch) before(next func(*client.SolveStatus) []Step) func(*client.SolveStatus) []Step {
	return func(s *client.SolveStatus) []Step {
		w.update(s)
		return next(s)
	}
}

// update takes a message, which is a sign of life if it tells anything new: the daemon repeats how far each transfer is.
func (w *stallWatch) update(s *client.SolveStatus) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range s.Vertexes {
		switch {
		case v.Completed != nil:
			delete(w.running, v.Digest)
		case v.Started != nil && w.running[v.Digest] == nil:
			w.running[v.Digest] = &watchedVertex{name: v.Name}
		}
	}
	news := len(s.Vertexes)+len(s.Logs) > 0
	for _, status := range s.Statuses {
		if v := w.running[status.Vertex]; v != nil && v.note(status) {
			news = true
		}
	}
	for _, l := range s.Logs {
		if v := w.running[l.Vertex]; v != nil {
			v.spoke = true
		}
	}
	if !news {
		return
	}
	w.timer.Stop()
	if w.during = w.waiting(); w.during != "" {
		w.timer.Reset(w.silence)
	}
}

// note reports whether a status tells anything new.
func (v *watchedVertex) note(status *client.VertexStatus) (news bool) {
	v.spoke = true
	done := status.Completed != nil
	for i, open := range v.open {
		if open.id != status.ID {
			continue
		}
		if done {
			v.open = slices.Delete(v.open, i, i+1)
		} else {
			v.open[i].current = status.Current
		}
		return done || open.current != status.Current
	}
	if !done {
		v.open = append(v.open, activity{status.ID, status.Current})
	}
	return true
}

// waiting is what the daemon waits for, "" if something else runs too.
func (w *stallWatch) waiting() string {
	during := ""
	for _, v := range w.running {
		activity := v.waiting()
		if w.imports && !v.spoke && activity == "" {
			activity = cacheLoading + v.name
		}
		if activity == "" {
			return ""
		}
		during = max(during, activity) // one of them, whatever the order
	}
	return during
}

// waiting is the activity of a vertex that only waits for a registry.
func (v *watchedVertex) waiting() string {
	if strings.HasPrefix(v.name, cacheImportName) {
		return v.name
	}
	first := ""
	for _, a := range v.open {
		if !transfer(a.id) {
			return ""
		}
		if first == "" {
			first = a.id
		}
	}
	if strings.HasPrefix(first, "sha256:") {
		return "pulling " + first
	}
	return first
}

func transfer(id string) bool {
	return slices.ContainsFunc(transfers, func(prefix string) bool { return strings.HasPrefix(id, prefix) })
}
