package lower

import (
	"slices"
	"time"

	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/graph"
)

// history describes the layers of the image, one entry each, in their order. Left alone, the exporter writes how a layer
// came to it, so that an image from the cache would differ from the same image built.
func history(g *graph.Graph, base dockerspec.DockerOCIImage, created *time.Time) []ocispecs.History {
	entries := baseHistory(base)
	for i, h := range entries {
		if h.Created == nil {
			entries[i].Created = created
		}
	}
	for _, i := range layers(g, g.Image) {
		n := g.Nodes[i]
		text := "[" + n.Tag() + "] " + n.Name
		if image, ok := n.Op.(graph.Image); ok && !image.Apart {
			text = "[" + n.Tag() + "] make " + graph.Dir
		}
		entries = append(entries, ocispecs.History{CreatedBy: text, Comment: "npx-action", Created: created})
	}
	return entries
}

// layers lists the nodes that add a layer each to what node i stands on, the lowest first; an image adds its working
// directory.
func layers(g *graph.Graph, i int) []int {
	var list []int
	switch op := g.Nodes[i].Op.(type) {
	case graph.Image:
		if op.Apart {
			return slices.Repeat([]int{i}, layerCount(op))
		}
		return []int{i}
	case graph.Env:
		return layers(g, op.On)
	case graph.Merge:
		list = layers(g, op.Base)
		below := len(list)
		for _, l := range op.Layers {
			if g.IsApart(l) {
				list = append(list, l)
				continue
			}
			list = append(list, layers(g, l)[below:]...)
		}
		return list
	case graph.RunOutput, graph.Release:
		return []int{i}
	case graph.Branch:
		return layers(g, op.Of)
	case graph.AddDiff:
		if op.Flat {
			return append(layers(g, op.On), i)
		}
		if g.IsApart(op.From) {
			return append(layers(g, op.On), layers(g, op.From)...)
		}
		return append(layers(g, op.On), layers(g, op.From)[len(layers(g, op.Since)):]...)
	case graph.Run:
		list = layers(g, op.On)
	case graph.Copy:
		list = layers(g, op.On)
	}
	return append(list, i)
}

// layerCount is how many layers an image has.
func layerCount(op graph.Image) int {
	image, err := parseConfig(op)
	if err != nil {
		return 1
	}
	return len(image.RootFS.DiffIDs)
}

// baseHistory is the base image's own, if it tells of each of its layers.
func baseHistory(base dockerspec.DockerOCIImage) []ocispecs.History {
	told := 0
	for _, h := range base.History {
		if !h.EmptyLayer {
			told++
		}
	}
	if told == len(base.RootFS.DiffIDs) {
		return slices.Clone(base.History)
	}
	var entries []ocispecs.History
	for range base.RootFS.DiffIDs {
		entries = append(entries, ocispecs.History{CreatedBy: "base image", Created: base.Created})
	}
	return entries
}
