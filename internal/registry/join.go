package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Join writes an index under each of the references, which have tags, and returns its digest. The index holds the images in the order of their
// digests, then the attestations that stand beside them; all of that is in the repositories already. An image is a manifest, or an index with
// one image and its attestations. A tag that already is this index is left alone.
func (c *Client) Join(ctx context.Context, digests []string, annotations map[string]string, refs ...string) (string, error) {
	var index *rawIndex
	for _, ref := range refs {
		r, err := c.parse(ref)
		if err != nil {
			return "", err
		}
		if index == nil { // equal digests are equal in each repository
			if index, err = c.assemble(ctx, r.Context(), digests, annotations); err != nil {
				return "", err
			}
		}
		if found, digest, err := c.Exists(ctx, ref); err == nil && found && digest == index.digest {
			continue
		}
		if err := remote.Put(r, index, c.options(ctx, r.Context().Registry)...); err != nil {
			return "", c.refused(ctx, r, index.digest, err)
		}
	}
	if index == nil {
		return "", nil
	}
	return index.digest, nil
}

// assemble reads what an index is made of.
func (c *Client) assemble(ctx context.Context, repo name.Repository, digests []string, annotations map[string]string) (*rawIndex, error) {
	manifest := v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Annotations: annotations}
	var about []v1.Descriptor
	for _, digest := range digests {
		r := repo.Digest(digest)
		images, attestations, err := c.parts(ctx, r)
		if err != nil {
			return nil, c.classify(ctx, r, "read", err)
		}
		manifest.Manifests = append(manifest.Manifests, images...)
		about = append(about, attestations...)
	}
	manifest.Manifests = append(manifest.Manifests, about...)
	raw, err := json.Marshal(manifest)
	if err != nil {
		return nil, fmt.Errorf("writing the index: %w", err)
	}
	h, _, err := v1.SHA256(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("writing the index: %w", err)
	}
	return &rawIndex{raw, h.String()}, nil
}

// parts are what an index has for an image: that itself, or what the index around it has.
func (c *Client) parts(ctx context.Context, r name.Digest) (images, attestations []v1.Descriptor, err error) {
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return nil, nil, err
	}
	if !desc.MediaType.IsIndex() {
		img, err := desc.Image()
		if err != nil {
			return nil, nil, err
		}
		config, err := img.ConfigFile()
		if err != nil {
			return nil, nil, err
		}
		return []v1.Descriptor{{MediaType: desc.MediaType, Digest: desc.Digest, Size: desc.Size, Platform: config.Platform()}}, nil, nil
	}
	var inner v1.IndexManifest
	if err := json.Unmarshal(desc.Manifest, &inner); err != nil {
		return nil, nil, fmt.Errorf("it is not readable: %w", err)
	}
	for _, d := range inner.Manifests {
		if d.Annotations[referenceType] == attestation {
			attestations = append(attestations, d)
		} else {
			images = append(images, d)
		}
	}
	return images, attestations, nil
}

// A rawIndex is an index whose parts are where it goes.
type rawIndex struct {
	raw    []byte
	digest string
}

// RawManifest implements remote.Taggable, as MediaType does.
func (i *rawIndex) RawManifest() ([]byte, error) { return i.raw, nil }

// MediaType is the media type of an OCI index.
func (i *rawIndex) MediaType() (types.MediaType, error) { return types.OCIImageIndex, nil }
