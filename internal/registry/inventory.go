package registry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"golang.org/x/sync/errgroup"
)

// A Holding is a manifest or index of a repository, with all tags that it has.
type Holding struct {
	Digest      string
	Tags        []string // sorted
	ConfigType  string   // media type of the configuration; of the first image for an index
	Annotations map[string]string
	Created     time.Time        // the newest date in the configuration; zero where it has none, or was not asked for
	Parts       []string         // digests of an index's manifests
	Blobs       map[string]int64 // bytes by digest, the manifests included
}

// maxConfigBlob bounds the configuration that a date is looked for in.
const maxConfigBlob = 32 << 20

// Inventory lists what the tags of a repository point to, by digest. Of tags that ours picks, the configuration is read for its date.
func (c *Client) Inventory(ctx context.Context, repo string, ours func(tag string) bool) ([]Holding, error) {
	r, err := c.repository(repo)
	if err != nil {
		return nil, err
	}
	tags, err := c.Tags(ctx, repo)
	if err != nil {
		return nil, err
	}
	puller, err := remote.NewPuller(c.options(ctx, r.Registry)...)
	if err != nil {
		return nil, err
	}
	s := &stocktaking{puller: puller, found: map[string]*Holding{}}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(blobsAtOnce)
	for _, tag := range tags {
		g.Go(func() error { return c.classify(ctx, r.Tag(tag), "read", s.take(gctx, r.Tag(tag), ours(tag))) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var list []Holding
	for _, h := range s.found { // sorted below
		slices.Sort(h.Tags)
		list = append(list, *h)
	}
	slices.SortFunc(list, func(a, b Holding) int { return slices.Compare(a.Tags, b.Tags) })
	return list, nil
}

// A stocktaking reads manifests, each once.
type stocktaking struct {
	puller *remote.Puller
	mu     sync.Mutex
	found  map[string]*Holding
}

func (s *stocktaking) take(ctx context.Context, tag name.Tag, dates bool) error {
	desc, err := s.puller.Get(ctx, tag)
	if notThere(err) {
		return nil // a list may name tags whose manifests are deleted
	}
	if err != nil {
		return err
	}
	h := &Holding{Digest: desc.Digest.String(), Blobs: map[string]int64{}}
	if err := s.describe(ctx, tag.Context(), desc, h, dates); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.found[h.Digest]; have != nil {
		h.Tags = have.Tags
		if have.Created.After(h.Created) {
			h.Created = have.Created
		}
	}
	h.Tags = append(h.Tags, tag.TagStr())
	s.found[h.Digest] = h
	return nil
}

func (s *stocktaking) describe(ctx context.Context, repo name.Repository, desc *remote.Descriptor, h *Holding, dates bool) error {
	h.Blobs[desc.Digest.String()] = desc.Size
	// An index and a manifest differ in which of the lists they have.
	var m struct {
		Config      v1.Descriptor     `json:"config"`
		Layers      []v1.Descriptor   `json:"layers"`
		Manifests   []v1.Descriptor   `json:"manifests"`
		Annotations map[string]string `json:"annotations"`
	}
	if err := json.Unmarshal(desc.Manifest, &m); err != nil {
		return nil //nolint:nilerr // it is of another kind, and stays
	}
	if h.Annotations == nil {
		h.Annotations = m.Annotations
	}
	for _, d := range append(m.Layers, m.Config) {
		if d.Digest.Hex != "" {
			h.Blobs[d.Digest.String()] = d.Size
		}
	}
	if h.ConfigType == "" {
		h.ConfigType = string(m.Config.MediaType)
	}
	if dates && m.Config.Size > 0 && m.Config.Size < maxConfigBlob {
		created, err := s.created(ctx, repo.Digest(m.Config.Digest.String()))
		if err != nil {
			return err
		}
		if created.After(h.Created) {
			h.Created = created
		}
	}
	for _, d := range m.Manifests {
		h.Parts = append(h.Parts, d.Digest.String())
		part, err := s.puller.Get(ctx, repo.Digest(d.Digest.String()))
		if err != nil {
			continue // indexes need not be complete
		}
		if err := s.describe(ctx, repo, part, h, dates); err != nil {
			return err
		}
	}
	return nil
}

func notThere(err error) bool {
	t, ok := errors.AsType[*transport.Error](err)
	return ok && t.StatusCode == http.StatusNotFound
}

// A datedConfig configuration is an image's or a cache's, of which only the dates are read.
type datedConfig struct {
	Created time.Time `json:"created"`
	Layers  []struct {
		Annotations moment `json:"annotations"`
	} `json:"layers"`
	Records []struct {
		Results []moment `json:"layers"`
		Chains  []moment `json:"chains"`
	} `json:"records"`
}

type moment struct {
	CreatedAt time.Time `json:"createdAt"`
}

// newest is the newest of all dates.
func (d datedConfig) newest() time.Time {
	list := []moment{{d.Created}}
	for _, l := range d.Layers {
		list = append(list, l.Annotations)
	}
	for _, r := range d.Records {
		list = append(append(list, r.Results...), r.Chains...)
	}
	return slices.MaxFunc(list, func(a, b moment) int { return a.CreatedAt.Compare(b.CreatedAt) }).CreatedAt
}

// created is the newest date in a configuration. One that is lost or cannot be read has none, and so counts as old.
func (s *stocktaking) created(ctx context.Context, config name.Digest) (time.Time, error) {
	layer, err := s.puller.Layer(ctx, config)
	if err != nil {
		return time.Time{}, err
	}
	r, err := layer.Compressed()
	if notThere(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	defer r.Close()
	var d datedConfig
	if err := json.NewDecoder(io.LimitReader(r, maxConfigBlob)).Decode(&d); err != nil {
		return time.Time{}, nil //nolint:nilerr // see above
	}
	return d.newest(), nil
}
