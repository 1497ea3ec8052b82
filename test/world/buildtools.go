package world

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"golang.org/x/sync/errgroup"
)

// toolsHook makes a layer of the build tools as a release does, and keeps nothing else.
func toolsHook(script, layer string) string {
	return `set -e
cd "$1"
cat >build-tools.sh <<'END OF SCRIPT'
` + script + `
END OF SCRIPT
chroot . sh /build-tools.sh ` + layer + ` /keep
` + keepOnly
}

// pushBuildTools serves the images that a release pushes, of Debian's packages.
func (w *World) pushBuildTools(ctx context.Context) error {
	root, err := checkout(ctx)
	if err != nil {
		return err
	}
	script, err := os.ReadFile(filepath.Join(root, ".github", "release", "build-tools.sh"))
	if err != nil {
		return err
	}
	layer := func(name string) image {
		return image{
			name:    name + "-image",
			include: []string{"bash"},
			options: []string{"--skip=cleanup"}, // of packages, which are gone by then
			hooks:   []string{toolsHook(string(script), name)},
		}
	}
	var tools, compilers v1.Image
	g, both := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		tools, err = w.made(both, layer("tools"))
		return err
	})
	g.Go(func() (err error) {
		compilers, err = w.made(both, layer("compilers"))
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	layers, err := compilers.Layers()
	if err != nil {
		return err
	}
	if compilers, err = mutate.AppendLayers(tools, layers...); err != nil {
		return err
	}
	return errors.Join(write(ctx, w.Tools, tools), write(ctx, w.Compilers, compilers))
}
