package main

import (
	"context"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
)

// A goRelease is an element of what go.dev/dl gives as JSON.
type goRelease struct {
	Version string `json:"version"` // go1.26.1
	Stable  bool   `json:"stable"`
	Files   []struct {
		Name string `json:"filename"`
		OS   string `json:"os"`
		Arch string `json:"arch"`
		Kind string `json:"kind"`
		Hash string `json:"sha256"`
	} `json:"files"`
}

// readGo reads all releases that are stable, from 1.18 on.
func readGo(ctx context.Context, d *dataset, from bases, c *client) error {
	var index []goRelease
	if err := c.decode(ctx, from.golang+"/?mode=json&include=all", &index); err != nil {
		return err
	}
	for _, r := range index {
		version := strings.TrimPrefix(r.Version, "go")
		if !r.Stable || older(version, "1.18") {
			continue
		}
		for _, f := range r.Files {
			if f.OS != "linux" || f.Kind != "archive" || f.Arch != "amd64" && f.Arch != "arm64" {
				continue
			}
			release := catalogue.Release{Version: version, Platform: "linux/" + f.Arch, Hash: "sha256:" + f.Hash, Address: upstreams.golang + "/" + f.Name}
			if err := d.release("go", release, false); err != nil {
				return err
			}
		}
	}
	return nil
}
