package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
)

// ownPrograms are the programs of this project that plans take as releases. The file of one is PROGRAM-linux-ARCH.
var ownPrograms = []string{"npx-compress", "npx-static"}

// ownPlatforms are the architectures that a release has them for.
var ownPlatforms = []string{"amd64", "arm64"}

// ownDownloads is where the files of a release are, below its tag.
const ownDownloads = "https://github.com/org/npx-action/releases/download"

// own adds a file of a release of this project.
func (d *dataset) own(version, program, arch, hash string) error {
	return d.release(program, catalogue.Release{Version: version, Platform: "linux/" + arch, Hash: hash,
		Address: ownDownloads + "/v" + version + "/" + ownFile(program, arch)}, false)
}

func ownFile(program, arch string) string { return program + "-linux-" + arch }

// addOwn adds the programs in a directory, by their bytes, as the release of a version will have them. They are all there or none is added.
func addOwn(d *dataset, dir, version string, today catalogue.Day) error {
	if today < d.date {
		return fmt.Errorf("today is %s, and the catalogue is of %s", today, d.date)
	}
	d.today = today
	for _, program := range ownPrograms {
		for _, arch := range ownPlatforms {
			data, err := os.ReadFile(filepath.Join(dir, ownFile(program, arch)))
			if err == nil && len(data) == 0 {
				err = errors.New("it is empty")
			}
			if err != nil {
				return fmt.Errorf("reading the programs of release %s: %w", version, err)
			}
			if err := d.own(version, program, arch, fmt.Sprintf("sha256:%x", sha256.Sum256(data))); err != nil {
				return err
			}
		}
	}
	d.date = today
	return nil
}

// An ownRelease is an element of what GitHub's API lists.
type ownRelease struct {
	Tag    string `json:"tag_name"` // v1.4.0
	Draft  bool   `json:"draft"`
	Assets []struct {
		Name   string `json:"name"`
		Digest string `json:"digest"` // sha256:HEX
	} `json:"assets"`
}

// readOwn reads the releases of this project. A release before the programs has none of their files, and a repository that not everybody may read
// has no releases here.
func readOwn(ctx context.Context, d *dataset, from bases, c *client) error {
	var index []ownRelease
	if err := c.decode(ctx, from.own+"/releases?per_page=100", &index); err != nil && !errors.Is(err, errAbsent) {
		return err
	}
	for _, r := range index {
		version, tagged := strings.CutPrefix(r.Tag, "v")
		if r.Draft || !tagged {
			continue
		}
		for _, a := range r.Assets {
			for _, program := range ownPrograms {
				for _, arch := range ownPlatforms {
					if a.Name != ownFile(program, arch) {
						continue
					}
					if err := d.own(version, program, arch, a.Digest); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}
