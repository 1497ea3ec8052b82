package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/filetree"
	"github.com/org/npx-action/internal/registry"
)

func verifyCommand(p *program) *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "verify IMAGE [DIR]",
		Short: "Build the app in DIR again and compare it with IMAGE",
		Long: `Verify builds the app anew, without any cache, and compares the result with the image in its registry. It prints the paths that
differ, with how, and exits with status 1 if there are any.

Give the options that the image was built with. Its labels and its date are statements and not results of the build, and are taken from
it. Times of files count if no file is newer than the image, as those built with --reproducible are.`,
		Example: `  npx-action verify ghcr.io/me/app:1
  npx-action verify ghcr.io/me/app@sha256:DIGEST ./app --env NODE_ENV=production`,
		Args: cobra.MatchAll(func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("see npx-action verify --help", "verify wants an image")
			}
			return atMostOneDir(nil, args[1:])
		}),
		RunE: func(cmd *cobra.Command, args []string) error { return p.verify(cmd.Context(), args[0], args[1:], f) },
	}
	f.register(cmd.Flags())
	return cmd
}

// verify compares the image that is there with the one that the app gives now.
func (p *program) verify(ctx context.Context, ref string, args []string, f buildFlags) error {
	im, err := p.prepareVerify(args, &f)
	if err != nil {
		return err
	}
	there, err := im.registry.Contents(ctx, ref, im.platform)
	if err != nil {
		return fmt.Errorf("reading the image to verify: %w", err)
	}
	old, err := read(there)
	if err != nil {
		return err
	}
	if err := im.take(old); err != nil {
		return err
	}
	again, err := p.buildAgain(ctx, im)
	if err != nil {
		return err
	}
	return p.compared(ref, old, again, im.reproducible)
}

// take makes an image say of itself what the other one says.
func (im *image) take(old unpacked) error {
	var config ocispecs.Image
	if err := json.Unmarshal(old.Config, &config); err != nil {
		return fmt.Errorf("reading the image's configuration: %w", err)
	}
	im.labels = config.Config.Labels
	if config.Created == nil {
		return nil
	}
	im.epoch = config.Created.UTC()
	// A date that is not of whole seconds is that of a clock.
	im.reproducible = im.epoch.Nanosecond() == 0 && !old.files.Newest().After(im.epoch)
	im.graph.Reproducible = im.reproducible
	return nil
}

// prepareVerify plans a build that uses nothing of earlier ones. It has cache mounts, as they leave their mark in images, but of its
// own, which are empty.
func (p *program) prepareVerify(args []string, f *buildFlags) (*image, error) {
	f.cacheWrite = "never"
	f.cacheKey = "verify-" + strings.ToLower(rand.Text())
	f.load, f.push = false, false
	if err := p.ready(f); err != nil {
		return nil, err
	}
	_, result, err := p.makeWithInput(args)
	if err != nil {
		return nil, err
	}
	if err := buildable(result, true); err != nil {
		return nil, err
	}
	im, err := p.image(f.settings, result, p.path(append(args, ".")[0]))
	if err != nil {
		return nil, err
	}
	im.noCache = true
	return im, nil
}

// buildAgain builds to a file and reads it.
func (p *program) buildAgain(ctx context.Context, im *image) (unpacked, error) {
	dir, err := os.MkdirTemp("", "npx-action-verify-")
	if err != nil {
		return unpacked{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "image.tar")
	im.exports = []builder.Export{{Kind: builder.Docker, Dest: file, Attrs: map[string]string{"compression": "uncompressed"}}}
	if _, err := im.build(ctx); err != nil {
		return unpacked{}, err
	}
	made, err := registry.ReadArchive(file)
	if err != nil {
		return unpacked{}, err
	}
	return read(made)
}

// unpacked is an image with its files.
type unpacked struct {
	registry.Contents
	files filetree.Tree
}

func read(c registry.Contents) (unpacked, error) {
	stream := c.Files()
	defer stream.Close()
	files, err := filetree.Read(stream)
	return unpacked{c, files}, err
}

// compared prints how two images differ, and fails if they do.
func (p *program) compared(ref string, old, again unpacked, times bool) error {
	var lines []string
	if old.ID != again.ID {
		changes := filetree.Diff(old.files, again.files)
		if !times {
			changes = filetree.Without(changes, filetree.Time)
			p.say("note", "times of files are not compared: the image keeps those of its build; --reproducible makes them the commit's")
		}
		for _, key := range differing(old.Config, again.Config) {
			lines = append(lines, "configuration "+key)
		}
		if len(lines) == 0 && len(changes) == 0 && times {
			lines = append(lines, "layers") // that give the same files
		}
		for _, c := range changes {
			lines = append(lines, c.String())
		}
	}
	for _, line := range lines {
		fmt.Fprintln(p.Stdout, harmless(line))
	}
	if len(lines) > 0 {
		return &failure{statusApp, fmt.Errorf("%s (%s) is not what the app gives: differences: %d", ref, old.Digest, len(lines)),
			"verify with the options and the commit that the image was built with"}
	}
	fmt.Fprintf(p.Stdout, "%s (%s) is what the app gives\n", ref, old.Digest)
	return nil
}

// differing are the keys of two configurations that are not the same, less those that follow from the files.
func differing(a, b []byte) []string {
	x, y := fields(a), fields(b)
	names := slices.AppendSeq(slices.Collect(maps.Keys(x)), maps.Keys(y))
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return x[n] == y[n] })
}

// fields are a configuration's values as JSON, by key. Its bytes are those that a registry gave, or a builder.
func fields(config []byte) map[string]string {
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
