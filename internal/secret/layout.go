package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/errgroup"
)

// The media types that say what a manifest is about.
const (
	cacheConfig  = "application/vnd.buildkit.cacheconfig.v0"
	predicateKey = "in-toto.io/predicate-type"
)

// Layouts searches all that the indexes of OCI layouts lead to: indexes, manifests, configurations with their history, layers, caches
// and attestations; what is in several of them is searched once. Layers that isBase knows, by the digest of their content, come
// from the base images. The leaks are in the order of the layouts.
func (s *Scanner) Layouts(ctx context.Context, dirs []string, isBase func(diffID string) bool) ([]Leak, error) {
	w := &walk{scanner: s, isBase: isBase, seen: map[string]bool{}}
	for _, w.dir = range dirs {
		data, err := os.ReadFile(filepath.Join(w.dir, ocispecs.ImageIndexFile))
		if err == nil {
			err = w.index(data)
		}
		if err != nil {
			return nil, fmt.Errorf("checking for secrets: %w", err)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	found := make([][]Leak, len(w.blobs))
	for i, b := range w.blobs {
		group.Go(func() error {
			f := &finder{scanner: s, prefix: b.about + ": "}
			if err := f.file(ctx, b.path); err != nil {
				return fmt.Errorf("checking for secrets: reading %s: %w", b.about, err)
			}
			found[i] = f.leaks
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var leaks []Leak
	for _, list := range found {
		leaks = append(leaks, list...)
	}
	return leaks, nil
}

// A walk lists the blobs of layouts, each once.
type walk struct {
	scanner *Scanner
	dir     string // of the layout that it is in
	isBase  func(string) bool
	seen    map[string]bool
	blobs   []blob
}

type blob struct{ path, about string }

func (w *walk) path(digest string) string {
	algorithm, hex, _ := strings.Cut(digest, ":")
	return filepath.Join(w.dir, ocispecs.ImageBlobsDir, algorithm, hex)
}

func (w *walk) add(d ocispecs.Descriptor, about string) error {
	digest := d.Digest.String()
	if err := d.Digest.Validate(); err != nil {
		return fmt.Errorf("%q is no digest", digest)
	}
	if !w.seen[digest] {
		w.seen[digest] = true
		w.blobs = append(w.blobs, blob{w.path(digest), about})
	}
	return nil
}

// document adds a blob that leads to others, and returns its content.
func (w *walk) document(d ocispecs.Descriptor, about string) ([]byte, error) {
	if err := w.add(d, about); err != nil {
		return nil, err
	}
	if d.Size > maxDocument {
		return nil, fmt.Errorf("%s has %d bytes", about, d.Size)
	}
	return os.ReadFile(w.path(d.Digest.String()))
}

// index follows the entries of an index.
func (w *walk) index(data []byte) error {
	var index ocispecs.Index
	if err := json.Unmarshal(data, &index); err != nil {
		return fmt.Errorf("reading an index: %w", err)
	}
	for _, d := range index.Manifests {
		nested := strings.Contains(d.MediaType, "index") || strings.Contains(d.MediaType, "manifest.list")
		about := "the manifest"
		if nested {
			about = "the index"
		}
		data, err := w.document(d, about)
		if err != nil {
			return err
		}
		if nested {
			err = w.index(data)
		} else {
			err = w.manifest(data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// manifest follows a manifest: of an image, of attestations, or of a cache.
func (w *walk) manifest(data []byte) error {
	var m ocispecs.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("reading a manifest: %w", err)
	}
	about, layer := "the image's configuration", "layer"
	if m.Config.MediaType == cacheConfig {
		about, layer = "the cache's configuration", "cache layer"
	}
	text, err := w.document(m.Config, about)
	if err != nil {
		return err
	}
	var image ocispecs.Image
	_ = json.Unmarshal(text, &image) // the manifest of attestations and caches has no such layers
	diffIDs := cacheDiffIDs(text)
	if len(image.RootFS.DiffIDs) == len(m.Layers) {
		for i, d := range m.Layers {
			diffIDs[d.Digest.String()] = image.RootFS.DiffIDs[i].String()
		}
	}
	made := w.history(image, len(m.Layers))
	for i, d := range m.Layers {
		if diffID := diffIDs[d.Digest.String()]; diffID != "" && w.isBase(diffID) {
			continue
		}
		about := fmt.Sprintf("%s %d of %d%s", layer, i+1, len(m.Layers), made[i])
		if predicate := d.Annotations[predicateKey]; predicate != "" {
			about = "the attestation " + w.scanner.mask(predicate)
		}
		if err := w.add(d, about); err != nil {
			return err
		}
	}
	return nil
}

// cacheDiffIDs are the digests of the content of a cache's layers, by the digests of their blobs.
func cacheDiffIDs(config []byte) map[string]string {
	var c struct {
		Layers []struct {
			Blob        string
			Annotations struct{ DiffID string }
		}
	}
	_ = json.Unmarshal(config, &c) // the configuration of an image has none
	ids := map[string]string{}
	for _, l := range c.Layers {
		ids[l.Blob] = l.Annotations.DiffID
	}
	return ids
}

// history tells of each layer what made it, in brackets, if that is known.
func (w *walk) history(image ocispecs.Image, layers int) []string {
	texts := make([]string, layers)
	var made []string
	for _, h := range image.History {
		if !h.EmptyLayer {
			made = append(made, " ("+w.scanner.mask(h.CreatedBy)+")")
		}
	}
	if len(made) == layers {
		return made
	}
	return texts
}

// file searches a file until ctx ends.
func (f *finder) file(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return errors.Unwrap(err)
	}
	defer file.Close()
	return f.blob(reader{ctx, file})
}

// A reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

// Read implements io.Reader.
func (r reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.Reader.Read(p)
}
