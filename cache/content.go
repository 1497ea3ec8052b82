package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/org/npx-action/internal/plan"
)

// Content is everything that decides the layers and the configuration of an image, and nothing that does not: neither the
// commit, the branch and the labels that tell of them, nor the mirrors, the certificates and the builder.
type Content struct {
	Plan       plan.Plan // pinned
	Platform   string    // such as linux/amd64
	Definition [][]byte  // what is built, on base images that are named by digest
	Config     []byte    // of the image, without the labels of a run
	App        string    // digest of the app's files that enter the build
	Generated  string    // digest of the files that are made from the plan
	Trial      string    // how the image is tried before it is pushed, if that was said; "" as usual
	Export     []string  // how the layers are stored, such as their compression
}

// contentSchema changes when the key is computed differently: images that were built before are then built once more.
const contentSchema = "1"

// Key names an image by its content: 32 hexadecimal digits.
func (c Content) Key() string {
	h := sha256.New()
	field := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	list := func(items [][]byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(items))))
		for _, item := range items {
			field(item)
		}
	}
	var export [][]byte
	for _, e := range c.Export {
		export = append(export, []byte(e))
	}
	list([][]byte{[]byte(contentSchema), c.Plan.JSON(), []byte(c.Platform), c.Config, []byte(c.App), []byte(c.Generated)})
	list(c.Definition)
	list(export)
	if c.Trial != "" {
		field([]byte(c.Trial))
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// ContentRef is the reference in the repository of an image that stands for its content. It is written once, by whoever may
// write the cache, and only beside the image itself: whoever can write it decides what later builds of the same content push. So it
// names the writer, and a build promotes what [Writer.Readable] allows.
func ContentRef(image, platform, key string, w Writer) (string, error) {
	tag, err := name.NewTag(image)
	if err != nil {
		return "", fmt.Errorf("reading image %q: %w", image, err)
	}
	return tag.Context().Name() + ":" + w.prefixed(defaultPrefix) + "-c-" + slug(platform, 20) + "-" + key, nil
}
