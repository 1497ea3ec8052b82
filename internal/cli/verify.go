package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/filetree"
)

func verifyCommand(p *program) *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "verify IMAGE [DIR]",
		Short: "Build the app in DIR again and compare it with IMAGE",
		Long: `Verify builds the app anew, without any cache, and compares the result with the image in its registry. It prints the paths that
differ, with how, and exits with status 1 if there are any.

Give the options that the image was built with, --label too. The date, and the labels of the Open Container Initiative that
tell of the run, are no results of the build. So the rebuild takes them from the image. The label of the revision is not taken:
it is the commit that is checked out. Times of files count if no file is newer than the image, as in images that were built
with --reproducible.`,
		Example: `  npx-action verify ghcr.io/me/app:1
  npx-action verify ghcr.io/me/app@sha256:DIGEST ./app --env NODE_ENV=production`,
		Args: cobra.MatchAll(func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fault.Usage("see npx-action verify --help", "verify wants an image")
			}
			return atMostOneDir(nil, args[1:])
		}),
		RunE: func(cmd *cobra.Command, args []string) error { return p.verify(cmd.Context(), args[0], args[1:], f) },
	}
	f.register(cmd)
	cmd.Flags().StringArrayVarP(&f.labels, "label", "l", nil, "label `NAME=VALUE` that the image was built with; repeatable")
	for _, name := range withoutEffect {
		_ = cmd.Flags().MarkHidden(name) // it is there
	}
	return plans(cmd)
}

// withoutEffect are options of the build that verify takes, so that they need not be left out, and that change nothing there.
var withoutEffect = []string{"cache-from", "cache-key", "cache-ref", "cache-write", "docker-output", "inline-cache", "promote", "provenance", "sbom", "smoke"}

// verify compares the image that is there with the one that the app gives now. The build uses nothing of earlier ones. It has cache mounts, as they
// leave their mark in images, but of its own, which are empty.
func (p *program) verify(ctx context.Context, ref string, args []string, f buildFlags) error {
	f.CacheWrite = "never"
	f.CacheKey = "verify-" + strings.ToLower(rand.Text())
	f.load, f.push = false, false
	if err := p.ready(&f); err != nil {
		return err
	}
	in, result, err := p.makeWithInput(args)
	if err != nil {
		return err
	}
	if err := p.planning().Buildable(result, true); err != nil {
		return err
	}
	more, err := p.particulars(&f, in, result, p.path(append(args, ".")[0]))
	if err != nil {
		return err
	}
	world, err := p.world(f.settings, more.Secrets)
	if err != nil {
		return err
	}
	old, err := build.Published(ctx, world.Registry, ref, more.Platforms[0])
	if err != nil {
		return err
	}
	more.Anew = true
	if more.Image, err = more.Image.Restated(old, filepath.Join(more.Dir, filepath.FromSlash(result.Subdirectory))); err != nil {
		return err
	}
	o, err := p.order(f.settings, more)
	if err != nil {
		return err
	}
	again, err := build.Rebuild(ctx, o.spec, world)
	if err != nil {
		return err
	}
	return p.compared(ref, old, again, o.spec.Image.Reproducible)
}

// compared prints how two images differ, and fails if they do.
func (p *program) compared(ref string, old, again build.Unpacked, times bool) error {
	var lines []string
	if old.ID != again.ID {
		changes := filetree.Diff(old.Files, again.Files)
		if !times {
			changes = filetree.Without(changes, filetree.Time)
			p.say("note", "times of files are not compared: the image keeps the times of its build; --reproducible makes them the commit's")
		}
		for _, key := range build.Differing(old.Config, again.Config) {
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
		fmt.Fprintln(p.Stdout, fault.Harmless(line))
	}
	if len(lines) > 0 {
		return fault.New(fault.App, fmt.Errorf("%s (%s) is not what the app gives: differences: %d", ref, old.Digest, len(lines)),
			"verify with the options and the commit that the image was built with")
	}
	fmt.Fprintf(p.Stdout, "%s (%s) is what the app gives\n", ref, old.Digest)
	return nil
}
