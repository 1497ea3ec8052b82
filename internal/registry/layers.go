package registry

import (
	"fmt"
	"strings"
)

// A Layer is one of an image, as its registry stores it.
type Layer struct {
	Digest string
	Size   int64  // in bytes, compressed
	By     string // what made it, as the image tells; "" if it does not
}

// Layers are the layers of the image, the lowest first.
func (c Contents) Layers() ([]Layer, error) {
	manifest, err := c.image.Manifest()
	if err != nil {
		return nil, fmt.Errorf("reading the image's manifest: %w", err)
	}
	config, err := c.image.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("reading the image's configuration: %w", err)
	}
	var made []string
	for _, h := range config.History {
		if !h.EmptyLayer {
			made = append(made, strings.TrimSpace(h.CreatedBy))
		}
	}
	var layers []Layer
	for i, l := range manifest.Layers {
		layer := Layer{Digest: l.Digest.String(), Size: l.Size}
		if len(made) == len(manifest.Layers) {
			layer.By = made[i]
		}
		layers = append(layers, layer)
	}
	return layers, nil
}
