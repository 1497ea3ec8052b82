package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// An Image is an image of one platform, found by [Client.Resolve].
type Image struct {
	Ref    string // host/path@digest, at the mirror if the registry has one
	Digest string // of the platform's manifest, "sha256:..."
	Config []byte // the OCI image configuration, as stored
}

// Resolve looks up ref, in the mirror of its registry if there is one, and picks the image for a platform such as linux/arm64.
// ref may have a tag, a digest or neither, which means latest.
func (c *Client) Resolve(ctx context.Context, ref, platform string) (Image, error) {
	want, err := v1.ParsePlatform(platform)
	if err != nil {
		return Image{}, fmt.Errorf("parsing platform %q: %w", platform, err)
	}
	r, err := c.parse(c.Mirrored(ref))
	if err != nil {
		return Image{}, err
	}
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry, remote.WithPlatform(*want))...)
	if err != nil {
		return Image{}, c.classify(ctx, r, "read", err)
	}
	img, have, err := pick(desc, *want)
	if err != nil {
		return Image{}, c.classify(ctx, r, "read", err)
	}
	if img == nil {
		return Image{}, &NotFoundError{Ref: ref, Platform: platform, Have: have}
	}
	return c.describe(ctx, r, img)
}

// pick returns the image for a platform, or nil and the platforms that there are.
func pick(desc *remote.Descriptor, want v1.Platform) (v1.Image, []string, error) {
	if !desc.MediaType.IsIndex() {
		img, err := desc.Image()
		if err != nil {
			return nil, nil, err
		}
		cf, err := img.ConfigFile()
		if err != nil {
			return nil, nil, err
		}
		// Images made by hand may leave the platform out.
		if has := cf.Platform(); has != nil && has.Architecture != "" && !has.Satisfies(loose(want)) {
			return nil, []string{has.String()}, nil
		}
		return img, nil, nil
	}
	index, err := desc.ImageIndex()
	if err != nil {
		return nil, nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, nil, err
	}
	var have []string
	for _, m := range manifest.Manifests {
		if m.Platform == nil || !m.MediaType.IsImage() {
			continue
		}
		if m.Platform.Satisfies(loose(want)) {
			img, err := index.Image(m.Digest)
			return img, nil, err
		}
		if m.Platform.OS != "unknown" {
			have = append(have, m.Platform.String())
		}
	}
	slices.Sort(have)
	return nil, slices.Compact(have), nil
}

// loose drops arm64's only variant, which some images name and others do not.
func loose(p v1.Platform) v1.Platform {
	if p.Architecture == "arm64" && p.Variant == "v8" {
		p.Variant = ""
	}
	return p
}

func (c *Client) describe(ctx context.Context, r name.Reference, img v1.Image) (Image, error) {
	config, err := img.RawConfigFile()
	if err != nil {
		return Image{}, c.classify(ctx, r, "read", err)
	}
	digest, err := img.Digest()
	if err != nil {
		return Image{}, c.classify(ctx, r, "read", err)
	}
	return Image{Ref: familiar(r.Context()) + "@" + digest.String(), Digest: digest.String(), Config: config}, nil
}

// Exists reports whether ref is in its registry, and under which digest. It asks no mirror.
// A registry that hides what may not be read answers with a [*DeniedError].
func (c *Client) Exists(ctx context.Context, ref string) (bool, string, error) {
	r, err := c.parse(ref)
	if err != nil {
		return false, "", err
	}
	desc, err := remote.Head(r, c.options(ctx, r.Context().Registry)...)
	if err == nil {
		return true, desc.Digest.String(), nil
	}
	if t, ok := errors.AsType[*transport.Error](err); ok && t.StatusCode == http.StatusNotFound {
		return false, "", nil
	}
	return false, "", c.classify(ctx, r, "read", err)
}

// A Manifest is a manifest or an index as stored.
type Manifest struct {
	Digest      string
	MediaType   string
	Annotations map[string]string // never nil
	Raw         []byte
}

// Manifest fetches the manifest of ref. It asks no mirror.
func (c *Client) Manifest(ctx context.Context, ref string) (Manifest, error) {
	r, err := c.parse(ref)
	if err != nil {
		return Manifest{}, err
	}
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry)...)
	if err != nil {
		return Manifest{}, c.classify(ctx, r, "read", err)
	}
	m := Manifest{Digest: desc.Digest.String(), MediaType: string(desc.MediaType), Annotations: map[string]string{}, Raw: desc.Manifest}
	parsed, err := v1.ParseManifest(strings.NewReader(string(desc.Manifest)))
	if err != nil {
		return Manifest{}, fmt.Errorf("reading the manifest of %s: %w", ref, err)
	}
	for k, v := range parsed.Annotations {
		m.Annotations[k] = v
	}
	return m, nil
}

// cutHost cuts a reference behind its registry host.
func cutHost(ref string) (host, rest string, ok bool) {
	return strings.Cut(ref, "/")
}
