package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/plan"
)

func TestPinNamesEveryImageByDigest(t *testing.T) {
	g := build(t, plan.Plan{Start: &plan.Start{RunImage: new("run")}}, Options{})
	if diff := cmp.Diff([]string{"base", "run"}, g.Images()); diff != "" {
		t.Errorf("images differ (-want +got):\n%s", diff)
	}
	pinned, err := g.Pin(map[string]Pinned{
		"base": {"r/base@sha256:1", []byte(`{}`)},
		"run":  {"r/run@sha256:2", []byte(`{"config":{"User":"me"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Op{
		Image{Ref: "base", Pinned: "r/base@sha256:1", Config: []byte(`{}`)},
		Image{Ref: "run", Pinned: "r/run@sha256:2", Config: []byte(`{"config":{"User":"me"}}`)},
	}
	if diff := cmp.Diff(want, []Op{pinned.Nodes[0].Op, pinned.Nodes[pinned.StageOf(pinned.Image)].Op}); diff != "" {
		t.Errorf("nodes differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Op(Image{Ref: "base"}), g.Nodes[0].Op); diff != "" {
		t.Errorf("the graph itself has changed:\n%s", diff)
	}
}

func TestOneImageIsResolvedOnce(t *testing.T) {
	g := build(t, plan.Plan{Start: &plan.Start{RunImage: new("base")}}, Options{})
	if diff := cmp.Diff([]string{"base"}, g.Images()); diff != "" {
		t.Error(diff)
	}
}

func TestPinRefuses(t *testing.T) {
	tests := []struct {
		name string
		pin  map[string]Pinned
		want string
	}{
		{"an unknown image", nil, "pinning image base: its digest is not known"},
		{"no digest", map[string]Pinned{"base": {"", []byte(`{}`)}}, "pinning image base: its digest is not known"},
		{"no configuration", map[string]Pinned{"base": {"r@d", nil}}, "pinning image base: reading its configuration: unexpected end of JSON input"},
		{"triggers", map[string]Pinned{"base": {"r@d", []byte(`{"config":{"OnBuild":["RUN x"]}}`)}}, "pinning image base: it has ONBUILD triggers; use an image without them"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := build(t, plan.Plan{}, Options{}).Pin(tt.pin)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
