package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// A rewritten image has the layers of one that is stored, under a manifest and a configuration of its own.
type rewritten struct {
	v1.Image
	stored v1.Image
}

// Layers are the stored ones, which know where they can be mounted from.
func (r rewritten) Layers() ([]v1.Layer, error) { return r.stored.Layers() }

// rawImage is what partial makes an image of.
type rawImage struct {
	stored           v1.Image
	manifest, config []byte
	mediaType        types.MediaType
}

// RawManifest implements the core of an image, as the methods below do.
func (r rawImage) RawManifest() ([]byte, error) { return r.manifest, nil }

// RawConfigFile is the new configuration.
func (r rawImage) RawConfigFile() ([]byte, error) { return r.config, nil }

// MediaType is the media type of the stored manifest.
func (r rawImage) MediaType() (types.MediaType, error) { return r.mediaType, nil }

// LayerByDigest is a stored layer.
func (r rawImage) LayerByDigest(h v1.Hash) (partial.CompressedLayer, error) {
	return r.stored.LayerByDigest(h)
}

// rewrite gives an image another configuration and other annotations; all else of its manifest stays, to the byte.
func rewrite(stored v1.Image, config []byte, annotations map[string]string) (v1.Image, error) {
	raw, err := stored.RawManifest()
	if err != nil {
		return nil, err
	}
	manifest, err := jsonFields(raw)
	if err != nil {
		return nil, err
	}
	digest, size, err := v1.SHA256(bytes.NewReader(config))
	if err != nil {
		return nil, err
	}
	if manifest["config"], err = withFields(manifest["config"], map[string]any{"digest": digest, "size": size}); err != nil {
		return nil, err
	}
	delete(manifest, "annotations")
	if len(annotations) > 0 {
		if manifest["annotations"], err = json.Marshal(annotations); err != nil {
			return nil, err
		}
	}
	if raw, err = json.Marshal(manifest); err != nil {
		return nil, err
	}
	mediaType, err := stored.MediaType()
	if err != nil {
		return nil, err
	}
	img, err := partial.CompressedToImage(rawImage{stored, raw, config, mediaType})
	return rewritten{img, stored}, err
}

// relabel returns the image with the labels and annotations of a promotion: the stored one itself if it has them.
func relabel(stored v1.Image, p Promotion) (v1.Image, error) {
	manifest, err := stored.Manifest()
	if err != nil {
		return nil, err
	}
	if !manifest.Config.MediaType.IsConfig() {
		return nil, fmt.Errorf("its configuration is a %s, of another tool", manifest.Config.MediaType)
	}
	old, err := stored.RawConfigFile()
	if err != nil {
		return nil, err
	}
	config, err := relabelConfig(old, p.Configs)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(config, old) && maps.Equal(manifest.Annotations, p.Annotations) {
		return stored, nil
	}
	return rewrite(stored, config, p.Annotations)
}

// errDiffers says that the stored image is not the one that would be built.
var errDiffers = errors.New("it is not what a build of this content gives")

// relabelConfig takes the labels and the dates of the configuration that a build would give.
func relabelConfig(stored []byte, configs [][]byte) ([]byte, error) {
	have, err := jsonFields(stored)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(configs, func(config []byte) bool { return platform(config) == platform(stored) })
	if i < 0 {
		return nil, fmt.Errorf("it is made for %s", platform(stored))
	}
	want, err := jsonFields(configs[i])
	if err != nil {
		return nil, err
	}
	var a, b map[string]any
	if json.Unmarshal(have["config"], &a) != nil || json.Unmarshal(want["config"], &b) != nil {
		return nil, errDiffers
	}
	dated := want["created"] == nil || bytes.Equal(want["created"], have["created"])
	if dated && reflect.DeepEqual(a, b) {
		return stored, nil
	}
	delete(a, "Labels")
	delete(b, "Labels")
	if !reflect.DeepEqual(a, b) {
		return nil, errDiffers
	}
	have["config"] = want["config"]
	if !dated {
		have["created"] = want["created"]
		var x, y []json.RawMessage // the entries of the layers, with their dates
		if json.Unmarshal(have["history"], &x) == nil && json.Unmarshal(want["history"], &y) == nil && len(x) == len(y) {
			have["history"] = want["history"]
		}
	}
	return json.Marshal(have)
}

// platform is the platform of a configuration, "" if it has none.
func platform(config []byte) string {
	var p v1.Platform
	if json.Unmarshal(config, &p) != nil {
		return ""
	}
	return p.String()
}

// jsonFields are the members of a JSON object as they are written.
func jsonFields(raw []byte) (map[string]json.RawMessage, error) {
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("it is not readable: %w", err)
	}
	return m, nil
}

// withFields is a JSON object with some members changed.
func withFields(raw []byte, changed map[string]any) ([]byte, error) {
	m, err := jsonFields(raw)
	if err != nil {
		return nil, err
	}
	for name, value := range changed { // each goes to its own place
		if m[name], err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	return json.Marshal(m)
}
