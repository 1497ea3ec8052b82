package lower

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
)

func TestHistoryHasOneEntryForEachLayer(t *testing.T) {
	g := &graph.Graph{Image: 6, Nodes: []graph.Node{
		{Name: "from x", Part: graph.Base, Op: graph.Image{}},
		{Name: "packages", Part: graph.Nix, Op: graph.Run{On: 0}},
		{Name: "more", Part: graph.Nix, Op: graph.Run{On: 1}},
		{Name: "curl", Part: graph.Apt, Op: graph.Run{On: 0}},
		{Name: "join", Part: graph.Base, Op: graph.Merge{Base: 0, Layers: []int{2, 3}}},
		{Name: "CI", Part: graph.Variables, Op: graph.Env{On: 4}},
		{Name: "copy", Part: graph.Phase, Phase: "install", Op: graph.Copy{On: 5}},
	}}
	base := dockerspec.DockerOCIImage{}
	base.RootFS.DiffIDs = []digest.Digest{"sha256:a"}
	base.History = []ocispecs.History{{CreatedBy: "ADD"}, {CreatedBy: "ENV", EmptyLayer: true}}
	want := []string{"ADD", "ENV", "[base] make /app", "[nix] packages", "[nix] more", "[apt] curl", "[install] copy"}
	if diff := cmp.Diff(want, created(history(g, base, nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	base.RootFS.DiffIDs = append(base.RootFS.DiffIDs, "sha256:b")
	want = append([]string{"base image", "base image"}, want[2:]...)
	if diff := cmp.Diff(want, created(history(g, base, nil))); diff != "" {
		t.Errorf("a base that does not tell of each layer (-want +got):\n%s", diff)
	}
}

func TestHistoryOfASlimImage(t *testing.T) {
	g := &graph.Graph{Image: 8, Nodes: []graph.Node{
		{Name: "from x", Part: graph.Base, Op: graph.Image{}},
		{Name: "packages", Part: graph.Nix, Op: graph.Run{On: 0, Output: "/out"}},
		{Name: "to run", Part: graph.Nix, Op: graph.RunOutput{Of: 1}},
		{Name: "join", Part: graph.Base, Op: graph.Merge{Base: 0, Layers: []int{2, 1}}},
		{Name: "copy", Part: graph.Phase, Phase: "install", Op: graph.Copy{On: 3}},
		{Name: "npm ci", Part: graph.Phase, Phase: "install", Op: graph.Run{On: 4}},
		{Name: "from y", Part: graph.Start, Op: graph.Image{}},
		{Name: "add packages", Part: graph.Start, Op: graph.AddDiff{On: 6, From: 2}},
		{Name: "add the app", Part: graph.Start, Op: graph.AddDiff{On: 7, From: 5, Since: 3}},
	}}
	want := []string{"[start] make /app", "[nix] to run", "[install] copy", "[install] npm ci"}
	if diff := cmp.Diff(want, created(history(g, dockerspec.DockerOCIImage{}, nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHistoryOfAFullImageWithTheBuildTools(t *testing.T) {
	tools := graph.Image{Apart: true, Pinned: "x", Config: []byte(`{"rootfs":{"diff_ids":["sha256:a","sha256:b"]}}`)}
	g := &graph.Graph{Image: 3, Nodes: []graph.Node{
		{Name: "from tools", Part: graph.Base, Op: tools},
		{Name: "from x", Part: graph.Base, Op: graph.Image{}},
		{Name: "add the tools", Part: graph.Base, Op: graph.AddDiff{On: 1, From: 0}},
		{Name: "copy", Part: graph.Phase, Phase: "install", Op: graph.Copy{On: 2}},
	}}
	want := []string{"[base] make /app", "[base] from tools", "[base] from tools", "[install] copy"}
	if diff := cmp.Diff(want, created(history(g, dockerspec.DockerOCIImage{}, nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func created(entries []ocispecs.History) []string {
	var texts []string
	for _, e := range entries {
		texts = append(texts, e.CreatedBy)
	}
	return texts
}

func TestTheImageAndItsLayersAreDatedAlike(t *testing.T) {
	g := pinned(t, small(), graph.Options{})
	for _, at := range []*time.Time{nil, new(time.Unix(60, 0).UTC())} {
		_, raw, err := LLB(g, platform, Options{Created: at})
		if err != nil {
			t.Fatal(err)
		}
		var image ocispecs.Image
		if err := json.Unmarshal(raw, &image); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(at, image.Created); diff != "" {
			t.Errorf("image (-want +got):\n%s", diff)
		}
		for _, h := range image.History {
			if diff := cmp.Diff(at, h.Created); diff != "" {
				t.Errorf("%s (-want +got):\n%s", h.CreatedBy, diff)
			}
		}
	}
}
