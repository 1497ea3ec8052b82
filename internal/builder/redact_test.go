package builder

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"
)

// shown runs what a step prints through a redactor, in pieces of a size.
func shown(hide func(string) string, printed string, size int) string {
	in := make(chan *client.SolveStatus)
	go func() {
		defer close(in)
		for piece := range slices.Chunk([]byte(printed), size) {
			in <- &client.SolveStatus{Logs: []*client.VertexLog{{Vertex: "a", Stream: 1, Data: piece}}}
			in <- &client.SolveStatus{Logs: []*client.VertexLog{{Vertex: "b", Stream: 1, Data: []byte("x\n")}}}
		}
	}()
	var b strings.Builder
	for s := range redacted(in, hide) {
		for _, l := range s.Logs {
			if l.Vertex == "a" {
				b.Write(l.Data)
			}
		}
	}
	return b.String()
}

func TestASecretInTheOutputOfAStepIsHidden(t *testing.T) {
	hide := strings.NewReplacer("correct-horse", "***", "MIIEpAIB+line", "***").Replace
	const printed = "token correct-horse, correct-horse\r\n  MIIEpAIB+line\nend\nlast correct-horse"
	const want = "token ***, ***\r\n  ***\nend\nlast ***"
	for size := 1; size <= len(printed); size++ {
		if got := shown(hide, printed, size); got != want {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
	}
	if got := shown(nil, printed, 7); got != printed {
		t.Errorf("without a function: %q", got)
	}
}

func TestTheLastLineIsShownWhenTheStepEnds(t *testing.T) {
	r := newRedactor(strings.NewReplacer("correct-horse", "***").Replace)
	log := &client.VertexLog{Vertex: "a", Stream: 2, Data: []byte("by correct-horse")}
	if got := r.status(&client.SolveStatus{Logs: []*client.VertexLog{log}}); len(got.Logs) > 0 {
		t.Errorf("half a line is shown: %q", got.Logs[0].Data)
	}
	now := time.Now()
	got := r.status(&client.SolveStatus{Vertexes: []*client.Vertex{{Digest: digest.Digest("a"), Completed: &now, Name: "echo correct-horse", Error: "no correct-horse"}}})
	if len(got.Logs) != 1 || string(got.Logs[0].Data) != "by ***" || got.Vertexes[0].Name != "echo ***" || got.Vertexes[0].Error != "no ***" {
		t.Errorf("%+v", got)
	}
}

func TestALineWithoutEndIsNotKeptForever(t *testing.T) {
	if got := shown(strings.ToUpper, strings.Repeat("x", 3*pendingLineBytes), 1000); len(got) != 3*pendingLineBytes {
		t.Errorf("%d bytes are shown", len(got))
	}
}
