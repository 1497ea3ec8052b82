package builder

import (
	"bytes"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// A redactor hides texts in what steps print. It hands on whole lines, since a step may write a text in pieces.
type redactor struct {
	hide    func(string) string
	pending map[output]*client.VertexLog // the incomplete line of each output
	order   []output
}

type output struct {
	vertex digest.Digest
	stream int
}

// redacted hides texts in all that comes, and ends when in does. Without a function it is in itself.
func redacted(in <-chan *client.SolveStatus, hide func(string) string) <-chan *client.SolveStatus {
	if hide == nil {
		return in
	}
	r := newRedactor(hide)
	out := make(chan *client.SolveStatus)
	go func() {
		defer close(out)
		for s := range in {
			out <- r.status(s)
		}
		if rest := r.flush(func(output) bool { return true }); len(rest) > 0 {
			out <- &client.SolveStatus{Logs: rest}
		}
	}()
	return out
}

func newRedactor(hide func(string) string) *redactor {
	return &redactor{hide, map[output]*client.VertexLog{}, nil}
}

func (r *redactor) status(s *client.SolveStatus) *client.SolveStatus {
	clean := *s
	clean.Logs = nil
	done := map[digest.Digest]bool{}
	for _, v := range s.Vertexes {
		done[v.Digest] = done[v.Digest] || v.Completed != nil
	}
	for _, l := range s.Logs {
		clean.Logs = append(clean.Logs, r.log(l)...)
	}
	clean.Logs = append(clean.Logs, r.flush(func(o output) bool { return done[o.vertex] })...)
	clean.Vertexes = nil
	for _, v := range s.Vertexes {
		shown := *v
		shown.Name, shown.Error = r.hide(v.Name), r.hide(v.Error)
		clean.Vertexes = append(clean.Vertexes, &shown)
	}
	return &clean
}

// log returns the lines that are complete.
func (r *redactor) log(l *client.VertexLog) []*client.VertexLog {
	o := output{l.Vertex, l.Stream}
	held := r.pending[o]
	if held == nil {
		copied := *l
		copied.Data = nil
		held = &copied
		r.pending[o] = held
		r.order = append(r.order, o)
	}
	held.Timestamp = l.Timestamp
	held.Data = append(held.Data, l.Data...)
	end := bytes.LastIndexAny(held.Data, "\r\n") + 1
	if end == 0 && len(held.Data) < pendingLineBytes {
		return nil
	}
	if end == 0 {
		end = len(held.Data)
	}
	shown := *held
	shown.Data = []byte(r.hide(string(held.Data[:end])))
	held.Data = bytes.Clone(held.Data[end:])
	return []*client.VertexLog{&shown}
}

// flush returns what is left of outputs that have ended, in the order of their beginnings.
func (r *redactor) flush(ended func(output) bool) []*client.VertexLog {
	var rest []*client.VertexLog
	var open []output
	for _, o := range r.order {
		if !ended(o) {
			open = append(open, o)
			continue
		}
		if held := r.pending[o]; len(held.Data) > 0 {
			held.Data = []byte(r.hide(string(held.Data)))
			rest = append(rest, held)
		}
		delete(r.pending, o)
	}
	r.order = open
	return rest
}
