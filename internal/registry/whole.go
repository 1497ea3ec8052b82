package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"golang.org/x/sync/errgroup"
)

// BrokenError says that a registry holds something else than expected, or only a part of it.
type BrokenError struct {
	Ref string
	Why string
}

// Error names the reference and its fault.
func (e *BrokenError) Error() string { return fmt.Sprintf("%s is broken: %s", e.Ref, e.Why) }

// ExitStatus is 1.
func (*BrokenError) ExitStatus() int { return 1 }

// blobsAtOnce is how many blobs are asked for side by side.
const blobsAtOnce = 8

// Whole reports whether ref is a manifest with a configuration of that media type, and every blob that it names is there; only
// their existence is asked for. Errors are [*NotFoundError], [*BrokenError] and errors of a registry that does not answer.
func (c *Client) Whole(ctx context.Context, ref, configType string) error {
	r, err := c.parse(ref)
	if err != nil {
		return err
	}
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return c.classify(ctx, r, "read", err)
	}
	var m v1.Manifest
	if err := json.Unmarshal(desc.Manifest, &m); err != nil {
		return &BrokenError{ref, "its manifest cannot be read"}
	}
	if string(m.Config.MediaType) != configType {
		return &BrokenError{ref, "it is the work of another tool"}
	}
	if m.Config.Size <= 2 || len(m.Layers) == 0 { // "{}" says nothing
		return &BrokenError{ref, "it is empty"}
	}
	return c.present(ctx, r, append([]v1.Descriptor{m.Config}, m.Layers...))
}

// present asks for blobs in the repository of a reference.
func (c *Client) present(ctx context.Context, r name.Reference, blobs []v1.Descriptor) error {
	puller, err := remote.NewPuller(c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(blobsAtOnce)
	for _, blob := range blobs {
		g.Go(func() error {
			layer, err := puller.Layer(gctx, r.Context().Digest(blob.Digest.String()))
			if err != nil {
				return err
			}
			found, err := partial.Exists(layer)
			if err == nil && !found {
				return &BrokenError{r.String(), fmt.Sprintf("the registry has lost %s", blob.Digest)}
			}
			return err
		})
	}
	err = g.Wait()
	if broken, ok := errors.AsType[*BrokenError](err); ok {
		return broken
	}
	return c.classify(ctx, r, "read", err)
}
