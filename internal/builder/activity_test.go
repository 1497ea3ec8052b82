package builder

import (
	"reflect"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	"github.com/opencontainers/go-digest"
)

func TestActivitiesOfOneKindThatOverlapAreOne(t *testing.T) {
	start := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	at := func(seconds int) *time.Time {
		when := start.Add(time.Duration(seconds) * time.Second)
		return &when
	}
	const d = digest.Digest("sha256:a")
	status := func(id string, from, to *time.Time) *client.VertexStatus {
		return &client.VertexStatus{ID: id, Vertex: d, Started: from, Completed: to}
	}
	steps := newTracker(&llb.Definition{})
	steps.update(&client.SolveStatus{
		Vertexes: []*client.Vertex{{Digest: d, Name: "npm ci", Started: at(0), Completed: at(9)}},
		Statuses: []*client.VertexStatus{
			status("sha256:b", at(0), nil), status("sha256:b", at(0), at(2)), status("sha256:c", at(1), at(3)), status("sha256:d", at(5), at(6)),
			status("extracting sha256:b", at(2), at(4)), status("pushing manifest for a.example/b:1@sha256:c", at(7), at(8)),
		},
	})
	const again = digest.Digest("sha256:f")
	for _, v := range []*client.Vertex{
		{Digest: again, Started: at(1)}, {Digest: again, Started: at(1), Completed: at(2), Cached: true}, {Digest: again, Name: "again", Started: at(6), Completed: at(8)},
	} {
		steps.update(&client.SolveStatus{Vertexes: []*client.Vertex{v}})
	}
	want := []Activity{
		{PullLayers, *at(0), 3 * time.Second}, {PullLayers, *at(5), time.Second},
		{"pushing manifest for", *at(7), time.Second}, {UnpackLayers, *at(2), 2 * time.Second},
	}
	runs := []Activity{{Run, *at(1), time.Second}, {Run, *at(6), 2 * time.Second}}
	if got := steps.list()[1]; !reflect.DeepEqual(got.Activities, runs) || got.Duration != 7*time.Second {
		t.Errorf("a step that ran twice has %v, in %v", got.Activities, got.Duration)
	}
	got := steps.list()[0]
	if !reflect.DeepEqual(got.Activities, want) || !got.Started.Equal(start) {
		t.Errorf("started %v, activities %v, want %v", got.Started, got.Activities, want)
	}
}
