package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/org/npx-action/internal/catalogue"
)

// oldestNode is the first major version in the catalogue: older ones have no archive for linux/arm64 that runs.
const oldestNode = 14

// A nodeRelease is an element of index.json of nodejs.org.
type nodeRelease struct {
	Version string   `json:"version"` // v22.14.0
	Files   []string `json:"files"`   // linux-x64, linux-arm64 and others
	LTS     any      `json:"lts"`     // false, or the name of the line
}

// nodePlatforms are the words of nodejs.org.
var nodePlatforms = map[string]string{"linux/amd64": "linux-x64", "linux/arm64": "linux-arm64"}

// readNode reads index.json and, of every version, SHASUMS256.txt: a known version is compared too.
func readNode(ctx context.Context, d *dataset, from bases, c *client) error {
	var index []nodeRelease
	if err := c.decode(ctx, from.node+"/index.json", &index); err != nil {
		return err
	}
	sums := make([]map[string]string, len(index))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(4)
	for i, r := range index {
		major, err := strconv.Atoi(strings.TrimPrefix(strings.SplitN(r.Version, ".", 2)[0], "v"))
		if err != nil {
			return fmt.Errorf("reading %s/index.json: version %.40q", from.node, r.Version)
		}
		if major < oldestNode {
			continue
		}
		work.Go(func() (err error) {
			sums[i], err = checksums(ctx, c, from.node+"/"+r.Version+"/SHASUMS256.txt")
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, r := range index {
		if sums[i] == nil {
			continue
		}
		if name, ok := r.LTS.(string); ok {
			d.name("node", strings.TrimPrefix(strings.SplitN(r.Version, ".", 2)[0], "v"), strings.ToLower(name))
		}
		for platform, word := range nodePlatforms {
			file := "node-" + r.Version + "-" + word + ".tar.gz"
			hash := sums[i][file]
			if !slices.Contains(r.Files, word) || hash == "" {
				continue
			}
			release := catalogue.Release{Version: strings.TrimPrefix(r.Version, "v"), Platform: platform, Hash: "sha256:" + hash,
				Address: upstreams.node + "/" + r.Version + "/" + file}
			if err := d.release("node", release, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// checksums reads lines of a hash and a file's name.
func checksums(ctx context.Context, c *client, url string) (map[string]string, error) {
	text, err := c.text(ctx, url)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 2 {
			sums[f[1]] = f[0]
		}
	}
	return sums, nil
}

// name gives a line of versions its codename, if it has none.
func (d *dataset) name(tool, line, codename string) {
	newest := catalogue.Line{Name: line}
	for _, known := range d.tool(tool).Lines {
		if known.Name == line && known.Added >= newest.Added {
			newest = known
		}
	}
	if newest.Codename == "" && newest.Released != "" {
		newest.Codename = codename
		d.line(tool, newest)
	}
}
