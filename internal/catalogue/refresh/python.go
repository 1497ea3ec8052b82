package main

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/ranges"
)

// pythonKey is the key of a plain release for glibc in uv's metadata: free-threaded and debug builds and others have more in it.
var pythonKey = regexp.MustCompile(`^cpython-([0-9]+\.[0-9]+\.[0-9]+)-linux-(x86_64|aarch64)-gnu$`)

func older(version, than string) bool { return ranges.Compare(version, than) < 0 }

// readPython reads uv's metadata of python-build-standalone. That project builds the newest versions anew, for fixes of what they hold.
func readPython(ctx context.Context, d *dataset, from bases, c *client) error {
	var index map[string]struct {
		URL  string `json:"url"`
		Hash string `json:"sha256"`
	}
	if err := c.decode(ctx, from.uv+"/download-metadata.json", &index); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(index)) {
		m := pythonKey.FindStringSubmatch(key)
		if m == nil || index[key].Hash == "" || older(m[1], "3.8") {
			continue
		}
		platform := map[string]string{"x86_64": "linux/amd64", "aarch64": "linux/arm64"}[m[2]]
		release := catalogue.Release{Version: m[1], Platform: platform, Hash: "sha256:" + index[key].Hash, Address: index[key].URL}
		if err := d.release("python", release, true); err != nil {
			return err
		}
	}
	return nil
}
