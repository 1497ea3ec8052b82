package build

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/filetree"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/registry"
)

// OCILabel begins the labels of the Open Container Initiative.
const OCILabel = "org.opencontainers.image."

// statements are the labels that tell of the run and not of the app, so that no build can give them again.
var statements = []string{"title", "description", "url", "source", "version", "created", "licenses"}

// Restated is an image that says of itself what a published one says: its date, and labels that are statements. All others come from the plan and
// from the options, so that one that somebody has put into the image is a difference. The revision is the commit of the checkout in dir.
func (image Image) Restated(published Unpacked, dir string) (Image, error) {
	var config ocispecs.Image
	if err := json.Unmarshal(published.Config, &config); err != nil {
		return image, fmt.Errorf("reading the image's configuration: %w", err)
	}
	labels := map[string]string{}
	for _, name := range statements {
		if value, ok := config.Config.Labels[OCILabel+name]; ok {
			labels[OCILabel+name] = value
		}
	}
	const revision = OCILabel + "revision"
	if value, ok := config.Config.Labels[revision]; ok {
		labels[revision] = value
		if repo, err := git.Open(dir); err == nil {
			if head, err := repo.Head(); err == nil {
				labels[revision] = head
			}
		}
	}
	maps.Copy(labels, image.Labels)
	image.Labels = labels
	if config.Created == nil {
		return image, nil
	}
	image.Created = config.Created.UTC()
	// A date that is not of whole seconds comes from a clock.
	image.Reproducible = image.Created.Nanosecond() == 0 && !published.Files.Newest().After(image.Created)
	return image, nil
}

// Published reads an image from its registry.
func Published(ctx context.Context, client *registry.Client, ref, platform string) (Unpacked, error) {
	there, err := client.Contents(ctx, ref, platform)
	if err != nil {
		return Unpacked{}, fmt.Errorf("reading the image to verify: %w", err)
	}
	return unpackImage(there)
}

// Rebuild builds an image to a file and reads it. Nothing is pushed.
func Rebuild(ctx context.Context, spec Spec, world World) (Unpacked, error) {
	dir, err := os.MkdirTemp("", "npx-action-verify-")
	if err != nil {
		return Unpacked{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "image.tar")
	spec.Output = Output{Exports: []builder.Export{{Kind: builder.Docker, Dest: file, Attrs: map[string]string{"compression": "uncompressed"}}}}
	if _, err := Run(ctx, spec, world); err != nil {
		return Unpacked{}, err
	}
	made, err := registry.ReadArchive(file)
	if err != nil {
		return Unpacked{}, err
	}
	return unpackImage(made)
}

// Unpacked is an image with its files.
type Unpacked struct {
	registry.Contents
	Files filetree.Tree
}

func unpackImage(c registry.Contents) (Unpacked, error) {
	stream := c.Files()
	defer stream.Close()
	files, err := filetree.Read(stream)
	return Unpacked{c, files}, err
}

// Differing are the keys of two configurations that are not the same, less the keys that follow from the files.
func Differing(a, b []byte) []string {
	x, y := configFields(a), configFields(b)
	names := slices.AppendSeq(slices.Collect(maps.Keys(x)), maps.Keys(y))
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return x[n] == y[n] })
}

// configFields are a configuration's values as JSON, by key. Its bytes come from a registry or a builder.
func configFields(config []byte) map[string]string {
	all := map[string]string{}
	var top, inner map[string]json.RawMessage
	if json.Unmarshal(config, &top) != nil || json.Unmarshal(top["config"], &inner) != nil {
		all["config"] = string(config)
		return all
	}
	for name, value := range top {
		all[name] = string(value)
	}
	for name, value := range inner {
		all["config."+name] = string(value)
	}
	for _, name := range []string{"config", "rootfs", "created", "history"} {
		delete(all, name)
	}
	var history []struct {
		CreatedBy string `json:"created_by"`
	}
	if json.Unmarshal(top["history"], &history) == nil {
		all["history"] = fmt.Sprintf("%q", history) // without dates
	}
	return all
}
