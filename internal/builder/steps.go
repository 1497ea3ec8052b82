package builder

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
)

// Names that BuildKit gives to its own activities.
const (
	cacheExportName  = "exporting cache to"
	tailLines        = 20
	pendingLineBytes = 64 << 10
)

// A tracker follows the steps of one solve.
type tracker struct {
	mu    sync.Mutex
	ops   map[digest.Digest]*pb.Op // of the definition
	steps map[digest.Digest]*trackedStep
	order []digest.Digest // as they appeared

	changed chan struct{} // closed by the next message
}

type trackedStep struct {
	name               string
	started, completed time.Time
	cached, told       bool
	err                string
	tail               []string
	lines              map[int][]byte   // the incomplete line of each stream
	bytes              map[string]int64 // of each transfer
	spans              map[string]span  // of each activity
	runs               map[int64]span   // by their start
}

func newTracker(def *llb.Definition) *tracker {
	t := &tracker{ops: map[digest.Digest]*pb.Op{}, steps: map[digest.Digest]*trackedStep{}, changed: make(chan struct{})}
	for i, dt := range def.Def {
		var op pb.Op
		// The last one only names the result.
		if i < len(def.Def)-1 && op.UnmarshalVT(dt) == nil {
			t.ops[digest.FromBytes(dt)] = &op
		}
	}
	return t
}

// add adds a step that is not the daemon's.
func (t *tracker) add(name string, started, completed time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.step(digest.FromString(name))
	s.name, s.started, s.completed, s.told = name, started, completed, true
}

// makes reports whether a vertex makes something for the definition. Its sources, local files and images, are looked up
// anew by every build, which says nothing about the cache.
func (t *tracker) makes(d digest.Digest) bool {
	op := t.ops[d]
	return op != nil && op.GetSource() == nil
}

// update takes a message, and returns the steps that it completes.
func (t *tracker) update(s *client.SolveStatus) []Step {
	t.mu.Lock()
	defer t.mu.Unlock()
	var done []digest.Digest
	for _, v := range s.Vertexes {
		step := t.step(v.Digest)
		step.name = cmp.Or(v.Name, step.name)
		step.cached = step.cached || v.Cached
		step.noteRun(v)
		step.err = cmp.Or(v.Error, step.err)
		if v.Started != nil && (step.started.IsZero() || v.Started.Before(step.started)) {
			step.started = *v.Started
		}
		if v.Completed != nil {
			step.completed = *v.Completed
			if !step.told {
				step.told = true
				done = append(done, v.Digest)
			}
		}
	}
	for _, v := range s.Statuses {
		t.step(v.Vertex).note(v)
		// Of a pulled layer, unpacking is told apart from the transfer.
		if !strings.HasPrefix(v.ID, "extracting ") {
			step := t.step(v.Vertex)
			step.bytes[v.ID] = max(step.bytes[v.ID], v.Current)
		}
	}
	for _, l := range s.Logs {
		t.step(l.Vertex).print(l.Stream, l.Data)
	}
	first := t.first()
	var out []Step
	for _, d := range done {
		out = append(out, t.export(d, first))
	}
	close(t.changed)
	t.changed = make(chan struct{})
	return out
}

func (t *tracker) step(d digest.Digest) *trackedStep {
	if t.steps[d] == nil {
		t.steps[d] = &trackedStep{lines: map[int][]byte{}, bytes: map[string]int64{}, spans: map[string]span{}, runs: map[int64]span{}}
		t.order = append(t.order, d)
	}
	return t.steps[d]
}

// print keeps the last lines of a step's output.
func (s *trackedStep) print(stream int, data []byte) {
	line := append(s.lines[stream], data...)
	for {
		i := bytes.IndexByte(line, '\n')
		if i < 0 && len(line) < pendingLineBytes {
			break
		}
		if i < 0 {
			i = len(line) - 1
		}
		s.keep(line[:i])
		line = line[i+1:]
	}
	s.lines[stream] = slices.Clone(line)
}

func (s *trackedStep) keep(line []byte) {
	line = bytes.TrimRight(line, "\r")
	s.tail = append(s.tail, string(line[:min(len(line), maxLine)]))
	s.tail = s.tail[max(0, len(s.tail)-tailLines):]
}

// lastLines is the end of the output of a step.
func (t *tracker) lastLines(d digest.Digest) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.steps[d]
	if s == nil {
		return nil
	}
	for _, stream := range slices.Sorted(maps.Keys(s.lines)) {
		if line := s.lines[stream]; len(line) > 0 {
			s.keep(line)
		}
		delete(s.lines, stream)
	}
	return slices.Clone(s.tail)
}

func (t *tracker) name(d digest.Digest) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.steps[d]; s != nil {
		return s.name
	}
	return ""
}

// failed returns the error of the first step whose name starts so.
func (t *tracker) failed(prefix string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.order {
		if s := t.steps[d]; s.err != "" && strings.HasPrefix(s.name, prefix) {
			return s.err
		}
	}
	return ""
}

// failedExec returns the step that runs a command and failed, "" for none. Old daemons do not say in an error which it was.
func (t *tracker) failedExec() digest.Digest {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range t.order {
		if t.steps[d].err != "" && t.ops[d].GetExec() != nil {
			return d
		}
	}
	return ""
}

func (t *tracker) first() time.Time {
	var first time.Time
	for _, s := range t.steps {
		if !s.started.IsZero() && (first.IsZero() || s.started.Before(first)) {
			first = s.started
		}
	}
	return first
}

func (t *tracker) export(d digest.Digest, first time.Time) Step {
	s := t.steps[d]
	out := Step{Name: s.name, Digest: d.String(), InGraph: t.makes(d), Cached: s.cached, Error: s.err,
		Started: s.started, Activities: s.activities()}
	for _, n := range s.bytes {
		out.Bytes += n
	}
	if !s.started.IsZero() {
		out.Start = s.started.Sub(first)
		if !s.completed.IsZero() {
			out.Duration = s.completed.Sub(s.started)
		}
	}
	return out
}

// list gives the steps by start; steps that start together stay in the order of their appearance.
func (t *tracker) list() []Step {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.first()
	var out []Step
	for _, d := range t.order {
		if t.steps[d].name != "" {
			out = append(out, t.export(d, first))
		}
	}
	slices.SortStableFunc(out, func(a, b Step) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
