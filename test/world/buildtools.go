package world

import (
	"context"
	"os"
	"path/filepath"
)

// toolsHook makes the image of the build tools as a release does, and keeps nothing else.
func toolsHook(script string) string {
	return `set -e
cd "$1"
cat >build-tools.sh <<'END OF SCRIPT'
` + script + `
END OF SCRIPT
chroot . sh /build-tools.sh /tools
find . -mindepth 1 -maxdepth 1 ! -name tools ! -name dev ! -name proc ! -name sys -exec rm -rf {} +
mv tools/* .
rmdir tools`
}

// pushBuildTools serves the image that a release pushes, of Debian's packages.
func (w *World) pushBuildTools(ctx context.Context) error {
	root, err := checkout(ctx)
	if err != nil {
		return err
	}
	script, err := os.ReadFile(filepath.Join(root, ".github", "release", "build-tools.sh"))
	if err != nil {
		return err
	}
	return w.push(ctx, w.Registry+"/"+toolRepository, image{
		name:    "tools-image",
		include: []string{"bash"},
		options: []string{"--skip=cleanup"}, // of packages, which are gone by then
		hooks:   []string{toolsHook(string(script))},
	})
}
