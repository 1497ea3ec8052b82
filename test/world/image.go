package world

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// imageSource makes an image be made again when the way of making it changes.
//
//go:embed image.go
var imageSource string

// An image is made of Debian's packages, in one layer, and of a tool, in a second one.
type image struct {
	name    string
	variant string // of mmdebstrap; "" is minbase
	include []string
	options []string // of mmdebstrap
	hooks   []string // run by sh with the root of the file system as $1
	tool    string   // of tools.json; "" for none
	to      string   // directory of the tool, such as usr/local/
	config  v1.Config
}

var runImage = image{
	name:    "run-image",
	include: []string{"bash", "ca-certificates"},
	hooks:   []string{ubuntuHook()},
	config:  v1.Config{Env: []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, Cmd: []string{"/bin/bash"}},
}

// baseImage is what nixpacks-1.39.md 4.3 says of Nixpacks' base image, on Debian and with Debian's Nix.
var baseImage = image{
	name: "base-image",
	include: []string{
		"sudo", "locales", "curl", "tzdata", "xz-utils", "ca-certificates", "openssl", "make", "git", "pkg-config", "nix-bin",
	},
	hooks: []string{profileHook, nixHook, ubuntuHook()},
	config: v1.Config{
		Shell: []string{"/bin/bash", "-ol", "pipefail", "-c"},
		Cmd:   []string{"/bin/bash"},
		Env: []string{
			"PATH=/nix/var/nix/profiles/default/bin:/nix/var/nix/profiles/default/sbin:/bin:/sbin:/usr/bin:/usr/sbin",
			"ENV=/etc/profile",
			"USER=root",
			"GIT_SSL_CAINFO=/etc/ssl/certs/ca-certificates.crt",
			"NIX_SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
			"NIX_PATH=/nix/var/nix/profiles/per-user/root/channels",
			"NIXPKGS_ALLOW_BROKEN=1",
			"NIXPKGS_ALLOW_UNFREE=1",
			"NIXPKGS_ALLOW_INSECURE=1",
			"LD_LIBRARY_PATH=/usr/lib",
			"CPATH=~/.nix-profile/include:",
			"LIBRARY_PATH=~/.nix-profile/lib:",
			"QTDIR=~/.nix-profile:",
		},
	},
}

// The first line takes out what Ubuntu's /etc/profile does not have: it would set PATH anew in every login shell.
const profileHook = `set -e
sed -i '0,/^export PATH/d' "$1/etc/profile"
cat >>"$1/root/.profile" <<'EOF'
if [ -d "$HOME/.nix-profile/etc/profile.d" ]; then
  for i in "$HOME"/.nix-profile/etc/profile.d/*.sh; do
    if [ -r "$i" ]; then . "$i"; fi
  done
fi
PATH=$NIXPACKS_PATH:$PATH
EOF`

// A tool is made when it is first fetched, which takes longer than Nix would wait.
const nixHook = `set -e
mkdir -p "$1/etc/nix"
cat >"$1/etc/nix/nix.conf" <<'EOF'
build-users-group =
sandbox = false
substituters =
stalled-download-timeout = 3600
experimental-features = nix-command flakes
EOF`

// cleanHook removes what differs from one run to the next, and what a step fetches anew.
const cleanHook = `rm -rf "$1"/var/cache/ldconfig/* "$1"/var/cache/apt/*.bin "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/etc/machine-id "$1"/etc/hostname "$1"/etc/resolv.conf`

// push writes an image to a registry, and makes it first if the cache lacks it.
func (w *World) push(ctx context.Context, ref string, i image) error {
	img, err := w.made(ctx, i)
	if err != nil {
		return err
	}
	return write(ctx, ref, img)
}

// made is an image as the cache has it.
func (w *World) made(ctx context.Context, i image) (v1.Image, error) {
	dir, err := w.imageDir(ctx, i)
	if err != nil {
		return nil, err
	}
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", i.name, err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", i.name, err)
	}
	img, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", i.name, err)
	}
	return img, nil
}

func write(ctx context.Context, ref string, img v1.Image) error {
	to, err := name.ParseReference(ref)
	if err != nil {
		return err
	}
	return remote.Write(to, img, remote.WithContext(ctx))
}

// imageDir returns the cache directory with the image as an OCI layout.
func (w *World) imageDir(ctx context.Context, i image) (string, error) {
	var tool string
	if i.tool != "" {
		dir, err := w.tool(ctx, i.tool)
		if err != nil {
			return "", err
		}
		tool = filepath.Join(dir, toolFile)
	}
	recipe := imageSource + strings.Join(append(i.include, i.hooks...), "\n") + tool
	return w.cache.piece(ctx, i.name, recipe, func(dir string) error { return i.write(ctx, w.log, dir, tool) })
}

// write makes the image as an OCI layout in dir. tool is the file of its tool, or "".
func (i image) write(ctx context.Context, log *syncWriter, dir, tool string) error {
	base, err := i.base(ctx, log, dir)
	if err != nil {
		return err
	}
	layers := []v1.Layer{base}
	if tool != "" {
		moved, err := moveTool(tool, filepath.Join(dir, "tool.tar.gz"), i.to)
		if err != nil {
			return err
		}
		layers = append(layers, moved)
	}
	img, err := mutate.AppendLayers(empty.Image, layers...)
	if err != nil {
		return err
	}
	file, err := img.ConfigFile()
	if err != nil {
		return err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Config = "linux", "amd64", i.config
	if img, err = mutate.ConfigFile(img, file); err != nil {
		return err
	}
	p, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := p.AppendImage(img); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tar.gz"))
	for _, f := range files {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}

// base makes the layer of Debian's packages.
func (i image) base(ctx context.Context, log *syncWriter, dir string) (v1.Layer, error) {
	tar := filepath.Join(dir, "layer.tar")
	hooks := slices.Clone(i.options)
	for _, h := range append(i.hooks, cleanHook) {
		hooks = append(hooks, "--customize-hook="+h)
	}
	if err := debootstrap(ctx, log, tar, cmp.Or(i.variant, "minbase"), i.include, hooks...); err != nil {
		return nil, err
	}
	if _, err := runCommand(log, exec.CommandContext(ctx, "gzip", "--fast", "--no-name", tar)); err != nil {
		return nil, err
	}
	return tarball.LayerFromFile(tar + ".gz")
}
