// Package prune removes from a repository what builds have left there and nobody needs any more.
package prune

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/registry"
)

// defaultPrefix begins the tags of caches for which no other prefix was given.
const defaultPrefix = "npx1"

// Keep says what stays, whatever its age.
type Keep struct {
	Last     int      // the newest caches, and images, for each platform
	Days     int      // what is younger
	Branches []string // patterns of branches whose newest cache stays; nil for all
}

// A Pruning is what goes from a repository.
type Pruning struct {
	Rows  []Row // what goes
	Bytes int64 // that only this needs
	Of    int   // manifests in the repository

	client *registry.Client
	repo   string
	rules  cache.Rules
	gone   []cache.Entry
}

// A Row is a manifest that goes, or whose tags do.
type Row struct {
	Created time.Time // zero if nobody knows
	Bytes   int64     // that nothing which stays needs
	Tags    []string
}

// Find looks for what goes from where, REPOSITORY or REPOSITORY:PREFIX.
func Find(ctx context.Context, client *registry.Client, where string, keep Keep, now time.Time) (Pruning, error) {
	repo, rules, err := keep.rules(where)
	if err != nil {
		return Pruning{}, err
	}
	ours := func(tag string) bool { _, ok := cache.ParseTag(rules.Prefix, tag); return ok }
	holdings, err := client.Inventory(ctx, repo, ours)
	if err != nil {
		return Pruning{}, fmt.Errorf("listing %s: %w", repo, err)
	}
	p := Pruning{client: client, repo: repo, rules: rules, gone: rules.Prune(entries(rules.Prefix, holdings), now), Of: len(holdings)}
	p.weigh(holdings)
	return p, nil
}

// weigh fills in the rows, with the bytes that nothing else needs.
func (p *Pruning) weigh(holdings []registry.Holding) {
	goes := map[string]bool{}
	for _, e := range p.gone {
		goes[e.Digest] = true
	}
	kept, freed := map[string]bool{}, map[string]int64{}
	byDigest := map[string]registry.Holding{}
	for _, h := range holdings {
		byDigest[h.Digest] = h
		for blob, size := range h.Blobs { // into sets
			if goes[h.Digest] {
				freed[blob] = size
			} else {
				kept[blob] = true
			}
		}
	}
	for _, e := range p.gone {
		row := Row{Created: e.Created, Tags: e.Tags}
		for blob, size := range byDigest[e.Digest].Blobs { // a sum
			if !kept[blob] {
				row.Bytes += size
			}
		}
		p.Rows = append(p.Rows, row)
	}
	for blob, size := range freed { // a sum
		if !kept[blob] {
			p.Bytes += size
		}
	}
}

// Delete deletes what goes.
func (p Pruning) Delete(ctx context.Context) error {
	for _, e := range p.gone {
		if err := discard(ctx, p.client, p.repo, e, p.rules.KeepsManifest(e)); err != nil {
			return err
		}
	}
	return nil
}

// discard deletes the manifest of an entry, or its tags alone. A registry that deletes no tags, such as Docker's own, loses the manifest:
// it is old, and no other tag names it.
func discard(ctx context.Context, client *registry.Client, repo string, e cache.Entry, tagsAlone bool) error {
	manifest := repo + "@" + e.Digest
	if !tagsAlone {
		return client.Delete(ctx, manifest)
	}
	for _, tag := range e.Tags {
		err := client.Delete(ctx, repo+":"+tag)
		if errors.Is(err, registry.ErrNotAllowed) {
			return client.Delete(ctx, manifest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (k Keep) rules(where string) (repo string, rules cache.Rules, err error) {
	rules = cache.Rules{Prefix: defaultPrefix, Last: k.Last, Within: time.Duration(k.Days) * 24 * time.Hour, Branches: k.Branches}
	repo, tag, ok := build.CutTag(where)
	switch {
	case ok && strings.Contains(tag, "/"): // it was the port of a host
		repo = where
	case ok:
		rules.Prefix = tag
	}
	if _, err := cache.NewRefs(cache.Scope{Repository: where, Platform: "linux/amd64"}, cache.Key{}); err != nil {
		return "", rules, fault.Usage("give REPOSITORY or REPOSITORY:PREFIX, as --cache-ref", "%w", err)
	}
	if k.Last < 0 || k.Days < 0 {
		return "", rules, fault.Usage("give 0 to keep nothing for that reason", "reading --keep-last and --keep-days: less than nothing is kept")
	}
	for _, b := range k.Branches {
		if _, err := path.Match(b, ""); err != nil {
			return "", rules, fault.Usage("use * and ? and [a-z]", "reading --keep-branches %q: %w", b, err)
		}
	}
	return strings.ToLower(repo), rules, nil
}

// entries are holdings as the rules see them. Which are ours tells the tag and the manifest together.
func entries(prefix string, holdings []registry.Holding) []cache.Entry {
	var list []cache.Entry
	pushed := map[string]time.Time{} // by the tag of the document
	for _, h := range holdings {
		if at, ok := cache.PushedAt(h.Annotations); ok {
			for _, tag := range h.Tags {
				pushed[tag] = at
			}
		}
	}
	for _, h := range holdings {
		parts := h.Parts
		record, err := cache.ParseRecord(h.Annotations)
		if err == nil && record != nil {
			parts = append(parts[:len(parts):len(parts)], record.Named()...)
		}
		written := func(tag string) bool {
			t, _ := cache.ParseTag(prefix, tag)
			switch t.Kind {
			case cache.NoteTag:
				_, dated := cache.PushedAt(h.Annotations)
				return record != nil || dated || cache.IsDocument(h.Annotations)
			case cache.ContentTag, cache.PackageCacheTag:
				return strings.HasSuffix(h.ConfigType, ".image.config.v1+json") || strings.HasSuffix(h.ConfigType, "container.image.v1+json")
			}
			return h.ConfigType == build.CacheType
		}
		created := h.Created
		for _, tag := range h.Tags {
			document, _ := cache.PushedDocument(tag, time.Time{})
			if at, ok := pushed[document]; ok && (created.Equal(h.Created) || at.After(created)) {
				created = at
			}
		}
		list = append(list, cache.Entry{Digest: h.Digest, Tags: h.Tags, Created: created, Parts: parts,
			Ours: !slices.ContainsFunc(h.Tags, func(tag string) bool { return !written(tag) })})
	}
	return list
}
