package builder

import (
	"bytes"
	"strings"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// mark stands where a text was.
const mark = "***"

// minRedacted is the length in bytes from which a line of a longer text is hidden by itself; shorter ones are in other texts too.
const minRedacted = 8

// A redactor hides texts in what steps print. It hands on whole lines, since a step may write a text in pieces.
type redactor struct {
	replace *strings.Replacer
	pending map[output]*client.VertexLog // the incomplete line of each output
	order   []output
}

type output struct {
	vertex digest.Digest
	stream int
}

// redacted hides texts in all that comes, and ends when in does. Without texts it is in itself.
func redacted(in <-chan *client.SolveStatus, texts []string) <-chan *client.SolveStatus {
	if len(texts) == 0 {
		return in
	}
	r := newRedactor(texts)
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

// newRedactor hides the texts, and each line of those that have several: a log has lines.
func newRedactor(texts []string) *redactor {
	var pairs []string
	for _, text := range texts {
		pairs = append(pairs, strings.TrimSpace(text), mark)
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= minRedacted {
				pairs = append(pairs, line, mark)
			}
		}
	}
	return &redactor{strings.NewReplacer(pairs...), map[output]*client.VertexLog{}, nil}
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
		shown.Name, shown.Error = r.replace.Replace(v.Name), r.replace.Replace(v.Error)
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
	shown.Data = []byte(r.replace.Replace(string(held.Data[:end])))
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
			held.Data = []byte(r.replace.Replace(string(held.Data)))
			rest = append(rest, held)
		}
		delete(r.pending, o)
	}
	r.order = open
	return rest
}
