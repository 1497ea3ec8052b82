package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/nar"
	"github.com/org/npx-action/internal/ranges"
)

// overlayRelease is a line of rust-overlay's list of stable releases.
var overlayRelease = regexp.MustCompile(`(?m)^\s*"(\d+\.\d+\.\d+)" = import `)

// readRust adds the newest commit of rust-overlay if it has a release that the known ones lack. The overlay changes every day, and plans of
// Rust must not.
func readRust(ctx context.Context, d *dataset, from bases, c *client) error {
	const list = "manifests/stable/default.nix"
	url := from.rustOverlay + "/archive/HEAD.tar.gz"
	data, err := c.text(ctx, url)
	if err != nil {
		return err
	}
	tree, err := unpackCommit(data)
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", url, err)
	}
	hash, err := nar.Hash(tree.files)
	if err != nil {
		return err
	}
	var versions []string
	if file := tree.files[list]; file != nil {
		for _, m := range overlayRelease.FindAllSubmatch(file.Data, -1) {
			versions = append(versions, string(m[1]))
		}
	}
	if len(versions) == 0 || !commitForm.MatchString(tree.commit) {
		return fmt.Errorf("reading %s: %s of commit %.40q has %d releases", url, list, tree.commit, len(versions))
	}
	return d.overlay("rust", catalogue.Overlay{
		First: slices.MinFunc(versions, ranges.Compare), Last: slices.MaxFunc(versions, ranges.Compare),
		Address: upstreams.rustOverlay + "/archive/" + tree.commit + ".tar.gz", Date: tree.day, NAR: hash,
	})
}

// A commit is what the archive of one holds, as Git packs it.
type commit struct {
	commit string
	day    catalogue.Day
	files  fstest.MapFS
}

// unpackCommit reads an archive whose files are in one directory. Its header names the commit, and the files have the commit's time.
func unpackCommit(data []byte) (commit, error) {
	c := commit{files: fstest.MapFS{}}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return c, err
	}
	for r := tar.NewReader(io.LimitReader(z, maxIndex)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		switch h.Typeflag {
		case tar.TypeXGlobalHeader:
			c.commit = h.PAXRecords["comment"]
		case tar.TypeDir:
		case tar.TypeReg:
			text, err := io.ReadAll(r)
			if err != nil {
				return c, err
			}
			_, name, _ := strings.Cut(h.Name, "/")
			c.files[name] = &fstest.MapFile{Data: text, Mode: h.FileInfo().Mode().Perm()}
			c.day = catalogue.Day(h.ModTime.UTC().Format(time.DateOnly))
		default:
			return c, fmt.Errorf("%s is neither a file nor a directory", h.Name)
		}
	}
}

// overlay adds an overlay that has a newer release than all that are known.
func (d *dataset) overlay(tool string, o catalogue.Overlay) error {
	rows := d.tool(tool)
	newer := true
	for _, known := range rows.Overlays {
		if known.Address == o.Address && known.NAR != o.NAR {
			return fmt.Errorf("%s has another hash: %s is known, and the archive has %s", o.Address, known.NAR, o.NAR)
		}
		newer = newer && ranges.Compare(o.Last, known.Last) > 0
	}
	if !newer {
		return nil
	}
	o.Added = d.today
	rows.Overlays = append(rows.Overlays, o)
	d.tell(tool, o.Last+" (overlay)")
	return nil
}
