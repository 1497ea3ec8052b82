package build

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
)

// creationDate is the date of the image for its configuration; nil leaves the builder's clock.
func creationDate(t target) *time.Time {
	if t.Image.Created.IsZero() && t.Image.Reproducible {
		return new(time.Unix(graph.Epoch, 0).UTC())
	}
	if t.Image.Created.IsZero() {
		return nil
	}
	return &t.Image.Created
}

// addReproducible asks for files that are no newer than the image. The layers of the base image stay as they are.
func addReproducible(t target, req *builder.Request, g *graph.Graph) {
	if !t.Image.Reproducible {
		return
	}
	if base, ok := g.Nodes[g.StageOf(g.Image)].Op.(graph.Image); ok {
		req.BaseConfig = base.Config
	}
	images := []string{builder.Push, builder.OCI, builder.Docker, builder.Load}
	for i, e := range req.Exports {
		attrs := map[string]string{"source-date-epoch": strconv.FormatInt(creationDate(t).Unix(), 10)}
		if slices.Contains(images, e.Kind) {
			attrs["rewrite-timestamp"] = "true"
		}
		maps.Copy(attrs, e.Attrs)
		req.Exports[i].Attrs = attrs
	}
}
