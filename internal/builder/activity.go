package builder

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/moby/buildkit/client"
)

// An Activity is what the builder did for a step beside running it, or the parts of an export.
type Activity struct {
	Kind     string        // Run, PullLayers, UnpackLayers, or BuildKit's words without what they are about, such as "pushing layers"
	Start    time.Time     // by the clock of the builder
	Duration time.Duration // of activities of one kind that overlap, all together
}

// Kinds of activities. For layers BuildKit gives a digest as their name. A step has runs only if it has several: BuildKit also starts a cached step
// again when something needs its files.
const (
	Run          = "run"
	PullLayers   = "pull layers"
	UnpackLayers = "unpack layers"
)

// activityKind is the kind of a status by its name. BuildKit names a transfer by the layer's digest.
func activityKind(id string) string {
	switch {
	case strings.HasPrefix(id, "sha256:"):
		return PullLayers
	case strings.HasPrefix(id, "extracting "):
		return UnpackLayers
	}
	words := strings.Fields(id)
	for i, w := range words {
		if strings.ContainsAny(w, ":/@") {
			words = words[:i]
			break
		}
	}
	return strings.Join(words, " ")
}

// A span is when an activity was.
type span struct {
	kind       string
	start, end time.Time
}

// note keeps when the activity of a status was.
func (s *trackedStep) note(v *client.VertexStatus) {
	if v.Started == nil || v.Completed == nil {
		return
	}
	s.spans[v.ID] = span{activityKind(v.ID), *v.Started, *v.Completed}
}

// noteRun keeps when a step ran.
func (s *trackedStep) noteRun(v *client.Vertex) {
	if v.Started != nil && v.Completed != nil {
		s.runs[v.Started.UnixNano()] = span{Run, *v.Started, *v.Completed}
	}
}

// activities are the spans by kind and start. Spans of one kind that overlap are one activity.
func (s *trackedStep) activities() []Activity {
	var all []span
	if len(s.runs) > 1 {
		for _, v := range s.runs {
			all = append(all, v)
		}
	}
	for _, v := range s.spans {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(strings.Compare(a.kind, b.kind), a.start.Compare(b.start)) })
	var out []Activity
	for _, v := range all {
		last := len(out) - 1
		if last >= 0 && out[last].Kind == v.kind && !v.start.After(out[last].Start.Add(out[last].Duration)) {
			out[last].Duration = max(out[last].Duration, v.end.Sub(out[last].Start))
			continue
		}
		out = append(out, Activity{v.kind, v.start, v.end.Sub(v.start)})
	}
	return out
}
