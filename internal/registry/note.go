package registry

import (
	"context"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Note writes a manifest without layers whose only content is annotations, as a small document beside an image.
// It replaces what ref was before.
func (c *Client) Note(ctx context.Context, ref string, annotations map[string]string) error {
	r, err := c.parse(ref)
	if err != nil {
		return err
	}
	img, ok := mutate.Annotations(mutate.MediaType(empty.Image, types.OCIManifestSchema1), annotations).(v1.Image)
	if !ok { // an image with annotations is an image
		return fmt.Errorf("writing %s: unexpected kind of manifest", ref)
	}
	return c.classify(ctx, r, "write", remote.Write(r, img, c.options(ctx, r.Context().Registry)...))
}
