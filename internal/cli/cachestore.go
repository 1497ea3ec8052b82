package cli

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registry"
)

// cacheConfig is the media type by which BuildKit's caches are known.
const cacheConfig = "application/vnd.buildkit.cacheconfig.v0"

// cacheStore answers a cache lookup from a registry.
type cacheStore struct {
	*registry.Client
	say func(kind, text string)
}

// Exists implements the lookup's store. A cache that is broken is as good as none, so that it is written anew.
func (s cacheStore) Exists(ctx context.Context, ref string) (bool, error) {
	err := s.Whole(ctx, ref, cacheConfig)
	if _, ok := errors.AsType[*registry.NotFoundError](err); ok {
		return false, nil
	}
	if _, ok := errors.AsType[*registry.BrokenError](err); ok {
		s.say("warning", "a cache is ignored: "+err.Error())
		return false, nil
	}
	return err == nil, err
}

// Annotations implements the lookup's store.
func (s cacheStore) Annotations(ctx context.Context, ref string) (map[string]string, error) {
	ok, _, err := s.Client.Exists(ctx, ref)
	if err != nil || !ok {
		return nil, err
	}
	m, err := s.Manifest(ctx, ref)
	return maps.Clone(m.Annotations), err
}

// importing begins the name of BuildKit's step that reads a cache, whose error it keeps to itself.
const importing = "importing cache manifest from "

// sayIgnored warns of the caches that the builder could not read.
func (im *image) sayIgnored(steps []builder.Step) {
	for _, s := range steps {
		if ref, ok := strings.CutPrefix(s.Name, importing); ok && s.Error != "" {
			im.say("warning", "a cache is ignored: reading "+ref+": "+s.Error)
		}
	}
}
