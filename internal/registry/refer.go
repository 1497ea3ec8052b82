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

// Refer stores a document that refers to the image or index digestRef, host/path@digest, and returns its digest. Annotations tell of the
// document and are no part of it; nil is none. Registries list such documents by what they refer to; where one cannot, a tag made of that digest does, as the OCI distribution specification has it.
func (c *Client) Refer(ctx context.Context, digestRef, mediaType string, document []byte, annotations map[string]string) (string, error) {
	r, err := c.parse(digestRef)
	if err != nil {
		return "", err
	}
	subject, err := remote.Head(r, c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return "", c.classify(ctx, r, "read", err)
	}
	a, err := newArtifact(v1.Descriptor{MediaType: subject.MediaType, Digest: subject.Digest, Size: subject.Size}, mediaType, document, annotations)
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
	return digest.String(), c.classify(ctx, at, "write", remote.Write(at, img, c.options(ctx, at.Context().Registry)...))
}

// maxReferrers bounds how many documents are read of an image that many runs have pushed.
const maxReferrers = 20

// Referrers returns the annotations of the documents of a media type that refer to what ref names now, in no order. A document without any
// is left out.
func (c *Client) Referrers(ctx context.Context, ref, mediaType string) ([]map[string]string, error) {
	r, err := c.parse(ref)
	if err != nil {
		return nil, err
	}
	subject, err := remote.Head(r, c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return nil, c.classify(ctx, r, "read", err)
	}
	repo := r.Context()
	index, err := remote.Referrers(repo.Digest(subject.Digest.String()), c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return nil, c.classify(ctx, r, "read", err)
	}
	list, err := index.IndexManifest()
	if err != nil {
		return nil, c.classify(ctx, r, "read", err)
	}
	var all []map[string]string
	for _, d := range list.Manifests[:min(len(list.Manifests), maxReferrers)] {
		notes := d.Annotations
		if d.ArtifactType != mediaType || len(notes) == 0 { // lists may leave them out, or hold another type: the manifest decides
			desc, err := remote.Get(repo.Digest(d.Digest.String()), c.options(ctx, r.Context().Registry)...)
			if err != nil {
				return nil, c.classify(ctx, r, "read", err)
			}
			manifest, err := v1.ParseManifest(bytes.NewReader(desc.Manifest))
			if err != nil {
				return nil, fmt.Errorf("reading a referrer of %s: %w", ref, err)
			}
			if notes = manifest.Annotations; manifest.ArtifactType != mediaType {
				continue
			}
		}
		if len(notes) > 0 {
			all = append(all, notes)
		}
	}
	return all, nil
}

// An artifact is a manifest with one document and without a configuration.
type artifact struct {
	manifest []byte
	layer    v1.Layer
}

func newArtifact(subject v1.Descriptor, mediaType string, document []byte, annotations map[string]string) (artifact, error) {
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
		Annotations:   annotations,
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
