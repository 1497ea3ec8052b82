package registry

import (
	"context"
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Contents are what an image is, however its layers are compressed.
type Contents struct {
	Digest string // of the platform's manifest
	ID     string // of the configuration, which names the uncompressed layers
	Config []byte // the OCI image configuration, as stored

	image v1.Image
}

// Files is the file system as a tar archive, without what upper layers hide. The reader has to be closed.
func (c Contents) Files() io.ReadCloser { return mutate.Extract(c.image) }

// Contents opens the image of ref for a platform such as linux/arm64. Layers come as they are read. It asks no mirror.
func (c *Client) Contents(ctx context.Context, ref, platform string) (Contents, error) {
	want, err := v1.ParsePlatform(platform)
	if err != nil {
		return Contents{}, fmt.Errorf("parsing platform %q: %w", platform, err)
	}
	r, err := c.parse(ref)
	if err != nil {
		return Contents{}, err
	}
	desc, err := remote.Get(r, c.options(ctx, r.Context().Registry, remote.WithPlatform(*want))...)
	if err != nil {
		return Contents{}, c.classify(ctx, r, "read", err)
	}
	img, have, err := pick(desc, *want)
	if err != nil {
		return Contents{}, c.classify(ctx, r, "read", err)
	}
	if img == nil {
		return Contents{}, &NotFoundError{Ref: ref, Platform: platform, Have: have}
	}
	contents, err := contentsOf(img)
	return contents, c.classify(ctx, r, "read", err)
}

// ReadArchive opens the only image of an archive for docker load.
func ReadArchive(file string) (Contents, error) {
	img, err := tarball.ImageFromPath(file, nil)
	if err != nil {
		return Contents{}, fmt.Errorf("reading the image archive: %w", err)
	}
	return contentsOf(img)
}

func contentsOf(img v1.Image) (Contents, error) {
	digest, err := img.Digest()
	if err != nil {
		return Contents{}, fmt.Errorf("reading the image's manifest: %w", err)
	}
	id, err := img.ConfigName()
	if err != nil {
		return Contents{}, fmt.Errorf("reading the image's configuration: %w", err)
	}
	config, err := img.RawConfigFile()
	if err != nil {
		return Contents{}, fmt.Errorf("reading the image's configuration: %w", err)
	}
	return Contents{Digest: digest.String(), ID: id.String(), Config: config, image: img}, nil
}
