package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// PushLayout pushes the image, index or cache of an OCI layout on disk under each of the references, and returns its
// digest. Nothing else than the layout's own bytes is pushed, and blobs that a repository has are not sent. A tag is set when all
// that it refers to is there.
func (c *Client) PushLayout(ctx context.Context, dir string, refs ...string) (string, error) {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return "", fmt.Errorf("reading the layout: %w", err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return "", fmt.Errorf("reading the layout: %w", err)
	}
	if len(manifest.Manifests) == 0 {
		return "", errors.New("reading the layout: it is empty")
	}
	root := manifest.Manifests[0]
	for _, m := range manifest.Manifests[1:] { // one for each name, perhaps
		if m.Digest != root.Digest {
			return "", errors.New("reading the layout: it holds more than one image")
		}
	}
	for _, ref := range refs {
		r, err := c.parse(ref)
		if err != nil {
			return "", err
		}
		if found, digest, err := c.Exists(ctx, ref); err == nil && found && digest == root.Digest.String() {
			continue // some registries refuse to write a tag again, whatever it is
		}
		if err := c.write(ctx, r, index, root); err != nil {
			return "", c.classify(ctx, r, "write", err)
		}
	}
	return root.Digest.String(), nil
}

func (c *Client) write(ctx context.Context, r name.Reference, layout v1.ImageIndex, root v1.Descriptor) error {
	if root.MediaType.IsIndex() {
		index, err := layout.ImageIndex(root.Digest)
		if err != nil {
			return err
		}
		return remote.WriteIndex(r, index, c.options(ctx, r.Context().Registry)...)
	}
	image, err := layout.Image(root.Digest)
	if err != nil {
		return err
	}
	return remote.Write(r, image, c.options(ctx, r.Context().Registry)...)
}

// LayoutConfigs are the digests of the configurations of the images in an OCI layout on disk, in its order. Attestations are no images.
func LayoutConfigs(dir string) ([]string, error) {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the layout: %w", err)
	}
	configs, err := configsOf(index)
	if err != nil {
		return nil, fmt.Errorf("reading the layout: %w", err)
	}
	return configs, nil
}

func configsOf(index v1.ImageIndex) ([]string, error) {
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	var configs []string
	for _, m := range manifest.Manifests {
		switch {
		case m.MediaType.IsIndex():
			nested, err := index.ImageIndex(m.Digest)
			if err != nil {
				return nil, err
			}
			more, err := configsOf(nested)
			if err != nil {
				return nil, err
			}
			configs = append(configs, more...)
		case m.Annotations[referenceType] != attestation:
			img, err := index.Image(m.Digest)
			if err != nil {
				return nil, err
			}
			config, err := img.ConfigName()
			if err != nil {
				return nil, err
			}
			configs = append(configs, config.String())
		}
	}
	return configs, nil
}
