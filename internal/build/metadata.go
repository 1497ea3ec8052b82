package build

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
)

// metadata is what --metadata-file holds. The first two keys are keys of docker buildx.
type metadata struct {
	Digest       string         `json:"containerimage.digest,omitempty"`
	ConfigDigest string         `json:"containerimage.config.digest,omitempty"`
	Names        []string       `json:"names"`
	Pushed       bool           `json:"pushed"`
	Promoted     string         `json:"promoted,omitempty"` // the image that was built before
	ContentKey   string         `json:"contentKey,omitempty"`
	Seconds      float64        `json:"seconds"`
	Cache        *cacheMetadata `json:"cache,omitempty"`
	Steps        []stepMetadata `json:"steps"`
}

type cacheMetadata struct {
	Hit     cache.Hit   `json:"hit"`
	Key     string      `json:"key"`
	Why     string      `json:"why,omitempty"`
	Import  []string    `json:"import"`
	Export  string      `json:"export,omitempty"`
	Written bool        `json:"written"`
	Parts   cache.Parts `json:"parts"`
}

type stepMetadata struct {
	Name    string  `json:"name"`
	InPlan  bool    `json:"inPlan"` // it is part of the image, not an activity of the builder
	Cached  bool    `json:"cached"`
	Start   float64 `json:"start"` // seconds since the build began, by the clock of the builder
	Seconds float64 `json:"seconds"`

	Activities []activityMetadata `json:"activities,omitempty"` // pulls and unpacks of layers, and the parts of an export
}

type activityMetadata struct {
	Kind    string  `json:"kind"`
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
}

// Metadata is an outcome as JSON, for machines.
func (out Outcome) Metadata() []byte { return newMetadata(out).json() }

func newMetadata(out Outcome) metadata {
	m := metadata{
		Digest: out.Digest, ConfigDigest: out.ConfigDigest, Names: out.Names,
		Pushed: out.Pushed && out.Digest != "", Seconds: out.Duration.Seconds(), Steps: []stepMetadata{},
		Promoted: out.Promoted, ContentKey: out.ContentKey,
	}
	if l := out.Lookup; l != nil {
		m.Cache = &cacheMetadata{Hit: l.Hit, Key: l.Key.Exact, Why: l.Why, Import: append([]string{}, l.Import...),
			Export: l.Export, Written: l.Export != "" && out.CacheExported, Parts: l.Key.Parts}
	}
	for _, s := range out.Steps {
		m.Steps = append(m.Steps, newStepMetadata(s, out.Began))
	}
	return m
}

func newStepMetadata(s builder.Step, began time.Time) stepMetadata {
	m := stepMetadata{Name: s.Name, InPlan: s.InGraph, Cached: s.Cached, Seconds: seconds(s.Duration)}
	if !s.Started.IsZero() {
		m.Start = seconds(s.Started.Sub(began))
	}
	for _, a := range s.Activities {
		m.Activities = append(m.Activities, activityMetadata{a.Kind, seconds(a.Start.Sub(began)), seconds(a.Duration)})
	}
	return m
}

func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

func (m metadata) json() []byte {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil { // it holds strings, numbers and booleans
		panic(fmt.Sprintf("encoding metadata: %v", err))
	}
	return append(b, '\n')
}
