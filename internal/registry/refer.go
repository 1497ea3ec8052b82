package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// emptyConfig is the configuration of an artifact that has none, by the OCI image specification.
const (
	emptyConfig     = "{}"
	emptyConfigType = types.MediaType("application/vnd.oci.empty.v1+json")
)

// Refer stores a document that refers to the image or index digestRef, host/path@digest, and returns its digest. Registries list
// such documents by what they refer to; where one cannot, a tag made of that digest does, as the OCI distribution specification has it.
func (c *Client) Refer(ctx context.Context, digestRef, mediaType string, document []byte) (string, error) {
	r, err := c.parse(digestRef)
	if err != nil {
		return "", err
	}
	subject, err := remote.Head(r, c.options(ctx)...)
	if err != nil {
		return "", c.classify(ctx, r, "read", err)
	}
	a, err := newArtifact(v1.Descriptor{MediaType: subject.MediaType, Digest: subject.Digest, Size: subject.Size}, mediaType, document)
	if err != nil {
		return "", err
	}
	img, err := partial.CompressedToImage(a)
	if err != nil {
		return "", fmt.Errorf("writing a referrer of %s: %w", digestRef, err)
	}
	digest, err := img.Digest()
	if err != nil {
		return "", fmt.Errorf("writing a referrer of %s: %w", digestRef, err)
	}
	at := r.Context().Digest(digest.String())
	return digest.String(), c.classify(ctx, at, "write", remote.Write(at, img, c.options(ctx)...))
}

// An artifact is a manifest with one document and without a configuration.
type artifact struct {
	manifest []byte
	layer    v1.Layer
}

func newArtifact(subject v1.Descriptor, mediaType string, document []byte) (artifact, error) {
	a := artifact{layer: static.NewLayer(document, types.MediaType(mediaType))}
	layer, err := partial.Descriptor(a.layer)
	if err != nil {
		return a, fmt.Errorf("describing the document: %w", err)
	}
	config, size, err := v1.SHA256(bytes.NewReader([]byte(emptyConfig)))
	if err != nil {
		return a, fmt.Errorf("describing the document: %w", err)
	}
	a.manifest, err = json.Marshal(v1.Manifest{
		SchemaVersion: 2,
		MediaType:     types.OCIManifestSchema1,
		ArtifactType:  mediaType,
		Config:        v1.Descriptor{MediaType: emptyConfigType, Digest: config, Size: size},
		Layers:        []v1.Descriptor{*layer},
		Subject:       &subject,
	})
	if err != nil {
		return a, fmt.Errorf("describing the document: %w", err)
	}
	return a, nil
}

// RawManifest implements partial.CompressedImageCore.
func (a artifact) RawManifest() ([]byte, error) { return a.manifest, nil }

// RawConfigFile implements partial.CompressedImageCore.
func (a artifact) RawConfigFile() ([]byte, error) { return []byte(emptyConfig), nil }

// MediaType implements partial.CompressedImageCore.
func (a artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

// LayerByDigest implements partial.CompressedImageCore.
func (a artifact) LayerByDigest(v1.Hash) (partial.CompressedLayer, error) { return a.layer, nil }
