package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
)

// The annotations by which BuildKit's attestations stand beside the image that they are about.
const (
	referenceType   = "vnd.docker.reference.type"
	referenceDigest = "vnd.docker.reference.digest"
	attestation     = "attestation-manifest"
)

// maxStatement bounds an attestation, which is read to be bound to its new subject.
const maxStatement = 64 << 20

// relabelIndex relabels each image of an index, and binds the attestations to what the images have become. What they say of the layers stays
// true; what they say of the run is restated.
func relabelIndex(stored v1.ImageIndex, p Promotion) (v1.ImageIndex, error) {
	manifest, err := stored.IndexManifest()
	if err != nil {
		return nil, err
	}
	became := map[string]v1.Hash{}
	images := make([]v1.Image, len(manifest.Manifests))
	same := maps.Equal(manifest.Annotations, p.IndexAnnotations)
	for i, d := range manifest.Manifests {
		if !d.MediaType.IsImage() {
			return nil, fmt.Errorf("it holds a %s", d.MediaType)
		}
		if images[i], err = stored.Image(d.Digest); err != nil {
			return nil, err
		}
		if d.Annotations[referenceType] == attestation {
			continue
		}
		if images[i], err = relabel(images[i], p); err != nil {
			return nil, err
		}
		digest, err := images[i].Digest()
		if err != nil {
			return nil, err
		}
		became[d.Digest.String()] = digest
		same = same && digest == d.Digest
	}
	if len(became) != len(p.Configs) {
		return nil, fmt.Errorf("it holds %d images and not %d", len(became), len(p.Configs))
	}
	for i, d := range manifest.Manifests {
		if d.Annotations[referenceType] != attestation {
			continue
		}
		old := d.Annotations[referenceDigest]
		subject, ok := became[old]
		if !ok {
			return nil, errors.New("it holds an attestation of something else")
		}
		bound, changed, err := rebind(images[i], old, subject, p.Restate)
		if err != nil {
			return nil, err
		}
		if changed {
			images[i], same = bound, false
		}
	}
	if same {
		return stored, nil
	}
	again := mutate.IndexMediaType(empty.Index, manifest.MediaType)
	for i, d := range manifest.Manifests {
		add := mutate.IndexAddendum{Add: images[i], Descriptor: v1.Descriptor{
			MediaType: d.MediaType, Platform: d.Platform, Annotations: maps.Clone(d.Annotations), URLs: d.URLs,
		}}
		if d.Annotations[referenceType] == attestation {
			add.Annotations[referenceDigest] = became[d.Annotations[referenceDigest]].String()
		}
		again = mutate.AppendManifests(again, add)
	}
	if len(p.IndexAnnotations) > 0 {
		annotated, ok := mutate.Annotations(again, p.IndexAnnotations).(v1.ImageIndex)
		if !ok { // an index with annotations is an index
			return nil, errors.New("it is not an index")
		}
		again = annotated
	}
	return again, nil
}

// restate is the function of a [Promotion].
type restate func(predicateType string, predicate []byte, earlier string) ([]byte, error)

// rebind makes the statements of an attestation be about another digest, and restates them. It reports whether that changes anything.
func rebind(stored v1.Image, old string, subject v1.Hash, again restate) (img v1.Image, changed bool, err error) {
	manifest, err := stored.Manifest()
	if err != nil {
		return nil, false, err
	}
	layers, err := stored.Layers()
	if err != nil {
		return nil, false, err
	}
	texts := make([][]byte, len(layers))
	for i, l := range layers {
		text, err := statement(l)
		if err != nil {
			return nil, false, err
		}
		if texts[i], err = about(text, old, subject, again); err != nil {
			return nil, false, err
		}
		changed = changed || !bytes.Equal(text, texts[i])
	}
	if !changed {
		return stored, false, nil
	}
	img, err = attest(stored, manifest, texts)
	return img, true, err
}

// attest is an attestation with other statements.
func attest(stored v1.Image, manifest *v1.Manifest, texts [][]byte) (v1.Image, error) {
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, manifest.MediaType), manifest.Config.MediaType)
	config, err := stored.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.RootFS.DiffIDs, config.History = nil, nil
	if img, err = mutate.ConfigFile(img, config); err != nil {
		return nil, err
	}
	for i, text := range texts {
		d := manifest.Layers[i]
		img, err = mutate.Append(img, mutate.Addendum{
			Layer: static.NewLayer(text, d.MediaType), MediaType: d.MediaType, Annotations: d.Annotations,
		})
		if err != nil {
			return nil, err
		}
	}
	return img, nil
}

func statement(l v1.Layer) ([]byte, error) {
	r, err := l.Compressed()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxStatement+1))
	if len(text) > maxStatement {
		return nil, errors.New("an attestation is too long")
	}
	return text, err
}

// about replaces the digest in an in-toto statement's subjects, and restates its predicate. A statement that stays the same keeps its bytes.
func about(text []byte, old string, subject v1.Hash, again restate) ([]byte, error) {
	statement, err := jsonFields(text)
	if err != nil {
		return nil, err
	}
	same := subject.String() == old
	if again != nil {
		var kind string
		if err := json.Unmarshal(statement["predicateType"], &kind); err != nil {
			return nil, fmt.Errorf("an attestation has no type: %w", err)
		}
		restated, err := again(kind, statement["predicate"], old)
		if err != nil {
			return nil, err
		}
		same = same && bytes.Equal(restated, statement["predicate"])
		statement["predicate"] = restated
	}
	if same {
		return text, nil
	}
	var subjects []map[string]json.RawMessage
	if err := json.Unmarshal(statement["subject"], &subjects); err != nil {
		return nil, fmt.Errorf("an attestation has no subject: %w", err)
	}
	for _, s := range subjects {
		var digests map[string]string
		if err := json.Unmarshal(s["digest"], &digests); err != nil {
			return nil, fmt.Errorf("an attestation has no subject: %w", err)
		}
		if "sha256:"+digests["sha256"] != old {
			continue
		}
		digests["sha256"] = subject.Hex
		if s["digest"], err = json.Marshal(digests); err != nil {
			return nil, err
		}
	}
	if statement["subject"], err = json.Marshal(subjects); err != nil {
		return nil, err
	}
	return json.Marshal(statement)
}
