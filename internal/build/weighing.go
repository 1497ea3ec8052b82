package build

import (
	"context"

	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
)

// Weigh says how large the image for a platform is that a reference names, layer by layer; nil if it is not there to be read.
func Weigh(ctx context.Context, client *registry.Client, ref, platform string) *report.Image {
	contents, err := client.Contents(ctx, ref, platform)
	if err != nil {
		return nil
	}
	layers, err := contents.Layers()
	if err != nil {
		return nil
	}
	out := &report.Image{Ref: ref}
	for _, l := range layers {
		out.Size += l.Size
		out.Layers = append(out.Layers, report.Layer{Digest: l.Digest, Size: l.Size, By: l.By})
	}
	return out
}
